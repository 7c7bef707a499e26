"""Which public key of a client has a kid: from its own set, or from its address, fetched sparingly."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from joserfc.jwk import KeySet

from ispath.smart.fetching import fetch_text
from ispath.smart.keys import key_named, read_key_set
from ispath.smart.models import ApiClient
from protocols.refusal import Refusal

_FRESH_FOR = timedelta(hours=1)
_ASK_AGAIN_AFTER = timedelta(minutes=1)

logger = logging.getLogger(__name__)


def key_of_client(client: ApiClient, *, kid: str, now: datetime) -> KeySet | None:
    """The key, or None. A key set address is asked again when the kid is new to us, once a minute at most."""
    if client.key_set is not None:
        return key_named(client.key_set, kid)
    known = key_named(client.fetched_keys, kid)
    is_fresh = client.fetched_at is not None and now - client.fetched_at < _FRESH_FOR
    if known is not None and is_fresh:
        return known
    if _claim_fetch(client, now):
        _fetch(client)
    return key_named(client.fetched_keys, kid)


def _claim_fetch(client: ApiClient, now: datetime) -> bool:
    """Whether this process may ask the address now; the row decides, so that one of many does."""
    due = Q(fetched_at=None) | Q(fetched_at__lt=now - _ASK_AGAIN_AFTER)
    return ApiClient.objects.filter(due, pk=client.pk).update(fetched_at=now) == 1


def _fetch(client: ApiClient) -> None:
    try:
        text = fetch_text(client.key_set_url, private_hosts=frozenset(settings.JWKS_PRIVATE_HOSTS))
        fetched = read_key_set(text)
    except Refusal as refusal:
        # The keys we know stay good: a key server that sleeps must not lock an EHR out.
        logger.warning("key_set_not_fetched", extra={"client": str(client.uid), "code": refusal.code})
        return
    client.fetched_keys = fetched
    ApiClient.objects.filter(pk=client.pk).update(fetched_keys=fetched)
