"""Dose instructions: the dose calendar's days, joined into stretches of equal doses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from ispath.fhir.answers import Resource
from ispath.fhir.elements import UCUM, concept

_UCUM_OF = {"mg": "mg"}  # units of activity differ between pharmacopoeias: in words only
_ROUND_TO = Decimal("0.000001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """One administration and how often a day; where `times` is None the amount is the whole day's."""

    amount: Decimal
    unit: str
    times: int | None
    slot: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseDay:
    """A day of the calendar: what is given, or why nothing is written for it."""

    on: date
    phase: str
    doses: tuple[Dose, ...] = ()


def dosage_instructions(days: Sequence[DoseDay], *, route: str) -> list[Resource]:
    """One instruction per stretch of days with the same doses, in order; days off leave a gap."""
    given = [day for day in days if day.doses]
    stretches = [list(stretch) for _, stretch in groupby(_numbered(given), key=lambda item: item[0])]
    instructions = [
        _instruction(dose, stretch[0][1], stretch[-1][1], route)
        for stretch in stretches
        for dose in stretch[0][1].doses
    ]
    return [{"sequence": number, **each} for number, each in enumerate(instructions, start=1)]


def _numbered(days: Iterable[DoseDay]) -> Iterable[tuple[int, DoseDay]]:
    """Each day with the number of its stretch: a new one where the doses change or a day is missing."""
    number, before = 0, None
    for day in days:
        if before is not None and (day.doses != before.doses or day.on != before.on + timedelta(days=1)):
            number += 1
        before = day
        yield number, day


def _instruction(dose: Dose, first: DoseDay, last: DoseDay, route: str) -> Resource:
    repeat: Resource = {
        "boundsPeriod": {"start": first.on.isoformat(), "end": last.on.isoformat()},
        "frequency": dose.times or 1,
        "period": 1,
        "periodUnit": "d",
    }
    if dose.slot in _WHEN:
        repeat["when"] = [_WHEN[dose.slot]]
    amount = dose.amount.quantize(_ROUND_TO).normalize()
    quantity: Resource = {"value": amount, "unit": dose.unit}
    if dose.unit in _UCUM_OF:
        quantity |= {"system": UCUM, "code": _UCUM_OF[dose.unit]}
    return {
        "text": _in_words(dose, amount, first, last),
        "timing": {"repeat": repeat},
        "route": concept(route),
        "doseAndRate": [{"doseQuantity": quantity}],
    }


_WHEN = {"morning": "MORN", "evening": "EVE"}
_TIMES = {1: "once daily", 2: "twice daily", 3: "three times daily", 4: "four times daily"}


def _in_words(dose: Dose, amount: Decimal, first: DoseDay, last: DoseDay) -> str:
    often = (
        "a day, not split yet" if dose.times is None else _TIMES.get(dose.times, f"{dose.times} times daily")
    )
    when = f" in the {dose.slot}" if dose.slot in _WHEN else ""
    stretch = f"{first.on.isoformat()} to {last.on.isoformat()}"
    return f"{amount:f} {dose.unit} {often}{when}, {stretch} ({first.phase})"
