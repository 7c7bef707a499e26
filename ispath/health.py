"""Two questions for whoever watches the installation: does the process live, and does the whole work?

/healthz answers as soon as the process can; /readyz asks the database and Redis, and says of each part how
it is. Both are answered before hosts, TLS and sessions are looked at, so that a probe needs none of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from redis import Redis, RedisError

PATIENCE = 3  # seconds a part may take to answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """How one part of the installation is; `says` is for the person on call."""

    name: str
    well: bool
    says: str


def database() -> Part:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        return Part(name="database", well=False, says=f"does not answer ({type(error).__name__})")
    return Part(name="database", well=True, says="answers")


def redis() -> Part:
    try:
        with Redis.from_url(
            settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE
        ) as client:
            client.ping()
    except (RedisError, OSError) as error:
        return Part(name="redis", well=False, says=f"does not answer ({type(error).__name__})")
    return Part(name="redis", well=True, says="answers")


def parts(now: datetime) -> list[Part]:
    return [database(), redis()]


def ready(now: datetime) -> HttpResponse:
    found = parts(now)
    body = {
        "ready": all(part.well for part in found),
        "at": now.isoformat(timespec="seconds"),
        "parts": {part.name: {"well": part.well, "says": part.says} for part in found},
    }
    return HttpResponse(
        json.dumps(body, indent=1), content_type="application/json", status=200 if body["ready"] else 503
    )


class HealthMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return HttpResponse("alive\n", content_type="text/plain")
        if request.path == "/readyz":
            return ready(datetime.now(tz=UTC))
        return self.get_response(request)
