"""The timeline chart: courses as bars with their doses, and what was seen as marks below them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from ispath.dashboard.drawing.scale import Span
from ispath.dashboard.words import day, day_and_month

_LEFT, _RIGHT = 150.0, 872.0
_ROW = 30.0
_TOP = 26.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Part of a course with one dose; `until` is its last day."""

    start: date
    until: date
    text: str
    label: str = ""
    planned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A course and its stretches."""

    name: str
    tone: str
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something seen or raised on a day."""

    on: date
    lane: str
    text: str
    tone: str
    shape: str = "circle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A stretch on paper."""

    x: float
    width: float
    y: float
    tone: str
    planned: bool
    text: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A mark on paper."""

    x: float
    y: float
    tone: str
    shape: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineChart:
    """Everything the template draws, and each entry in words."""

    height: float
    lanes: tuple[tuple[float, str], ...]
    bars: tuple[Bar, ...]
    points: tuple[Point, ...]
    days: tuple[tuple[float, str], ...]
    today_x: float
    said: tuple[tuple[date, str, str], ...]


def draw(lanes: tuple[Lane, ...], marks: tuple[Mark, ...], *, today: date) -> TimelineChart | None:
    """Draw the lanes above the marks; without any there is no chart."""
    edges = [edge for lane in lanes for stretch in lane.stretches for edge in (stretch.start, stretch.until)]
    edges += [mark.on for mark in marks]
    if not edges:
        return None
    margin = timedelta(days=2)
    span = Span(
        first=min([*edges, today]) - margin, last=max([*edges, today]) + margin, left=_LEFT, right=_RIGHT
    )
    names = [lane.name for lane in lanes]
    rows = names + [name for name in dict.fromkeys(mark.lane for mark in marks) if name not in names]
    heights = {name: _TOP + number * _ROW for number, name in enumerate(rows)}
    return TimelineChart(
        height=_TOP + len(rows) * _ROW + 24,
        lanes=tuple((heights[name], name) for name in rows),
        bars=tuple(_bar(lane, stretch, span, heights) for lane in lanes for stretch in lane.stretches),
        points=tuple(_point(mark, span, heights) for mark in marks),
        days=tuple((span.x(on), day_and_month(on)) for on in span.ticks()),
        today_x=span.x(today),
        said=_said(lanes, marks),
    )


def _bar(lane: Lane, stretch: Stretch, span: Span, heights: dict[str, float]) -> Bar:
    left, right = span.x(stretch.start), span.x(stretch.until + timedelta(days=1))
    width = max(2.0, right - left - 1)
    text = f"{lane.name}: {stretch.text}, {day(stretch.start)} to {day(stretch.until)}"
    label = stretch.label if width > 7 * len(stretch.label) + 8 else ""
    return Bar(
        x=left,
        width=width,
        y=heights[lane.name],
        tone=lane.tone,
        planned=stretch.planned,
        text=text,
        label=label,
    )


def _point(mark: Mark, span: Span, heights: dict[str, float]) -> Point:
    text = f"{day(mark.on)}: {mark.text}"
    return Point(x=span.x(mark.on), y=heights[mark.lane] + 9, tone=mark.tone, shape=mark.shape, text=text)


def _said(lanes: tuple[Lane, ...], marks: tuple[Mark, ...]) -> tuple[tuple[date, str, str], ...]:
    said = [(mark.on, mark.lane, mark.text) for mark in marks]
    said += [
        (stretch.start, lane.name, f"{stretch.text} until {day(stretch.until)}")
        for lane in lanes
        for stretch in lane.stretches
    ]
    return tuple(sorted(said))
