"""How many requests a client may make: a counter per client and minute, in the shared cache."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache

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


def count_request(*, who: str, limit: int, now: datetime) -> Allowance:
    """Count one request of `who` in the present minute."""
    minute, second = divmod(int(now.timestamp()), WINDOW_SECONDS)
    key = f"requests:{who}:{minute}"
    try:
        used = cache.incr(key)
    except ValueError:  # the first request of this minute, or of two that came at once
        used = 1 if cache.add(key, 1, timeout=WINDOW_SECONDS * 2) else cache.incr(key)
    return Allowance(limit=limit, remaining=limit - used, reset_seconds=WINDOW_SECONDS - second)
