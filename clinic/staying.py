"""An accepted edition taken back before its first day: the course stays on the edition it was on."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from clinic import calendars, correcting, moving, treatment
from clinic.access import enrolments_visible_to
from clinic.models import Course, DoseChange
from clinic.review import review_enrolment
from clinic.roles import require
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from datetime import date, datetime

    from clinic.models import Actor
    from protocols.engine.dosing import Calendar
    from protocols.models import ProtocolEdition


class DosesGiven(Refusal):
    """An accepted edition that counts already."""

    code = "doses-given"


class LaterMove(Refusal):
    """An accepted edition that a later one rests on."""

    code = "later-move"


def moves_ahead(edition: ProtocolEdition, *, actor: Actor, now: datetime) -> list[DoseChange]:
    """Return the accepted moves to an edition that no dose has been given by yet, the soonest first."""
    rows = DoseChange.objects.filter(
        kind=DoseChange.Kind.EDITION,
        course__enrolment__in=enrolments_visible_to(actor),
        course__protocol_edition=edition,
        course__in=Course.objects.running(),
    ).select_related("course__patient", "course__enrolment__clinic", "recorded_by")
    ahead = [row for row in correcting.standing(rows.order_by("from_on", "pk")) if is_ahead(row, now=now)]
    return [row for row in ahead if row.values["to"] == str(edition.uid)]


def is_ahead(move: DoseChange, *, now: datetime) -> bool:
    """Say whether the first day of an accepted edition has yet to come."""
    return move.from_on > move.course.enrolment.clinic.local_date(now)


@transaction.atomic
def take_back_move(*, move: DoseChange, why: str, by: Actor, now: datetime) -> DoseChange:
    """Let a course stay on the edition it was on, because the move was accepted in error. Twice is once.

    Refused from the day on which the accepted edition counts: its doses have been given.
    """
    row, locked = treatment.running(move.course)
    require(actor=by, permission="clinic.decide_dose", clinic=locked.clinic)
    before = DoseChange.objects.filter(corrects=move, entered_in_error=True).first()
    if before is not None:
        return before
    refuse_begun_or_followed(move, row, why=why, today=locked.clinic.local_date(now))
    taken = correcting.take_back_locked(move, enrolment=locked, by=by, now=now, why=why)
    edition = type(row.protocol_edition).objects.select_related("protocol").get(uid=move.values["from"])
    batch = calendars.batch_of(row)
    with_it = DoseChange.objects.filter(
        course__in=batch, kind=DoseChange.Kind.LAST_DOSE, recorded_at=move.recorded_at
    )
    for each in correcting.standing(with_it):
        correcting.take_back_locked(each, enrolment=locked, by=by, now=now, why=why)
    for course in batch:
        treatment.keep(course, by=by, now=now, protocol_edition=edition)
    calendar = calendars.calendar_of(row)
    for course in calendars.batch_of(row):
        go_back(course, calendar, edition, by=by, now=now)
    review_enrolment(enrolment=locked, by=by, now=now)
    return taken


def refuse_begun_or_followed(move: DoseChange, row: Course, *, why: str, today: date) -> None:
    """Refuse to take back what is begun, what a later move rests on, and anything without a reason."""
    if not why.strip():
        raise correcting.ReasonNeeded("Say in a few words why it was wrong.", field="why")
    if move.from_on <= today:
        raise DosesGiven(
            f"Doses have been given by this edition since {move.from_on}. "
            "Accept the other edition for this child from tomorrow on instead."
        )
    if row.protocol_edition.uid != UUID(move.values["to"]):
        raise LaterMove("A later edition was accepted for this child. Take that one back first.")


def go_back(
    course: Course, calendar: Calendar, edition: ProtocolEdition, *, by: Actor, now: datetime
) -> None:
    """Bring one course of the batch back in line with the calendar of the edition it stays on."""
    why = f"stays on edition {edition.number}"
    moving.plan_start_anew(course, calendar, why=why, by=by, now=now)
    planned = correcting.standing(
        DoseChange.objects.filter(course=course, kind=DoseChange.Kind.LAST_DOSE).order_by("pk")
    )
    start = moving.newest_start(course)
    last = planned[-1].from_on if planned else None if start is None else start.planned_last_dose_on
    treatment.keep(course, by=by, now=now, planned_last_dose_on=last)
    today = course.enrolment.clinic.local_date(now)
    moving.teach_again(course, due_on=today, by=by, now=now)
