"""What a course adds up to, drug by drug. What is not known makes a total unknown, never smaller."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from protocols.engine.administration import Dose
from protocols.engine.dosing import Calendar
from protocols.engine.formulary import Form, Product
from protocols.engine.quantities import added, settled, times, whole_containers


@dataclass(frozen=True, slots=True, kw_only=True)
class DrugTotal:
    """The course total of one drug; None is not known (undefined days, unknown split, no product)."""

    drug: str
    unit: str
    amount: Decimal | None
    administrations: int | None
    volume_ml: Decimal | None
    volume_ml_rounded: Decimal | None
    tablets: Decimal | None
    containers: int | None


def totals_of(calendar: Calendar) -> tuple[DrugTotal, ...]:
    """One total per drug that the calendar gives or leaves undefined, in the order of first mention."""
    days = [day for part in calendar.parts for day in part.days]
    undefined = {drug for day in days for drug in day.undefined}
    units = {
        dose.step.drug: dose.step.unit
        for part in calendar.parts
        for planned in part.layout.days
        for dose in planned.doses
    }
    doses = [dose for day in days for dose in day.doses]
    return tuple(
        _total(drug, unit, [dose for dose in doses if dose.drug == drug], defined=drug not in undefined)
        for drug, unit in units.items()
    )


def _total(drug: str, unit: str, doses: list[Dose], *, defined: bool) -> DrugTotal:
    split = defined and all(dose.times is not None for dose in doses)
    amount = settled(added(*(dose.day_amount for dose in doses))) if defined else None
    product = next((dose.product for dose in doses), None) if split else None
    liquid = product is not None and product.form is not Form.TABLET
    return DrugTotal(
        drug=drug,
        unit=unit,
        amount=amount,
        administrations=sum(dose.times or 0 for dose in doses) if split else None,
        volume_ml=_sum_of((dose.volume_ml, dose.times) for dose in doses) if liquid else None,
        volume_ml_rounded=_sum_of((dose.volume_ml_rounded, dose.times) for dose in doses) if liquid else None,
        tablets=None if product is None or liquid else _sum_of((dose.tablets, dose.times) for dose in doses),
        containers=None if product is None else _containers(doses, product=product),
    )


def _sum_of(parts: Iterable[tuple[Decimal | None, int | None]]) -> Decimal:
    """The sum of the administrations; called only where every dose is measured and split."""
    return settled(added(*(times(each or Decimal(0), Decimal(count or 0)) for each, count in parts)))


def _containers(doses: list[Dose], *, product: Product) -> int | None:
    """Containers opened: for each administration anew, or for all that is drawn where one is kept."""
    if product.container_holds is None:
        return None
    if product.single_use:
        return sum(
            whole_containers(dose.amount, holds=product.container_holds) * (dose.times or 0) for dose in doses
        )
    drawn = _sum_of((dose.measured, dose.times) for dose in doses)
    return whole_containers(times(drawn, product.strength), holds=product.container_holds)
