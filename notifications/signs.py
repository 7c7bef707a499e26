"""Whether letters go out: signs for the health page, the metric and the dashboard's banner.

Silence is the failure nobody sees, so each sign is about age: of the last finished sweep, of the oldest
letter that should have gone, of the mail server's last yes. Two missed cycles are red.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from clinic.models import SweepHeartbeat
from notifications.models import Delivery, MailServer, Outage

# How often each sweep should come to its end (ispath/celery.py holds the schedule).
CYCLES = {
    "clinic-sweep": timedelta(minutes=5),
    "relay": timedelta(seconds=10),
    "send": timedelta(seconds=10),
}
CYCLES_MISSED = 2
# One long round is no silence: a round may last this long before the next cycle counts.
LONGEST_ROUND = timedelta(seconds=60)
OLDEST_DUE = timedelta(minutes=3)
State = Delivery.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One sign of life; `says` is for the person on call."""

    name: str
    well: bool
    says: str


def signs(*, now: datetime) -> list[Sign]:
    """All signs, in three queries and one for each sweep's row."""
    beats = {row.name: row for row in SweepHeartbeat.objects.filter(name__in=CYCLES)}
    return [*(_sweep(name, beats.get(name), now=now) for name in CYCLES), _outbox(now), _mail_server(now)]


def gaps_since(*, since: datetime) -> list[Outage]:
    """The outages that ended after a moment, for the banner: nobody was looked at in between."""
    return list(Outage.objects.filter(until__gt=since).exclude(name="import").order_by("-until"))


def dead_letters() -> int:
    """How many letters could not be sent and wait for a person: the metric's number."""
    return Delivery.objects.filter(state=State.DEAD).count()


def _sweep(name: str, beat: SweepHeartbeat | None, *, now: datetime) -> Sign:
    if beat is None or beat.finished_at is None:
        return Sign(name=name, well=False, says="has never finished")
    age = now - beat.finished_at
    longest = CYCLES_MISSED * CYCLES[name] + LONGEST_ROUND
    return Sign(name=name, well=age <= longest, says=f"finished {int(age.total_seconds())} s ago")


def _outbox(now: datetime) -> Sign:
    due = Q(state__in=(State.WAITING, State.READY), send_at__lte=now, outage=None)
    held = Q(state=State.CLAIMED, lease_until__lte=now)
    found = Delivery.objects.filter(due | held).aggregate(oldest=Min("send_at"), count=Count("id"))
    lag = now - found["oldest"] if found["oldest"] else timedelta()
    says = f"{found['count']} due, the oldest for {int(lag.total_seconds())} s"
    return Sign(name="outbox", well=lag <= OLDEST_DUE, says=says)


def _mail_server(now: datetime) -> Sign:
    row = MailServer.objects.filter(name="default").first()
    if row is None:
        return Sign(name="mail-server", well=True, says="has not been needed yet")
    if row.refusals_in_a_row:
        since = row.accepted_at.isoformat(timespec="seconds") if row.accepted_at else "the beginning"
        return Sign(
            name="mail-server",
            well=False,
            says=f"{row.refusals_in_a_row} refusals since {since} ({row.code})",
        )
    return Sign(name="mail-server", well=True, says="takes letters")
