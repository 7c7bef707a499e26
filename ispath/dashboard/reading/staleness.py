"""Whether what the pages show is fresh: when the sweep last beat, and whether letters leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse

from clinic.access import transfers_offered_to
from clinic.models import CoverShift, SweepHeartbeat
from ispath.dashboard.words import count
from ispath.health import longest_silence, mail_server
from notifications.outages import gaps_since

if TYPE_CHECKING:
    from datetime import datetime

    from ispath.dashboard.desk import Desk
    from notifications.models import Outage

_WORDS = {
    "clinic-sweep": ("The plan has not been reviewed", "what is due may be out of date"),
    "relay": ("News has not been picked up", "reminders may be missing"),
    "send": ("Letters have not been sent", "call instead of waiting for an answer"),
}
_OVER = {
    "clinic-sweep": "The plan was not reviewed",
    "relay": "News was not picked up",
    "send": "Letters were not sent",
}
_HOUR = 60
_DAY = 24 * _HOUR
_TELL_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something the whole clinic must know before it trusts the page."""

    tone: str
    say: str
    text: str
    link: str = ""


def _gap(minutes: int) -> str:
    if minutes >= 2 * _DAY:
        return count(minutes // _DAY, "day")
    return count(minutes // _HOUR, "hour") if minutes >= 2 * _HOUR else count(minutes, "minute")


def _sweep_notice(name: str, beat: datetime | None, now: datetime) -> Notice | None:
    said, so = _WORDS[name]
    if beat is None:
        return Notice(
            tone="stop", say=f"{said} yet.", text=f"No sweep has run so far: {so}. Tell the operator."
        )
    if now - beat <= longest_silence(name):
        return None
    minutes = int((now - beat).total_seconds() // 60)
    return Notice(tone="stop", say=f"{said} for {_gap(minutes)}.", text=f"So {so}. Tell the operator.")


def _mail_server_notice() -> Notice | None:
    if mail_server().well:
        return None
    text = "They wait, and go when it does. Call instead of waiting for an answer. Tell the operator."
    return Notice(tone="stop", say="The mail server takes no letters.", text=text)


def _outage_notice(gap: Outage, now: datetime) -> Notice:
    """An outage that is over is still told for a day: nobody looked in between."""
    minutes = int((gap.until - gap.since).total_seconds() // 60)
    ago = int((now - gap.until).total_seconds() // 60)
    ended = f"{_gap(ago)} ago" if ago else "just now"
    return Notice(
        tone="warn",
        say=f"{_OVER[gap.name]} for {_gap(minutes)}. That ended {ended}.",
        text="What came due in between is told now, in one letter for each reader. Look at Today with care.",
    )


def offered_notices(desk: Desk) -> list[Notice]:
    """Return the children another clinic wants to hand over to this one."""
    offered = transfers_offered_to(desk.actor).filter(other_clinic=desk.clinic).count()
    if not offered:
        return []
    children = count(offered, "child is", "children are")
    text = "The other clinic owns the checks until you accept."
    return [
        Notice(tone="info", say=f"{children} offered to you.", text=text, link=reverse("admin:transfers"))
    ]


def stale_notices(desk: Desk) -> list[Notice]:
    """Return what is stale, with the gap, and whether this hour is covered."""
    beats = {beat.name: beat.finished_at for beat in SweepHeartbeat.objects.all()}
    notices = [_sweep_notice(name, beats.get(name), desk.now) for name in _WORDS] + [_mail_server_notice()]
    found = [notice for notice in notices if notice]
    found += [_outage_notice(gap, desk.now) for gap in gaps_since(since=desk.now - _TELL_FOR)]
    covered = CoverShift.objects.filter(clinic=desk.clinic, starts_at__lte=desk.now, ends_at__gt=desk.now)
    if not covered.exists():
        text = "Nobody is on the cover rota at this hour. Enter who answers under “This clinic”, cover."
        found.append(Notice(tone="stop", say="This hour is not covered.", text=text))
    return found
