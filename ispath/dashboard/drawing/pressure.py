"""The blood pressure chart: systolic readings under the lines for this child's age and sex."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ispath.dashboard.drawing.scale import Height, Span
from ispath.dashboard.words import day, day_and_month

_LEFT, _RIGHT, _TOP, _BOTTOM = 44.0, 872.0, 16.0, 226.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One reading as it was taken; `level` in the pathway's words, empty where none applies."""

    on: date
    systolic: int
    diastolic: int | None
    level: str = ""
    struck: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """The lines on one day, systolic."""

    on: date
    p90: float
    p95: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A reading on paper."""

    x: float
    y: float
    high: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PressureChart:
    """Everything the template draws, and the sentence that says the same."""

    dots: tuple[Dot, ...]
    joined: str
    p90: str
    p95: str
    days: tuple[tuple[float, str], ...]
    levels: tuple[tuple[float, int], ...]
    today_x: float
    summary: str
    last_p90: tuple[float, str] | None
    last_p95: tuple[float, str] | None
    source: str = ""


def _line(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


def draw(
    readings: tuple[Reading, ...], limits: tuple[Limit, ...], *, today: date, source: str = ""
) -> PressureChart | None:
    """Draw the readings that stand; without one there is no chart. `source` is that of the limits."""
    standing = sorted((reading for reading in readings if not reading.struck), key=lambda reading: reading.on)
    if not standing:
        return None
    span = Span(first=standing[0].on, last=max(today, standing[-1].on), left=_LEFT, right=_RIGHT)
    values = [float(reading.systolic) for reading in standing] + [limit.p95 for limit in limits]
    height = Height(low=min([70.0, *values]) - 4, high=max([120.0, *values]) + 6, top=_TOP, bottom=_BOTTOM)
    dots = tuple(_dot(reading, span, height) for reading in standing)
    p90 = [(span.x(limit.on), height.y(limit.p90)) for limit in limits]
    p95 = [(span.x(limit.on), height.y(limit.p95)) for limit in limits]
    return PressureChart(
        dots=dots,
        joined=_line([(dot.x, dot.y) for dot in dots]),
        p90=_line(p90),
        p95=_line(p95),
        days=tuple((span.x(on), day_and_month(on)) for on in span.ticks()),
        levels=tuple((height.y(value), value) for value in height.ticks(10)),
        today_x=span.x(today),
        summary=_summary(standing, limits),
        last_p90=(p90[-1][1], f"90th: {limits[-1].p90:.0f}") if limits else None,
        last_p95=(p95[-1][1], f"95th: {limits[-1].p95:.0f}") if limits else None,
        source=source,
    )


def _dot(reading: Reading, span: Span, height: Height) -> Dot:
    low = f"/{reading.diastolic}" if reading.diastolic is not None else ""
    level = f", {reading.level}" if reading.level else ""
    text = f"{day(reading.on)}: {reading.systolic}{low} mmHg{level}"
    return Dot(x=span.x(reading.on), y=height.y(reading.systolic), high=bool(reading.level), text=text)


def _summary(standing: list[Reading], limits: tuple[Limit, ...]) -> str:
    last = standing[-1]
    high = sum(1 for reading in standing if reading.level)
    low = f"/{last.diastolic}" if last.diastolic is not None else ""
    said = f"Last reading {last.systolic}{low} mmHg on {day(last.on)}. "
    said += f"{high} of {len(standing)} readings at or above the 90th percentile."
    if limits:
        last_limit = limits[-1]
        said += f" On {day(last_limit.on)} the 90th percentile is {last_limit.p90:.0f}"
        said += f" and the 95th {last_limit.p95:.0f}."
    return said
