"""An answer given by a slip is taken back: it stays, struck through, and what it parked goes on."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from clinic import escalation as escalations
from clinic.models import Actor, Check, Escalation, WorkItem
from clinic.roles import require
from clinic.workitems import settle_items
from notifications import ladders
from notifications.acknowledgement import HANDED_OVER, silent_until
from notifications.models import Delivery, LinkUse
from notifications.policy.digest import UNDO_TIME
from protocols.refusal import Refusal

Answer = LinkUse.Answer
PARKING = (Answer.BOOKED, Answer.RESULT_FOLLOWS, Answer.SEEN)


class NothingToTakeBack(Refusal):
    """A letter nobody has answered, or was answered with a value."""

    code = "nothing-to-take-back"


class AnswerTooOld(Refusal):
    """A reader who comes back after the time for a slip."""

    code = "answer-too-old"


class AnswerActedUpon(Refusal):
    """An answer after which somebody at the clinic has done something."""

    code = "answer-acted-upon"


@transaction.atomic
def take_back_answer(*, delivery: Delivery, by: Actor, now: datetime) -> LinkUse:
    """Take the answer to a letter back. Twice is once.

    The reader has the time in which any slip can be undone; the clinic has until somebody acted on it.
    """
    row = (
        Delivery.objects.select_for_update(of=("self",))
        .select_related("clinic", "enrolment")
        .get(pk=delivery.pk)
    )
    use = row.link_uses.order_by("-pk").first()
    if use is not None and use.undone_at is not None:
        return use
    if use is None or use.answer == Answer.ENTERED:
        raise NothingToTakeBack(
            "There is no answer to take back here. A value that is wrong is corrected by the clinic: call it."
        )
    _refuse_too_late(row, use, by=by, now=now)
    use.undone_at, use.undone_by = now, by
    use.save(update_fields=["undone_at", "undone_by"])
    if use.answer in HANDED_OVER:
        _take_off_the_list(row, use, by=by, now=now)
    else:
        _refuse_settled(row)
        _ask_again(row, use, by=by, now=now)
    _go_on(row, now=now)
    return use


def until(use: LinkUse) -> datetime:
    """Until when the reader may take an answer back."""
    return use.answered_at + UNDO_TIME


def _refuse_too_late(delivery: Delivery, use: LinkUse, *, by: Actor, now: datetime) -> None:
    if by.pk != delivery.reader_id:
        require(actor=by, permission="clinic.change_workitem", clinic=delivery.clinic)
    elif now >= until(use):
        raise AnswerTooOld(
            "An answer can be taken back for ten minutes; they have passed. Please call the clinic: it can "
            "still take it back."
        )


def _take_off_the_list(delivery: Delivery, use: LinkUse, *, by: Actor, now: datetime) -> None:
    """Nobody has to call about a "no" that was none; where somebody has, the answer stands."""
    cause = f"delivery/{delivery.uid}"
    kind = HANDED_OVER[use.answer]
    newest = WorkItem.objects.filter(clinic=delivery.clinic, kind=kind, cause=cause).order_by("-pk").first()
    if newest is not None and newest.closed_at is not None:
        raise AnswerActedUpon(
            "The clinic has acted on this answer already. Please call, and agree on what is right now."
        )
    settle_items(
        clinic=delivery.clinic, kind=kind, cause=cause, because="the answer was taken back", by=by, now=now
    )


def _refuse_settled(delivery: Delivery) -> None:
    """What has been done or decided since needs no answer any more; the one that was given stays."""
    settled = {
        "check": Check.objects.filter(uid=delivery.cause_uid).exclude(state__in=Check.OPEN_STATES),
        "escalation": Escalation.objects.filter(uid=delivery.cause_uid).exclude(
            state__in=Escalation.OPEN_STATES
        ),
    }
    if delivery.cause_kind in settled and settled[delivery.cause_kind].exists():
        raise AnswerActedUpon("This has been settled since: nothing is asked any more, and the answer stays.")


def _ask_again(delivery: Delivery, use: LinkUse, *, by: Actor, now: datetime) -> None:
    """Let an escalation that somebody took on by a slip ask again."""
    if delivery.cause_kind != "escalation":
        return
    row = Escalation.objects.filter(uid=delivery.cause_uid, state=Escalation.State.ACKNOWLEDGED).first()
    if row is not None:
        escalations.take_back_acknowledgement(
            escalation=row, of=use.answered_by, by=by, now=now, why="the answer was a slip"
        )


def _go_on(delivery: Delivery, *, now: datetime) -> None:
    """Where somebody else's answer still parks the ladder it stays parked until then; else it goes on."""
    kind, uid = delivery.cause_kind, delivery.cause_uid
    others = LinkUse.objects.standing().filter(
        delivery__cause_kind=kind, delivery__cause_uid=uid, answer__in=PARKING
    )
    parked = [silent_until(use) for use in others.select_related("delivery__clinic", "delivery__reader")]
    if parked and max(parked) > now:
        ladders.park(cause_kind=kind, cause_uid=uid, until=max(parked))
    else:
        ladders.resume(cause_kind=kind, cause_uid=uid, now=now)
