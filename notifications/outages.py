"""Signs of life, and what is done when they were missing.

Each sweep says when it began and when it came to its end. One that finds its last end too long ago notes an
outage: people see the gap, and letters are gathered for a while so that each reader gets one mail instead of
everything that would have been sent, one by one, in the meantime.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from clinic.models import SweepHeartbeat
from clinic.worklist import SWEEP
from notifications.models import Delivery, Outage
from notifications.policy.digest import gap_between

LONGEST_SILENCE = timedelta(minutes=30)
# The clinic's own sweep looks at every child that waits; its news comes in during this time.
CATCH_UP = timedelta(minutes=10)
# Of an outage that is not over nothing is gathered yet.
STILL_AWAY = Q(catch_up_until=F("until"))
# A caseload that is taken over is held and gathered in the same way.
IMPORT = "import"


@transaction.atomic
def begin(*, name: str, now: datetime) -> Outage | None:
    """A sweep begins. If it was away too long the gap is noted, once, and what waited is held."""
    beat = SweepHeartbeat.objects.select_for_update().filter(name=name).first()
    last_seen = None if beat is None else beat.finished_at or beat.started_at
    SweepHeartbeat.objects.update_or_create(name=name, defaults={"started_at": now})
    gap = gap_between(last_seen=last_seen, now=now, longest_silence=LONGEST_SILENCE)
    if gap is None:
        return None
    outage, created = Outage.objects.get_or_create(
        name=name, since=gap.since, defaults={"until": gap.until, "catch_up_until": now + CATCH_UP}
    )
    if created:
        _hold_what_waited(outage)
    return outage


@transaction.atomic
def watch(*, now: datetime) -> None:
    """Note when the clinic's own sweep stands still, and when it is back: it knows nothing of letters.

    While it is away the gap grows and nothing is held; when it is back, what it finds is gathered.
    """
    beat = SweepHeartbeat.objects.filter(name=SWEEP).first()
    if beat is None:
        return
    last_seen = beat.finished_at or beat.started_at
    standing = Outage.objects.select_for_update().filter(STILL_AWAY, name=SWEEP).order_by("-since").first()
    if standing is not None and (last_seen > standing.since or beat.started_at > standing.until):
        standing.until, standing.catch_up_until = now, now + CATCH_UP
        standing.save(update_fields=["until", "catch_up_until"])
        _hold_what_waited(standing)
    elif (
        gap_between(last_seen=max(last_seen, beat.started_at), now=now, longest_silence=LONGEST_SILENCE)
        is not None
    ):
        Outage.objects.update_or_create(
            name=SWEEP, since=last_seen, defaults={"until": now, "catch_up_until": now}
        )


def end(*, name: str, looked_at: int, changed: int, now: datetime) -> None:
    """A sweep has come to its end: the sign of life that others watch."""
    SweepHeartbeat.objects.filter(name=name).update(finished_at=now, looked_at=looked_at, changed=changed)


def catching_up(*, now: datetime) -> Outage | None:
    """The outage whose letters are being gathered now, if there is one."""
    return Outage.objects.filter(catch_up_until__gt=now, until__lte=now).order_by("-until").first()


def _hold_what_waited(outage: Outage) -> None:
    """Letters that should have gone during the outage wait for the others of the same reader.

    Only once: what an earlier outage has held already must not be held by each one that follows.
    """
    waited = Delivery.objects.filter(send_at__lte=outage.until, outage=None)
    waited = waited.exclude(pace=Delivery.Pace.EMERGENCY)
    waited.filter(state=Delivery.State.WAITING).update(outage=outage)
    waited.filter(state=Delivery.State.READY, attempts_made=0).exclude(letter="digest").update(
        state=Delivery.State.WAITING, routine_on=None, outage=outage
    )


def gaps_since(*, since: datetime) -> list[Outage]:
    """The outages that ended after a moment, newest first, for the banner. An import is no outage."""
    over = Outage.objects.filter(until__gt=since).exclude(name=IMPORT).exclude(STILL_AWAY)
    return list(over.order_by("-until"))
