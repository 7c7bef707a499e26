"""Access tokens: given out once, stored as digests, found again by digest."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from ispath.smart.models import AccessToken, ApiClient, SpentAssertion

LIFETIME = timedelta(seconds=300)
_USE_IS_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantedToken:
    """What the client gets: the only moment at which the token itself is known."""

    token: str
    scopes: str
    expires_in: int


def digest_of(secret: str) -> str:
    """What is stored instead of a token or a jti."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def issue_token(*, client: ApiClient, scopes: str, now: datetime) -> GrantedToken:
    """A new token for the client; expired tokens and assertions are swept out on the way."""
    AccessToken.objects.filter(expires_at__lt=now).delete()
    SpentAssertion.objects.filter(expires_at__lt=now).delete()
    token = secrets.token_urlsafe(32)
    AccessToken.objects.create(
        digest=digest_of(token), client=client, scopes=scopes, issued_at=now, expires_at=now + LIFETIME
    )
    return GrantedToken(token=token, scopes=scopes, expires_in=int(LIFETIME.total_seconds()))


def find_token(*, token: str, now: datetime) -> AccessToken | None:
    """The live token of a client that was not revoked, or None."""
    return (
        AccessToken.objects.select_related("client__actor")
        # Asked by every request: only what a request needs.
        .only("scopes", "client__last_used_at", "client__actor__kind", "client__actor__contact")
        .filter(digest=digest_of(token), expires_at__gt=now, client__revoked_at=None)
        .first()
    )


def note_use(*, client: ApiClient, now: datetime) -> None:
    """Keep when the client was last seen, at most once a minute."""
    if client.last_used_at is not None and now - client.last_used_at < _USE_IS_NOTED_EVERY:
        return
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - _USE_IS_NOTED_EVERY)
    ApiClient.objects.filter(stale, pk=client.pk).update(last_used_at=now)
