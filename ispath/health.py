"""Three questions for whoever watches the installation.

/healthz: does this process live? /readyz: does the whole work? It asks the database and Redis, looks how long
ago each sweep came to its end and how long the oldest letter has waited, says of each part how it is, and
answers 503 when one is not well. /metrics: the same as numbers, for Prometheus. All three are answered before
hosts, TLS and sessions are looked at, so that a probe needs none of them; none tells anything about a child.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from redis import Redis, RedisError

from clinic.models import SweepHeartbeat, TimelineEntry
from clinic.tasks import VERIFY
from ispath.celery import SCHEDULE, SWEEPS
from notifications.models import Delivery, MailServer

PATIENCE = 3  # seconds a part may take to answer
GRACE = timedelta(seconds=60)  # beyond two cycles of a sweep, before it counts as missing
LONGEST_WAIT = timedelta(minutes=30)  # of a letter; after an outage they are gathered for ten
REFUSALS = 2  # of the mail server in a row


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """How one part is: `says` for the person on call, `seconds` the age of its last sign."""

    name: str
    well: bool
    says: str
    seconds: float | None = None


def database() -> Part:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        return Part(name="database", well=False, says=f"does not answer ({type(error).__name__})")
    return Part(name="database", well=True, says="answers")


def redis() -> Part:
    limits = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
    try:
        with Redis.from_url(settings.REDIS_URL, **limits) as line:
            line.ping()
    except (RedisError, OSError) as error:
        return Part(name="redis", well=False, says=f"does not answer ({type(error).__name__})")
    return Part(name="redis", well=True, says="answers")


def longest_silence(name: str) -> timedelta:
    """Two cycles of a sweep and a minute; one that was silent for longer is missing."""
    return 2 * timedelta(seconds=SCHEDULE[name]["schedule"]) + GRACE


def sweep(name: str, now: datetime) -> Part:
    """One line of the schedule, by its last end."""
    beat = SweepHeartbeat.objects.filter(name=name).first()
    if beat is None or beat.finished_at is None:
        return Part(name=name, well=False, says="has never come to its end; are worker and beat running?")
    age = now - beat.finished_at
    well = age <= longest_silence(name)
    says = "ran" if well else "is missing: look at worker, beat and broker; it last ran"
    return Part(
        name=name, well=well, says=f"{says} {age.total_seconds():.0f} s ago", seconds=age.total_seconds()
    )


def waiting(name: str, oldest: datetime | None, now: datetime) -> Part:
    if oldest is None:
        return Part(name=name, well=True, says="nothing waits", seconds=0)
    age = now - oldest
    well = age <= LONGEST_WAIT
    return Part(
        name=name,
        well=well,
        seconds=age.total_seconds(),
        says=f"the oldest has waited {age.total_seconds():.0f} s",
    )


def news(now: datetime) -> Part:
    """What happened and is not yet turned into letters."""
    oldest = TimelineEntry.objects.filter(relayed_at=None).order_by("id").values_list("at", flat=True).first()
    return waiting("news", oldest, now)


def outbox(now: datetime) -> Part:
    """Letters whose time has come and that have not left. Each of the two states has an index of its own."""
    due = Delivery.objects.filter(send_at__lte=now).order_by("send_at").values_list("send_at", flat=True)
    oldest = [due.filter(state=state).first() for state in (Delivery.State.WAITING, Delivery.State.READY)]
    return waiting("outbox", min((at for at in oldest if at is not None), default=None), now)


def mail_server() -> Part:
    refusing = MailServer.objects.filter(refusals_in_a_row__gte=REFUSALS).first()
    if refusing is None:
        return Part(name="mail-server", well=True, says="takes letters, as far as we know")
    return Part(
        name="mail-server", well=False, says=f"has refused {refusing.refusals_in_a_row} times in a row"
    )


def editions() -> Part:
    """Whether the signed editions still said what was signed when last looked at."""
    beat = SweepHeartbeat.objects.filter(name=VERIFY).first()
    if beat is None:
        return Part(name="editions", well=True, says="not looked at yet")
    if not beat.failed:
        return Part(name="editions", well=True, says=f"{beat.looked_at} say what was signed")
    return Part(
        name="editions", well=False, says=f"{beat.failed} not as signed: type manage.py verify_editions"
    )


def parts(now: datetime) -> list[Part]:
    first = [database(), redis()]
    if not first[0].well:
        return first
    sweeps = [sweep(name, now) for name in SWEEPS]
    return [*first, *sweeps, news(now), outbox(now), mail_server(), editions()]


def ready(now: datetime) -> HttpResponse:
    found = parts(now)
    body = {
        "ready": all(part.well for part in found),
        "at": now.isoformat(timespec="seconds"),
        "parts": {part.name: {"well": part.well, "says": part.says} for part in found},
    }
    status = 200 if body["ready"] else 503
    return HttpResponse(json.dumps(body, indent=1), content_type="application/json", status=status)


def metrics(now: datetime) -> HttpResponse:
    lines = ["# TYPE ispath_part_well gauge", "# TYPE ispath_part_seconds gauge"]
    for part in parts(now):
        lines.append(f'ispath_part_well{{part="{part.name}"}} {int(part.well)}')
        if part.seconds is not None:
            lines.append(f'ispath_part_seconds{{part="{part.name}"}} {part.seconds:.0f}')
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; version=0.0.4")


QUESTIONS: dict[str, Callable[[datetime], HttpResponse]] = {
    "/healthz": lambda _: HttpResponse("alive\n", content_type="text/plain"),
    "/readyz": ready,
    "/metrics": metrics,
}


class HealthMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        question = QUESTIONS.get(request.path)
        return self.get_response(request) if question is None else question(datetime.now(tz=UTC))
