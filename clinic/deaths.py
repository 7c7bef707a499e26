"""A death is reported, confirmed by a person, or taken back. Sending stops at the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from clinic.correcting import take_back_locked
from clinic.enrolment import State, Steps, set_state, take_step
from clinic.entries import Entry, lock
from clinic.models import WorkItem
from clinic.review import review_enrolment
from clinic.roles import require
from clinic.timeline import Kind, tell
from clinic.workitems import open_item, settle_items
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from datetime import date, datetime

    from clinic.models import Actor, Enrolment, EnrolmentStep


class NoDeathReported(Refusal):
    """A reversal of a death that nobody reported."""

    code = "no-death-reported"


@transaction.atomic
def report_death(
    *, enrolment: Enrolment, by: Actor, now: datetime, died_on: date | None = None, via: str = "admin"
) -> Enrolment:
    """Stop all letters at once, and ask a person to confirm. Twice is once."""
    locked = lock(enrolment)
    if locked.sending_paused_at is not None:
        return locked
    take_step(
        locked,
        Steps.DEATH_REPORTED,
        entry=Entry(happened_on=died_on, via=via),
        by=by,
        now=now,
        tells=Kind.DEATH_REPORTED,
        permission="clinic.view_patient",
    )
    locked.sending_paused_at, locked.sending_paused_by = now, by
    set_state(locked, locked.state, by=by, now=now)
    open_item(
        clinic=locked.clinic,
        patient_id=locked.patient_id,
        kind=WorkItem.Kind.DEATH_REPORTED,
        cause=f"enrolment/{locked.uid}",
        subject=locked,
        due_on=locked.clinic.local_date(now),
        by=by,
        now=now,
    )
    return locked


@transaction.atomic
def confirm_death(*, enrolment: Enrolment, by: Actor, now: datetime, died_on: date) -> Enrolment:
    """A person confirms: the plan ends. Twice is once."""
    locked = lock(enrolment)
    if locked.state == State.DECEASED:
        return locked
    take_step(
        locked,
        Steps.DEATH_CONFIRMED,
        entry=Entry(happened_on=died_on),
        by=by,
        now=now,
        tells=Kind.DEATH_CONFIRMED,
        permission="clinic.confirm_death",
    )
    if locked.sending_paused_at is None:
        locked.sending_paused_at, locked.sending_paused_by = now, by
    set_state(locked, State.DECEASED, by=by, now=now)
    close_question(locked, by=by, now=now, because="confirmed")
    review_enrolment(enrolment=locked, by=by, now=now)
    return locked


@transaction.atomic
def reverse_death(*, enrolment: Enrolment, by: Actor, now: datetime, why: str) -> Enrolment:
    """The report was wrong: letters go again, and a plan that had ended runs on."""
    locked = lock(enrolment)
    require(actor=by, permission="clinic.confirm_death", clinic=locked.clinic)
    if locked.sending_paused_at is None:
        raise NoDeathReported("No death was reported for this child: there is nothing to take back.")
    for step in standing_deaths(locked):
        take_back_locked(step, enrolment=locked, by=by, now=now, why=why)
    locked.sending_paused_at = locked.sending_paused_by = None
    set_state(locked, State.ACTIVE if locked.state == State.DECEASED else locked.state, by=by, now=now)
    tell(Kind.DEATH_REVERSED, about=locked, enrolment=locked, by=by, now=now)
    close_question(locked, by=by, now=now, because="taken back")
    review_enrolment(enrolment=locked, by=by, now=now)
    return locked


def standing_deaths(enrolment: Enrolment) -> list[EnrolmentStep]:
    """Return the reports and confirmations of a death that nobody has taken back."""
    kinds = (Steps.DEATH_REPORTED, Steps.DEATH_CONFIRMED)
    found = enrolment.steps.filter(kind__in=kinds, entered_in_error=False, corrected_by_row=None)
    return list(found.order_by("pk"))


def close_question(enrolment: Enrolment, *, by: Actor, now: datetime, because: str) -> None:
    """Take the question off the list."""
    settle_items(
        clinic=enrolment.clinic,
        kind=WorkItem.Kind.DEATH_REPORTED,
        cause=f"enrolment/{enrolment.uid}",
        because=because,
        by=by,
        now=now,
    )
