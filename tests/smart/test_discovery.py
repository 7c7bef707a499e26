"""A client finds the token endpoint by whichever door it tries."""

from __future__ import annotations

import pytest
from django.test import Client


@pytest.mark.parametrize(
    "address", ["/.well-known/smart-configuration", "/fhir/.well-known/smart-configuration"]
)
def test_the_smart_configuration_is_there_for_everybody(client: Client, address: str) -> None:
    answer = client.get(address, HTTP_ACCEPT="text/html")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    body = answer.json()
    assert body["token_endpoint"] == "http://testserver/auth/token"
    assert body["grant_types_supported"] == ["client_credentials"]
    assert body["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
    assert body["token_endpoint_auth_signing_alg_values_supported"] == ["RS384", "ES384"]
    assert body["code_challenge_methods_supported"] == ["S256"]
    assert "client-confidential-asymmetric" in body["capabilities"]
    assert "system/*.rs" in body["scopes_supported"]


def test_the_capability_statement_names_the_token_endpoint_too(client: Client) -> None:
    security = client.get("/fhir/metadata").json()["rest"][0]["security"]

    assert security["extension"][0]["extension"][0] == {
        "url": "token",
        "valueUri": "http://testserver/auth/token",
    }
