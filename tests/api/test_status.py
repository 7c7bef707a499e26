"""One child's true status in one call."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from clinic import models
from tests.api.conftest import Get, Ward
from tests.factories import clinic as rows
from tests.factories.smart import an_api_client, bearer
from tests.fhir.conftest import NORTH

pytestmark = pytest.mark.django_db

ADDRESS = f"/status?mrn_system={NORTH}&mrn=900001"


def problem(answer: Any) -> tuple[int, str]:
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["detail"]
    assert body["type"].endswith(body["code"])
    assert body["request_id"] == answer.headers["X-Request-Id"]
    return answer.status_code, body["code"]


@pytest.fixture
def ended(ward: Ward) -> Ward:
    """The same child when the course is over: what is given today then asks no dose engine."""
    course = ward.course
    course.status, course.last_dose_on, course.stop_reason = "completed", dt.date(2027, 2, 1), "completed"
    course.save()
    return ward


def test_the_status_says_courses_checks_escalations_and_referral(get: Get, ended: Ward) -> None:
    answer = get(ADDRESS)

    assert answer.status_code == 200
    body = answer.json()
    assert body["child"] == {
        "id": str(ended.patient.uid),
        "identifiers": [{"system": NORTH, "value": "900001"}],
        "replaced_by": None,
    }
    assert body["zone"] == "America/Chicago"
    assert [course["id"] for course in body["courses"]] == [str(ended.course.uid)]
    assert (body["checks"]["overdue"], body["checks"]["due"]) == (1, 0)
    assert body["escalations"][0]["rule"] == "E02"
    assert body["referral"]["state"] == "asked"
    assert body["as_of"].endswith("Z")


def test_the_lookup_by_post_gives_the_same(client: Client, get: Get, ended: Ward) -> None:
    headers = bearer(an_api_client(name="other"))
    body = {"mrn_system": NORTH, "mrn": "900001"}

    answer = client.post("/api/v1/status:lookup", body, content_type="application/json", **headers)

    assert answer.status_code == 200
    assert answer.json()["child"] == get(ADDRESS).json()["child"]


def test_a_child_without_a_course_is_no_error(get: Get) -> None:
    enrolment = rows.EnrolmentFactory.create()
    rows.PatientIdentifierFactory.create(patient=enrolment.patient, system=NORTH, value="7")

    answer = get(f"/status?mrn_system={NORTH}&mrn=7")

    assert (answer.status_code, answer.json()["courses"]) == (200, [])


def test_an_unknown_child_and_a_wrong_authority_are_404_patient_not_found(get: Get, ended: Ward) -> None:
    assert problem(get(f"/status?mrn_system={NORTH}&mrn=1")) == (404, "patient-not-found")
    assert problem(get("/status?mrn_system=urn:oid:2.999.2&mrn=900001")) == (404, "patient-not-found")


def test_another_clinics_child_is_as_unknown_as_one_that_is_nowhere(client: Client, ended: Ward) -> None:
    south = an_api_client(name="South", clinics=(rows.ClinicFactory.create(key="south", name="South"),))

    theirs = client.get(f"/api/v1{ADDRESS}", **bearer(south))
    nowhere = client.get(f"/api/v1/status?mrn_system={NORTH}&mrn=none", **bearer(south))

    assert problem(theirs) == problem(nowhere) == (404, "patient-not-found")
    assert theirs.json()["detail"] == nowhere.json()["detail"]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?mrn=900001",
        f"?mrn_system={NORTH}",
        f"?mrn_system={NORTH}&mrn=",
        "?mrn_system=&mrn=900001",
        f"?mrn_system={NORTH}&mrn={'9' * 201}",
        f"?mrn_system={NORTH}&mrn=%00",
    ],
)
def test_the_authority_is_always_required(get: Get, ended: Ward, query: str) -> None:
    assert problem(get(f"/status{query}")) == (400, "bad-parameter")


def test_an_unknown_parameter_is_refused(get: Get, ended: Ward) -> None:
    assert problem(get(f"{ADDRESS}&birthdate=2026-01-01")) == (400, "unknown-parameter")


def test_a_merged_record_answers_with_its_replacement(get: Get, ended: Ward) -> None:
    old = rows.PatientFactory.create(replaced_by=ended.patient)
    rows.PatientIdentifierFactory.create(patient=old, system=NORTH, value="800001")

    body = get(f"/status?mrn_system={NORTH}&mrn=800001").json()

    assert (body["child"]["id"], body["child"]["replaced_by"]) == (str(old.uid), str(ended.patient.uid))
    assert len(body["courses"]) == 1


def test_what_the_caller_holds_already_is_304(get: Get, ended: Ward) -> None:
    first = get(ADDRESS)

    again = get(ADDRESS, HTTP_IF_NONE_MATCH=first.headers["ETag"])
    models.Check.objects.update(state="done", changed_at=rows.NOW + dt.timedelta(days=1))
    changed = get(ADDRESS, HTTP_IF_NONE_MATCH=first.headers["ETag"])

    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic eDp5"])
def test_without_a_token_nothing_is_said(client: Client, ended: Ward, header: str) -> None:
    answer = client.get(f"/api/v1{ADDRESS}", HTTP_AUTHORIZATION=header)

    assert problem(answer) == (401, "unauthorized")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_scope_too_narrow_is_403(client: Client, ended: Ward) -> None:
    narrow = bearer(an_api_client(), "system/Patient.rs")

    assert problem(client.get(f"/api/v1{ADDRESS}", **narrow)) == (403, "insufficient-scope")


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        ("{", "application/json", (400, "bad-json")),
        ("[]", "application/json", (400, "bad-parameter")),
        ('"x"', "application/json", (400, "bad-parameter")),
        ("{}", "application/json", (400, "bad-parameter")),
        ('{"mrn_system": "a\\u0000", "mrn": "1"}', "application/json", (400, "bad-parameter")),
        ('{"mrn_system": "\\ud800", "mrn": "1"}', "application/json", (400, "bad-parameter")),
        ('{"mrn_system": {"a": 1}, "mrn": "1"}', "application/json", (400, "bad-parameter")),
        ("a=b", "application/x-www-form-urlencoded", (415, "unsupported-media-type")),
    ],
)
def test_a_bad_body_has_its_own_code(
    client: Client, ended: Ward, body: str, content_type: str, expected: tuple[int, str]
) -> None:
    headers = bearer(an_api_client())

    answer = client.post("/api/v1/status:lookup", body, content_type=content_type, **headers)

    assert problem(answer) == expected


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "QUERY"])
def test_other_methods_are_405(client: Client, ended: Ward, method: str) -> None:
    answer = client.generic(method, f"/api/v1{ADDRESS}", **bearer(an_api_client()))

    assert problem(answer) == (405, "method-not-allowed")
    assert "GET" in answer.headers["Allow"]


def test_an_address_that_is_not_there_is_a_problem_too(get: Get) -> None:
    assert problem(get("/nothing")) == (404, "not-found")
    assert problem(get("/status", HTTP_ACCEPT="application/xml")) == (406, "not-acceptable")
