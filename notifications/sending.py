"""Emptying the outbox: claim, act, settle.

The outside world is never inside a transaction. A letter is claimed in one short transaction, handed to the
mail server outside any, and settled in another; a worker killed in between leaves a lease that runs out. The
one window that cannot be closed is between the server's yes and our commit: the copy that follows bears the
same Message-ID, so that a reader's mail program shows one letter.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from notifications import claiming, mailserver
from notifications.courier import Courier, Heard, Job
from notifications.letterhead import Letterhead
from notifications.letters.envelope import compose
from notifications.models import Delivery
from notifications.policy.answers import Answer, Meaning, meaning_of
from notifications.policy.backoff import ROUTINE, URGENT, next_attempt
from notifications.post import Post
from notifications.readers import address_of, closed_until
from notifications.stillwanted import Circumstances, look_again
from notifications.undeliverable import give_up

log = logging.getLogger(__name__)

BATCH = 200
# What a slow server leaves over after this time is claimed anew: truth when sending, and emergencies first.
FRESH = timedelta(seconds=5)
# A row whose worker died this often without ever settling is what kills them.
MOST_CLAIMS = 8
# Answers are written down so many at a time, or as soon as there is nothing else to do.
SETTLE_AT = 6

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


@dataclass(slots=True, kw_only=True)
class _Batch:
    """Claimed letters as they stand, and which of them must wait for the morning."""

    token: UUID
    letters: Sequence[Circumstances]
    closed: Mapping[int, datetime]
    good_until: datetime


def send_due(*, posts: Sequence[Post], house: Letterhead, clock: Clock, until: datetime) -> Round:
    """Empty the outbox until nothing is due, the server is away, or the time is up."""
    claiming.free_what_the_dead_hold(now=clock())
    sender = _Sender(Courier(posts, clock=clock), house=house, clock=clock)
    try:
        while clock() < until and not sender.done.server_away and mailserver.may_knock(now=clock()):
            if batch := _claim(house, now=clock()):
                sender.send(batch)
            elif not sender.wait():
                break
    finally:
        sender.stop()
    return sender.done


def _claim(house: Letterhead, *, now: datetime) -> _Batch | None:
    token = uuid4()
    ids = claiming.claim(token=token, limit=BATCH, lease=house.lease, now=now)
    if not ids:
        return None
    seen = {one.delivery.pk: one for one in look_again(ids, now=now)}
    letters = [seen[pk] for pk in ids]
    closed = closed_until((one.delivery for one in letters), now=now) if house.letters_wait else {}
    return _Batch(token=token, letters=letters, closed=closed, good_until=now + FRESH)


class _Sender:
    """One run: what is in the courier's hands, and what was done so far."""

    def __init__(self, courier: Courier, *, house: Letterhead, clock: Clock) -> None:
        self.courier, self.house, self.clock = courier, house, clock
        self.done = Round()

    def send(self, batch: _Batch) -> None:
        """Write the letters of a batch and put them into the courier's hands; settle what was answered."""
        for place, one in enumerate(batch.letters):
            now = self.clock()
            if now > batch.good_until or self.done.server_away:
                left = [each.delivery.pk for each in batch.letters[place:]]
                claiming.give_back(ids=left, token=batch.token, not_before=now)
                return
            self._prepare(one, batch, now=now)
            self._settle(self.courier.hear(at_least=SETTLE_AT))

    def wait(self) -> bool:
        """Settle what the courier still brings; False when its hands were empty."""
        waited = bool(self.courier.in_hand)
        while self.courier.in_hand:
            self._settle(self.courier.hear(wait=True))
        return waited

    def stop(self) -> None:
        """Hand nothing more over, and settle what has been answered, whatever else has happened."""
        self._settle(self.courier.stop())

    def _prepare(self, one: Circumstances, batch: _Batch, *, now: datetime) -> None:
        delivery, token = one.delivery, batch.token
        address = address_of(delivery.reader)
        if why_not := one.why_not or _cannot_go(delivery, address, self.house):
            _withhold(one, why_not, token=token, now=now)
            self.done.withheld += 1
            return
        if delivery.pk in batch.closed:
            claiming.hold(delivery=delivery, token=token, until=batch.closed[delivery.pk])
            return
        try:
            message = compose(one, address=address, house=self.house)
        except Exception:
            log.exception("letter_not_written", extra={"delivery": str(delivery.uid)})
            self._failed(delivery, address, "not-written", None, token=token)
            return
        self.courier.take(
            Job(one=one, token=token, address=address, message=message, good_until=batch.good_until)
        )

    def _settle(self, heard: Sequence[Heard]) -> None:
        """Write down what the courier has heard: what was taken first, and all of it at once."""
        taken = [one for one in heard if one.tried and one.refused is None and one.broke is None]
        now = self.clock()
        settled = claiming.settle_sent([_taken(one) for one in taken], now=now)
        if settled and not self.done.sent:
            mailserver.took_one(now=now)
        self.done.sent += settled
        for one in heard:
            if not one.tried:
                claiming.give_back(ids=[one.job.one.delivery.pk], token=one.job.token, not_before=now)
            elif one.refused is not None:
                self._not_taken(one.job, one.refused)
            self.courier.written_down(one)
        for one in heard:
            if one.broke is not None:
                raise one.broke

    def _not_taken(self, job: Job, answer: Answer) -> None:
        delivery, meaning, now = job.one.delivery, meaning_of(answer), self.clock()
        match meaning:
            case Meaning.SERVER_AWAY:
                knock_at = mailserver.is_away(answer, now=now)
                claiming.give_back(ids=[delivery.pk], token=job.token, not_before=knock_at)
                self.done.server_away = True
            case Meaning.BAD_ADDRESS | Meaning.BAD_LETTER:
                self._give_up(delivery, job.address, meaning.value, answer, token=job.token)
            case Meaning.TRY_AGAIN | Meaning.UNKNOWN:
                self._failed(delivery, job.address, meaning.value, answer, token=job.token)

    def _failed(
        self, delivery: Delivery, address: str, meaning: str, answer: Answer | None, *, token: UUID
    ) -> None:
        now = self.clock()
        patience = ROUTINE if delivery.pace == Delivery.Pace.ROUTINE else URGENT
        again_at = next_attempt(made=delivery.attempts_made + 1, now=now, patience=patience)
        if again_at is None:
            self._give_up(delivery, address, meaning, answer, token=token)
            return
        claiming.settle_later(
            delivery=delivery,
            address=address,
            meaning=meaning,
            answer=answer,
            token=token,
            at=again_at,
            now=now,
        )
        self.done.later += 1

    def _give_up(
        self, delivery: Delivery, address: str, why: str, answer: Answer | None, *, token: UUID
    ) -> None:
        give_up(delivery=delivery, why=why, address=address, answer=answer, token=token, now=self.clock())
        self.done.dead += 1


def _taken(one: Heard) -> claiming.Taken:
    return claiming.Taken(
        delivery=one.job.one.delivery,
        token=one.job.token,
        address=one.job.address,
        provider_id=one.provider_id,
        left_out=_left_out(one.job.one),
    )


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
