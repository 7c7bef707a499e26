"""One day's doses of one drug: from a dose step and a weight to what is drawn up.

The maximum comes first, then the division into administrations, then one rounding to the product's step.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from protocols.engine.course import CourseImpossible, Settings
from protocols.engine.formulary import Form, Product, Rounding
from protocols.engine.layout import PlannedDose
from protocols.engine.limits import Maximum
from protocols.engine.quantities import (
    Direction,
    added,
    body_surface_area,
    divided,
    error_pct,
    less,
    passes,
    settled,
    times,
    to_step,
)
from protocols.engine.regimen import DoseStep
from protocols.engine.terms import Basis, Per, Slot

TWICE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurements:
    """The weight and length in force on a day."""

    weight_kg: Decimal | None
    length_cm: Decimal | None

    def factor(self, basis: Basis) -> Decimal:
        """What an amount of this basis is multiplied by."""
        if basis is Basis.FIXED:
            return Decimal(1)
        if self.weight_kg is None:
            raise CourseImpossible("This protocol doses by weight: give the weight in kg.", field="weight-kg")
        if basis is Basis.PER_KG:
            return self.weight_kg
        if self.length_cm is None:
            sentence = "This protocol doses by body surface: give the length in cm as well."
            raise CourseImpossible(sentence, field="length-cm")
        return body_surface_area(weight_kg=self.weight_kg, length_cm=self.length_cm)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """What is given of one drug: `amount` each, `times` a day, in `slot` where it has one.

    Without `times` the split is not known: `amount` is the day's, and nothing can be measured out.
    """

    drug: str
    unit: str
    amount: Decimal
    step: DoseStep
    product: Product | None = None
    times: int | None = None
    slot: Slot | None = None
    volume_ml: Decimal | None = None
    volume_ml_rounded: Decimal | None = None
    tablets: Decimal | None = None
    rounding: Direction | None = None
    rounding_error_pct: Decimal | None = None
    capped: bool = False
    rounded_down_at_cap: bool = False

    @property
    def day_amount(self) -> Decimal:
        return self.amount if self.times is None else times(self.amount, Decimal(self.times))

    @property
    def measured(self) -> Decimal | None:
        """The rounded mL or tablets of one administration."""
        return self.volume_ml_rounded if self.tablets is None else self.tablets


def doses_of(
    planned: PlannedDose,
    *,
    measurements: Measurements,
    settings: Settings,
    product: Product | None,
    maximum: Maximum | None,
) -> tuple[Dose, ...]:
    """The administrations of a planned dose on its day; empty where the dose is undefined."""
    step = planned.step
    if planned.amount is None:
        return ()
    count = settings.whole(step.times)
    each = times(planned.amount, measurements.factor(step.basis))
    per_day = each if step.per is Per.DAY else times(each, Decimal(count or 1))
    most = None if maximum is None else times(maximum.amount, measurements.factor(maximum.basis))
    capped = most is not None and passes(per_day, most)
    if capped and most is not None:
        per_day = most
    dose = Dose(
        drug=step.drug,
        unit=step.unit,
        amount=settled(per_day if count is None else divided(per_day, Decimal(count))),
        step=step,
        product=product,
        times=count,
        slot=step.slot,
        capped=capped,
    )
    if product is None or count is None:
        return (dose,)
    if product.uneven_halves and count == TWICE:
        return _uneven_halves(dose, product=product, most=most)
    return (_measured(dose, product=product, most=most),)


def _measured(dose: Dose, *, product: Product, most: Decimal | None) -> Dose:
    """The dose rounded once, to the product's step; down where the other way would pass the maximum."""
    exact = divided(dose.amount, product.strength)
    direction = Direction.HALF_UP if product.rounding is Rounding.HALF_UP else Direction.DOWN
    drawn = to_step(exact, step=product.step, direction=direction)
    too_much = most is not None and passes(_given(drawn, product, dose.times), most)
    if too_much:
        direction = Direction.DOWN
        drawn = to_step(exact, step=product.step, direction=direction)
    error = error_pct(given=times(drawn, product.strength), wanted=dose.amount)
    measured = replace(dose, rounding=direction, rounding_error_pct=error, rounded_down_at_cap=too_much)
    if product.form is Form.TABLET:
        return replace(measured, tablets=drawn)
    return replace(measured, volume_ml=settled(exact), volume_ml_rounded=drawn)


def _uneven_halves(dose: Dose, *, product: Product, most: Decimal | None) -> tuple[Dose, ...]:
    """A twice-daily dose in whole steps: the morning rounded down, the evening up (source S49).

    Each part stands for its share of the day's amount, so that the error shown is the day's. Together
    they are that amount to the last digit: a day at its maximum is not above it.
    """
    half = divided(dose.amount, product.strength)
    morning = to_step(half, step=product.step, direction=Direction.DOWN)
    evening = to_step(half, step=product.step, direction=Direction.UP)
    too_much = most is not None and passes(_given(added(morning, evening), product, 1), most)
    if too_much:
        evening = morning
    day_tablets = added(morning, evening)
    if day_tablets == 0:
        return (replace(dose, tablets=morning, rounding=Direction.DOWN),)
    error = error_pct(given=times(day_tablets, product.strength), wanted=dose.day_amount)
    whole = replace(dose, times=1, rounding_error_pct=error, rounded_down_at_cap=too_much)

    share = settled(divided(times(dose.day_amount, morning), day_tablets))
    rest = less(dose.day_amount, share)
    up = Direction.DOWN if too_much else Direction.UP
    return (
        replace(whole, amount=share, tablets=morning, slot=Slot.MORNING, rounding=Direction.DOWN),
        replace(whole, amount=rest, tablets=evening, slot=Slot.EVENING, rounding=up),
    )


def _given(drawn: Decimal, product: Product, count: int | None) -> Decimal:
    """The day's amount as drawn up."""
    return times(drawn, product.strength, Decimal(count or 1))
