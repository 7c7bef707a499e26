"""A backend service proves itself with a signed assertion and gets a token for five minutes."""

from __future__ import annotations

import time
from base64 import b64encode
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from joserfc.jwk import ECKey, OctKey, RSAKey

from ispath.smart.clients import PublicKeys, revoke_client, rotate_keys
from ispath.smart.models import AccessToken
from tests.factories.clinic import NOW, ActorFactory
from tests.factories.smart import an_api_client, ask_token, assertion, bearer, ec_key, public_set, rsa_key

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("key", "alg"), [(ec_key(), "ES384"), (rsa_key(), "RS384")])
def test_a_right_assertion_gets_a_token_that_opens_the_interface(
    client: Client, key: ECKey | RSAKey, alg: str
) -> None:
    ehr = an_api_client()

    answer = ask_token(client, assertion(ehr, key=key, alg=alg))

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    body = answer.json()
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("bearer", 300, "system/*.rs")
    with_token = client.get("/fhir/Patient", HTTP_AUTHORIZATION=f"Bearer {body['access_token']}")
    assert with_token.status_code == 200


def test_an_assertion_is_taken_once(client: Client) -> None:
    signed = assertion(an_api_client())

    first, second = ask_token(client, signed), ask_token(client, signed)

    assert (first.status_code, second.status_code) == (200, 401)
    assert second.json()["error"] == "invalid_client"
    assert "used before" in second.json()["error_description"]


def test_the_same_jti_in_another_assertion_is_a_replay_too(client: Client) -> None:
    ehr = an_api_client()

    ask_token(client, assertion(ehr, jti="one"))
    again = ask_token(client, assertion(ehr, jti="one", exp=int(time.time()) + 200))

    assert again.status_code == 401


def from_now(claims: dict[str, object]) -> dict[str, object]:
    """Claims with moments counted from now: a table of cases must not read the clock."""
    return {
        name: int(time.time() + value.total_seconds()) if isinstance(value, timedelta) else value
        for name, value in claims.items()
    }


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": timedelta(seconds=-31)},
        {"exp": timedelta(seconds=400)},
        {"exp": None},
        {"exp": "soon"},
        {"exp": 10**18},
        {"exp": True},
        {"aud": "https://elsewhere.example/token"},
        {"aud": None},
        {"iss": "someone"},
        {"iss": None},
        {"sub": "someone"},
        {"jti": None},
        {"jti": ""},
        {"jti": "x" * 256},
        {"jti": 7},
        {"nbf": timedelta(seconds=120)},
        {"iat": timedelta(seconds=120)},
    ],
    ids=str,
)
def test_a_wrong_claim_is_refused_as_invalid_client(client: Client, claims: dict[str, Any]) -> None:
    said: Any = from_now(claims)
    answer = ask_token(client, assertion(an_api_client(), **said))

    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert not AccessToken.objects.exists()


def test_a_clock_thirty_seconds_off_is_forgiven(client: Client) -> None:
    ehr = an_api_client()

    late = ask_token(client, assertion(ehr, exp=int(time.time()) - 20))
    early = ask_token(client, assertion(ehr, exp=int(time.time()) + 325))

    assert (late.status_code, early.status_code) == (200, 200)


def test_the_audience_may_be_one_of_a_list(client: Client) -> None:
    signed = assertion(an_api_client(), aud=["https://other.example", "http://testserver/auth/token"])

    assert ask_token(client, signed).status_code == 200


def test_another_clients_key_is_refused(client: Client) -> None:
    stranger = ECKey.generate_key("P-384", parameters={"kid": "ec-1"}, private=True)

    answer = ask_token(client, assertion(an_api_client(), key=stranger))

    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_a_kid_that_was_not_registered_is_refused(client: Client) -> None:
    other = ECKey.generate_key("P-384", parameters={"kid": "other"}, private=True)

    assert ask_token(client, assertion(an_api_client(), key=other)).status_code == 401


def test_algorithms_that_smart_does_not_name_are_refused(client: Client) -> None:
    secret = OctKey.generate_key(384, parameters={"kid": "ec-1"}, private=True)
    ehr = an_api_client()

    hmac = ask_token(client, assertion(ehr, key=secret, alg="HS384"))  # type: ignore[arg-type]
    rs256 = ask_token(client, assertion(ehr, key=rsa_key(), alg="RS256"))

    assert (hmac.status_code, rs256.status_code) == (401, 401)


NESTED = f"eyJhbGciOiJFUzM4NCIsImtpZCI6ImVjLTEifQ.{b64encode(b'[' * 5000).decode()}.AAAA"


@pytest.mark.parametrize("signed", ["", "a", "a.b.c", "ey.ey.ey", "x" * 9000, "é.ü.ö", NESTED])
def test_what_is_no_jwt_is_refused(client: Client, signed: str) -> None:
    answer = ask_token(client, signed)

    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_wrong_words_of_the_request_have_their_own_errors(client: Client) -> None:
    ehr = an_api_client()

    grant = ask_token(client, assertion(ehr), grant_type="password")
    none = ask_token(client, assertion(ehr), grant_type="")
    kind = ask_token(client, assertion(ehr), client_assertion_type="magic")
    scope = ask_token(client, assertion(ehr), scope="patient/*.read")
    nothing = ask_token(client, assertion(ehr), scope="")

    assert grant.json()["error"] == "unsupported_grant_type"
    assert none.json()["error"] == kind.json()["error"] == "invalid_request"
    assert scope.json()["error"] == nothing.json()["error"] == "invalid_scope"


@pytest.mark.parametrize(("form", "status"), [("a=" + "x" * 3_000_000, 413), ("&".join(["a=1"] * 1500), 400)])
def test_a_form_that_cannot_be_read_is_refused_as_oauth_wants_it(
    client: Client, form: str, status: int
) -> None:
    answer = client.post("/auth/token", form, content_type="application/x-www-form-urlencoded")

    assert (answer.status_code, answer.json()["error"]) == (status, "invalid_request")


def test_a_wrong_claim_is_told_with_what_to_write(client: Client) -> None:
    ehr = an_api_client()

    without_end = ask_token(client, assertion(ehr, exp=None)).json()["error_description"]
    for_another = ask_token(client, assertion(ehr, aud="https://other.example")).json()["error_description"]

    assert "Say until when" in without_end
    assert "http://testserver/auth/token" in for_another


def test_the_endpoint_takes_post_only(client: Client) -> None:
    answer = client.get("/auth/token")

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"


def test_a_token_is_kept_as_a_digest_only(client: Client) -> None:
    token = ask_token(client, assertion(an_api_client())).json()["access_token"]

    row = AccessToken.objects.get()

    assert token not in str(vars(row))
    assert len(row.digest) == 64


def test_a_token_ends_after_five_minutes(client: Client) -> None:

    with time_machine.travel("2026-11-20T10:00:00Z", tick=False) as clock:
        headers = bearer(an_api_client())
        fresh = client.get("/fhir/Patient", **headers)
        clock.shift(301)
        stale = client.get("/fhir/Patient", **headers)

    assert (fresh.status_code, stale.status_code) == (200, 401)


def test_revoking_a_client_ends_its_tokens_at_once(client: Client) -> None:
    ehr = an_api_client()
    headers = bearer(ehr)

    revoke_client(name=ehr.name, by=ActorFactory.create(), now=NOW)

    assert client.get("/fhir/Patient", **headers).status_code == 401
    assert ask_token(client, assertion(ehr)).status_code == 401


def test_new_keys_end_the_old_ones(client: Client) -> None:
    ehr = an_api_client()
    new = ECKey.generate_key("P-384", parameters={"kid": "ec-2"}, private=True)

    rotate_keys(name=ehr.name, keys=PublicKeys(key_set=public_set(new)), now=NOW)

    assert ask_token(client, assertion(ehr)).status_code == 401
    assert ask_token(client, assertion(ehr, key=new)).status_code == 200
