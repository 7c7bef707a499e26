"""A new weight: what it would change. It changes nothing until a named person accepts it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from protocols.engine.course import Formulary, Reweigh
from protocols.engine.dosing import Calendar, CalendarDay, dose_calendar
from protocols.engine.limits import Maximum
from protocols.engine.quantities import added, divided, passes, short_text, times
from protocols.engine.terms import Basis
from protocols.engine.warning import DoseWarning


def over_maximum(calendar: Calendar, *, formulary: Formulary) -> Iterator[DoseWarning]:
    """Where the doses of the weight before would pass a maximum per kg of the new one."""
    reweighs = sorted(calendar.details.reweighs, key=lambda reweigh: reweigh.day)
    for position, reweigh in enumerate(reweighs):
        details = replace(calendar.details, reweighs=tuple(reweighs[:position]))
        unchanged = dose_calendar(calendar.edition, details=details, formulary=formulary)
        following = reweighs[position + 1].day - 1 if position + 1 < len(reweighs) else None
        for part in unchanged.parts:
            for maximum in part.edition.maxima:
                if maximum.basis is Basis.PER_KG:
                    yield from _passing(unchanged, maximum, reweigh=reweigh, up_to=following)


def _passing(
    unchanged: Calendar, maximum: Maximum, *, reweigh: Reweigh, up_to: int | None
) -> Iterator[DoseWarning]:
    limit = times(maximum.amount, reweigh.weight_kg)
    over = [
        (day.day, amount)
        for day in unchanged.days
        if day.day >= reweigh.day and (up_to is None or day.day <= up_to)
        for amount in (_day_amount(day, drug=maximum.drug),)
        if passes(amount, limit)
    ]
    if over:
        highest = max(amount for _, amount in over)
        per_kg = short_text(divided(highest, reweigh.weight_kg), decimals=4)
        weight = short_text(reweigh.weight_kg, decimals=3)
        text = (
            f"At {weight} kg the unchanged dose is {per_kg} {maximum.unit}/kg/day, above the maximum of "
            f"{short_text(maximum.amount, decimals=3)}. A prescriber decides on the dose for the new weight."
        )
        yield DoseWarning(
            code="over-maximum-after-weight-change",
            text=text,
            first_day=over[0][0],
            last_day=over[-1][0],
            drug=maximum.drug,
        )


def _day_amount(day: CalendarDay, *, drug: str) -> Decimal:
    return added(*(dose.day_amount for dose in day.doses if dose.drug == drug))
