"""From what happened in the clinic to what is to be said, and from time passing to the next rung.

`clinic` knows nothing of letters. It writes a timeline entry in the fact's own transaction; the relay comes
to look, turns the news of one child into deliveries and ladders, and marks it relayed, all in one
transaction: a relay that dies in between has done nothing, one that runs twice finds the rows already there.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from clinic.actors import sweep_actor
from clinic.models import Enrolment, TimelineEntry, WorkItem
from clinic.workitems import open_item
from notifications.climbing import climb
from notifications.conflicts import will_pass
from notifications.news import tell_of
from notifications.syncing import sync

log = logging.getLogger(__name__)

AT_ONCE = 500


def relay(*, now: datetime) -> int:
    """Relay what is new and climb what is due; return how much of both there was in this round."""
    return relay_entries(now=now) + climb(now=now)


def relay_entries(*, now: datetime) -> int:
    """Relay one round of timeline entries, oldest first, child by child; return how many were relayed."""
    waiting = TimelineEntry.objects.filter(relayed_at=None).order_by("id").values_list("pk", "enrolment")
    children: dict[int | None, list[int]] = {}
    for pk, enrolment in waiting[:AT_ONCE]:
        children.setdefault(enrolment, []).append(pk)
    done = 0
    for child, pks in children.items():
        try:
            done += _relay_child(child, pks, now=now)
        except Exception as error:
            log.exception("news_not_relayed", extra={"entries": pks})
            if not will_pass(error):
                done += _set_aside(pks, now=now)
    return done


@transaction.atomic
def _relay_child(child: int | None, pks: Sequence[int], *, now: datetime) -> int:
    """Relay the news of one child. What is in other hands waits: two at once would begin the same ladder."""
    free = Enrolment.objects.select_for_update(no_key=True, skip_locked=True)
    if child is not None and not free.filter(pk=child).first():
        return 0
    entries = list(
        TimelineEntry.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("enrolment__clinic", "enrolment__pathway_edition", "by")
        .filter(pk__in=pks, relayed_at=None)
        .order_by("id")
    )
    if entries and entries[0].enrolment is not None:
        sync(entries[0].enrolment, news=entries, now=now)
    for entry in entries:
        tell_of(entry, now=now)
    return TimelineEntry.objects.filter(pk__in=[entry.pk for entry in entries]).update(relayed_at=now)


@transaction.atomic
def _set_aside(pks: Sequence[int], *, now: datetime) -> int:
    """A person looks at what could not be relayed; it is never tried in a circle and never silent."""
    entries = TimelineEntry.objects.filter(pk__in=pks, relayed_at=None).select_related("clinic")
    for entry in entries:
        open_item(
            clinic=entry.clinic,
            kind=WorkItem.Kind.DEAD_LETTER,
            cause=f"timeline/{entry.uid}",
            patient_id=entry.patient_id,
            subject=entry,
            text="Nobody could be told of this by letter. Tell the people concerned, and the operator.",
            due_on=entry.clinic.local_date(now),
            by=sweep_actor(),
            now=now,
        )
    return entries.update(relayed_at=now)
