"""What a named person decided, and what the family was told. The software only writes it down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clinic.models import Course, Decision, Escalation, FamilyTold
from clinic.recording import record
from clinic.timeline import Kind
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from clinic.entries import Entry
    from clinic.models import Actor, Enrolment


class DeciderNeeded(Refusal):
    """A decision nobody answers for."""

    code = "decider-needed"


def record_decision(
    *,
    enrolment: Enrolment,
    entry: Entry,
    by: Actor,
    now: datetime,
    kind: str,
    decided_by: str,
    decider_role: str = "",
    outcome: str = "",
    surgery_first_line: bool | None = None,
    next_therapy: str = "",
    verdict: str = "",
    adequate: bool | None = None,
    course: Course | None = None,
    escalation: Escalation | None = None,
    about: str = "",
    until_on: date | None = None,
    values: dict[str, Any] | None = None,
) -> Decision:
    """Record a decision: a review, the next therapy, a verdict, an item closed; with the decider's name."""
    if not decided_by.strip():
        raise DeciderNeeded("Name the person who decided.", field="decided_by")
    said = {
        "kind": kind,
        "decided_by": decided_by.strip(),
        "decider_role": decider_role,
        "outcome": outcome,
        "surgery_first_line": surgery_first_line,
        "next_therapy": next_therapy,
        "verdict": verdict,
        "adequate": adequate,
        "course": course,
        "escalation": escalation,
        "about": about or ("" if escalation is None else escalation.rule),
        "until_on": until_on,
        "values": values or {},
    }
    return record(Decision, enrolment=enrolment, entry=entry, by=by, now=now, values=said)


def tell_family(
    *,
    enrolment: Enrolment,
    entry: Entry,
    by: Actor,
    now: datetime,
    subject_kind: str,
    subject_uid: UUID,
    told_by: str,
) -> FamilyTold:
    """Record who told the family a verdict or a referral; only then may a portal show it."""
    values = {"subject_kind": subject_kind, "subject_uid": subject_uid, "told_by": told_by}
    return record(
        FamilyTold, enrolment=enrolment, entry=entry, by=by, now=now, values=values, kind=Kind.FAMILY_TOLD
    )
