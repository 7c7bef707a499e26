"""What changed since a reader last asked, in the order in which it was committed; no change is ever skipped.

Ids and moments are given out when a row is written, but rows are seen when their transaction commits: a slow
transaction would slip in behind a reader that counts by either. So the reader stops before the oldest
transaction that is still open, and whatever commits later lies after its place.

Transactions are numbered for the whole server. One that writes in another database cannot write here, so it
is left out once it is proved to be elsewhere: it holds a lock on a table of another database, and a session
never leaves its database. Whoever holds none yet, or is prepared for a two-phase commit, counts as ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import connection
from django.db.models import Q

from clinic.access import clinics_of
from clinic.models import TimelineEntry
from clinic.models.base import Record

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from uuid import UUID

    from clinic.models import Actor

LAST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a reader stands: after this entry of this transaction."""

    txid: int = 0
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Some entries in commit order, the place after them, and whether more are there already."""

    entries: tuple[TimelineEntry, ...]
    place: Place
    has_more: bool


def changes_after(*, place: Place, actor: Actor, limit: int) -> Changes:
    """Return up to `limit` entries of the actor's clinics that were committed after a place."""
    horizon = oldest_open_transaction()
    later = Q(txid__gt=place.txid) | Q(txid=place.txid, id__gt=place.id)
    rows = TimelineEntry.objects.filter(
        later,
        txid__gte=place.txid,
        txid__lt=horizon,
        clinic__in=list(clinics_of(actor).values_list("pk", flat=True)),
    )
    found = list(rows.select_related("patient__replaced_by").order_by("txid", "id")[: limit + 1])
    entries = tuple(found[:limit])
    if len(found) > limit:
        last = entries[-1]
        return Changes(entries=entries, place=Place(txid=last.txid, id=last.pk), has_more=True)
    # Nothing older can appear any more: the next question starts at the horizon, whoever wrote meanwhile.
    return Changes(entries=entries, place=now_place(horizon, place), has_more=False)


def now_place(horizon: int, place: Place) -> Place:
    """Return the place just before the oldest open transaction, never one before a reader's own."""
    if horizon - 1 <= place.txid:
        return place
    return Place(txid=horizon - 1, id=LAST_ID)


def latest_place() -> Place:
    """Return the place after everything that is committed, for a reader that starts now."""
    return Place(txid=oldest_open_transaction() - 1, id=LAST_ID)


def oldest_open_transaction() -> int:
    """Return the id below which every transaction has ended."""
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST_OPEN)
        return int(cursor.fetchone()[0])


# The locks are read after the snapshot was taken: a transaction that ended in between has none any more, and
# counts as open. Locks name a transaction by the lower half of its number, which no two open ones share.
_OLDEST_OPEN = """
WITH taken AS MATERIALIZED (SELECT pg_current_snapshot() AS snapshot),
open AS (SELECT pg_snapshot_xip(snapshot)::text::bigint AS txid FROM taken),
here AS (SELECT oid FROM pg_database WHERE datname = current_database())
SELECT coalesce(min(open.txid), (SELECT pg_snapshot_xmax(snapshot)::text::bigint FROM taken))
FROM open
WHERE NOT EXISTS (
    SELECT FROM pg_locks own JOIN pg_locks elsewhere ON elsewhere.pid = own.pid
    WHERE own.locktype = 'transactionid' AND own.mode = 'ExclusiveLock' AND own.granted
        AND own.transactionid::text::bigint = open.txid & 4294967295
        AND elsewhere.locktype = 'relation' AND elsewhere.granted
        AND elsewhere.database <> 0 AND elsewhere.database <> (SELECT oid FROM here)
)
"""


def versions_of(wanted: Mapping[str, Collection[UUID]]) -> dict[UUID, int]:
    """Return the present version of each row, one query a kind; a row that is gone is missing.

    `wanted` names rows by their kind as timeline entries do. Facts never change, so theirs is 1.
    """
    found: dict[UUID, int] = {}
    for kind, uids in wanted.items():
        model = apps.get_model("clinic", kind)
        if issubclass(model, Record):
            found |= dict(model._default_manager.filter(uid__in=uids).values_list("uid", "version"))
        else:
            found |= dict.fromkeys(
                model._default_manager.filter(uid__in=uids).values_list("uid", flat=True), 1
            )
    return found
