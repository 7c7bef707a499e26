"""One course as the dose engine asks for it: what was planned, decided and done."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from clinic.models import DoseChange
from protocols.engine.course import CourseDetails, Reweigh
from protocols.engine.course import Hold as HeldDays
from protocols.engine.days import treatment_day
from protocols.engine.terms import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from clinic.models import Course, DoseDecision, Hold, HoldEnd, Patient
    from protocols.engine.course import Formulary
    from protocols.engine.formulary import Product

KG, CM = Decimal("0.001"), Decimal("0.1")  # the decimals of the columns
LAST_DAY = 100_000  # a hold without an end lasts beyond every calendar
Kinds = DoseChange.Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What was decided and done with the courses of a batch, corrected rows left out."""

    changes: Sequence[DoseChange] = ()
    decisions: Sequence[DoseDecision] = ()
    holds: Sequence[Hold] = ()
    ends: Sequence[HoldEnd] = ()


def details_of(batch: Sequence[Course], done: Done, formulary: Formulary) -> CourseDetails:
    """Return one course as the engine asks for it."""
    first = batch[0]
    start_on = min(course.start_on for course in batch)

    def day(on: date) -> int:
        return max(1, treatment_day(start_on=start_on, on=on))

    by_kind = defaultdict(list)
    for change in done.changes:
        by_kind[change.kind].append(change)
    choices = dict(first.choices)
    for change in by_kind[Kinds.CHOICE]:
        choices |= change.values
    return CourseDetails(
        start_on=start_on,
        weight_kg=as_kept(first.weight_kg, KG),
        length_cm=as_kept(first.length_cm, CM),
        products=products_of(batch, formulary),
        choices=choices,
        decisions={each.step_key: day(each.from_on) for each in done.decisions if each.taken},
        verdict=verdict_among(by_kind[Kinds.RESPONDED]),
        taper_from_day=next((day(each.from_on) for each in by_kind[Kinds.TAPER]), None),
        holds=tuple(held(each, batch, done, day) for each in done.holds),
        reweighs=tuple(
            Reweigh(day=day(each.from_on), weight_kg=each.weight_kg, length_cm=each.length_cm)
            for each in by_kind[Kinds.WEIGHT]
            if each.weight_kg is not None
        ),
        born_on=first.patient.birth_date,
    )


def products_of(batch: Iterable[Course], formulary: Formulary) -> dict[str, Product]:
    """Return the product each drug is given as."""
    return {
        course.drug.key: formulary.products[course.product.key]
        for course in batch
        if course.product is not None
    }


def verdict_among(changes: Sequence[DoseChange]) -> Verdict | None:
    """Return which next part a prescriber chose; None while nobody has."""
    return Verdict(changes[-1].values["verdict"]) if changes else None


def held(hold: Hold, batch: Sequence[Course], done: Done, day: Any) -> HeldDays:
    """Return the days of a hold; one that nobody has ended lasts."""
    end = next((each for each in done.ends if each.hold_id == hold.pk), None)
    last = hold.until_on
    to_day = LAST_DAY if last is None else day(last)
    if end is not None:
        to_day = day(end.happened_on) - 1
    drug = next((course.drug.key for course in batch if course.pk == hold.course_id), None)
    return HeldDays(from_day=day(hold.happened_on), to_day=to_day, drug=drug)


def as_kept(value: Decimal | None, step: Decimal) -> Decimal | None:
    """Return a measurement with the decimals it is kept with, so that a plan and its row count alike."""
    return None if value is None else Decimal(value).quantize(step)


def details_for(
    *,
    patient: Patient,
    start_on: date,
    formulary: Formulary,
    weight_kg: Decimal | None = None,
    length_cm: Decimal | None = None,
    products: Mapping[str, str] | None = None,
    choices: Mapping[str, str] | None = None,
) -> CourseDetails:
    """Return the details of a course that is only planned yet; products by drug key and product key."""
    return CourseDetails(
        start_on=start_on,
        weight_kg=as_kept(weight_kg, KG),
        length_cm=as_kept(length_cm, CM),
        products={drug: formulary.products[key] for drug, key in (products or {}).items()},
        choices=dict(choices or {}),
        born_on=patient.birth_date,
    )
