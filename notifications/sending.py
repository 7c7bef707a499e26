"""Emptying the outbox: claim, act, settle.

The outside world is never inside a transaction. A letter is claimed in one short transaction, handed to the
mail server outside any, and settled in another; a worker killed in between leaves a lease that runs out. The
one window that cannot be closed is between the server's yes and our commit: the copy that follows bears the
same Message-ID, so that a reader's mail program shows one letter.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from notifications import claiming, mailserver
from notifications.letterhead import Letterhead
from notifications.letters.envelope import compose
from notifications.models import Delivery
from notifications.policy.answers import Answer, Meaning, meaning_of
from notifications.policy.backoff import ROUTINE, URGENT, next_attempt
from notifications.post import NotTaken, Post
from notifications.readers import address_of
from notifications.stillwanted import Circumstances, look_again
from notifications.undeliverable import give_up

log = logging.getLogger(__name__)

BATCH = 25
# A batch is looked at again when the last look is older than this: truth when sending, not when claiming.
FRESH = timedelta(seconds=5)
# A row whose worker died this often without ever settling is what kills them.
MOST_CLAIMS = 8
# What is left of a lease must suffice for one letter to a server that hardly answers.
SHARE_FOR_ONE = 3

Clock = Callable[[], datetime]


@dataclass(slots=True, kw_only=True)
class Round:
    """What one run did."""

    sent: int = 0
    withheld: int = 0
    later: int = 0
    dead: int = 0
    server_away: bool = False

    @property
    def handled(self) -> int:
        """How many letters were settled."""
        return self.sent + self.withheld + self.later + self.dead


def send_due(*, post: Post, house: Letterhead, clock: Clock, until: datetime) -> Round:
    """Empty the outbox until nothing is due, the server is away, or the time is up."""
    done = Round()
    claiming.free_what_the_dead_hold(now=clock())
    while clock() < until and not done.server_away and mailserver.may_knock(now=clock()):
        token = uuid4()
        ids = claiming.claim(token=token, limit=BATCH, lease=house.lease, now=clock())
        if not ids:
            break
        _send_batch(ids, token=token, post=post, house=house, clock=clock, done=done)
    return done


def _send_batch(
    ids: Sequence[int], *, token: UUID, post: Post, house: Letterhead, clock: Clock, done: Round
) -> None:
    lease_ends = clock() + house.lease
    left = list(ids)
    seen, seen_at = _look(left, clock())
    while left:
        now = clock()
        if now > lease_ends - house.lease / SHARE_FOR_ONE or done.server_away:
            claiming.give_back(ids=left, token=token, not_before=now)
            return
        if now - seen_at > FRESH:
            seen, seen_at = _look(left, now)
        one = seen[left.pop(0)]
        _send_one(one, token=token, post=post, house=house, clock=clock, done=done)
    return


def _look(ids: Sequence[int], now: datetime) -> tuple[dict[int, Circumstances], datetime]:
    return {one.delivery.pk: one for one in look_again(ids, now=now)}, now


def _send_one(
    one: Circumstances, *, token: UUID, post: Post, house: Letterhead, clock: Clock, done: Round
) -> None:
    delivery = one.delivery
    address = address_of(delivery.reader)
    why_not = one.why_not or _cannot_go(delivery, address, house)
    if why_not:
        _withhold(one, why_not, token=token, now=clock())
        done.withheld += 1
        return
    try:
        message = compose(one, address=address, house=house)
    except Exception:
        log.exception("letter_not_written", extra={"delivery": str(delivery.uid)})
        _failed(one, address, "not-written", None, token=token, now=clock(), done=done)
        return
    try:
        provider_id = post.hand_over(message)
    except NotTaken as refused:
        _not_taken(one, address, refused.answer, token=token, now=clock(), done=done)
        return
    now = clock()
    claiming.settle_sent(
        delivery=delivery,
        address=address,
        provider_id=provider_id,
        token=token,
        now=now,
        left_out=_left_out(one),
    )
    if not done.sent:
        mailserver.took_one(now=now)
    done.sent += 1


def _cannot_go(delivery: Delivery, address: str, house: Letterhead) -> str:
    if not address:
        return "no-address"
    if not house.may_reach(address):
        return "test-mode"
    return "worker-dies-on-it" if delivery.claims > MOST_CLAIMS else ""


def _left_out(one: Circumstances) -> dict[int, str]:
    return {item.delivery.pk: item.why_not for item in one.enclosed if item.why_not}


def _withhold(one: Circumstances, why: str, *, token: UUID, now: datetime) -> None:
    delivery = one.delivery
    if why == claiming.PAUSED:
        claiming.put_off(delivery=delivery, token=token, now=now)
        return
    claiming.settle_enclosed(delivery, left_out=_left_out(one), now=now)
    if why in {"no-address", "worker-dies-on-it"}:
        give_up(delivery=delivery, why=why, address="", answer=None, token=token, now=now)
        return
    claiming.settle_without_sending(
        delivery=delivery, state=Delivery.State.WITHHELD, why=why, token=token, now=now
    )


def _not_taken(
    one: Circumstances, address: str, answer: Answer, *, token: UUID, now: datetime, done: Round
) -> None:
    meaning = meaning_of(answer)
    match meaning:
        case Meaning.SERVER_AWAY:
            knock_at = mailserver.is_away(answer, now=now)
            claiming.give_back(ids=[one.delivery.pk], token=token, not_before=knock_at)
            done.server_away = True
        case Meaning.BAD_ADDRESS | Meaning.BAD_LETTER:
            give_up(
                delivery=one.delivery, why=meaning.value, address=address, answer=answer, token=token, now=now
            )
            done.dead += 1
        case Meaning.TRY_AGAIN | Meaning.UNKNOWN:
            _failed(one, address, meaning.value, answer, token=token, now=now, done=done)


def _failed(
    one: Circumstances,
    address: str,
    meaning: str,
    answer: Answer | None,
    *,
    token: UUID,
    now: datetime,
    done: Round,
) -> None:
    delivery = one.delivery
    patience = ROUTINE if delivery.pace == Delivery.Pace.ROUTINE else URGENT
    again_at = next_attempt(made=delivery.attempts_made + 1, now=now, patience=patience)
    if again_at is None:
        give_up(delivery=delivery, why=meaning, address=address, answer=answer, token=token, now=now)
        done.dead += 1
        return
    claiming.settle_later(
        delivery=delivery, address=address, meaning=meaning, answer=answer, token=token, at=again_at, now=now
    )
    done.later += 1
