"""A check is set aside by a person, with a reason and until a day; somebody is called; work is shared out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from clinic.entries import Entry, lock, write
from clinic.models import Check, ContactAttempt, Escalation, Referral, Waiver, WorkItem
from clinic.recording import record
from clinic.review import review_enrolment
from clinic.roles import require
from clinic.timeline import Kind, tell
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from datetime import date, datetime

    from clinic.models import Actor, Contact, Enrolment

DECIDING = frozenset({"eeg", "referral-outcome"})  # only a neurologist sets these aside (safety control S13)


class CheckNotOpen(Refusal):
    """A check that was done, waived or cancelled before."""

    code = "check-not-open"


class WaiverNeedsReason(Refusal):
    """A waiver without a word why."""

    code = "reason-needed"


class AskAgainTooLate(Refusal):
    """A promise to ask again after the window has closed."""

    code = "ask-again-too-late"


def latest_day(check: Check) -> date:
    """Return the last day to which a check may be put off: its closing day, else its due day."""
    return check.closes_on or check.due_on


@transaction.atomic
def waive_check(
    *,
    check: Check,
    reason: str,
    by: Actor,
    now: datetime,
    until_on: date | None = None,
    entry: Entry | None = None,
) -> Waiver:
    """Set a check aside. A waiver with a day ends on it, and the check is asked for again."""
    locked = lock(check.enrolment)
    row = Check.objects.get(pk=check.pk)
    permission = "clinic.waive_deciding_check" if row.observes in DECIDING else "clinic.waive_check"
    require(actor=by, permission=permission, clinic=locked.clinic)
    if row.state not in Check.OPEN_STATES:
        raise CheckNotOpen(f"This check is not open ({row.get_state_display()}). Reload the page.")
    if not reason.strip():
        raise WaiverNeedsReason("Write why the check is not needed.", field="reason")
    values = {
        "enrolment": locked,
        "check_row": row,
        "check_key": row.key,
        "until_on": until_on,
        "reason": reason.strip(),
    }
    waiver, _ = write(
        Waiver,
        enrolment=locked,
        entry=entry or Entry(),
        by=by,
        now=now,
        values=values,
        permission=permission,
    )
    review_enrolment(enrolment=locked, by=by, now=now)
    return waiver


def record_call(
    *,
    enrolment: Enrolment,
    entry: Entry,
    by: Actor,
    now: datetime,
    outcome: str,
    about: str = ContactAttempt.About.OTHER,
    contact: Contact | None = None,
    spoke_to: str = "",
    check: Check | None = None,
    escalation: Escalation | None = None,
    referral: Referral | None = None,
    ask_again_on: date | None = None,
    answers: dict[str, Any] | None = None,
) -> ContactAttempt:
    """Record that somebody was called, what came of it, and when to ask again."""
    if check is not None and ask_again_on is not None and ask_again_on > latest_day(check):
        today = enrolment.clinic.local_date(now)
        if today <= latest_day(check):
            raise AskAgainTooLate(
                f"The window closes on {latest_day(check).isoformat()}. Ask again by then.",
                field="ask_again_on",
            )
    values = {
        "outcome": outcome,
        "about": about,
        "contact": contact,
        "spoke_to": spoke_to,
        "check_row": check,
        "escalation": escalation,
        "referral": referral,
        "ask_again_on": ask_again_on,
        "answers": answers or {},
    }
    return record(
        ContactAttempt, enrolment=enrolment, entry=entry, by=by, now=now, values=values, kind=Kind.CALLED
    )


@transaction.atomic
def assign(*, row: Check | Escalation | Referral, to: Actor | None, by: Actor, now: datetime) -> None:
    """Give a piece of work to somebody, or back to everybody."""
    locked = lock(row.enrolment)
    require(actor=by, permission="clinic.change_workitem", clinic=locked.clinic)
    row.assigned_to, row.changed_at, row.changed_by = to, now, by
    row.save(update_fields=["assigned_to", "changed_at", "changed_by"])
    tell(Kind.CHECK_ASSIGNED, about=row, enrolment=locked, by=by, now=now)


@transaction.atomic
def assign_item(*, item: WorkItem, to: Actor | None, by: Actor, now: datetime) -> None:
    """Give an item of the list to somebody, or back to everybody."""
    require(actor=by, permission="clinic.change_workitem", clinic=item.clinic)
    item.assigned_to, item.changed_at, item.changed_by = to, now, by
    item.save(update_fields=["assigned_to", "changed_at", "changed_by"])
