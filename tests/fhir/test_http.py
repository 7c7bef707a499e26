"""Methods, formats, versions and refusals: every answer is an application/fhir+json of the right status."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from clinic import models
from tests.factories import clinic as rows
from tests.factories.smart import an_api_client, bearer
from tests.fhir.conftest import Get, Ward, a_fact

pytestmark = pytest.mark.django_db

NOBODY = "00000000-0000-4000-8000-000000000000"


def issue(answer: Any) -> tuple[int, str]:
    assert answer.headers["Content-Type"] == "application/fhir+json; charset=utf-8"
    body = answer.json()
    assert body["resourceType"] == "OperationOutcome"
    assert body["issue"][0]["details"]["text"]
    return answer.status_code, body["issue"][0]["details"]["coding"][0]["code"]


def test_a_read_bears_its_version_and_is_answered_304_when_known(get: Get, ward: Ward) -> None:
    address = f"/fhir/Task/{ward.check.uid}"
    first = get(address)

    again = get(address, HTTP_IF_NONE_MATCH=first.headers["ETag"])
    any_of = get(address, HTTP_IF_NONE_MATCH=f'W/"99", {first.headers["ETag"]}')

    assert first.headers["ETag"] == 'W/"1"'
    assert first.headers["Last-Modified"] == "Mon, 04 Jan 2027 15:00:00 GMT"
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert (again.status_code, again.content) == (304, b"")
    assert any_of.status_code == 304


def test_a_change_of_computed_state_moves_version_and_last_updated(get: Get, ward: Ward) -> None:
    before = get(f"/fhir/Task/{ward.check.uid}")
    ward.check.state = "done"
    ward.check.changed_at = rows.NOW + dt.timedelta(days=1)
    ward.check.save()

    after = get(f"/fhir/Task/{ward.check.uid}", HTTP_IF_NONE_MATCH=before.headers["ETag"])

    assert after.status_code == 200
    assert after.headers["ETag"] == 'W/"2"'
    assert after.json()["meta"]["lastUpdated"] > before.json()["meta"]["lastUpdated"]
    assert get("/fhir/Task?_lastUpdated=ge2027-01-05").json()["total"] == 1


def test_the_history_keeps_each_version(get: Get, ward: Ward) -> None:
    ward.check.state, ward.check.changed_at = "done", rows.NOW + dt.timedelta(days=1)
    ward.check.save()
    address = f"/fhir/Task/{ward.check.uid}/_history"

    bundle = get(address).json()

    states = [e["resource"]["businessStatus"]["coding"][0]["code"] for e in bundle["entry"]]
    assert (bundle["type"], bundle["total"], states) == ("history", 2, ["done", "overdue"])
    assert [e["request"]["method"] for e in bundle["entry"]] == ["PUT", "POST"]
    first = get(f"{address}/1")
    assert first.headers["ETag"] == 'W/"1"'
    assert first.json()["businessStatus"]["coding"][0]["code"] == "overdue"
    assert issue(get(f"{address}/7")) == (404, "not-found")


@pytest.mark.parametrize("kind", ["Patient", "CarePlan", "Observation", "Flag", "Group", "Organization"])
def test_every_type_has_a_history_with_the_present_version(get: Get, ward: Ward, kind: str) -> None:
    found = get(f"/fhir/{kind}").json()["entry"][0]["resource"]

    bundle = get(f"/fhir/{kind}/{found['id']}/_history").json()

    assert bundle["entry"][0]["resource"] == found
    version = found["meta"]["versionId"]
    assert get(f"/fhir/{kind}/{found['id']}/_history/{version}").json() == found


def test_a_corrected_fact_is_entered_in_error_and_its_correction_says_so(get: Get, ward: Ward) -> None:
    wrong = models.BloodPressure.objects.get()
    right = rows.BloodPressureFactory.create(
        patient=ward.patient, systolic=90, corrects=wrong, why_corrected="typed 92"
    )

    old = get(f"/fhir/Observation/{wrong.uid}").json()
    new = get(f"/fhir/Observation/{right.uid}").json()

    assert (old["status"], old["meta"]["versionId"]) == ("entered-in-error", "2")
    assert (new["status"], new["meta"]["versionId"]) == ("corrected", "1")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "QUERY", "OPTIONS", "POST"])
@pytest.mark.parametrize(
    "place", ["Patient/{0}", "Task/{0}", "Patient/{0}/_history", "Patient/{0}/_history/1"]
)
def test_writes_and_odd_methods_are_405_with_allow(
    client: Client, ward: Ward, method: str, place: str
) -> None:
    address = "/fhir/" + place.format(ward.patient.uid)

    answer = client.generic(method, address, "{}", "application/fhir+json", **bearer(an_api_client()))

    assert issue(answer) == (405, "method-not-allowed")
    assert answer.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "address", ["/fhir/Observation", "/fhir/Patient", "/fhir/metadata", "/fhir/", "/fhir"]
)
def test_posting_a_resource_is_405_too(client: Client, ward: Ward, address: str) -> None:
    headers = bearer(an_api_client())

    answer = client.post(address, "{}", content_type="application/fhir+json", follow=True, **headers)

    assert issue(answer) == (405, "method-not-allowed")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/fhir/Encounter", (404, "unknown-type")),
        ("/fhir/patient", (404, "unknown-type")),
        (f"/fhir/Encounter/{NOBODY}", (404, "unknown-type")),
        (f"/fhir/Patient/{NOBODY}", (404, "not-found")),
        ("/fhir/Patient/1", (404, "not-found")),
        ("/fhir/Patient/%00", (404, "not-found")),
        ("/fhir/Patient/../../admin", (404, "not-found")),
        (f"/fhir/Patient/{NOBODY}/$everything", (404, "not-found")),
        (f"/fhir/Patient/{NOBODY}/_history", (404, "not-found")),
        (f"/fhir/Patient/{NOBODY}/$magic", (404, "unsupported-interaction")),
        (f"/fhir/Task/{NOBODY}/$everything", (404, "unsupported-interaction")),
        ("/fhir/Patient/a/b/c/d", (404, "not-found")),
    ],
)
def test_what_is_not_there_is_404_with_a_code(
    get: Get, ward: Ward, address: str, expected: tuple[int, str]
) -> None:
    assert issue(get(address)) == expected


@pytest.mark.parametrize(
    ("header", "query", "status"),
    [
        ("application/fhir+xml", "", 406),
        ("application/xml", "", 406),
        ("text/html", "", 406),
        ("text/html,application/xml;q=0.9,*/*;q=0.8", "", 200),
        ("application/fhir+json; fhirVersion=4.0", "", 200),
        ("application/json", "?_format=xml", 406),
        ("application/fhir+xml", "?_format=json", 200),
        ("*/*", "?_format=application/fhir%2Bjson", 200),
        ("*/*", "?_format=application/fhir+json", 200),
    ],
)
def test_only_json_is_served(get: Get, ward: Ward, header: str, query: str, status: int) -> None:
    answer = get(f"/fhir/Task/{ward.check.uid}{query}", HTTP_ACCEPT=header)

    assert answer.status_code == status


def test_a_search_by_post_takes_a_form_only(client: Client, ward: Ward) -> None:
    headers = bearer(an_api_client())

    answer = client.post("/fhir/Task/_search", "{}", content_type="application/json", **headers)

    assert issue(answer) == (415, "unsupported-media-type")


def test_a_form_without_a_type_is_not_a_search_for_everything(client: Client, ward: Ward) -> None:
    headers = bearer(an_api_client())

    answer = client.generic("POST", "/fhir/Patient/_search", "identifier=a%7C1", content_type="", **headers)

    assert issue(answer) == (415, "unsupported-media-type")


@pytest.mark.parametrize(
    ("body", "media"), [("{", "application/json"), ('{"parameter": [1]}', "application/fhir+json")]
)
def test_an_operation_with_a_body_that_is_no_parameters_resource_is_refused(
    client: Client, ward: Ward, body: str, media: str
) -> None:
    address, headers = f"/fhir/Patient/{ward.patient.uid}/$everything", bearer(an_api_client())

    assert issue(client.post(address, body, content_type=media, **headers)) == (400, "bad-json")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic eDp5", "Bearer \x00"])
def test_without_a_token_nothing_is_said(client: Client, ward: Ward, header: str) -> None:
    answer = client.get(f"/fhir/Patient/{ward.patient.uid}", HTTP_AUTHORIZATION=header)

    assert issue(answer) == (401, "unauthorized")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert str(ward.patient.uid) not in answer.content.decode()


def test_another_clinics_child_is_not_found_anywhere(client: Client, ward: Ward) -> None:
    south = an_api_client(name="South EHR", clinics=(rows.ClinicFactory.create(key="south", name="South"),))
    headers = bearer(south)
    places = {
        "Patient": ward.patient.uid,
        "CarePlan": ward.course.uid,
        "MedicationRequest": ward.course.uid,
        "Task": ward.check.uid,
        "Flag": ward.escalation.uid,
        "DetectedIssue": ward.escalation.uid,
        "ServiceRequest": ward.referral.uid,
        "Observation": models.BloodPressure.objects.get().uid,
        "DiagnosticReport": models.Eeg.objects.get().uid,
        "Practitioner": ward.contact.uid,
        "Organization": ward.clinic.uid,
        "Group": ward.clinic.uid,
    }

    for kind, uid in places.items():
        assert issue(client.get(f"/fhir/{kind}/{uid}", **headers)) == (404, "not-found"), kind
        assert issue(client.get(f"/fhir/{kind}/{uid}/_history", **headers)) == (404, "not-found"), kind
        found = client.get(f"/fhir/{kind}", **headers).json()
        assert str(uid) not in str(found.get("entry", "")), kind
    everything = client.get(f"/fhir/Patient/{ward.patient.uid}/$everything", **headers)
    assert issue(everything) == (404, "not-found")


def test_a_merged_record_answers_and_names_the_survivor(get: Get, ward: Ward) -> None:
    old = rows.PatientFactory.create(replaced_by=ward.patient)
    rows.BloodPressureFactory.create(patient=old)

    patient = get(f"/fhir/Patient/{old.uid}").json()
    found = get(f"/fhir/Observation?patient={ward.patient.uid}&code=85354-9").json()

    assert patient["active"] is False
    assert patient["link"] == [{"other": {"reference": f"Patient/{ward.patient.uid}"}, "type": "replaced-by"}]
    assert found["total"] == 2
    subjects = {e["resource"]["subject"]["reference"] for e in found["entry"]}
    assert subjects == {f"Patient/{ward.patient.uid}"}


def test_the_request_id_is_echoed_and_stands_in_the_outcome(get: Get, ward: Ward) -> None:
    answer = get(f"/fhir/Patient/{NOBODY}", HTTP_X_REQUEST_ID="call-17")
    strange = get(f"/fhir/Patient/{NOBODY}", HTTP_X_REQUEST_ID="a b\nc")

    assert answer.headers["X-Request-Id"] == "call-17"
    assert answer.json()["issue"][0]["diagnostics"] == "request-id call-17"
    assert strange.headers["X-Request-Id"] != "a b\nc"


def test_head_is_get_without_a_body(client: Client, ward: Ward) -> None:
    headers = bearer(an_api_client())
    address = f"/fhir/Task/{ward.check.uid}"

    got, head = client.get(address, **headers), client.head(address, **headers)

    assert head.content == b""
    assert head.headers["ETag"] == got.headers["ETag"]


def test_too_many_requests_are_told_to_wait(client: Client, ward: Ward, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 2
    headers = bearer(an_api_client())
    address = f"/fhir/Task/{ward.check.uid}"

    answers = [client.get(address, **headers) for _ in range(4)]

    assert [answer.status_code for answer in answers[:2]] == [200, 200]
    assert answers[0].headers["RateLimit-Limit"] == "2"
    assert issue(answers[-1]) == (429, "rate-limited")
    assert answers[-1].headers["RateLimit-Remaining"] == "0"
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60


@pytest.mark.parametrize("address", [f"Patient/{NOBODY}", "Encounter", "Task?_count=x", "Task/_history/1/2"])
def test_a_refusal_says_what_is_left_of_the_minute(client: Client, ward: Ward, address: str) -> None:
    headers = bearer(an_api_client())
    client.get("/fhir/Task", **headers)

    refused = client.get(f"/fhir/{address}", **headers)

    assert 400 <= refused.status_code < 500
    assert int(refused.headers["RateLimit-Remaining"]) == int(refused.headers["RateLimit-Limit"]) - 2
    assert 0 < int(refused.headers["RateLimit-Reset"]) <= 60


def test_what_breaks_unexpectedly_says_so_without_a_trace(
    client: Client, ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        message = "secret detail of Testinfant"
        raise RuntimeError(message)

    monkeypatch.setattr("ispath.fhir.views.read_kept", broken)
    client.raise_request_exception = False

    answer = client.get(f"/fhir/Task/{ward.check.uid}", **bearer(an_api_client()))

    assert issue(answer) == (500, "internal")
    assert "secret" not in answer.content.decode()


@pytest.mark.parametrize(
    "kind", ["Patient", "Task", "Observation", "CarePlan", "Flag", "ServiceRequest", "Group"]
)
def test_a_page_costs_the_same_number_of_queries_however_long(
    get: Get, ward: Ward, django_assert_max_num_queries: Any, kind: str
) -> None:
    for _ in range(6):
        enrolment = rows.EnrolmentFactory.create()
        rows.PatientIdentifierFactory.create(patient=enrolment.patient)
        rows.CareTeamMemberFactory.create(patient=enrolment.patient)
        course = rows.CourseFactory.create(enrolment=enrolment)
        rows.CheckFactory.create_batch(2, enrolment=enrolment, course=course)
        rows.EscalationFactory.create(enrolment=enrolment)
        rows.ReferralFactory.create(enrolment=enrolment)
        rows.BloodPressureFactory.create_batch(2, patient=enrolment.patient)
        models.SpasmReport.objects.create(**a_fact(enrolment.patient), status="none-seen")
    get(f"/fhir/{kind}")

    with django_assert_max_num_queries(16):
        assert get(f"/fhir/{kind}").json()["total"] >= 1
