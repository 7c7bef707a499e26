"""Scopes of both SMART versions mean the same things."""

from __future__ import annotations

import pytest
from django.test import Client

from ispath.smart.scopes import allows, granted, parse_scope
from tests.factories.smart import an_api_client, bearer


@pytest.mark.parametrize(
    ("text", "rights"),
    [
        ("system/*.rs", "rs"),
        ("system/*.read", "rs"),
        ("system/Task.r", "r"),
        ("system/Task.write", "cud"),
        ("system/Observation.c", "c"),
        ("system/*.*", "cruds"),
    ],
)
def test_a_scope_is_read(text: str, rights: str) -> None:
    scope = parse_scope(text)

    assert scope is not None
    assert scope.rights == frozenset(rights)


@pytest.mark.parametrize(
    "text", ["", "openid", "patient/*.rs", "system/*.", "system/*.sr", "system/task.rs", "system/*.rs?x=1"]
)
def test_what_is_no_system_scope_means_nothing(text: str) -> None:
    assert parse_scope(text) is None


@pytest.mark.parametrize(
    ("asked", "registered", "expected"),
    [
        ("system/*.rs", "system/*.rs", "system/*.rs"),
        ("system/Task.read", "system/*.rs", "system/Task.read"),
        ("system/*.rs", "system/Task.rs system/Patient.r", "system/Task.rs system/Patient.r"),
        ("system/Task.cruds", "system/Task.rs", "system/Task.rs"),
        ("system/Task.c", "system/*.rs", ""),
        ("system/Patient.rs", "system/Task.rs", ""),
        ("openid system/Task.r", "system/*.rs", "system/Task.r"),
    ],
)
def test_a_token_gets_what_was_asked_and_registered(asked: str, registered: str, expected: str) -> None:
    assert granted(asked=asked, registered=registered) == expected


def test_reading_and_searching_are_different_rights() -> None:
    assert allows("system/Task.r", "Task", "r")
    assert not allows("system/Task.r", "Task", "s")
    assert not allows("system/Task.rs", "Patient", "r")


@pytest.mark.django_db
def test_a_scope_too_narrow_is_refused_with_what_is_needed(client: Client) -> None:
    headers = bearer(an_api_client(), "system/Task.rs")

    answer = client.get("/fhir/Patient", **headers)

    assert answer.status_code == 403
    assert answer.json()["issue"][0]["details"]["coding"][0]["code"] == "insufficient-scope"
    assert 'scope="system/Patient.s"' in answer.headers["WWW-Authenticate"]
