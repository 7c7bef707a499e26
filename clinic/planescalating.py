"""Escalations and the referral of a plan, written once per cause; withdrawn and resolved, never deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clinic.chains import plain
from clinic.models import Escalation, Referral, ReferralReason, WorkItem
from clinic.pathways import weight
from clinic.timeline import Kind
from clinic.workitems import open_item

if TYPE_CHECKING:
    from clinic.planwriting import Writing
    from protocols.engine import plan as engine

State = Escalation.State
TELLS = {
    State.OPEN: Kind.ESCALATION_REOPENED,
    State.RESOLVED: Kind.ESCALATION_RESOLVED,
    State.WITHDRAWN: Kind.ESCALATION_WITHDRAWN,
}


def write_escalations(writing: Writing) -> None:
    """Make the escalation rows say what the plan says, without undoing what people did about them."""
    standing = dict(writing.standing.escalations)
    for escalation in writing.plan.escalations:
        row = standing.pop((escalation.rule, escalation.cause_key), None)
        if row is None:
            raise_escalation(writing, escalation)
        else:
            move(writing, row, escalation)
    for row in standing.values():
        if row.state != State.WITHDRAWN:
            set_state(writing, row, {"state": State.WITHDRAWN, "withdrawn_on": writing.today})


def raise_escalation(writing: Writing, escalation: engine.Escalation) -> None:
    """Write a new escalation; one that comes in already settled is written as settled."""
    row = Escalation(
        rule=escalation.rule,
        cause=escalation.cause_key,
        raised_at=writing.now,
        **says(writing, escalation),
        **settled(escalation, State.OPEN),
        **writing.born(),
    )
    writing.pen.add(row)
    writing.standing.escalations[row.rule, row.cause] = row
    writing.tell(Kind.ESCALATION_RAISED, row, rule=row.rule, urgency=row.urgency, state=row.state)


def says(writing: Writing, escalation: engine.Escalation) -> dict[str, Any]:
    """Return what the engine says of an escalation, whatever people did about it."""
    return {
        "name": escalation.name,
        "urgency": escalation.urgency.value,
        "priority": weight(escalation.urgency),
        "raised_on": escalation.raised_on,
        "act_by_on": escalation.act_by,
        "asks_for": escalation.asks_for,
        "recipients": plain(escalation.recipients),
        "because": [escalation.because.sentence],
        "chain": writing.chain(escalation.because),
    }


def settled(escalation: engine.Escalation, state: str) -> dict[str, Any]:
    """Return state and dates: withdrawn and resolved come from the engine, the rest from people."""
    if escalation.withdrawn_on is not None:
        state = State.WITHDRAWN
    elif escalation.resolved_on is not None:
        state = state if state in {State.ACTED, State.DECLINED} else State.RESOLVED
    elif state in {State.WITHDRAWN, State.RESOLVED}:
        state = State.OPEN
    return {
        "state": state,
        "withdrawn_on": escalation.withdrawn_on,
        "resolved_on": escalation.resolved_on,
    }


def move(writing: Writing, row: Escalation, escalation: engine.Escalation) -> None:
    """Bring a standing escalation up to what the engine says now."""
    set_state(writing, row, {**says(writing, escalation), **settled(escalation, row.state)})


def set_state(writing: Writing, row: Escalation, values: dict[str, Any]) -> None:
    """Change an escalation and tell of its state if that changed; a fallen basis asks a person to look."""
    before = row.state
    writing.change(row, values)
    if row.state == before:
        return
    writing.tell(TELLS[State(row.state)], row, rule=row.rule, before=before)
    if row.state == State.WITHDRAWN:
        ask_to_look_again(writing, kind="escalation", row=row)


def ask_to_look_again(writing: Writing, *, kind: str, row: Escalation | Referral) -> None:
    """Put on somebody's list that something rested on a fact that was corrected."""
    open_item(
        clinic=writing.enrolment.clinic,
        patient_id=writing.enrolment.patient_id,
        kind=WorkItem.Kind.BASIS_WITHDRAWN,
        cause=f"{kind}/{row.uid}",
        subject=row,
        due_on=writing.today,
        by=writing.by,
        now=writing.now,
    )


def write_referral(writing: Writing) -> None:
    """Ask for the referral once; each later cause joins it; a declined one is asked anew by a new cause."""
    need = writing.plan.referral
    if need is None:
        return
    reasons = writing.standing.referrals.reasons
    known = {(row.rule, row.cause): row for row in reasons}
    for reason in need.reasons:
        row = known.get((reason.rule, reason.cause_key))
        if row is not None:
            writing.change(row, {"basis_withdrawn_on": reason.basis_withdrawn_on})
        elif reason.basis_withdrawn_on is None and not need.diverted:
            join(writing, reason, need)
    for referral in {row.referral.uid: row.referral for row in known.values()}.values():
        mark_basis(writing, referral)


def join(writing: Writing, reason: engine.ReferralReason, need: engine.ReferralNeed) -> None:
    """Let a new cause join the open referral; without one, ask for it."""
    standing = writing.standing
    cause = standing.escalations.get((reason.rule, reason.cause_key))
    referral = standing.referrals.open
    if referral is None:
        referral = standing.referrals.open = ask(writing, reason, need, cause=cause)
        writing.tell(Kind.REFERRAL_ASKED, referral, rule=reason.rule)
    else:
        writing.tell(Kind.REFERRAL_REASON_JOINED, referral, rule=reason.rule)
    row = ReferralReason(
        referral=referral,
        escalation=cause,
        rule=reason.rule,
        cause=reason.cause_key,
        joined_on=reason.raised_on,
        chain=writing.chain(reason.because),
        **writing.stamp(),
    )
    writing.pen.add(row)
    standing.referrals.reasons.append(row)


def ask(
    writing: Writing, reason: engine.ReferralReason, need: engine.ReferralNeed, *, cause: Escalation | None
) -> Referral:
    """Ask for the referral."""
    referral = Referral(
        asked_on=reason.raised_on,
        asked_at=writing.now,
        act_by_on=None if cause is None else cause.act_by_on,
        no_lesion_branch=need.ask_about_callosotomy,
        **writing.born(),
    )
    writing.pen.add(referral)
    return referral


def mark_basis(writing: Writing, referral: Referral) -> None:
    """Mark a referral none of whose reasons stands; a person decides what becomes of it."""
    mine = (row for row in writing.standing.referrals.reasons if row.referral.uid == referral.uid)
    stands = any(row.basis_withdrawn_on is None for row in mine)
    fallen_on = None if stands else referral.basis_withdrawn_on or writing.today
    if writing.change(referral, {"basis_withdrawn_on": fallen_on}) and fallen_on is not None:
        writing.tell(Kind.REFERRAL_BASIS_WITHDRAWN, referral)
        ask_to_look_again(writing, kind="referral", row=referral)
