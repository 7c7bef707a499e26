"""The part of a course that depends on the verdict: a named prescriber decides it; a person starts it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from clinic import calendars, correcting, courses, moving, treatment
from clinic.children import stamps
from clinic.models import Course, DoseChange
from clinic.review import review_enrolment
from clinic.timeline import Kind, tell
from protocols import models as protocol_rows
from protocols import reading
from protocols.engine.course import Settings
from protocols.engine.terms import Verdict
from protocols.engine.warnings_of import what_must_be_entered_first
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from clinic.calendars import LaidOut
    from clinic.models import Actor
    from protocols.engine.dosing import Calendar


class NothingDepends(Refusal):
    """A decision about the next part of a course that has none."""

    code = "no-next-part"


class NextPartDecided(Refusal):
    """Another next part than the one that was decided."""

    code = "next-part-decided"


class NextPartPassed(Refusal):
    """A next drug whose first day has passed."""

    code = "next-part-passed"


def waits_for_verdict(calendar: Calendar) -> bool:
    """Say whether a calendar ends where a verdict decides how it goes on."""
    return any(part.layout.waiting is not None for part in calendar.parts)


def ways(course: Course) -> list[tuple[str, str]]:
    """Return the ways a course can go on from its verdict, each with the names of its phases."""
    values = reading.protocol_values(course.protocol_edition)
    settings = Settings(choices=values.choices, values=course.choices)
    phases = [phase for phase in values.phases if settings.holds(phase.given)]
    named = {way: [phase.name for phase in phases if phase.verdict is way] for way in Verdict}
    return [(way.value, ", then ".join(dict.fromkeys(names))) for way, names in named.items() if names]


@transaction.atomic
def decide_next_part(
    *, course: Course, verdict: str, prescriber: str, by: Actor, now: datetime
) -> DoseChange:
    """Record which part follows, as a named prescriber decided. Twice is once.

    A drug that begins with it becomes a draft of its own, which a second person checks and so starts; the
    running drug gets the last dose that the calendar now has.
    """
    row, locked = treatment.running(course)
    decided = decided_for(calendars.batch_of(row))
    if decided is not None:
        if decided.values["verdict"] == verdict:
            return decided
        raise NextPartDecided(
            f"{decided.prescriber} has decided the next part of this course. Stop it and plan another one."
        )
    waiting = calendars.calendar_of(row)
    if not waits_for_verdict(waiting):
        raise NothingDepends("No part of this course depends on the verdict.", field="verdict")
    change = treatment.change_dose(
        course=row,
        kind=DoseChange.Kind.RESPONDED,
        from_on=waiting.days[-1].on + timedelta(days=1),
        prescriber=prescriber,
        by=by,
        now=now,
        values={"verdict": Verdict(verdict).value},
    )
    batch = calendars.batch_of(row)
    drafts = propose(batch, today=locked.clinic.local_date(now), by=by, now=now)
    laid_out = calendars.laid_out(row)
    digest = calendars.digest_of(laid_out.calendar)
    for draft in drafts:
        last = courses.last_dose_of(laid_out.calendar, draft.drug.key)
        treatment.keep(draft, by=by, now=now, calendar_digest=digest, planned_last_dose_on=last)
    for each in batch:
        go_on(each, laid_out.calendar, prescriber=prescriber, by=by, now=now)
    review_enrolment(enrolment=locked, by=by, now=now)
    return change


def decided_for(batch: Sequence[Course]) -> DoseChange | None:
    """Return the decision about the next part of a batch, as it stands."""
    rows = DoseChange.objects.filter(course__in=batch, kind=DoseChange.Kind.RESPONDED).order_by("pk")
    return next(iter(correcting.standing(rows)), None)


def propose(batch: Sequence[Course], *, today: date, by: Actor, now: datetime) -> list[Course]:
    """Write a draft for each drug that the decided calendar begins and no course of the batch gives yet."""
    laid_out = calendars.laid_out(batch[0])
    refuse_unknown(laid_out)
    given = {course.drug.key for course in batch}
    firsts = {drug: on for drug, on in courses.first_days(laid_out.calendar).items() if drug not in given}
    return [draft_of(batch[0], drug, first_on=on, today=today, by=by, now=now) for drug, on in firsts.items()]


def refuse_unknown(laid_out: LaidOut) -> None:
    """Refuse a next part with days whose dose nobody has entered."""
    missing = what_must_be_entered_first(laid_out.calendar, formulary=laid_out.formulary)
    if missing:
        raise courses.DoseNotKnown(missing[0].text, field="verdict")


def draft_of(beside: Course, drug: str, *, first_on: date, today: date, by: Actor, now: datetime) -> Course:
    """Write the draft of a drug that begins with the next part; a lone product needs no choosing."""
    if first_on < today:
        raise NextPartPassed(
            f"The next drug was to begin on {first_on}, which has passed. Stop this course and plan that "
            "drug from the day of its first dose.",
            field="verdict",
        )
    row = protocol_rows.Drug.objects.get(key=drug)
    products = list(protocol_rows.Product.objects.filter(drug=row)[:2])
    draft = Course.objects.create(
        enrolment=beside.enrolment,
        patient=beside.patient,
        batch=beside.batch,
        protocol_edition=beside.protocol_edition,
        drug=row,
        product=products[0] if len(products) == 1 else None,
        start_on=first_on,
        weight_kg=beside.weight_kg,
        length_cm=beside.length_cm,
        choices=beside.choices,
        **stamps(by, now),
    )
    tell(Kind.COURSE_PLANNED, about=draft, enrolment=beside.enrolment, by=by, now=now)
    courses.ask_second_person(draft, by=by, now=now)
    return draft


def go_on(course: Course, calendar: Calendar, *, prescriber: str, by: Actor, now: datetime) -> None:
    """Bring a running course in line with the decided calendar; the family is taught it."""
    moving.plan_start_anew(course, calendar, why="next part decided", by=by, now=now)
    last = courses.last_dose_of(calendar, course.drug.key)
    if last is not None and last != course.planned_last_dose_on:
        treatment.change_dose(
            course=course,
            kind=DoseChange.Kind.LAST_DOSE,
            from_on=last,
            prescriber=prescriber,
            by=by,
            now=now,
        )
    moving.teach_again(course, due_on=course.enrolment.clinic.local_date(now), by=by, now=now)
