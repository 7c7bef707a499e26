"""Programs of EHR systems on the dashboard: an operator lets them in and out, after a second thought."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from ispath.smart.models import AccessToken, ApiClient
from ispath.smart.tokens import issue_token
from tests.factories import clinic as rows
from tests.factories.smart import an_api_client, ec_key, public_set

pytestmark = pytest.mark.django_db

PROGRAMS = "/admin/programs/"


def sign_in(client: Client, role: str) -> None:
    actor = rows.ActorFactory.create()
    actor.user.is_staff = True
    actor.user.save()
    rows.MembershipFactory.create(actor=actor, role=role)
    client.force_login(actor.user)


def send(client: Client, address: str, **typed: Any) -> Any:
    return client.post(PROGRAMS + address, typed, follow=True)


def test_an_operator_adds_a_program_and_reads_its_client_id(client: Client) -> None:
    sign_in(client, "operator")
    clinic = rows.ClinicFactory.create()
    keys = json.dumps(public_set(ec_key()))

    page = send(client, "add/", name="Children EHR", scopes="system/*.rs", clinics=[clinic.key], jwks=keys)

    added = ApiClient.objects.get(name="Children EHR")
    assert str(added.uid) in page.content.decode()
    assert [one.clinic for one in added.actor.memberships.all()] == [clinic]


def test_a_private_key_is_refused_where_it_was_typed(client: Client) -> None:
    sign_in(client, "operator")
    keys = json.dumps({"keys": [ec_key().as_dict(private=True)]})

    page = send(client, "add/", name="Careless", scopes="system/*.rs", clinics=["north"], jwks=keys)

    assert page.status_code == 422
    assert not ApiClient.objects.filter(name="Careless").exists()


def test_new_keys_and_revoking_say_what_they_end_and_end_it(client: Client) -> None:
    sign_in(client, "operator")
    ehr = an_api_client()
    issue_token(client=ehr, scopes=ehr.scopes, now=rows.NOW)
    thought = client.get(f"{PROGRAMS}{ehr.uid}/revoke/").content.decode()

    send(client, f"{ehr.uid}/keys/", jwks=json.dumps(public_set(ec_key("ec-2"))))
    unsure = send(client, f"{ehr.uid}/revoke/")
    send(client, f"{ehr.uid}/revoke/", sure="on")

    ehr.refresh_from_db()
    assert "reads nothing from the next request on" in thought
    assert unsure.status_code == 422
    assert ehr.key_set is not None
    assert [key["kid"] for key in ehr.key_set["keys"]] == ["ec-2"]
    assert ehr.revoked_at is not None
    assert not AccessToken.objects.filter(client=ehr).exists()


def test_the_list_costs_the_same_number_of_queries_however_long(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    sign_in(client, "operator")
    an_api_client(name="First")
    with CaptureQueriesContext(connection) as one:
        client.get(PROGRAMS)

    clinics = (rows.ClinicFactory.create(), rows.ClinicFactory.create(key="south", name="South clinic"))
    for number in range(5):
        an_api_client(name=f"EHR {number}", clinics=clinics)

    with django_assert_num_queries(len(one)):
        page = client.get(PROGRAMS).content.decode()
    assert page.count("North clinic, South clinic") == 5


def test_others_see_who_reads_and_change_nothing(client: Client) -> None:
    sign_in(client, "nurse")
    ehr = an_api_client()

    page = client.get(PROGRAMS).content.decode()
    refused = client.get(f"{PROGRAMS}{ehr.uid}/revoke/")

    assert ehr.name in page
    assert "Revoke" not in page
    assert refused.status_code == 409
