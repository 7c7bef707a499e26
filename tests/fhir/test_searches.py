"""What a search finds, how it pages, and what it leaves out or refuses."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from tests.factories import clinic as rows
from tests.factories.smart import an_api_client, bearer
from tests.fhir.conftest import NORTH, Get, Ward

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


def ids(bundle: dict[str, Any], mode: str = "match") -> list[str]:
    return [e["resource"]["id"] for e in bundle.get("entry", []) if e["search"]["mode"] == mode]


def code_of(answer: Any) -> str:
    return str(answer.json()["issue"][0]["details"]["coding"][0]["code"])


def linked(bundle: dict[str, Any], relation: str) -> str | None:
    return next((link["url"] for link in bundle["link"] if link["relation"] == relation), None)


def walk(get: Get, address: str) -> list[str]:
    """All ids, page after page, as a client that follows `next` sees them."""
    found: list[str] = []
    url: str | None = address
    while url is not None:
        bundle = get(url.removeprefix("http://testserver")).json()
        found += ids(bundle)
        url = linked(bundle, "next")
    return found


def test_a_child_is_found_by_authority_and_number_only(get: Get, ward: Ward) -> None:
    right = get(f"/fhir/Patient?identifier={NORTH}|900001").json()
    elsewhere = get("/fhir/Patient?identifier=urn:oid:2.999.2|900001").json()
    without = get("/fhir/Patient?identifier=900001")

    assert ids(right) == [str(ward.patient.uid)]
    assert (elsewhere["total"], "entry" in elsewhere) == (0, False)
    assert (without.status_code, code_of(without)) == (400, "bad-parameter")


def test_the_same_number_at_two_authorities_is_two_children(get: Get, ward: Ward) -> None:
    other = rows.EnrolmentFactory.create().patient
    rows.PatientIdentifierFactory.create(patient=other, system="urn:oid:2.999.2", value="900001")

    assert ids(get(f"/fhir/Patient?identifier={NORTH}|900001").json()) == [str(ward.patient.uid)]
    assert ids(get("/fhir/Patient?identifier=urn:oid:2.999.2|900001").json()) == [str(other.uid)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("name=testin", 1),
        ("name=aur", 1),
        ("family:exact=Testinfant", 1),
        ("family:exact=testinfant", 0),
        ("given:contains=bea", 1),
        ("birthdate=2026-06-20", 1),
        ("birthdate=2026-06", 1),
        ("birthdate=ge2026-06-20&birthdate=lt2026-06-21", 1),
        ("birthdate=gt2026-06-20", 0),
        ("birthdate=ne2026-06-20", 0),
        ("birthdate=ap2026-06-21", 1),
        ("gender=female", 1),
        ("gender=male,female", 1),
        ("gender:not=female", 0),
        ("birthdate=2026-06-20&name=nobody", 0),
        ("_lastUpdated=ge2027-01-04T15:00:00Z", 1),
        ("_lastUpdated=le2027-01-04T15:00:00Z", 1),
        ("_lastUpdated=gt2027-01-04T15:00:00Z", 0),
        ("_lastUpdated=2027-01-04T16:00:00%2B01:00", 1),
        ("_lastUpdated=2027-01-04T16:00:00+01:00", 1),
        ("_lastUpdated=9999-12-31", 0),
    ],
)
def test_a_patient_search_finds(get: Get, ward: Ward, query: str, expected: int) -> None:
    assert get(f"/fhir/Patient?{query}").json()["total"] == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("CarePlan?patient={p}&category=assess-plan", 1),
        (
            "CarePlan?patient={p}&category=http://hl7.org/fhir/us/core/CodeSystem/careplan-category|assess-plan",
            1,
        ),
        ("CarePlan?patient={p}&category=other", 0),
        ("CarePlan?status=active&date=2027-01-15", 1),
        ("CarePlan?date=gt2027-02-01", 0),
        ("CarePlan?activity-reference=Task/{t}", 1),
        ("CarePlan?activity-reference=MedicationRequest/{c}", 1),
        ("MedicationRequest?patient=Patient/{p}&intent=plan&status=active", 1),
        ("MedicationRequest?patient={p}&intent=order", 0),
        ("MedicationRequest?code=8638", 1),
        ("MedicationRequest?code=http://www.nlm.nih.gov/research/umls/rxnorm|14851", 0),
        ("Task?patient=http://testserver/fhir/Patient/{p}&status=requested", 1),
        ("Task?business-status=overdue", 1),
        ("Task?business-status=https://ispath.example/fhir/CodeSystem/task-business-status|done", 0),
        ("Task?based-on=CarePlan/{c}&code=BP", 1),
        ("Task?group-identifier=https://ispath.example/fhir/sid/course|{c}", 1),
        ("Task?owner=Organization/{o}", 1),
        ("Task?modified=ge2027-01-04", 1),
        ("ServiceRequest?patient={p}&intent=proposal&category=referral", 1),
        ("ServiceRequest?status=completed", 0),
        ("Observation?patient={p}&category=vital-signs", 2),
        ("Observation?patient={p}&code=85354-9", 1),
        ("Observation?patient={p}&code=http://loinc.org|29463-7&date=2027-01-04", 1),
        ("Observation?category=survey,laboratory", 2),
        ("Observation?status=final", 4),
        ("DiagnosticReport?patient={p}&category=EN", 1),
        ("DiagnosticReport?status=registered", 1),
        ("Condition?patient={p}&category=problem-list-item&clinical-status=active", 1),
        ("Condition?code=http://snomed.info/sct|28055006", 1),
        ("Flag?patient={p}&status=active&code=E02", 1),
        ("DetectedIssue?patient={p}&code=E02&status=final", 1),
        ("Practitioner?name=dr", 1),
        ("Organization?name=north", 1),
        ("Group?member=Patient/{p}", 1),
        ("Task?patient=Patient/00000000-0000-4000-8000-000000000000", 0),
        ("Task?patient=unknown", 0),
        ("Task?_id={t}", 1),
    ],
)
def test_a_search_of_each_type_finds(get: Get, ward: Ward, query: str, expected: int) -> None:
    names = {
        "p": ward.patient.uid,
        "c": ward.course.uid,
        "t": ward.check.uid,
        "o": ward.clinic.uid,
    }

    bundle = get("/fhir/" + query.format(**names)).json()

    assert bundle["total"] == len(ids(bundle)) == expected


@pytest.mark.parametrize("sort", ["_lastUpdated", "-_lastUpdated", "_id", "-_id"])
def test_pages_give_each_match_once_in_order(get: Get, ward: Ward, sort: str) -> None:
    for number in range(7):
        rows.CheckFactory.create(enrolment=ward.enrolment, changed_at=rows.NOW + HOUR * (number % 3))

    found = walk(get, f"/fhir/Task?_count=3&_sort={sort}")

    assert len(found) == len(set(found)) == 8
    whole = ids(get(f"/fhir/Task?_sort={sort}").json())
    assert found == whole


def test_ties_of_last_updated_are_neither_lost_nor_doubled(get: Get, ward: Ward) -> None:
    for _ in range(9):
        rows.CheckFactory.create(enrolment=ward.enrolment, changed_at=rows.NOW)

    assert len(set(walk(get, "/fhir/Task?_lastUpdated=ge2027-01-04T15:00:00Z&_count=2"))) == 10


def test_a_page_spans_the_tables_of_a_type(get: Get, ward: Ward) -> None:
    assert len(set(walk(get, "/fhir/Observation?_count=1"))) == 4
    assert len(set(walk(get, "/fhir/Observation?_count=3&_sort=-date"))) == 4


def test_a_row_that_moves_while_a_client_pages_is_not_lost(get: Get, ward: Ward) -> None:
    checks = [rows.CheckFactory.create(enrolment=ward.enrolment, changed_at=rows.NOW) for _ in range(4)]
    first = get("/fhir/Task?_count=2").json()
    moved = checks[3]
    moved.state, moved.changed_at = "overdue", rows.NOW + HOUR
    moved.save()

    later = linked(first, "next")

    assert later is not None
    seen = set(ids(first)) | set(walk(get, later.removeprefix("http://testserver")))
    assert {str(check.uid) for check in checks} <= seen


def test_links_are_absolute_and_self_names_only_what_was_used(get: Get, ward: Ward) -> None:
    bundle = get("/fhir/Task?status=requested&nonsense=1&_totalMethod=count&_count=1").json()

    assert linked(bundle, "self") == "http://testserver/fhir/Task?status=requested&_count=1"


def test_a_page_token_shows_no_record_number(get: Get, ward: Ward) -> None:
    rows.PatientIdentifierFactory.create(patient=ward.patient, system=NORTH, value="900002")
    rows.EnrolmentFactory.create()

    bundle = get(f"/fhir/Patient?identifier:not={NORTH}|none&_count=1").json()

    following = linked(bundle, "next")
    assert following is not None
    assert "900" not in following
    assert "identifier" not in following


@pytest.mark.parametrize("token", ["", "x", "gAAAAA", "eyJ0IjoiVGFzayJ9", "%00"])
def test_a_made_up_page_token_is_refused(get: Get, ward: Ward, token: str) -> None:
    answer = get(f"/fhir/Task?_page={token}")

    assert (answer.status_code, code_of(answer)) == (400, "bad-page-token")


def test_a_page_token_of_another_type_is_refused(get: Get, ward: Ward) -> None:
    following = linked(get("/fhir/Observation?_count=1").json(), "next")
    assert following is not None

    answer = get(following.replace("http://testserver", "").replace("Observation", "Task"))

    assert (answer.status_code, code_of(answer)) == (400, "bad-page-token")


@pytest.mark.parametrize("query", ["_summary=count", "_count=0", "_count=0&_totalMethod=count"])
def test_counting_gives_a_total_and_no_rows(get: Get, ward: Ward, query: str) -> None:
    bundle = get(f"/fhir/Observation?{query}").json()

    assert bundle["total"] == 4
    assert "entry" not in bundle


@pytest.mark.parametrize(
    "query",
    [
        "nonsense=1",
        "subject.name=x",
        "_include=Task:owner",
        "_revinclude=Provenance:target",
        "_sort=colour",
        "patient.name=x",
        "_has:Task:patient:code=x",
    ],
)
def test_what_is_not_supported_is_left_out_or_refused_when_strict(get: Get, ward: Ward, query: str) -> None:
    lenient = get(f"/fhir/Task?{query}")
    strict = get(f"/fhir/Task?{query}", HTTP_PREFER="return=minimal; handling=strict")

    assert (lenient.status_code, lenient.json()["total"]) == (200, 1)
    assert linked(lenient.json(), "self") == "http://testserver/fhir/Task"
    assert (strict.status_code, code_of(strict)) == (400, "unknown-parameter")


@pytest.mark.parametrize(
    "query",
    [
        "_lastUpdated=yesterday",
        "_lastUpdated=2027-13-01",
        "_lastUpdated=2027-02-30",
        "_lastUpdated=gt",
        "_lastUpdated=2027-01-01T25:00:00Z",
        "_lastUpdated=0000-01-01",
        "authored-on=20270101",
        "_count=-1",
        "_count=ten",
        "_count=1e3",
        "_count=٣",
        "patient=Observation/1",
        "patient=http://elsewhere.example/fhir/Patient/1",
        "patient=Patient/a%20b",
        "status:missing=true",
        "status=%00",
        "code=a%00b",
        "_summary=yes",
        "_elements=meta.tag",
        "_elements=status,",
        "_elements=status&_summary=true",
        "_summary=text&_include=Task:patient",
    ],
)
def test_an_impossible_value_is_a_400_with_a_code_and_a_sentence(get: Get, ward: Ward, query: str) -> None:
    answer = get(f"/fhir/Task?{query}")

    assert answer.status_code == 400
    assert code_of(answer) == "bad-parameter"
    assert answer.json()["issue"][0]["details"]["text"].endswith((".", "ge."))


@pytest.mark.parametrize("query", ["_lastUpdated=0001-01-01T00:00:00%2B14:00", "status=" + "x," * 300])
def test_odd_values_never_break_the_server(get: Get, ward: Ward, query: str) -> None:
    assert get(f"/fhir/Task?{query}").status_code in {200, 400}


def test_an_oversize_query_is_refused(get: Get, ward: Ward) -> None:
    answer = get("/fhir/Task?status=" + "x" * 7000)
    many = get("/fhir/Task?" + "&".join(f"a{n}=1" for n in range(300)))

    assert (answer.status_code, code_of(answer)) == (414, "uri-too-long")
    assert (many.status_code, code_of(many)) == (400, "bad-parameter")


@pytest.mark.parametrize("place", ["Task", "Task/{id}/_history"])
def test_a_large_count_is_capped_and_the_self_link_says_to_what(get: Get, ward: Ward, place: str) -> None:
    bundle = get(f"/fhir/{place}?_count=100000".replace("{id}", str(ward.check.uid))).json()

    assert str(linked(bundle, "self")).endswith("?_count=200")


def test_includes_come_along_marked_and_only_once(get: Get, ward: Ward) -> None:
    tasks = get("/fhir/Task?_include=Task:patient&_include=Task:focus").json()
    plans = get("/fhir/CarePlan?_include=CarePlan:activity-reference").json()

    assert set(ids(tasks, "include")) == {str(ward.patient.uid), str(ward.course.uid)}
    assert set(ids(plans, "include")) == {str(ward.check.uid), str(ward.course.uid)}
    assert tasks["total"] == 1


def test_an_include_the_token_may_not_read_stays_out(client: Client, ward: Ward) -> None:
    narrow = bearer(an_api_client(), "system/Task.rs")

    bundle = client.get("/fhir/Task?_include=Task:patient", **narrow).json()

    assert ids(bundle, "include") == []


def test_a_search_by_post_is_the_same_search(client: Client, ward: Ward) -> None:
    headers = bearer(an_api_client())

    form = urlencode({"identifier": f"{NORTH}|900001"})
    media = "application/x-www-form-urlencoded"
    answer = client.post("/fhir/Patient/_search", form, content_type=media, **headers)

    assert answer.status_code == 200
    assert ids(answer.json()) == [str(ward.patient.uid)]


def test_everything_can_be_paged_and_cut_by_type_and_time(get: Get, ward: Ward) -> None:
    address = f"/fhir/Patient/{ward.patient.uid}/$everything"
    whole = get(address).json()

    paged = walk(get, f"{address}?_count=2")
    tasks = get(f"{address}?_type=Task,Flag").json()
    later = get(f"{address}?_since=2027-06-01").json()
    strict = get(f"{address}?start=2020", HTTP_PREFER="handling=strict")
    bad = get(f"{address}?_count=0")

    assert sorted(paged) == sorted(ids(whole))
    assert {e["resource"]["resourceType"] for e in tasks["entry"] if e["search"]["mode"] == "match"} == {
        "Task",
        "Flag",
    }
    assert later["total"] == 0
    assert (strict.status_code, bad.status_code) == (400, 400)
    for since in ("x", "ge2026", "2026-02-30"):
        assert "_since=" in get(f"{address}?_since={since}").json()["issue"][0]["details"]["text"]


def test_everything_takes_its_parameters_as_a_resource(client: Client, ward: Ward) -> None:
    """The usual way to call an operation; fhir-kit-client and fhirpy post by themselves."""
    address, headers = f"/fhir/Patient/{ward.patient.uid}/$everything", bearer(an_api_client())
    named = [{"name": "_type", "valueCode": "Task"}, {"name": "_type", "valueCode": "Flag"}]
    given = json.dumps({"resourceType": "Parameters", "parameter": named})

    some = client.post(address, given, content_type="application/fhir+json", **headers).json()
    whole = client.post(address, "", content_type="application/fhir+json", **headers).json()

    assert {e["resource"]["resourceType"] for e in some["entry"] if e["search"]["mode"] == "match"} == {
        "Task",
        "Flag",
    }
    assert sorted(ids(whole)) == sorted(ids(client.get(address, **headers).json()))


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "9999"])
@pytest.mark.parametrize("asked", ["Patient?_lastUpdated", "Patient?birthdate", "CarePlan?date"])
def test_about_the_first_or_the_last_day_is_a_question_too(
    get: Get, ward: Ward, asked: str, day: str
) -> None:
    for prefix in ("", "ap", "ne", "le", "gt"):
        assert get(f"/fhir/{asked}={prefix}{day}").status_code == 200
