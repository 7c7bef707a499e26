"""Is what was typed likely? A slip is refused; what is unlikely but possible passes with a second person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

from clinic.models import Measurement
from protocols.engine.days import whole_months_between
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from clinic.entries import Entry
    from clinic.models import Patient


class UnlikelyValue(Refusal):
    """A value that may be true but is more often a slip."""

    code = "unlikely-value"


class ImpossibleValue(Refusal):
    """A value that cannot be true."""

    code = "impossible-value"


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """From the lowest to the highest value, both included."""

    low: Decimal
    high: Decimal

    def holds(self, value: Decimal) -> bool:
        """Say whether a value lies in the range."""
        return self.low <= value <= self.high


@lru_cache(maxsize=1)
def table() -> Mapping[str, Any]:
    """Return the ranges of plausible_values.yaml."""
    loaded: Mapping[str, Any] = yaml.safe_load(files("clinic").joinpath("plausible_values.yaml").read_text())
    return loaded


def ranges(quantity: str, *, months: int) -> tuple[Range, Range] | None:
    """Return the likely and the possible range of a quantity at an age, or None where none is set."""
    found = table().get(quantity)
    if isinstance(found, list):
        found = [row for row in found if row["from_month"] <= months][-1]
    if found is None:
        return None
    likely, possible = (
        Range(low=Decimal(found[k][0]), high=Decimal(found[k][1])) for k in ("likely", "possible")
    )
    return likely, possible


def judge(*, quantity: str, value: Decimal, unit: str, patient: Patient, on: date, entry: Entry) -> None:
    """Refuse what cannot be, and what is unlikely unless a reason and a second person are given."""
    found = ranges(quantity, months=whole_months_between(earlier=patient.birth_date, later=on))
    if found is None:
        return
    likely, possible = found
    words = quantity.partition("_")[0]
    if not possible.holds(value):
        raise ImpossibleValue(
            f"{value} {unit} cannot be the {words} of a child of this age. "
            f"Possible are {possible.low} to {possible.high} {unit}. Check the decimal point and the unit.",
            field=quantity,
        )
    if not likely.holds(value) and not entry.true_because:
        raise UnlikelyValue(
            f"{value} {unit} is unlikely as the {words} of a child of this age (usual are {likely.low} to "
            f"{likely.high} {unit}). Check the decimal point and the unit. If it is right, write why it is "
            "true and let a second person look.",
            field=quantity,
        )


def judge_weight(*, kg: Decimal, patient: Patient, on: date, entry: Entry) -> None:
    """Judge a weight against the age, and against the last weight."""
    judge(quantity="weight_kg", value=kg, unit="kg", patient=patient, on=on, entry=entry)
    last = last_weight_before(patient, on=on)
    if last is None or last.value is None or entry.true_because:
        return
    share = abs(kg - last.value) / last.value
    if share > Decimal(table()["weight_change"]["share"]):
        raise UnlikelyValue(
            f"{kg} kg differs by {share:.0%} from {last.value.normalize():f} kg on {last.happened_on}. "
            "Weigh again, or check the decimal point. If it is right, write why it is true and let a second "
            "person look.",
            field="weight_kg",
        )


def last_weight_before(patient: Patient, *, on: date) -> Measurement | None:
    """Return the last weight that stands, taken within the days that make two weights comparable."""
    since = on - timedelta(days=table()["weight_change"]["within_days"])
    standing = Measurement.objects.filter(corrected_by_row=None, entered_in_error=False)
    return (
        standing.filter(patient=patient, kind=Measurement.Kind.WEIGHT, happened_on__range=(since, on))
        .order_by("-happened_on", "-pk")
        .first()
    )
