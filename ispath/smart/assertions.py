"""Client assertions (private_key_jwt): who signed this, for us, just now, and never before."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import extract_compact

from ispath.smart.client_keys import key_of_client
from ispath.smart.keys import ALGORITHMS
from ispath.smart.models import ApiClient, SpentAssertion
from ispath.smart.tokens import digest_of
from protocols.refusal import Refusal

# Common clients sign for exactly five minutes by a clock that is not ours.
SKEW = timedelta(seconds=30)
LONGEST_LIFE = timedelta(minutes=5)
_LONGEST_ASSERTION = 8192
_LONGEST_JTI = 255


class InvalidAssertionError(Refusal):
    """The assertion does not prove who is asking."""

    code = "invalid-client"


def client_of_assertion(*, assertion: str, audiences: frozenset[str], now: datetime) -> ApiClient:
    """The client that signed the assertion; the assertion is spent by this call."""
    kid, claimed = _unverified(assertion)
    client = _claimed_client(claimed)
    key = key_of_client(client, kid=kid, now=now)
    if key is None:
        raise InvalidAssertionError("No key of this client has the assertion's kid.")
    claims = _verified(assertion, key)
    _check_names(claims, client, audiences)
    expires_at = _checked_expiry(claims, now)
    _spend(client, claims.get("jti"), expires_at)
    return client


def _unverified(assertion: str) -> tuple[str, Mapping[str, Any]]:
    """The kid and the claims as they claim to be, only to know whose key to try."""
    if not 0 < len(assertion) <= _LONGEST_ASSERTION:
        raise InvalidAssertionError("The client assertion is missing or too long.")
    try:
        parsed = extract_compact(assertion.encode())
        header, claims = parsed.headers(), json.loads(parsed.payload)
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise InvalidAssertionError("The client assertion is not a signed JWT.") from error
    if header.get("alg") not in ALGORITHMS:
        raise InvalidAssertionError("Sign the assertion with RS384 or ES384.")
    kid = header.get("kid")
    if not isinstance(kid, str) or not isinstance(claims, dict):
        raise InvalidAssertionError(
            "Name the key in the assertion's header (kid), and send claims as an object."
        )
    return kid, claims


def _claimed_client(claims: Mapping[str, Any]) -> ApiClient:
    try:
        uid = uuid.UUID(str(claims.get("iss")))
    except ValueError as error:
        raise _unknown_client() from error
    client = ApiClient.objects.select_related("actor").filter(uid=uid, revoked_at=None).first()
    if client is None:
        raise _unknown_client()
    return client


def _unknown_client() -> InvalidAssertionError:
    return InvalidAssertionError("No live client has the assertion's iss. Use the client id you were given.")


def _verified(assertion: str, key: KeySet) -> Mapping[str, Any]:
    try:
        return jwt.decode(assertion, key, algorithms=list(ALGORITHMS)).claims
    except (JoseError, ValueError, TypeError) as error:
        raise InvalidAssertionError("The assertion's signature does not fit the client's key.") from error


def _check_names(claims: Mapping[str, Any], client: ApiClient, audiences: frozenset[str]) -> None:
    if claims.get("iss") != claims.get("sub") or claims.get("iss") != str(client.uid):
        raise InvalidAssertionError("The assertion's iss and sub must both be the client id.")
    named = claims.get("aud")
    named_all = named if isinstance(named, list) else [named]
    if not any(isinstance(name, str) and name in audiences for name in named_all):
        addresses = " or ".join(sorted(audiences))
        raise InvalidAssertionError(
            f"The assertion's aud must be the address of the token endpoint, {addresses}."
        )


def _checked_expiry(claims: Mapping[str, Any], now: datetime) -> datetime:
    expires_at = _moment(claims, "exp")
    if expires_at is None:
        raise InvalidAssertionError("Say until when the assertion holds: exp, five minutes ahead at most.")
    if expires_at <= now - SKEW:
        raise InvalidAssertionError("The assertion has expired. Sign a new one.")
    if expires_at > now + LONGEST_LIFE + SKEW:
        raise InvalidAssertionError("The assertion lives too long: exp may be five minutes ahead at most.")
    for name in ("nbf", "iat"):
        moment = _moment(claims, name)
        if moment is not None and moment > now + SKEW:
            raise InvalidAssertionError(f"The assertion's {name} lies in the future. Check the clock.")
    return expires_at


def _moment(claims: Mapping[str, Any], name: str) -> datetime | None:
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise InvalidAssertionError(f"The assertion's {name} must be a number of seconds.")
    try:
        return datetime.fromtimestamp(value, tz=UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise InvalidAssertionError(f"The assertion's {name} is no date of this era.") from error


def _spend(client: ApiClient, jti: object, expires_at: datetime) -> None:
    if not isinstance(jti, str) or not 0 < len(jti) <= _LONGEST_JTI:
        raise InvalidAssertionError("Give the assertion a jti of up to 255 characters, new for each one.")
    try:
        with transaction.atomic():
            # Kept past exp by the skew, as the assertion would be taken until then.
            SpentAssertion.objects.create(
                client=client, jti_digest=digest_of(jti), expires_at=expires_at + SKEW
            )
    except IntegrityError as error:
        raise InvalidAssertionError(
            "This assertion was used before. Sign a new one with a new jti."
        ) from error
