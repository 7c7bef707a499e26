"""Making letters ready: alone, or together with what else waits for the same reader.

Only one packer works at a time (an advisory lock of the transaction): so two beats, or ten workers, never
make two digests of the same day. The constraint on the reader's day would refuse the second one anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Least

from clinic.actors import sweep_actor
from notifications.models import Delivery
from notifications.outages import IMPORT
from notifications.policy.digest import Parcel, Urgency, Waiting, parcels
from notifications.policy.hours import Hours, next_digest
from notifications.readers import hours_of

PACKER_LOCK = 760_417
MOST_AT_ONCE = 5_000
# In a trial a letter waits only for the others that are written with it.
TRIAL_WAIT = timedelta(seconds=20)
State = Delivery.State


@transaction.atomic
def pack(*, now: datetime, letters_wait: bool = True) -> int:
    """Turn what has come due into letters that may be taken; return how many came due."""
    if not _alone():
        return 0
    due = _with_what_waited_along(list(_due(now, letters_wait=letters_wait)), now=now)
    if not due:
        return 0
    rows = {row.uid: row for row in due}
    found = parcels(_waiting(row) for row in due)
    at_once = [parcel for parcel in found if parcel.pace is not Urgency.ROUTINE]
    once_a_day = [parcel for parcel in found if parcel.pace is Urgency.ROUTINE]
    _release_at_once(at_once, rows, now=now)
    _release_once_a_day(once_a_day, rows, now=now)
    return len(due)


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [PACKER_LOCK])
        return bool(cursor.fetchone()[0])


def _due(now: datetime, *, letters_wait: bool) -> QuerySet[Delivery]:
    """What has come due; while an outage is being caught up with, its letters are still held."""
    come = Q(send_at__lte=now) if letters_wait else Q(created_at__lte=now - TRIAL_WAIT)
    waiting = Delivery.objects.filter(come, state=State.WAITING)
    free = waiting.filter(Q(outage=None) | Q(outage__catch_up_until__lte=now))
    return free.select_for_update(skip_locked=True, of=("self",)).order_by("send_at", "id")[:MOST_AT_ONCE]


def _with_what_waited_along(due: list[Delivery], *, now: datetime) -> list[Delivery]:
    """After an outage a reader's first letter takes along everything else that waited for the reader."""
    readers = {row.reader_id for row in due if row.outage_id is not None}
    if not readers:
        return due
    along = Delivery.objects.filter(state=State.WAITING, outage__catch_up_until__lte=now, reader__in=readers)
    known = {row.pk for row in due}
    locked = along.select_for_update(skip_locked=True, of=("self",)).order_by("send_at", "id")
    return due + [row for row in locked if row.pk not in known]


def _waiting(row: Delivery) -> Waiting:
    return Waiting(
        uid=row.uid,
        reader=row.reader_id,
        clinic=row.clinic_id,
        pace=Urgency(row.pace),
        after_outage=row.outage_id is not None,
    )


def _release_at_once(found: Iterable[Parcel], rows: dict[UUID, Delivery], *, now: datetime) -> None:
    singles = [rows[parcel.letters[0]].pk for parcel in found if len(parcel.letters) == 1]
    rows_alone = Delivery.objects.filter(pk__in=singles)
    rows_alone.update(state=State.READY, send_at=Least("send_at", Value(now)))  # in a trial, before its time
    for parcel in found:
        if len(parcel.letters) > 1:
            _enclose(parcel, rows, routine_on=None, now=now)


def _release_once_a_day(found: Sequence[Parcel], rows: dict[UUID, Delivery], *, now: datetime) -> None:
    """One routine letter on a reader's day; what comes later that day waits for the next digest."""
    hours = hours_of({parcel.reader for parcel in found}, clinics={parcel.clinic for parcel in found})
    today = {
        (parcel.reader, parcel.clinic): hours[parcel.reader, parcel.clinic].local(now).date()
        for parcel in found
    }
    taken = _days_taken(today)
    singles: list[Delivery] = []
    for parcel in found:
        day = today[parcel.reader, parcel.clinic]
        if (parcel.reader, parcel.clinic, day) in taken:
            _put_off(parcel, rows, hours=hours[parcel.reader, parcel.clinic], day=day, now=now)
        elif len(parcel.letters) == 1:
            row = rows[parcel.letters[0]]
            row.state, row.routine_on, row.send_at = State.READY, day, min(row.send_at, now)
            singles.append(row)
        else:
            _enclose(parcel, rows, routine_on=day, now=now)
    Delivery.objects.bulk_update(singles, ["state", "routine_on", "send_at"], batch_size=1000)


def _days_taken(today: dict[tuple[int, int], date]) -> set[tuple[int, int, date]]:
    readers = {reader for reader, _ in today}
    rows = Delivery.objects.filter(reader__in=readers, routine_on__in=set(today.values()))
    return {(row.reader_id, row.clinic_id, row.routine_on) for row in rows if row.routine_on is not None}


def _put_off(parcel: Parcel, rows: dict[UUID, Delivery], *, hours: Hours, day: date, now: datetime) -> None:
    later = next_digest(now, hours)
    while hours.local(later).date() <= day:
        later = next_digest(later + timedelta(seconds=1), hours)
    Delivery.objects.filter(pk__in=[rows[uid].pk for uid in parcel.letters]).update(send_at=later)


def _enclose(parcel: Parcel, rows: dict[UUID, Delivery], *, routine_on: date | None, now: datetime) -> None:
    enclosed = [rows[uid] for uid in parcel.letters]
    first = enclosed[0]
    outer = Delivery.objects.create(
        clinic_id=first.clinic_id,
        reader_id=first.reader_id,
        letter="digest",
        cause_kind="digest",
        cause_uid=first.uid,
        rung="digest",
        pace=parcel.pace.value,
        caused_by=sweep_actor(),
        created_at=now,
        send_at=now,
        state=State.READY,
        routine_on=routine_on,
        outage_id=first.outage_id,
        data={"catching_up": True} if first.outage is not None and first.outage.name != IMPORT else {},
    )
    Delivery.objects.filter(pk__in=[row.pk for row in enclosed]).update(state=State.JOINED, parcel=outer)
