"""From what happened in the clinic to what is to be said, and from time passing to the next rung.

`clinic` knows nothing of letters. It writes a timeline entry in the fact's own transaction; the relay comes
to look, turns entries into deliveries and ladders, and marks them relayed, all in one transaction per entry:
a relay that dies in between has done nothing, one that runs twice finds the rows already there.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from clinic.actors import sweep_actor
from clinic.models import TimelineEntry, WorkItem
from notifications.ladders import climb
from notifications.news import tell_of
from notifications.syncing import sync

log = logging.getLogger(__name__)

AT_ONCE = 200


def relay(*, now: datetime) -> int:
    """Relay what is new and climb what is due; return how much of both there was in this round."""
    return relay_entries(now=now) + climb(now=now)


def relay_entries(*, now: datetime) -> int:
    """Relay one round of timeline entries, oldest first; return how many."""
    entries = TimelineEntry.objects.filter(relayed_at=None).order_by("id").values_list("pk", flat=True)
    waiting: Sequence[int] = list(entries[:AT_ONCE])
    for pk in waiting:
        try:
            _relay_one(pk, now=now)
        except Exception:
            log.exception("entry_not_relayed", extra={"entry": pk})
            _set_aside(pk, now=now)
    return len(waiting)


@transaction.atomic
def _relay_one(pk: int, *, now: datetime) -> None:
    entry = (
        TimelineEntry.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("enrolment__clinic", "by")
        .filter(pk=pk, relayed_at=None)
        .first()
    )
    if entry is None:
        return
    if entry.enrolment is not None:
        sync(entry.enrolment, by=entry.by, now=now)
        tell_of(entry, now=now)
    TimelineEntry.objects.filter(pk=pk).update(relayed_at=now)


@transaction.atomic
def _set_aside(pk: int, *, now: datetime) -> None:
    """A person looks at what could not be relayed; it is never tried in a circle and never silent."""
    entry = TimelineEntry.objects.select_for_update().get(pk=pk)
    by = sweep_actor()
    WorkItem.objects.get_or_create(
        clinic=entry.clinic,
        kind=WorkItem.Kind.DEAD_LETTER,
        cause=f"timeline:{entry.uid}",
        closed_at=None,
        defaults={
            "patient": entry.patient,
            "subject_kind": "timeline",
            "subject_uid": entry.uid,
            "text": "Nobody could be told of this by letter. Tell the people concerned, and the operator.",
            "due_on": entry.clinic.local_date(now),
            "priority": 10,
            "created_by": by,
            "created_at": now,
            "changed_by": by,
            "changed_at": now,
        },
    )
    TimelineEntry.objects.filter(pk=pk, relayed_at=None).update(relayed_at=now)
