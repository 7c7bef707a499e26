"""Stops without a taper. A hormone that ends abruptly endangers the child: its adrenals are suppressed."""

from __future__ import annotations

from datetime import date

from protocols.engine.course import Formulary
from protocols.engine.days import treatment_day
from protocols.engine.dosing import Calendar, PartDay, State
from protocols.engine.formulary import DrugClass
from protocols.engine.terms import Purpose
from protocols.engine.warning import DoseWarning


def abrupt_end(calendar: Calendar, *, formulary: Formulary) -> DoseWarning | None:
    """The calendar itself ends a hormone without a taper. An open verdict is not an end."""
    if any(part.layout.waiting is not None for part in calendar.parts):
        return None
    days = _hormonal_days(calendar, formulary=formulary)
    if not days or days[-1].state is State.UNDEFINED or days[-1].purpose is Purpose.TAPER:
        return None
    return _warning(days[-1].day, "As laid out, the course ends its hormone without a taper.")


def abrupt_stop(
    calendar: Calendar, *, stop_on: date, formulary: Formulary, next_hormone_on: date | None = None
) -> DoseWarning | None:
    """Stopping with the last dose on this date leaves hormonal doses or taper steps ungiven.

    Silent where another hormone starts by the next day.
    """
    if next_hormone_on is not None and (next_hormone_on - stop_on).days <= 1:
        return None
    left = [day for day in _hormonal_days(calendar, formulary=formulary) if day.on > stop_on]
    if not left:
        return abrupt_end(calendar, formulary=formulary)
    day = treatment_day(start_on=calendar.details.start_on, on=stop_on)
    first, last = left[0].day, left[-1].day
    return _warning(
        day, f"The protocol still has hormonal doses to the end of its taper (days {first} to {last})."
    )


def _hormonal_days(calendar: Calendar, *, formulary: Formulary) -> list[PartDay]:
    """The days on which a hormone is given or due, in order."""
    hormones = {d.key for d in formulary.drugs.values() if d.drug_class is DrugClass.HORMONAL}
    days = (day for part in calendar.parts for day in part.days)
    due = [
        day
        for day in days
        if any(dose.drug in hormones for dose in day.doses) or hormones.intersection(day.undefined)
    ]
    return sorted(due, key=lambda day: day.day)


def _warning(day: int, why: str) -> DoseWarning:
    text = (
        f"Abrupt stop after day {day}. {why} Adrenal suppression is likely: "
        "a prescriber decides on a taper and on steroid cover before the hormone stops."
    )
    return DoseWarning(code="abrupt-stop", text=text, first_day=day, last_day=day)
