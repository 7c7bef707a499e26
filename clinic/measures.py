"""In which unit each measurement is kept, which others are read, and in which words a result is said.

The engine compares numbers without looking at units, and words letter by letter: what it would pass over in
silence is refused here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from clinic.models import Measurement
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Measurement.Kind


class UnitNotKnown(Refusal):
    """A number without a unit, or in one that is not read for this measurement."""

    code = "unit-not-known"


class ResultNotKnown(Refusal):
    """A result in a word that nobody would understand."""

    code = "result-not-known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """How a measurement is said: in one of these units, each with its size in the first, or in a word."""

    units: Mapping[str, Decimal] = field(default_factory=dict)
    results: tuple[str, ...] = ()


# Exact by definition, or the molar mass of glucose: conversions of units, not clinical numbers.
KG = {"kg": Decimal(1), "g": Decimal("0.001"), "lb": Decimal("0.45359237")}
CM = {"cm": Decimal(1), "in": Decimal("2.54")}
MG_DL = {"mg/dL": Decimal(1), "mmol/L": Decimal("18.0156")}
MMOL_L = {"mmol/L": Decimal(1), "mEq/L": Decimal(1)}  # the same for ions of one charge

MEASURES: Mapping[str, Measure] = {
    Kind.WEIGHT: Measure(units=KG),
    Kind.LENGTH: Measure(units=CM),
    Kind.HEAD: Measure(units=CM),
    Kind.GLUCOSE: Measure(units=MG_DL),
    Kind.URINE_GLUCOSE: Measure(results=("negative", "1+", "2+", "3+", "4+")),
    Kind.POTASSIUM: Measure(units=MMOL_L),
    Kind.SODIUM: Measure(units=MMOL_L),
    Kind.STOOL_BLOOD: Measure(results=("negative", "positive")),
}


def kept(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a measurement says with its value in the unit it is kept in, and as it was typed."""
    kind, value, unit = said["kind"], said["value"], said["unit"]
    typed = "" if value is None else f"{value.normalize():f} {unit}".strip()
    measure = MEASURES.get(kind)
    if measure is None:
        return {**said, "as_typed": typed}
    words = Kind(kind).label
    if measure.results:
        if value is not None or said["result"] not in measure.results:
            raise ResultNotKnown(
                f"The result of {words} is one of these words: {', '.join(measure.results)}.", field="result"
            )
        return dict(said)
    if value is None or unit not in measure.units:
        raise UnitNotKnown(
            f"{words.capitalize()} is a number with its unit. Write it in {' or '.join(measure.units)}.",
            field="unit",
        )
    in_first = value * measure.units[unit]
    return {**said, "value": in_first, "unit": next(iter(measure.units)), "as_typed": typed}
