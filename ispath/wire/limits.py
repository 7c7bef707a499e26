"""How many requests a client may make: a counter per client and minute, in Redis, asked now and then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from threading import Lock

from django.conf import settings
from redis import Redis

from ispath.wire.shelf import Shelf

WINDOW_SECONDS = 60
_TELLING = 6


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


@dataclass(slots=True)
class _Tally:
    """What this process knows of a minute."""

    told: int = 0  # by Redis, last time: the requests of all processes
    untold: int = 0  # our own since then


_TALLIES: Shelf[_Tally] = Shelf(10_000)
_LOCK = Lock()


@cache
def _counters() -> Redis:
    return Redis.from_url(settings.REDIS_URL)


def count_request(*, who: str, limit: int, now: datetime) -> Allowance:
    """Count one request of `who` in the present minute.

    Redis is told of every sixth, or of each where the limit is low. What other processes counted meanwhile is
    missing: nobody is refused too early, and each further process lets at most a hundredth more through.
    """
    minute, second = divmod(int(now.timestamp()), WINDOW_SECONDS)
    used = _counted(f"requests:{who}:{minute}", every=min(limit // 100, _TELLING))
    return Allowance(limit=limit, remaining=limit - used, reset_seconds=WINDOW_SECONDS - second)


def _counted(key: str, *, every: int) -> int:
    """How many requests of this minute are known of, this one included."""
    with _LOCK:
        tally = _TALLIES.get(key) or _Tally()
        _TALLIES.put(key, tally)
        tally.untold += 1
        if tally.told and tally.untold < every:
            return tally.told + tally.untold
        news, tally.untold = tally.untold, 0
    told = int(_counters().incrby(key, news))  # the cache of Django would ask twice
    if told == news:
        _counters().expire(key, WINDOW_SECONDS * 2)
    with _LOCK:
        tally.told = max(tally.told, told)
    return told
