"""A course is planned, its calendar is checked by a second person, and it starts."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction

from clinic import calendars, coursedetails, plausibility
from clinic.children import stamps
from clinic.entries import Entry, lock, refuse_a_second_person_who_is_the_first, refuse_before_birth
from clinic.models import Course, CourseStart, WorkItem
from clinic.review import review_enrolment
from clinic.roles import require
from clinic.timeline import Kind, tell
from clinic.workitems import open_item, settle_items
from protocols import models as protocol_rows
from protocols import reading
from protocols.engine.checking import allowed_words, may_be
from protocols.engine.course import all_parts, choices_of, conditions_of
from protocols.engine.days import date_of_treatment_day
from protocols.engine.dosing import dose_calendar
from protocols.engine.terms import Basis, Purpose
from protocols.engine.undecided import undecided_calendar
from protocols.engine.warnings_of import what_must_be_entered_first
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from clinic.models import Actor, Enrolment
    from protocols.engine.course import CourseDetails, Formulary
    from protocols.engine.dosing import Calendar
    from protocols.engine.regimen import ProtocolEdition


class WeightNeeded(Refusal):
    """A regimen by weight (or surface) without the measurement."""

    code = "weight-needed"


class DoseNotKnown(Refusal):
    """Days whose dose no source gives and nobody has entered."""

    code = "dose-not-known"


class StartTooFar(Refusal):
    """A start beyond the clinic's horizon."""

    code = "start-too-far"


class CourseRuns(Refusal):
    """A second course of a drug that is running."""

    code = "course-runs"


class NotInForce(Refusal):
    """An edition that is not in force."""

    code = "edition-not-in-force"


class ChoiceNotAllowed(Refusal):
    """A choice the protocol does not have, or a value it does not offer."""

    code = "choice-not-allowed"


class ProductNotAllowed(Refusal):
    """A product that is not of the drug."""

    code = "product-not-allowed"


class CalendarChanged(Refusal):
    """The calendar is no longer the one the second person looked at."""

    code = "calendar-changed"


class SamePersonChecks(Refusal):
    """The person who planned the course checks it."""

    code = "second-person-needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A course as it would be: the calendar with its digest, and the values behind it."""

    values: ProtocolEdition
    details: CourseDetails
    formulary: Formulary
    calendar: Calendar
    digest: str


def preview(
    *,
    enrolment: Enrolment,
    protocol_edition: protocol_rows.ProtocolEdition,
    start_on: date,
    weight_kg: Decimal | None = None,
    length_cm: Decimal | None = None,
    products: Mapping[str, str] | None = None,
    choices: Mapping[str, str] | None = None,
) -> Planned:
    """Return the whole dose calendar of a course before anything is saved; refuse what cannot be laid out."""
    values = reading.protocol_values(protocol_edition)
    formulary = calendars.formulary_for(protocol_edition, on=start_on)
    refuse_wrong_products(products or {}, formulary)
    refuse_wrong_choices(choices or {}, values, formulary)
    details = coursedetails.details_for(
        patient=enrolment.patient,
        start_on=start_on,
        formulary=formulary,
        weight_kg=weight_kg,
        length_cm=length_cm,
        products=products,
        choices=choices,
    )
    refuse_missing_measurements(values, details, formulary)
    open_from = calendars.not_decided(values, coursedetails.Done(), formulary)
    calendar = undecided_calendar(values, details=details, open_from=open_from, formulary=formulary)
    return Planned(
        values=values,
        details=details,
        formulary=formulary,
        calendar=calendar,
        digest=calendars.digest_of(calendar),
    )


@transaction.atomic
def plan_course(
    *,
    enrolment: Enrolment,
    protocol_edition: protocol_rows.ProtocolEdition,
    start_on: date,
    by: Actor,
    now: datetime,
    weight_kg: Decimal | None = None,
    length_cm: Decimal | None = None,
    products: Mapping[str, str] | None = None,
    choices: Mapping[str, str] | None = None,
    entry: Entry | None = None,
) -> list[Course]:
    """Write a course as a draft, one row a drug; it starts when a second person has checked the calendar."""
    locked = lock(enrolment)
    require(actor=by, permission="clinic.plan_course", clinic=locked.clinic)
    refuse_wrong_start(locked, start_on, now=now)
    refuse_edition_not_in_force(protocol_edition, on=locked.clinic.local_date(now))
    said = entry or Entry()
    refuse_a_second_person_who_is_the_first(said, by=by)
    if weight_kg is not None:
        plausibility.judge_weight(kg=weight_kg, patient=locked.patient, on=start_on, entry=said)
    if length_cm is not None:
        plausibility.judge_length(cm=length_cm, patient=locked.patient, on=start_on, entry=said)
    planned = preview(
        enrolment=locked,
        protocol_edition=protocol_edition,
        start_on=start_on,
        weight_kg=weight_kg,
        length_cm=length_cm,
        products=products,
        choices=choices,
    )
    refuse_unknown_doses(planned)
    firsts = first_days(planned.calendar)
    refuse_running(locked, tuple(firsts))
    drafts = write_drafts(locked, planned, protocol_edition, firsts, by=by, now=now)
    ask_second_person(drafts[0], by=by, now=now)
    return drafts


def ask_second_person(draft: Course, *, by: Actor, now: datetime) -> None:
    """Keep a planned course on the list until somebody else has checked its calendar."""
    clinic = draft.enrolment.clinic
    open_item(
        clinic=clinic,
        kind=WorkItem.Kind.CALENDAR_CHECK,
        cause=f"batch/{draft.batch}",
        patient_id=draft.patient_id,
        subject=draft,
        text=f"The first dose is planned for {draft.start_on.isoformat()}. The course starts only when "
        "somebody else has looked at the calendar.",
        due_on=clinic.local_date(now),
        by=by,
        now=now,
    )


def second_person_answered(draft: Course, *, by: Actor, now: datetime, because: str) -> None:
    """Take a planned course off the list."""
    clinic, cause = draft.enrolment.clinic, f"batch/{draft.batch}"
    settle_items(
        clinic=clinic, kind=WorkItem.Kind.CALENDAR_CHECK, cause=cause, because=because, by=by, now=now
    )


def write_drafts(
    enrolment: Enrolment,
    planned: Planned,
    edition: protocol_rows.ProtocolEdition,
    firsts: Mapping[str, date],
    *,
    by: Actor,
    now: datetime,
) -> list[Course]:
    """Write one draft for each drug of a planned course, all of one batch."""
    batch = uuid.uuid4()
    drugs = {drug.key: drug for drug in protocol_rows.Drug.objects.filter(key__in=list(firsts))}
    chosen = [product.key for product in planned.details.products.values()]
    found = {row.key: row for row in protocol_rows.Product.objects.filter(key__in=chosen)}
    drafts = []
    for key, first_on in firsts.items():
        product = planned.details.products.get(key)
        drafts.append(
            Course.objects.create(
                enrolment=enrolment,
                patient=enrolment.patient,
                batch=batch,
                protocol_edition=edition,
                drug=drugs[key],
                product=None if product is None else found[product.key],
                start_on=first_on,
                weight_kg=planned.details.weight_kg,
                length_cm=planned.details.length_cm,
                choices=dict(planned.details.choices),
                planned_last_dose_on=last_dose_of(planned.calendar, key),
                calendar_digest=planned.digest,
                **stamps(by, now),
            )
        )
        tell(Kind.COURSE_PLANNED, about=drafts[-1], enrolment=enrolment, by=by, now=now)
    return drafts


@transaction.atomic
def check_calendar(*, course: Course, digest: str, by: Actor, now: datetime) -> list[Course]:
    """A second person has looked at the whole calendar: the course starts. Twice is once.

    `digest` is that of the calendar the person was shown; another one is refused.
    """
    locked = lock(course.enrolment)
    require(actor=by, permission="clinic.check_calendar", clinic=locked.clinic)
    batch = [each for each in calendars.batch_of(course) if each.status == Course.Status.DRAFT]
    if not batch:
        return calendars.batch_of(course)
    if any(each.created_by_id == by.pk for each in batch):
        raise SamePersonChecks(
            "You planned this course yourself. Ask a colleague to check the calendar.", field="checked_by"
        )
    calendar, formulary = calendars.laid_out(batch[0])
    if digest != calendars.digest_of(calendar) or digest != batch[0].calendar_digest:
        raise CalendarChanged(
            "The calendar is not the one you were shown. Look at the new one, then check it.", field="digest"
        )
    refuse_running(locked, tuple(each.drug.key for each in batch))
    for each in batch:
        start(each, calendar, formulary, enrolment=locked, by=by, now=now)
    second_person_answered(course, by=by, now=now, because="checked")
    review_enrolment(enrolment=locked, by=by, now=now)
    return batch


def start(
    course: Course,
    calendar: Calendar,
    formulary: Formulary,
    *,
    enrolment: Enrolment,
    by: Actor,
    now: datetime,
) -> None:
    """Let one checked draft run, and write the fact that it started."""
    course.status = Course.Status.ACTIVE
    course.calendar_checked_at, course.calendar_checked_by = now, by
    course.changed_at, course.changed_by = now, by
    course.save()
    CourseStart.objects.create(
        patient=course.patient,
        clinic=enrolment.clinic,
        course=course,
        happened_on=course.start_on,
        known_at=now,
        recorded_at=now,
        recorded_by=by,
        planned_last_dose_on=course.planned_last_dose_on,
        taper_on=first_day_of(calendar, course.drug.key, Purpose.TAPER),
        dose_decision_on=decision_day(calendar, course, formulary),
        target_dose_on=target_day(calendar, course.drug.key),
    )
    tell(Kind.COURSE_STARTED, about=course, enrolment=enrolment, by=by, now=now)


@transaction.atomic
def drop_draft(*, course: Course, by: Actor, now: datetime) -> None:
    """Drop a course nobody has checked. Twice is once."""
    locked = lock(course.enrolment)
    require(actor=by, permission="clinic.plan_course", clinic=locked.clinic)
    for each in calendars.batch_of(course):
        if each.status == Course.Status.DRAFT:
            each.status, each.changed_at, each.changed_by = Course.Status.DROPPED, now, by
            each.save()
            tell(Kind.COURSE_DROPPED, about=each, enrolment=locked, by=by, now=now)
    second_person_answered(course, by=by, now=now, because="the draft was dropped")


def first_days(calendar: Calendar) -> dict[str, date]:
    """Return each drug of a calendar with the day of its first dose, in that order."""
    found: dict[str, date] = {}
    for day in calendar.days:
        for dose in (*day.doses, *(one for way in day.either for one in way)):
            found.setdefault(dose.drug, day.on)
    return found


def last_dose_of(calendar: Calendar, drug: str) -> date | None:
    """Return the day of a drug's last dose as laid out; None while the end is open or not decided."""
    if any(part.layout.waiting is not None or part.layout.endless for part in calendar.parts):
        return None
    given = [day.on for day in calendar.days if any(d.drug == drug for d in doses_on(day))]
    return max(given, default=None)


def doses_on(day: Any) -> tuple[Any, ...]:
    """Return the doses of a day, those of either answer where nobody has decided."""
    return (*day.doses, *(dose for way in day.either for dose in way))


def first_day_of(calendar: Calendar, drug: str, purpose: Purpose) -> date | None:
    """Return the first day on which a drug is given in a phase of a purpose."""
    days = (
        day.on
        for part in calendar.parts
        for day in part.days
        if day.purpose is purpose and any(dose.drug == drug for dose in day.doses)
    )
    return min(days, default=None)


def target_day(calendar: Calendar, drug: str) -> date | None:
    """Return the day a titrated drug first has its full dose; None for a drug that starts with it."""
    if first_day_of(calendar, drug, Purpose.TITRATION) is None:
        return None
    full = (first_day_of(calendar, drug, each) for each in (Purpose.FULL_DOSE, Purpose.MAINTENANCE))
    return min((day for day in full if day is not None), default=None)


def decision_day(calendar: Calendar, course: Course, formulary: Formulary) -> date | None:
    """Return the day on which a prescriber is asked about a conditional step of this drug."""
    conditions = conditions_of(calendar.edition, formulary=formulary)
    asked = [each.asked_on_day for each in conditions if each.drug == course.drug.key]
    return date_of_treatment_day(start_on=calendar.details.start_on, day=min(asked)) if asked else None


def refuse_wrong_start(enrolment: Enrolment, start_on: date, *, now: datetime) -> None:
    """Refuse a start before birth, or further ahead than the clinic plans."""
    refuse_before_birth(start_on, patient=enrolment.patient, field="start_on")
    horizon = enrolment.clinic.local_date(now) + timedelta(days=enrolment.clinic.start_horizon_days)
    if start_on > horizon:
        raise StartTooFar(
            f"{start_on.isoformat()} is too far ahead: a course is planned up to {horizon.isoformat()} here. "
            "Check the year, or plan the course when its start is nearer.",
            field="start_on",
        )


def refuse_edition_not_in_force(edition: protocol_rows.ProtocolEdition, *, on: date) -> None:
    """Refuse a draft, a retired edition, or one that is not yet in force."""
    if not protocol_rows.ProtocolEdition.objects.in_force(on).filter(pk=edition.pk).exists():
        raise NotInForce(
            f"Edition {edition.number} of {edition.name} is not in force on {on.isoformat()}. "
            "Choose an edition that is, or ask the pathway lead to sign it and put it in force.",
            field="protocol",
        )


def refuse_wrong_products(products: Mapping[str, str], formulary: Formulary) -> None:
    """Refuse a product that is not known, or is not of the drug."""
    for drug, key in products.items():
        product = formulary.products.get(key)
        if product is None or product.drug != drug:
            allowed = ", ".join(each.key for each in formulary.products_of(drug)) or "none"
            raise ProductNotAllowed(f"{key} is not a product of {drug}. It has: {allowed}.", field="product")


def refuse_wrong_choices(choices: Mapping[str, str], values: ProtocolEdition, formulary: Formulary) -> None:
    """Refuse a choice the protocol does not have, and a value that is not allowed or not offered."""
    known = {choice.name: choice for choice in choices_of(values, formulary=formulary)}
    for name, value in choices.items():
        choice = known.get(name)
        if choice is None:
            names = ", ".join(known) or "none"
            raise ChoiceNotAllowed(f"{values.name} has no choice {name}. It has: {names}.", field=name)
        withheld = any(each.value == value and not each.offered for each in choice.allowed)
        if withheld or not may_be(choice, value):
            raise ChoiceNotAllowed(
                f"{choice.title} cannot be {value} when a course is started. "
                f"Allowed: {allowed_words(choice)}.",
                field=name,
            )


def measurements_needed(values: ProtocolEdition, formulary: Formulary) -> frozenset[str]:
    """Return what must be measured before a regimen can be dosed: weight_kg, length_cm."""
    bases = {
        step.basis
        for part in all_parts(values, formulary=formulary)
        for phase in part.phases
        for step in phase.steps
    }
    if Basis.PER_M2 in bases:
        return frozenset({"weight_kg", "length_cm"})
    return frozenset({"weight_kg"}) if Basis.PER_KG in bases else frozenset()


def refuse_missing_measurements(
    values: ProtocolEdition, details: CourseDetails, formulary: Formulary
) -> None:
    """Refuse a regimen by weight without a weight, and one by surface without weight and length."""
    needed = measurements_needed(values, formulary)
    if "weight_kg" in needed and details.weight_kg is None:
        raise WeightNeeded(
            f"{values.name} is dosed by weight. Weigh the child and enter the weight.", field="weight_kg"
        )
    if "length_cm" in needed and details.length_cm is None:
        raise WeightNeeded(
            f"{values.name} is dosed by body surface. Measure the length and enter it.", field="length_cm"
        )


def refuse_unknown_doses(planned: Planned) -> None:
    """Refuse a course with days nobody has a dose for, or a day's dose nobody has divided."""
    plain = dose_calendar(planned.values, details=planned.details, formulary=planned.formulary)
    missing = what_must_be_entered_first(plain, formulary=planned.formulary)
    if missing:
        raise DoseNotKnown(
            f"This course cannot start yet. {missing[0].text} The pathway lead enters what is missing in an "
            "edition of the clinic's own.",
            code=missing[0].code,
            field="protocol",
        )


def refuse_running(enrolment: Enrolment, drugs: tuple[str, ...]) -> None:
    """Refuse a second course of a drug the child is on."""
    running = Course.objects.running().filter(patient=enrolment.patient, drug__key__in=drugs)
    first = running.select_related("drug").first()
    if first is not None:
        raise CourseRuns(
            f"A course of {first.drug.name} is running since {first.start_on.isoformat()}. "
            "Stop it before another one starts, or change its dose.",
            field="drug",
        )
