"""A dose step that nobody has decided about yet: the calendar says so instead of choosing a dose itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

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
        days = tuple(_either(now, then) for now, then in zip(days, taken.days, strict=True))
    return replace(standing, days=days)


def _either(now: CalendarDay, then: CalendarDay) -> CalendarDay:
    if now.state is State.UNDECIDED or now.doses == then.doses:
        return now
    if _given(now) == _given(then):
        return now
    return replace(now, state=State.UNDECIDED, doses=(), either=(now.doses, then.doses))


def _given(day: CalendarDay) -> tuple[object, ...]:
    """What is given, whichever row it comes from."""
    return day.state, *((dose.drug, dose.amount, dose.times, dose.slot) for dose in day.doses)
