"""The dose calendar of a course: what was checked at the start, and what was decided and done since."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from clinic.chains import plain
from clinic.correcting import standing
from clinic.models import Course, CourseFact, DoseChange, DoseDecision, Hold, HoldEnd
from protocols import models as protocol_rows
from protocols import reading
from protocols.engine.course import CourseDetails, Reweigh, conditions_of
from protocols.engine.course import Hold as HeldDays
from protocols.engine.days import treatment_day
from protocols.engine.moving import moved
from protocols.engine.terms import Verdict
from protocols.engine.undecided import undecided_calendar
from protocols.in_force import formulary_with

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from clinic.models import Patient
    from protocols.engine.course import Formulary
    from protocols.engine.dosing import Calendar
    from protocols.engine.formulary import Product
    from protocols.engine.regimen import ProtocolEdition

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


def formulary_for(edition: protocol_rows.ProtocolEdition, *, on: date | None = None) -> Formulary:
    """Return the drugs and products in use, and the editions a combination is made of on a day."""
    return formulary_with(reading.protocol_values(edition), on=on)


def batch_of(course: Course) -> list[Course]:
    """Return the courses that one decision started together, in the order of their drugs."""
    rows = Course.objects.filter(batch=course.batch).exclude(status=Course.Status.DROPPED)
    joined = rows.select_related(
        "drug", "product", "patient", "protocol_edition__protocol", "enrolment__clinic"
    )
    return list(joined.order_by("start_on", "pk"))


def calendar_of(course: Course) -> Calendar:
    """Return the dose calendar of a course as it stands, with "not decided" where nobody has decided."""
    return laid_out(course)[0]


def laid_out(course: Course) -> tuple[Calendar, Formulary]:
    """Return the calendar of a course together with the drugs and products it speaks of."""
    batch = batch_of(course)
    done = done_with(batch)
    moves = moves_among(done)
    calendar, formulary = laid_out_by(edition_at_start(course, moves), batch, done)
    for move in moves:
        later, formulary = laid_out_by(edition_after(move), batch, done)
        calendar = moved(calendar, later, from_on=move.from_on)
    return calendar, formulary


def laid_out_by(
    edition: protocol_rows.ProtocolEdition, batch: Sequence[Course], done: Done
) -> tuple[Calendar, Formulary]:
    """Return the whole calendar of a batch as an edition lays it out."""
    values = reading.protocol_values(edition)
    formulary = formulary_with(values, on=min(each.start_on for each in batch))
    details = details_of(batch, done, formulary)
    waits = not_decided(values, done, formulary)
    return undecided_calendar(values, details=details, open_from=waits, formulary=formulary), formulary


def moves_among(done: Done) -> list[DoseChange]:
    """Return the moves to another edition, in the order of the days from which they count."""
    return sorted(
        (change for change in done.changes if change.kind == Kinds.EDITION),
        key=lambda change: (change.from_on, change.pk),
    )


def edition_at_start(course: Course, moves: Sequence[DoseChange]) -> protocol_rows.ProtocolEdition:
    """Return the edition the course started on, whatever it moved to since."""
    if not moves:
        return course.protocol_edition
    return edition_with(moves[0].values["from"])


def edition_after(move: DoseChange) -> protocol_rows.ProtocolEdition:
    """Return the edition a course moved to."""
    return edition_with(move.values["to"])


def edition_with(uid: str) -> protocol_rows.ProtocolEdition:
    """Return the protocol edition that a fact names."""
    editions = protocol_rows.ProtocolEdition.objects.select_related("protocol")
    edition: protocol_rows.ProtocolEdition = editions.get(uid=uid)
    return edition


def done_with(batch: Iterable[Course]) -> Done:
    """Return what was decided and done with some courses, in four queries."""
    keys = [course.pk for course in batch]

    def rows(model: type[CourseFact]) -> list[Any]:
        return standing(model._default_manager.filter(course__in=keys).order_by("pk"))

    return Done(changes=rows(DoseChange), decisions=rows(DoseDecision), holds=rows(Hold), ends=rows(HoldEnd))


def not_decided(edition: ProtocolEdition, done: Done, formulary: Formulary) -> dict[str, int]:
    """Return the conditions that wait for a prescriber, with the first day each could change."""
    decided = {decision.step_key for decision in done.decisions}
    conditions = conditions_of(edition, formulary=formulary)
    return {each.key: each.from_day for each in conditions if each.key not in decided}


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


def digest_of(calendar: Calendar) -> str:
    """Return a digest of every day of a calendar: what the second person looked at."""
    return sha256(repr(plain(calendar.days)).encode()).hexdigest()


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
