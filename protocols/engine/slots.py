"""Due windows before they are dressed for the plan: where one is counted from, and the day that gives."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from protocols.engine.pathway import WorkingDays
from protocols.engine.plan import CalendarStep
from protocols.engine.spans import shift, words

if TYPE_CHECKING:
    from protocols.engine.anchors import AnchorPoint
    from protocols.engine.facts import Fact
    from protocols.engine.pathway import MonitoringRule, Span
    from protocols.engine.picture import Picture


class Slot(NamedTuple):
    """One due window: the span it was counted by, its dates, and what closed it.

    `counted_on` is the due day before days on hold and closed days moved it. `cause` is the fact behind it.
    """

    rule: MonitoringRule
    anchor: AnchorPoint
    key: str
    counted_from: date
    span: Span
    counted_on: date
    held: int
    opens_on: date
    due_on: date
    cause: str
    closes_on: date | None = None
    fact: Fact | None = None
    done_on: date | None = None


class Start(NamedTuple):
    """From where one slot is counted: its key, the day, when it opens at the earliest, the fact behind it."""

    key: str
    on: date
    opens: date
    fact: str


def slot(rule: MonitoringRule, point: AnchorPoint, start: Start, span: Span, picture: Picture) -> Slot:
    """The window that a span after `start` gives, moved by days on hold and by closed days."""
    counted_on = due_on = shift(start.on, span)
    held = _held_days(point, start.on, due_on, picture.day) if rule.held_days_extend else 0
    if held:
        due_on += timedelta(days=held)
    if rule.working_days is not WorkingDays.ANY_DAY:
        due_on = on_open_day(rule, due_on, picture)
    opens = start.opens
    if rule.opens_before is not None:
        opens = max(opens, shift(due_on, rule.opens_before))
    opens = min(opens, due_on)
    return Slot(rule, point, start.key, start.on, span, counted_on, held, opens, due_on, start.fact)


def on_open_day(rule: MonitoringRule, due_on: date, picture: Picture) -> date:
    """The open day that a due day on a closed one moves to."""
    if rule.working_days is WorkingDays.EARLIER:
        return picture.workdays.at_or_before(due_on)
    return picture.workdays.at_or_after(due_on)


def _held_days(point: AnchorPoint, since: date, until: date, today: date) -> int:
    """Days without the drug after `since` and before the due day, up to today while a hold runs."""
    held = 0
    for course in point.courses:
        for hold in course.holds:
            first = max(hold.on, since + timedelta(days=1))
            last = min(hold.until or today, until + timedelta(days=held))
            held += max(0, (last - first).days + 1)
    return held


LAST_ONE = "last one that counts"


def steps_of(window: Slot) -> tuple[CalendarStep, ...]:
    """Each calendar step that led to a due day: the span, days on hold, a closed clinic."""
    label = window.anchor.words if window.counted_from == window.anchor.on else LAST_ONE
    day = window.counted_on
    steps = [CalendarStep(label=label, from_on=window.counted_from, step=words(window.span), to_on=day)]
    if window.held:
        on = day + timedelta(days=window.held)
        steps.append(CalendarStep(label="days on hold", from_on=day, step=f"{window.held} days", to_on=on))
        day = on
    if day != window.due_on:
        word = window.rule.working_days.value
        steps.append(CalendarStep(label="the clinic is closed", from_on=day, step=word, to_on=window.due_on))
    return tuple(steps)
