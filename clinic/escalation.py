"""What people do about an escalation: take it on, speak to somebody, act, decline with a reason."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from clinic import correcting
from clinic.entries import Entry, lock, write
from clinic.models import Escalation, EscalationStep
from clinic.review import review_enrolment, workdays_of
from clinic.roles import require
from clinic.timeline import Kind, tell
from protocols.engine.pathway import Role
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from clinic.models import Actor, Enrolment

Steps = EscalationStep.Kind
State = Escalation.State
EMERGENCY = "emergency"
PHYSICIANS = frozenset(
    {
        Role.NEUROLOGIST,
        Role.EPILEPTOLOGIST,
        Role.ON_CALL,
        Role.NEUROLOGIST_ON_CALL,
        Role.EMERGENCY_DEPARTMENT,
    }
)
PARKED_WORKING_DAYS = 2  # clinic policy (safety control S7): after the promised day the ladder waits so long
TELLS = {
    Steps.ACKNOWLEDGED: Kind.ESCALATION_ACKNOWLEDGED,
    Steps.SPOKE: Kind.ESCALATION_SPOKE,
    Steps.ACTED: Kind.ESCALATION_ACTED,
    Steps.DECLINED: Kind.ESCALATION_DECLINED,
}


class EscalationClosed(Refusal):
    """An escalation that asks for nothing any more."""

    code = "escalation-closed"


class NobodySpokenTo(Refusal):
    """An emergency that is to be closed before anybody was spoken to."""

    code = "nobody-spoken-to"


class WhyNeeded(Refusal):
    """An act or a refusal without a word why."""

    code = "reason-needed"


def opened(escalation: Escalation) -> tuple[Escalation, Enrolment]:
    """Lock the enrolment of an escalation that must be open; return both anew."""
    locked = lock(escalation.enrolment)
    row = Escalation.objects.get(pk=escalation.pk)
    if row.state not in Escalation.OPEN_STATES:
        raise EscalationClosed(f"This is closed already ({row.get_state_display()}). Reload the page.")
    row.enrolment = locked
    return row, locked


def step(
    row: Escalation,
    kind: str,
    *,
    by: Actor,
    now: datetime,
    permission: str,
    via: str = "admin",
    spoke_to: str = "",
    until_on: date | None = None,
    reason: str = "",
) -> EscalationStep:
    """Write a step as a fact, tell of it, and let the engine hear it."""
    values = {"escalation": row, "kind": kind, "spoke_to": spoke_to, "until_on": until_on, "reason": reason}
    taken, _ = write(
        EscalationStep,
        enrolment=row.enrolment,
        entry=Entry(via=via),
        by=by,
        now=now,
        values=values,
        permission=permission,
    )
    row.changed_at, row.changed_by = now, by
    row.save()
    tell(TELLS[Steps(kind)], about=row, enrolment=row.enrolment, by=by, now=now, data={"rule": row.rule})
    review_enrolment(enrolment=row.enrolment, by=by, now=now)
    return taken


class StepFollowed(Refusal):
    """An acknowledgement after which somebody has taken another step."""

    code = "escalation-step-followed"


@transaction.atomic
def acknowledge(
    *,
    escalation: Escalation,
    by: Actor,
    now: datetime,
    result_on: date | None = None,
    reason: str = "",
    via: str = "admin",
) -> Escalation:
    """Take an escalation on. A promised day parks the ladder until then and two working days more."""
    row, _ = opened(escalation)
    if row.state == State.ACKNOWLEDGED and result_on is None:
        return row
    row.state = State.ACKNOWLEDGED
    if row.acknowledged_at is None:
        row.acknowledged_at, row.acknowledged_by = now, by
    if result_on is not None:
        row.parked_until_on = _quiet_until(row, result_on)
    step(
        row,
        Steps.ACKNOWLEDGED,
        by=by,
        now=now,
        permission="clinic.acknowledge",
        until_on=result_on,
        reason=reason,
        via=via,
    )
    return row


@transaction.atomic
def take_back_acknowledgement(
    *, escalation: Escalation, of: Actor, by: Actor, now: datetime, why: str
) -> Escalation:
    """Say that somebody's acknowledgement was a slip: it stays, taken back, and the escalation asks again."""
    row, locked = opened(escalation)
    require(actor=by, permission="clinic.acknowledge", clinic=locked.clinic)
    steps = correcting.standing(row.steps.order_by("pk"))
    if not steps or steps[-1].kind != Steps.ACKNOWLEDGED or steps[-1].recorded_by_id != of.pk:
        raise StepFollowed(
            "Somebody has taken another step about this since. Look at the escalation, and decide there."
        )
    correcting.take_back_locked(steps[-1], enrolment=locked, by=by, now=now, why=why)
    _stand_as_before(row, [taken for taken in steps[:-1] if taken.kind == Steps.ACKNOWLEDGED])
    row.changed_at, row.changed_by = now, by
    row.save()
    review_enrolment(enrolment=locked, by=by, now=now)
    return row


def _stand_as_before(row: Escalation, taken: Sequence[EscalationStep]) -> None:
    """Show on an escalation the acknowledgements that still stand."""
    promised = next((step.until_on for step in reversed(taken) if step.until_on is not None), None)
    row.state = State.ACKNOWLEDGED if taken else State.OPEN
    row.acknowledged_at = taken[0].recorded_at if taken else None
    row.acknowledged_by = taken[0].recorded_by if taken else None
    row.parked_until_on = promised and _quiet_until(row, promised)


def _quiet_until(row: Escalation, promised_on: date) -> date:
    return workdays_of(row.enrolment.clinic).plus_open_days(promised_on, PARKED_WORKING_DAYS)


@transaction.atomic
def speak(
    *, escalation: Escalation, spoke_to: str, by: Actor, now: datetime, at: datetime | None = None
) -> Escalation:
    """Record that somebody was spoken to, by name and time. An emergency stays open until this is there."""
    row, _ = opened(escalation)
    if not spoke_to.strip():
        raise WhyNeeded("Write the name of the person you spoke to.", field="spoke_to")
    row.spoke_to, row.spoke_at, row.spoke_by = spoke_to.strip(), at or now, by
    step(row, Steps.SPOKE, by=by, now=now, permission="clinic.acknowledge", spoke_to=row.spoke_to)
    return row


@transaction.atomic
def act(*, escalation: Escalation, reason: str, by: Actor, now: datetime) -> Escalation:
    """Record what was done about an escalation; that closes it."""
    return close(escalation, Steps.ACTED, State.ACTED, reason=reason, by=by, now=now)


@transaction.atomic
def decline(*, escalation: Escalation, reason: str, by: Actor, now: datetime) -> Escalation:
    """Record why nothing is done about an escalation; that closes it, and the reason stays."""
    return close(escalation, Steps.DECLINED, State.DECLINED, reason=reason, by=by, now=now)


def close(
    escalation: Escalation, kind: str, state: str, *, reason: str, by: Actor, now: datetime
) -> Escalation:
    """Close an escalation by a person's word."""
    row, _ = opened(escalation)
    if not reason.strip():
        raise WhyNeeded("Write in a few words what was decided, and why.", field="reason")
    if row.urgency == EMERGENCY and row.spoke_at is None:
        raise NobodySpokenTo(
            "This is an emergency: it stays open until somebody was spoken to. Call, then record the name "
            "and the time.",
            field="spoke_to",
        )
    row.state = state
    step(row, kind, by=by, now=now, permission=permission_to_close(row, kind), reason=reason.strip())
    return row


def permission_to_close(row: Escalation, kind: str) -> str:
    """Return what closing asks for: what is put to a physician first, and every refusal, is a physician's."""
    first = row.recipients[0]["role"] if row.recipients else ""
    if kind == Steps.DECLINED or first in PHYSICIANS:
        return "clinic.act_on_escalation"
    return "clinic.acknowledge"


def resumes_on(row: Escalation) -> date | None:
    """Return the day on which a parked ladder goes on, one rung higher."""
    return None if row.parked_until_on is None else row.parked_until_on + timedelta(days=1)
