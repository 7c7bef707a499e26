"""Claim, and settle: the two short transactions around the outside world.

A claim is a token with a lease. Whoever settles must still hold it: a worker that was away for longer than
its lease finds that its row belongs to somebody else, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, QuerySet

from notifications.models import Attempt, Delivery
from notifications.policy.answers import Answer
from notifications.readers import local_day

State = Delivery.State
PAUSED = "paused"
# A pause (a death was reported, nobody has confirmed it) is looked at again after this time.
PAUSE = timedelta(hours=1)
# A worker may die of anything once or twice; what was in its hands more often is looked at alone.
CLAIMS_BEYOND_SUSPICION = 3

# The rows are chosen once, in a step of their own: of a plain subquery the planner may choose anew per row.
CLAIM = """
    WITH taken AS MATERIALIZED (
        SELECT id FROM notifications_delivery WHERE state = 'ready' AND send_at <= %(now)s
        ORDER BY send_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
    )
    UPDATE notifications_delivery AS delivery
    SET state = 'claimed', claim = %(claim)s, lease_until = %(lease_until)s, claims = delivery.claims + 1
    FROM taken WHERE delivery.id = taken.id
    RETURNING delivery.id, delivery.claims
"""
EMERGENCIES_FIRST = CLAIM.replace("send_at <= %(now)s", "send_at <= %(now)s AND pace = 'emergency'")


def claim(*, token: UUID, limit: int, lease: timedelta, now: datetime) -> list[int]:
    """Take up to `limit` ready letters for `lease`; emergencies first.

    A letter whose worker has died before is taken last, and one such at a time: what kills workers kills them
    alone.
    """
    values: dict[str, Any] = {"claim": token, "lease_until": now + lease, "now": now, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(EMERGENCIES_FIRST, values)
        taken = cursor.fetchall()
        if len(taken) < limit:
            cursor.execute(CLAIM, values | {"limit": limit - len(taken)})
            taken += cursor.fetchall()
    suspects = [pk for pk, claims in taken if claims > CLAIMS_BEYOND_SUSPICION]
    if len(suspects) > 1:
        give_back(ids=suspects[1:], token=token, not_before=now)
    return [pk for pk, claims in taken if claims <= CLAIMS_BEYOND_SUSPICION] + suspects[:1]


def free_what_the_dead_hold(*, now: datetime) -> int:
    """Give back the letters of workers whose lease ran out: killed, hung, or cut off."""
    held = Delivery.objects.filter(state=State.CLAIMED, lease_until__lt=now)
    return held.update(state=State.READY, claim=None, lease_until=None, send_at=now)


def give_back(*, ids: Iterable[int], token: UUID, not_before: datetime) -> int:
    """Give back letters that were not attempted: it costs them no attempt."""
    held = Delivery.objects.filter(pk__in=list(ids), state=State.CLAIMED, claim=token)
    return held.update(
        state=State.READY, claim=None, lease_until=None, send_at=not_before, claims=F("claims") - 1
    )


def hold(*, delivery: Delivery, token: UUID, until: datetime) -> bool:
    """Keep a letter until its reader's morning: it costs no attempt, and it becomes that day's letter."""
    day = local_day(delivery, until)
    same_day = Delivery.objects.filter(reader=delivery.reader_id, clinic=delivery.clinic_id, routine_on=day)
    moves = delivery.routine_on is not None and not same_day.exists()
    return bool(
        _held(delivery, token).update(
            state=State.READY,
            claim=None,
            lease_until=None,
            claims=F("claims") - 1,
            send_at=until,
            routine_on=day if moves else delivery.routine_on,
        )
    )


# One statement and one commit for all that the server has taken by now: between its yes and this lies the
# window in which a death makes a second copy, so nobody waits until there are more.
SETTLE_SENT = """
    WITH taken AS (
        SELECT * FROM unnest(
            %(ids)s::bigint[], %(tokens)s::uuid[], %(addresses)s::text[], %(provider_ids)s::text[]
        )
        AS taken (id, token, address, provider_id)
    ), settled AS (
        UPDATE notifications_delivery AS delivery
        SET state = 'sent', claim = NULL, lease_until = NULL, attempts_made = delivery.attempts_made + 1,
            sent_at = %(now)s, settled_at = %(now)s
        FROM taken
        WHERE delivery.id = taken.id AND delivery.state = 'claimed' AND delivery.claim = taken.token
        RETURNING delivery.id, taken.address, taken.provider_id
    )
    INSERT INTO notifications_attempt (uid, delivery_id, at, address, meaning, stage, text, provider_id)
    SELECT gen_random_uuid(), id, %(now)s, address, 'accepted', '', '', provider_id FROM settled
    RETURNING delivery_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A letter the server took; `left_out`: what in it was left out, and why."""

    delivery: Delivery
    token: UUID
    address: str
    provider_id: str = ""
    left_out: Mapping[int, str] = field(default_factory=dict)


def settle_sent(letters: Sequence[Taken], *, now: datetime) -> int:
    """Write down that the server took some letters; return how many of them were still ours."""
    if not letters:
        return 0
    gathered = {one.delivery.pk: one for one in letters if one.delivery.letter == "digest"}
    if not gathered:
        return len(_write_down(letters, now=now))
    with transaction.atomic():
        settled = _write_down(letters, now=now)
        for one in (gathered[pk] for pk in settled if pk in gathered):
            settle_enclosed(one.delivery, left_out=one.left_out, now=now)
            enclosed = Delivery.objects.filter(parcel=one.delivery, state=State.JOINED)
            enclosed.update(state=State.SENT, sent_at=now, settled_at=now)
    return len(settled)


def _write_down(letters: Sequence[Taken], *, now: datetime) -> list[int]:
    values: dict[str, Any] = {
        "now": now,
        "ids": [one.delivery.pk for one in letters],
        "tokens": [one.token for one in letters],
        "addresses": [one.address for one in letters],
        "provider_ids": [one.provider_id for one in letters],
    }
    with connection.cursor() as cursor:
        cursor.execute(SETTLE_SENT, values)
        return [row[0] for row in cursor.fetchall()]


def settle_enclosed(delivery: Delivery, *, left_out: Mapping[int, str], now: datetime) -> None:
    """Write down why enclosed letters were left out; what is only paused waits on by itself."""
    for pk, why in left_out.items():
        row = Delivery.objects.filter(pk=pk, parcel=delivery, state=State.JOINED)
        if why == PAUSED:
            row.update(state=State.WAITING, parcel=None, send_at=now + PAUSE)
        else:
            row.update(state=State.WITHHELD, why=why, settled_at=now)


def put_off(*, delivery: Delivery, token: UUID, now: datetime) -> bool:
    """Give a letter about a child whose letters are paused back to the packer, for later."""
    return bool(
        _held(delivery, token).update(
            state=State.WAITING, claim=None, lease_until=None, routine_on=None, send_at=now + PAUSE
        )
    )


@transaction.atomic
def settle_later(
    *,
    delivery: Delivery,
    address: str,
    meaning: str,
    answer: Answer | None,
    token: UUID,
    at: datetime,
    now: datetime,
) -> bool:
    """Write down an attempt that did not succeed, and when to try again."""
    settled = _held(delivery, token).update(
        state=State.READY,
        claim=None,
        lease_until=None,
        claims=0,  # its worker lived: what is counted are deaths
        attempts_made=F("attempts_made") + 1,
        send_at=at,
    )
    if settled:
        note_attempt(delivery=delivery, address=address, meaning=meaning, answer=answer, now=now)
    return bool(settled)


@transaction.atomic
def settle_without_sending(*, delivery: Delivery, state: str, why: str, token: UUID, now: datetime) -> bool:
    """Write down that the letter is not to be sent, and why."""
    settled = _held(delivery, token).update(
        state=state, why=why, claim=None, lease_until=None, settled_at=now
    )
    return bool(settled)


def note_attempt(
    *, delivery: Delivery, address: str, meaning: str, answer: Answer | None, now: datetime
) -> None:
    """Keep what the server answered."""
    Attempt.objects.create(
        delivery=delivery,
        at=now,
        address=address,
        meaning=meaning,
        stage=answer.stage if answer else "",
        code=answer.code if answer else None,
        text=answer.text if answer else "",
    )


def _held(delivery: Delivery, token: UUID) -> QuerySet[Delivery]:
    return Delivery.objects.filter(pk=delivery.pk, state=State.CLAIMED, claim=token)
