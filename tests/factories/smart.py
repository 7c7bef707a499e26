"""Machine clients: one that may read everything at one clinic, with keys made anew for each test run."""

from __future__ import annotations

import time
import uuid
from functools import cache
from typing import Any

from django.test import Client
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from clinic.models import Actor, Clinic
from ispath.smart.clients import PublicKeys, add_client
from ispath.smart.models import ApiClient
from ispath.smart.tokens import issue_token
from tests.factories.clinic import NOW, ActorFactory, ClinicFactory

TOKEN_URL = "http://testserver/auth/token"


@cache
def ec_key(kid: str = "ec-1") -> ECKey:
    return ECKey.generate_key("P-384", parameters={"kid": kid}, private=True)


@cache
def rsa_key(kid: str = "rsa-1") -> RSAKey:
    return RSAKey.generate_key(2048, parameters={"kid": kid}, private=True)


def public_set(*keys: ECKey | RSAKey) -> dict[str, Any]:
    return {"keys": [key.as_dict(private=False) for key in keys]}


def an_api_client(
    *,
    name: str = "demo EHR",
    scopes: str = "system/*.rs",
    clinics: tuple[Clinic, ...] | None = None,
    keys: PublicKeys | None = None,
    by: Actor | None = None,
) -> ApiClient:
    return add_client(
        name=name,
        keys=keys or PublicKeys(key_set=public_set(ec_key(), rsa_key())),
        scopes=scopes,
        clinics=(ClinicFactory.create(),) if clinics is None else clinics,
        by=by or ActorFactory.create(),
        now=NOW,
    )


def bearer(client: ApiClient, scopes: str | None = None) -> dict[str, Any]:
    """The header of a fresh token, for Django's test client."""
    token = issue_token(client=client, scopes=scopes or client.scopes, now=timezone.now())
    return {"HTTP_AUTHORIZATION": f"Bearer {token.token}"}


def assertion(
    client: ApiClient, *, key: ECKey | RSAKey | None = None, alg: str = "ES384", **claims: Any
) -> str:
    """A client assertion, right unless the test says otherwise; a claim of None is left out."""
    key = key or ec_key()
    given = {
        "iss": str(client.uid),
        "sub": str(client.uid),
        "aud": TOKEN_URL,
        "exp": int(time.time()) + 300,
        "jti": uuid.uuid4().hex,
    } | claims
    content = {name: value for name, value in given.items() if value is not None}
    return jwt.encode({"alg": alg, "kid": key.kid, "typ": "JWT"}, content, key, algorithms=[alg])


def ask_token(browser: Client, signed: str, *, scope: str = "system/*.rs", **changes: str) -> Any:
    """POST /auth/token as a backend service does."""
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": signed,
        "scope": scope,
    }
    return browser.post("/auth/token", {**form, **changes})
