"""Every type that is served, with the rows behind it, is valid R4."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from ispath.fhir.served import KINDS
from ispath.wire.fhir_types import FHIR_TYPES
from tests.fhir.conftest import Get, Ward

pytestmark = pytest.mark.usefixtures("ward")


def validated(resource: dict[str, Any]) -> Any:
    """The resource as fhir.resources reads it (R4B, whose structure for these types is that of R4)."""
    name = resource["resourceType"]
    module = importlib.import_module(f"fhir.resources.R4B.{name.lower()}")
    return getattr(module, name).model_validate(resource)


def test_the_types_that_scopes_name_are_those_that_are_served() -> None:
    assert tuple(KINDS) == FHIR_TYPES


@pytest.mark.parametrize("name", [name for name in KINDS if name not in ("Communication", "PlanDefinition")])
def test_a_search_finds_it_and_each_one_is_valid(get: Get, name: str) -> None:
    bundle = get(f"/fhir/{name}").json()

    assert bundle["total"] == len(bundle["entry"]) > 0
    validated(bundle)
    for entry in bundle["entry"]:
        resource = validated(entry["resource"])
        assert entry["fullUrl"] == f"http://testserver/fhir/{name}/{resource.id}"
        assert "profile" not in entry["resource"]["meta"]


@pytest.mark.parametrize("name", [name for name in KINDS if name not in ("Communication", "PlanDefinition")])
def test_a_read_gives_the_same_as_the_search(get: Get, name: str) -> None:
    found = get(f"/fhir/{name}").json()["entry"][0]["resource"]

    assert get(f"/fhir/{name}/{found['id']}").json() == found


def test_the_capability_statement_is_valid_and_lists_what_is_served(get: Get) -> None:
    statement = get("/fhir/metadata").json()

    validated(statement)
    assert [each["type"] for each in statement["rest"][0]["resource"]] == list(KINDS)


def test_everything_served_about_the_child_comes_at_once_with_tasks(get: Get, ward: Ward) -> None:
    bundle = get(f"/fhir/Patient/{ward.patient.uid}/$everything").json()

    validated(bundle)
    types = {entry["resource"]["resourceType"] for entry in bundle["entry"]}
    assert {"Patient", "Task", "CarePlan", "Flag", "Observation", "Organization", "Practitioner"} <= types


def test_the_overdue_check_says_so_in_its_business_status(get: Get, ward: Ward) -> None:
    task = get(f"/fhir/Task/{ward.check.uid}").json()

    assert task["status"] == "requested"
    assert task["businessStatus"]["coding"][0]["code"] == "overdue"
    assert task["restriction"]["period"] == {"start": "2027-01-04", "end": "2027-01-04"}
    assert task["focus"]["reference"] == f"CarePlan/{ward.course.uid}"


def test_a_flag_stays_out_of_portals_until_the_family_was_told(get: Get, ward: Ward) -> None:
    from clinic.models import FamilyTold
    from tests.fhir.conftest import a_fact

    before = get(f"/fhir/Flag/{ward.escalation.uid}").json()["meta"]
    FamilyTold.objects.create(
        **a_fact(ward.patient), subject_kind="escalation", subject_uid=ward.escalation.uid, told_by="Dr Able"
    )
    after = get(f"/fhir/Flag/{ward.escalation.uid}").json()["meta"]

    assert before["security"][0]["code"] == "NOPAT"
    assert "security" not in after
    assert after["versionId"] != before["versionId"]
