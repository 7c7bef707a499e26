"""A dose step that nobody has decided about yet: the calendar says so instead of choosing a dose itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import zip_longest

from protocols.engine.course import CourseDetails, Formulary
from protocols.engine.dosing import Calendar, CalendarDay, State, dose_calendar
from protocols.engine.regimen import ProtocolEdition


def undecided_calendar(
    edition: ProtocolEdition, *, details: CourseDetails, open_from: Mapping[str, int], formulary: Formulary
) -> Calendar:
    """The calendar while conditions are open: `open_from` names each with the first day it could change.

    Days on which both answers give the same stay as they are; the others are undecided and show either.
    """
    standing = dose_calendar(edition, details=details, formulary=formulary)
    days = standing.days
    for condition, day in open_from.items():
        decisions = {**details.decisions, condition: day}
        taken = dose_calendar(edition, details=replace(details, decisions=decisions), formulary=formulary)
        days = tuple(_either(now, then) for now, then in _day_by_day(days, taken.days))
    return replace(standing, days=days)


def _day_by_day(
    now: tuple[CalendarDay, ...], then: tuple[CalendarDay, ...]
) -> Iterator[tuple[CalendarDay, CalendarDay]]:
    """The same days of two calendars. A taper from a higher dose lasts longer: then the other has ended."""
    for one, other in zip_longest(now, then):
        yield one or _ended(other), other or _ended(one)


def _ended(day: CalendarDay) -> CalendarDay:
    """The day in a calendar whose last day was before."""
    return replace(day, state=State.OFF, doses=(), either=())


def _either(now: CalendarDay, then: CalendarDay) -> CalendarDay:
    if now.state is State.UNDECIDED or now.doses == then.doses:
        return now
    if _given(now) == _given(then):
        return now
    return replace(now, state=State.UNDECIDED, doses=(), either=(now.doses, then.doses))


def _given(day: CalendarDay) -> tuple[object, ...]:
    """What is given, whichever row it comes from."""
    return day.state, *((dose.drug, dose.amount, dose.times, dose.slot) for dose in day.doses)
