"""How many requests a client may make: a counter per client and minute, in Redis."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.conf import settings
from redis import Redis

WINDOW_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What is left of a client's minute."""

    limit: int
    remaining: int
    reset_seconds: int

    @property
    def is_spent(self) -> bool:
        """Whether this request is one too many."""
        return self.remaining < 0

    def headers(self) -> dict[str, str]:
        """The RateLimit-* headers, as information."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(max(self.remaining, 0)),
            "RateLimit-Reset": str(self.reset_seconds),
        }


@cache
def _counters() -> Redis:
    return Redis.from_url(settings.REDIS_URL)


def count_request(*, who: str, limit: int, now: datetime) -> Allowance:
    """Count one request of `who` in the present minute."""
    minute, second = divmod(int(now.timestamp()), WINDOW_SECONDS)
    key = f"requests:{who}:{minute}"
    used = int(_counters().incr(key))  # one question for each request; the cache of Django would ask twice
    if used == 1:
        _counters().expire(key, WINDOW_SECONDS * 2)
    return Allowance(limit=limit, remaining=limit - used, reset_seconds=WINDOW_SECONDS - second)
