"""`manage.py api_client`: what an operator types."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from clinic.access import clinics_of
from ispath.smart.models import AccessToken, ApiClient
from tests.factories.clinic import ClinicFactory, UserFactory
from tests.factories.smart import ask_token, assertion, ec_key, public_set, rsa_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def jwks(tmp_path: Path) -> Path:
    path = tmp_path / "public.json"
    path.write_text(json.dumps(public_set(ec_key())))
    return path


def typed(*words: str) -> str:
    out = StringIO()
    call_command("api_client", *words, stdout=out)
    return out.getvalue()


def test_a_client_that_was_added_gets_a_token(client: Client, jwks: Path) -> None:
    ClinicFactory.create()

    said = typed("add", "Hospital EHR", "--jwks", str(jwks), "--scopes", "system/*.rs")

    ehr = ApiClient.objects.get(name="Hospital EHR")
    assert str(ehr.uid) in said
    assert ask_token(client, assertion(ehr)).status_code == 200


def test_it_sees_the_clinics_it_was_given(jwks: Path) -> None:
    ClinicFactory.create(key="north")
    ClinicFactory.create(key="south")

    typed("add", "one", "--jwks", str(jwks), "--scopes", "system/*.rs", "--clinic", "south")
    typed("add", "all", "--jwks", str(jwks), "--scopes", "system/*.rs")

    seen = {
        each.name: sorted(clinics_of(each.actor).values_list("key", flat=True))
        for each in ApiClient.objects.all()
    }
    assert seen == {"one": ["south"], "all": ["north", "south"]}


def test_the_list_says_who_is_live_and_when_it_was_last_seen(client: Client, jwks: Path) -> None:
    ClinicFactory.create()
    typed("add", "EHR", "--jwks", str(jwks), "--scopes", "system/Task.rs")
    before = typed("list")

    client.get("/fhir/Task", HTTP_AUTHORIZATION=f"Bearer {typed('token', 'EHR').strip()}")

    assert "never" in before
    after = typed("list")
    assert "never" not in after
    assert all(word in after for word in ("EHR", "live", "north", "system/Task.rs"))


def test_revoking_and_rotating_end_tokens(jwks: Path, tmp_path: Path) -> None:
    ClinicFactory.create()
    typed("add", "EHR", "--jwks", str(jwks), "--scopes", "system/*.rs")
    typed("token", "EHR")
    other = tmp_path / "other.json"
    other.write_text(json.dumps(public_set(rsa_key())))

    typed("rotate", "EHR", "--jwks", str(other))
    assert not AccessToken.objects.exists()
    typed("token", "EHR")
    typed("revoke", "EHR")
    typed("revoke", "EHR")

    assert not AccessToken.objects.exists()
    assert "revoked" in typed("list")


def test_who_added_it_is_kept(jwks: Path) -> None:
    ClinicFactory.create()
    UserFactory.create(username="operator@demo.example")

    typed("--by", "operator@demo.example", "add", "EHR", "--jwks", str(jwks), "--scopes", "system/*.rs")

    assert ApiClient.objects.get().created_by.name == "operator@demo.example"


def with_private_part() -> dict[str, Any]:
    return {"keys": [ec_key().as_dict(private=True)]}


def weak() -> dict[str, Any]:
    from joserfc.jwk import ECKey

    return public_set(ECKey.generate_key("P-256", parameters={"kid": "w"}, private=True))


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("nonsense", "not JSON"),
        ("{}", "1 to 20 keys"),
        ('{"keys": [{"kty": "oct", "k": "AA", "kid": "a"}]}', "No key"),
        ('{"keys": [{"kty": "EC", "crv": "P-384", "x": "AA", "y": "AA"}]}', "no kid"),
        ('{"keys": [{"kty": "EC", "crv": "P-384", "x": "AA", "y": "AA", "kid": "a"}]}', "cannot be read"),
        (json.dumps(with_private_part()), "private key"),
        (json.dumps(weak()), "too weak"),
    ],
)
def test_an_unusable_key_set_is_refused_with_what_is_wrong(tmp_path: Path, content: str, word: str) -> None:
    path = tmp_path / "jwks.json"
    path.write_text(content)

    with pytest.raises(CommandError, match=word):
        typed("add", "EHR", "--jwks", str(path), "--scopes", "system/*.rs")
    assert not ApiClient.objects.exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--scopes", "patient/*.rs"), "no system scope"),
        (("--scopes", ""), "what the client may do"),
        (("--scopes", "system/*.rs", "--clinic", "moon"), "No clinic has the key moon"),
    ],
)
def test_wrong_words_are_refused(jwks: Path, words: tuple[str, ...], sentence: str) -> None:
    ClinicFactory.create()

    with pytest.raises(CommandError, match=sentence):
        typed("add", "EHR", "--jwks", str(jwks), *words)
    assert not ApiClient.objects.exists()


def test_names_are_taken_once_and_unknown_ones_are_said(jwks: Path) -> None:
    ClinicFactory.create()
    typed("add", "EHR", "--jwks", str(jwks), "--scopes", "system/*.rs")

    with pytest.raises(CommandError, match="already a client"):
        typed("add", "EHR", "--jwks", str(jwks), "--scopes", "system/*.rs")
    with pytest.raises(CommandError, match="No client is named"):
        typed("revoke", "nobody")
    with pytest.raises(CommandError, match="private network"):
        typed("add", "other", "--jwks-url", "https://127.0.0.1/jwks", "--scopes", "system/*.rs")
    with pytest.raises(CommandError, match="Nobody has the log-in"):
        typed("--by", "ghost", "revoke", "EHR")
