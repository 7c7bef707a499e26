"""Access tokens: given out once, stored as digests, found again by digest."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from clinic.models import Actor
from clinic.prepared import MOMENT, SEEN, WORD, Prepared, seen_outside
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


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveToken:
    """What a request needs of its token."""

    client_id: int
    scopes: str
    actor: Actor
    last_used_at: datetime | None
    seen: str | None


_LIVE = Prepared(
    lambda: AccessToken.objects.filter(
        digest=WORD, expires_at__gt=MOMENT, client__revoked_at=None
    ).values_list("client", "scopes", "client__actor", "client__last_used_at", SEEN),
    {"digest": WORD, "now": MOMENT},
)


def find_token(*, token: str, now: datetime) -> LiveToken | None:
    """The live token of a client that was not revoked, or None."""
    for client, scopes, actor, used, seen in _LIVE.rows(digest=digest_of(token), now=now):
        return LiveToken(
            client_id=client,
            scopes=scopes,
            actor=Actor(pk=actor, kind=Actor.Kind.API_CLIENT),
            last_used_at=used,
            seen=seen_outside(seen),
        )
    return None


def note_use(*, token: LiveToken, now: datetime) -> None:
    """Keep when the client was last seen, at most once a minute."""
    if token.last_used_at is not None and now - token.last_used_at < _USE_IS_NOTED_EVERY:
        return
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - _USE_IS_NOTED_EVERY)
    ApiClient.objects.filter(stale, pk=token.client_id).update(last_used_at=now)
