"""Idempotency keys: a key names one request of a client; under another request it is refused.

What is asked so far changes nothing, so a repeated request is simply answered again, with what is true by
then. Requests that write will keep their answer with what they wrote, in the same transaction.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache

from django.conf import settings
from redis import Redis

from ispath.wire.problems import ProblemError

HEADER = "Idempotency-Key"
_KEPT_FOR_SECONDS = 24 * 60 * 60
_SHAPE = re.compile(r"\A[\x21-\x7e]{1,200}\Z")


def require_one_request(*, key: str | None, client: int, request: bytes) -> None:
    """Refuse a key that named another request of this client within the last day; no key is no question."""
    if key is None:
        return
    if _SHAPE.match(key) is None:
        sentence = f"{HEADER} is up to 200 printable characters without blanks, such as a UUID."
        raise ProblemError("bad-parameter", sentence, field=HEADER)
    place = f"idempotency:{client}:{hashlib.sha256(key.encode()).hexdigest()}"
    digest = hashlib.sha256(request).hexdigest()
    is_new = _keys().set(place, digest, nx=True, ex=_KEPT_FOR_SECONDS)
    if not is_new and _keys().get(place) != digest.encode():
        sentence = f"This {HEADER} named another request. Send each request with a key of its own."
        raise ProblemError("idempotency-key-reused", sentence, field=HEADER)


@cache
def _keys() -> Redis:
    return Redis.from_url(settings.REDIS_URL)
