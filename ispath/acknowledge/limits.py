"""How often one visitor may knock. Kept in Redis; while Redis is away nobody is turned away."""

from __future__ import annotations

import hashlib
import logging

from django.core.cache import cache
from django.http import HttpRequest
from redis import RedisError

log = logging.getLogger(__name__)

MINUTES = 10
# A mail scanner opens a link many times at once, and that is fine; answers are few.
MOST_READS = 600
MOST_ANSWERS = 60


def is_too_often(request: HttpRequest) -> bool:
    """Count a visit by the visitor's address; say whether it was one too many."""
    reading = request.method in {"GET", "HEAD"}
    visitor = hashlib.sha256(request.META.get("REMOTE_ADDR", "").encode()).hexdigest()[:16]
    key = f"letters:{'read' if reading else 'answer'}:{visitor}"
    try:
        cache.add(key, 0, timeout=MINUTES * 60)
        return int(cache.incr(key)) > (MOST_READS if reading else MOST_ANSWERS)
    except (RedisError, ValueError, OSError):
        log.warning("letters_limit_not_counted")
        return False
