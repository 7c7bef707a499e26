"""The referral's way: signed, sent, received, seen, outcome; or declined, with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from clinic.entries import Entry, lock, write
from clinic.models import Referral, ReferralStep
from clinic.review import review_enrolment
from clinic.timeline import Kind, tell
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from datetime import date, datetime

    from clinic.models import Actor

Steps = ReferralStep.Kind
State = Referral.State
# step -> (states it may be taken from, the state it leads to, the column that shows its day)
WAY: dict[str, tuple[tuple[str, ...], str | None, str | None]] = {
    Steps.SIGNED: ((State.ASKED,), None, None),
    Steps.SENT: ((State.ASKED, State.SENT), State.SENT, "sent_on"),
    Steps.RECEIVED: ((State.SENT,), State.RECEIVED, "received_on"),
    Steps.SEEN: ((State.SENT, State.RECEIVED), State.SEEN, "seen_on"),
    Steps.OUTCOME: ((State.SENT, State.RECEIVED, State.SEEN), State.OUTCOME, "outcome_on"),
    Steps.DECLINED: (Referral.OPEN_STATES, State.DECLINED, "declined_on"),
    Steps.SECOND_OPINION: (Referral.OPEN_STATES, None, None),
}


class StepNotPossible(Refusal):
    """A step the referral cannot take from where it stands."""

    code = "referral-step-not-possible"


class WordsNeeded(Refusal):
    """A step without the words it needs."""

    code = "reason-needed"


@transaction.atomic
def step_referral(
    *,
    referral: Referral,
    kind: str,
    by: Actor,
    now: datetime,
    entry: Entry | None = None,
    party: str = "",
    outcome: str = "",
    ask_again_on: date | None = None,
) -> ReferralStep:
    """Take one step of the referral: who (`party`), what came of it (`outcome`), on which day (`entry`)."""
    locked = lock(referral.enrolment)
    row = Referral.objects.get(pk=referral.pk)
    from_states, to_state, column = WAY[kind]
    if row.state not in from_states:
        raise StepNotPossible(
            f"The referral is {row.get_state_display()}: it cannot become {Steps(kind).label} from there. "
            "Record the steps in their order."
        )
    refuse_missing_words(kind, entry=entry or Entry(), party=party, outcome=outcome)
    step, _ = write(
        ReferralStep,
        enrolment=locked,
        entry=entry or Entry(),
        by=by,
        now=now,
        values={
            "referral": row,
            "kind": kind,
            "party": party,
            "outcome": outcome,
            "ask_again_on": ask_again_on,
        },
        permission="clinic.waive_deciding_check" if kind == Steps.DECLINED else "clinic.step_referral",
    )
    show(row, step, to_state=to_state, column=column, by=by, now=now)
    tell(Kind.REFERRAL_STEPPED, about=row, enrolment=locked, by=by, now=now, data={"step": kind})
    review_enrolment(enrolment=locked, by=by, now=now)
    return step


def refuse_missing_words(kind: str, *, entry: Entry, party: str, outcome: str) -> None:
    """Refuse a step that says too little: sent to whom, what outcome, declined by whom and why."""
    needed: dict[str, tuple[str, str, str]] = {
        Steps.SIGNED: (party, "party", "Name the neurologist who signs."),
        Steps.SENT: (party, "party", "Say to whom the referral was sent."),
        Steps.OUTCOME: (outcome, "outcome", "Write the outcome of the evaluation."),
        Steps.DECLINED: (entry.detail, "detail", "Write who declined, and why."),
    }
    if kind in needed and not needed[kind][0].strip():
        raise WordsNeeded(needed[kind][2], field=needed[kind][1])


def show(
    row: Referral, step: ReferralStep, *, to_state: str | None, column: str | None, by: Actor, now: datetime
) -> None:
    """Show on the referral what a step has changed."""
    changes: dict[str, Any] = {"changed_at": now, "changed_by": by}
    if to_state is not None:
        changes["state"] = to_state
    if column is not None:
        changes[column] = step.happened_on
    match step.kind:
        case Steps.SIGNED:
            changes["ordered_by_name"] = step.party
        case Steps.SENT:
            changes["sent_to"] = step.party
        case Steps.OUTCOME:
            changes["outcome"] = step.outcome
        case Steps.DECLINED:
            changes["ask_again_on"] = step.ask_again_on
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=list(changes))
