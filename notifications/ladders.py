"""The ladder of one check or escalation: its rungs with their moments, its letters, and how it is held.

Which rung stands is asked by the climber (`notifications/climbing.py`).
"""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from clinic.models import Check, Enrolment, Escalation
from notifications.models import Ladder
from notifications.policy.hours import moment_of
from notifications.policy.ladder import Rung
from notifications.rungs import (
    Ladders,
    check_steps,
    emergency_rungs,
    escalation_steps,
    rungs_from,
)

# What a person decides rather than observes.
DECISIONS = frozenset({"spasm-verdict", "trial-adequacy", "dose-decision", "review"})


def check_rungs(check: Check, enrolment: Enrolment, ladders: Ladders) -> tuple[Rung, ...]:
    """The ladder of one check. Nothing is said before its window opens."""
    steps = check_steps(ladders, code=check.code, who=check.who)
    zone = enrolment.clinic.zone
    return rungs_from(steps, counted_on=check.due_on, not_before=check.opens_on, zone=zone)


def escalation_rungs(escalation: Escalation, enrolment: Enrolment, ladders: Ladders) -> tuple[Rung, ...]:
    """The ladder of one escalation, after the letters that went when it was raised."""
    if escalation.urgency == "emergency":
        return emergency_rungs(raised_at=escalation.raised_at)
    steps = escalation_steps(ladders, rule=escalation.rule)
    raised_on = enrolment.clinic.local_date(escalation.raised_at)
    return rungs_from(steps, counted_on=raised_on, not_before=None, zone=enrolment.clinic.zone)


def check_letter(check: Check, *, today: date) -> str:
    """Which letter tells where a check stands on a day."""
    if check.observes in DECISIONS and today <= check.due_on:
        return "verdict_due"
    if today < check.due_on:
        return "check_upcoming"
    if today == check.due_on:
        return "check_due"
    closed = check.closes_on is not None and today > check.closes_on
    return "check_missed" if closed else "check_late"


def check_data(check: Check) -> dict[str, str]:
    """What the letters of a check need: general words and dates, nothing of the child."""
    return {
        "observes": check.observes,
        "opens_on": check.opens_on.isoformat(),
        "due_on": check.due_on.isoformat(),
    }


def escalation_letter(escalation: Escalation) -> str:
    """An emergency asks for a call, anything else for an answer."""
    return "escalation_emergency" if escalation.urgency == "emergency" else "escalation_raised"


def escalation_data(escalation: Escalation) -> dict[str, str]:
    """What the letters of an escalation need."""
    return {"act_by_on": escalation.act_by_on.isoformat()} if escalation.act_by_on else {}


def mark_stopped(ladder: Ladder, *, why: str, now: datetime) -> None:
    """Nothing more is said here. The caller saves."""
    ladder.stopped_at, ladder.stopped_why, ladder.next_at = now, why, None


def stop(ladder: Ladder, *, why: str, now: datetime) -> None:
    """Say nothing more here."""
    mark_stopped(ladder, why=why, now=now)
    ladder.save(update_fields=["stopped_at", "stopped_why", "next_at"])


def park(*, cause_kind: str, cause_uid: UUID, until: datetime) -> None:
    """Be silent until a moment; then go on one rung higher. A later answer replaces an earlier one."""
    running = Ladder.objects.filter(cause_kind=cause_kind, cause_uid=cause_uid, stopped_at=None)
    running.update(parked_until=until, next_at=until)


def resume(*, cause_kind: str, cause_uid: UUID, now: datetime) -> None:
    """Go on as if nobody had answered: the climber looks now, and finds which rung stands."""
    running = Ladder.objects.filter(cause_kind=cause_kind, cause_uid=cause_uid, stopped_at=None)
    running.update(parked_until=None, next_at=now)


def start_of(day: date, zone: str) -> datetime:
    """The first moment of a day in a zone."""
    return moment_of(day, time(0), zone)
