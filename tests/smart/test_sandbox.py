"""The sandbox: a demo client whose key is in a file of its own, and a merged child."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client
from joserfc.jwk import ECKey

from clinic.actors import seed_actor
from clinic.children import register_child
from clinic.models import Patient
from ispath.smart.models import ApiClient
from ispath.smart.sandbox import MERGED_NUMBER, seed_sandbox
from tests.factories.clinic import NOW, TODAY, ClinicFactory
from tests.factories.smart import ask_token, assertion

pytestmark = pytest.mark.django_db


def seeded(folder: Path) -> list[str]:
    return seed_sandbox(folder=folder, base_url="http://testserver", now=NOW)


def test_the_key_in_the_file_opens_the_door(client: Client, tmp_path: Path) -> None:
    ClinicFactory.create()

    seeded(tmp_path)

    card = json.loads((tmp_path / "demo-client.json").read_text())
    ehr = ApiClient.objects.get(uid=card["client_id"])
    signed = assertion(ehr, key=ECKey.import_key(card["private_key"]))
    assert ask_token(client, signed).status_code == 200
    assert (tmp_path / "demo-client.json").stat().st_mode & 0o077 == 0
    assert ehr.key_set is not None
    assert "d" not in ehr.key_set["keys"][0]


def test_twice_is_once_and_a_lost_file_gets_new_keys(tmp_path: Path) -> None:
    ClinicFactory.create()
    seeded(tmp_path)
    first = (tmp_path / "demo-client.json").read_text()

    seeded(tmp_path)
    same = (tmp_path / "demo-client.json").read_text()
    (tmp_path / "demo-client.json").unlink()
    seeded(tmp_path)

    assert same == first
    assert (tmp_path / "demo-client.json").exists()
    assert ApiClient.objects.count() == 1


def test_a_sandbox_of_before_learns_to_write(client: Client, tmp_path: Path) -> None:
    ClinicFactory.create()
    seeded(tmp_path)
    ApiClient.objects.update(scopes="system/*.rs")

    seeded(tmp_path)

    card = json.loads((tmp_path / "demo-client.json").read_text())
    signed = assertion(ApiClient.objects.get(), key=ECKey.import_key(card["private_key"]))
    answer = ask_token(client, signed, scope="system/Observation.c")
    assert answer.json()["scope"] == "system/Observation.c"


def test_a_second_record_of_the_first_child_is_merged_into_it(tmp_path: Path) -> None:
    clinic = ClinicFactory.create(is_synthetic=True)
    survivor = register_child(
        clinic=clinic,
        by=seed_actor(),
        now=NOW,
        family_name="Testinfant",
        given_names="Aurora",
        birth_date=TODAY,
        sex="f",
        identifiers=((clinic.mrn_system, "900001"),),
    )

    seeded(tmp_path)
    seeded(tmp_path)

    old = Patient.objects.get(replaced_by=survivor)
    listed = json.loads((tmp_path / "children.json").read_text())
    merged = next(item for item in listed if item["state"] == "merged")
    assert (merged["mrn"], merged["old_id"]) == (MERGED_NUMBER, str(old.uid))
