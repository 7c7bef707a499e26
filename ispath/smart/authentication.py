"""Who is asking: the bearer token of a request, turned into a client and what it may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest

from clinic.models import Actor
from ispath.smart.scopes import allows
from ispath.smart.tokens import find_token, note_use
from ispath.wire.limits import Allowance, count_request
from ispath.wire.problems import ProblemError

_CHALLENGE = 'Bearer realm="ispath"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """An authenticated client: the actor its memberships belong to, and its granted scopes."""

    client_id: int
    actor: Actor
    scopes: str
    allowance: Allowance
    seen: str | None  # of the database, see clinic.prepared

    is_authenticated = True

    def may(self, right: str, type_name: str) -> bool:
        """Whether the token's scopes allow the right (c, r, u, d or s) on the resource type."""
        return allows(self.scopes, type_name, right)

    def require(self, right: str, *type_names: str) -> None:
        """Refuse with `insufficient-scope` what the token's scopes do not allow."""
        for type_name in type_names:
            if not self.may(right, type_name):
                needed = f"system/{type_name}.{right}"
                raise ProblemError(
                    "insufficient-scope",
                    f"This needs the scope {needed}. Ask for a token with it, or have it registered.",
                    WWW_Authenticate=f'{_CHALLENGE}, error="insufficient_scope", scope="{needed}"',
                )


def caller_of(request: HttpRequest, *, now: datetime) -> Caller:
    """The caller of a request; `unauthorized` without a live token, `rate-limited` with too many requests."""
    token = find_token(token=_bearer_token(request), now=now)
    if token is None:
        raise ProblemError(
            "unauthorized",
            "The access token is unknown or has expired. Get a new one at the token endpoint.",
            WWW_Authenticate=f'{_CHALLENGE}, error="invalid_token"',
        )
    allowance = count_request(who=str(token.client_id), limit=settings.API_REQUESTS_PER_MINUTE, now=now)
    if allowance.is_spent:
        raise ProblemError(
            "rate-limited",
            f"More than {allowance.limit} requests in a minute. Wait and try again.",
            Retry_After=str(allowance.reset_seconds),
            **{name.replace("-", "_"): value for name, value in allowance.headers().items()},
        )
    note_use(token=token, now=now)
    caller = Caller(
        client_id=token.client_id,
        actor=token.actor,
        scopes=token.scopes,
        allowance=allowance,
        seen=token.seen,
    )
    request.caller = caller  # type: ignore[attr-defined]  # for the headers of the answer
    return caller


def _bearer_token(request: HttpRequest) -> str:
    scheme, _, token = request.headers.get("Authorization", "").strip().partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise ProblemError(
            "unauthorized",
            "This needs an access token: send Authorization: Bearer with a token of the token endpoint.",
            WWW_Authenticate=_CHALLENGE,
        )
    return token.strip()
