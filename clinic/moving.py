"""A running course and another edition of its protocol: what it would change, and who accepts it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from clinic import calendars, correcting, courses, treatment
from clinic.access import enrolments_visible_to
from clinic.entries import Entry
from clinic.models import Course, CourseStart, DoseChange, WorkItem
from clinic.review import review_enrolment
from clinic.workitems import open_item
from protocols.engine.comparing import Change, difference
from protocols.engine.days import treatment_day
from protocols.engine.dosing import dose_calendar
from protocols.engine.moving import moved
from protocols.engine.terms import Purpose
from protocols.engine.warnings_of import what_must_be_entered_first
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from clinic.models import Actor
    from protocols.engine.course import Formulary
    from protocols.engine.dosing import Calendar
    from protocols.models import ProtocolEdition


class OtherProtocol(Refusal):
    """The edition is of another protocol than the course."""

    code = "other-protocol"


class AlreadyOnIt(Refusal):
    """The course follows that edition already."""

    code = "already-on-that-edition"


class DayPassed(Refusal):
    """Doses of days that have passed were given; no edition changes them."""

    code = "day-passed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What another edition would change for one running course from a day on.

    `digest` is that of the calendar the person is shown. `missing`: why the course could not go on by it.
    """

    course: Course
    from_on: date
    changes: tuple[Change, ...]
    calendar: Calendar
    digest: str
    missing: str


def preview_moves(edition: ProtocolEdition, *, actor: Actor, now: datetime) -> Iterator[Move]:
    """Show for each running course of the protocol what this edition would change from tomorrow.

    Courses that follow it already are left out; a combination is shown once. Nothing is written.
    """
    running = Course.objects.running().filter(
        enrolment__in=enrolments_visible_to(actor), protocol_edition__protocol=edition.protocol_id
    )
    others = running.exclude(protocol_edition=edition).order_by("batch", "start_on", "pk").distinct("batch")
    for course in others.select_related("protocol_edition__protocol", "enrolment__clinic", "patient", "drug"):
        yield preview_move(course, edition, from_on=tomorrow(course, now=now))


def tomorrow(course: Course, *, now: datetime) -> date:
    """Return the first day of a course that nobody has given yet, at its clinic."""
    return course.enrolment.clinic.local_date(now) + timedelta(days=1)


def preview_move(course: Course, edition: ProtocolEdition, *, from_on: date) -> Move:
    """Show what an edition would change for one course from a day on."""
    batch = calendars.batch_of(course)
    stands, _ = calendars.laid_out(course)
    done = calendars.done_with(batch)
    by_edition, formulary = calendars.laid_out_by(edition, batch, done)
    calendar = moved(stands, by_edition, from_on=from_on)
    return Move(
        course=course,
        from_on=from_on,
        changes=difference(stands, calendar, formulary=formulary),
        calendar=calendar,
        digest=calendars.digest_of(calendar),
        missing=missing_from(by_edition, from_on, formulary),
    )


def missing_from(calendar: Calendar, from_on: date, formulary: Formulary) -> str:
    """Say what nobody has entered of the days from a date on; empty where a course can go on."""
    plain = dose_calendar(calendar.edition, details=calendar.details, formulary=formulary)
    first = treatment_day(start_on=calendar.details.start_on, on=from_on)
    missing = what_must_be_entered_first(plain, formulary=formulary)
    return next((each.text for each in missing if each.last_day >= first), "")


@transaction.atomic
def accept_edition(
    *,
    course: Course,
    edition: ProtocolEdition,
    from_on: date,
    digest: str,
    prescriber: str,
    by: Actor,
    now: datetime,
) -> DoseChange:
    """Let one child's course go on by another edition from a day on, because a named prescriber accepted it.

    `digest` is that of the calendar the person was shown. Days before stay as they were given; the family is
    taught the new calendar.
    """
    row, locked = treatment.running(course)
    today = locked.clinic.local_date(now)
    refuse_impossible(row, edition, from_on=from_on, today=today)
    move = preview_move(row, edition, from_on=from_on)
    if move.missing:
        sentence = (
            f"{move.missing} The pathway lead enters what is missing in an edition of the clinic's own."
        )
        raise courses.DoseNotKnown(sentence, field="edition")
    if move.digest != digest:
        raise courses.CalendarChanged(
            "The calendar is not the one you were shown. Look at the new one, then accept it.", field="digest"
        )
    accepted = treatment.change_dose(
        course=row,
        kind=DoseChange.Kind.EDITION,
        from_on=from_on,
        prescriber=prescriber,
        by=by,
        now=now,
        values={"from": str(row.protocol_edition.uid), "to": str(edition.uid)},
    )
    for each in calendars.batch_of(row):
        follow(each, move, edition, prescriber=prescriber, by=by, now=now)
    review_enrolment(enrolment=locked, by=by, now=now)
    return accepted


def refuse_impossible(row: Course, edition: ProtocolEdition, *, from_on: date, today: date) -> None:
    """Refuse another protocol, the same edition, one that is not in force, and a day that has passed."""
    if edition.protocol_id != row.protocol_edition.protocol_id:
        raise OtherProtocol(
            f"{edition.name} is another protocol than this course's. Stop the course and plan a new one.",
            field="edition",
        )
    if edition.pk == row.protocol_edition_id:
        raise AlreadyOnIt(f"This course follows edition {edition.number} already.", field="edition")
    courses.refuse_edition_not_in_force(edition, on=today)
    if from_on < today:
        raise DayPassed(f"{from_on} has passed. Choose today or a later day.", field="from_on")


def follow(
    course: Course, move: Move, edition: ProtocolEdition, *, prescriber: str, by: Actor, now: datetime
) -> None:
    """Bring one course of the batch in line with the calendar that was accepted."""
    treatment.keep(course, by=by, now=now, protocol_edition=edition)
    plan_start_anew(course, move.calendar, why=f"edition {edition.number} accepted", by=by, now=now)
    last = courses.last_dose_of(move.calendar, course.drug.key)
    if last is not None and last != course.planned_last_dose_on:
        treatment.change_dose(
            course=course,
            kind=DoseChange.Kind.LAST_DOSE,
            from_on=last,
            prescriber=prescriber,
            by=by,
            now=now,
        )
    if move.changes:
        teach_again(course, due_on=move.from_on, by=by, now=now)


def teach_again(course: Course, *, due_on: date, by: Actor, now: datetime) -> None:
    """Ask for the family to be taught the calendar again."""
    open_item(
        clinic=course.enrolment.clinic,
        patient_id=course.patient_id,
        kind=WorkItem.Kind.TEACH_AGAIN,
        cause=f"course/{course.uid}",
        subject=course,
        due_on=due_on,
        by=by,
        now=now,
    )


def plan_start_anew(course: Course, calendar: Calendar, *, why: str, by: Actor, now: datetime) -> None:
    """Write the days on which the calendar now tapers, reaches its target and asks, where they moved."""
    start = newest_start(course)
    formulary = calendars.formulary_for(course.protocol_edition)
    planned = {
        "taper_on": courses.first_day_of(calendar, course.drug.key, Purpose.TAPER),
        "dose_decision_on": courses.decision_day(calendar, course, formulary),
        "target_dose_on": courses.target_day(calendar, course.drug.key),
    }
    if start is not None and any(getattr(start, name) != on for name, on in planned.items()):
        values = {**correcting.says(start), **planned}
        correcting.successor(
            start, by=by, now=now, why=why, values=values, entry=Entry(), day=start.happened_on
        )


def newest_start(course: Course) -> CourseStart | None:
    """Return the fact that a course started, as it stands."""
    return next(iter(correcting.standing(CourseStart.objects.filter(course=course).order_by("-pk"))), None)
