"""Two calendars of one child side by side: what a new weight, edition or decision would change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from protocols.engine.course import Formulary
from protocols.engine.dosing import Calendar, CalendarDay
from protocols.engine.words import day_words

NOT_IN_THE_COURSE = "not in the course"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A run of dates with one instruction before and another after."""

    first_on: date
    last_on: date
    before: str
    after: str


def difference(before: Calendar, after: Calendar, *, formulary: Formulary) -> tuple[Change, ...]:
    """Every date whose instruction differs, joined into runs, in order; empty where nothing changes."""
    old, new = ({day.on: day for day in calendar.days} for calendar in (before, after))
    named = _several_drugs(before) or _several_drugs(after)
    changes: list[Change] = []
    for on in sorted({*old, *new}):
        was, becomes = (_words(days.get(on), formulary, named=named) for days in (old, new))
        if was == becomes:
            continue
        if changes and _follows(changes[-1], on, was, becomes):
            changes[-1] = replace(changes[-1], last_on=on)
        else:
            changes.append(Change(first_on=on, last_on=on, before=was, after=becomes))
    return tuple(changes)


def _words(day: CalendarDay | None, formulary: Formulary, *, named: bool) -> str:
    return NOT_IN_THE_COURSE if day is None else day_words(day, formulary=formulary, named=named)


def _several_drugs(calendar: Calendar) -> bool:
    return len({dose.drug for day in calendar.days for dose in day.doses}) > 1


def _follows(change: Change, on: date, before: str, after: str) -> bool:
    return (on - change.last_on).days == 1 and (change.before, change.after) == (before, after)
