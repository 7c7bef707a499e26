"""What a resource was: each version with the number that it bore, also where it is made of several rows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from clinic import models
from clinic.actors import seed_actor
from clinic.children import merge_children
from ispath.fhir.served import KINDS
from tests.factories import clinic as rows
from tests.factories.notifications import DeliveryFactory
from tests.fhir.conftest import NORTH, Get, Ward, a_fact
from tests.fhir.test_resources import validated

LATER = rows.NOW + dt.timedelta(days=1)


def versions(get: Get, place: str) -> list[dict[str, Any]]:
    """The history, oldest first, each valid and each found again by its number."""
    bundle = get(f"/fhir/{place}/_history").json()
    validated(bundle)
    found = [entry["resource"] for entry in reversed(bundle["entry"])]
    assert found[-1] == get(f"/fhir/{place}").json()
    for one in found:
        assert get(f"/fhir/{place}/_history/{one['meta']['versionId']}").json() == one
    return found


def test_a_child_that_was_given_another_number_had_one_before(get: Get, ward: Ward) -> None:
    place = f"Patient/{ward.patient.uid}"
    tag = get(f"/fhir/{place}").headers["ETag"]
    rows.PatientIdentifierFactory.create(
        patient=ward.patient, system="urn:oid:2.999.2", value="7", created_at=LATER, changed_at=LATER
    )

    *_, before, now = versions(get, place)

    assert [len(one["identifier"]) for one in (before, now)] == [1, 2]
    assert tag == f'W/"{before["meta"]["versionId"]}"'


def test_a_merge_is_a_new_version_of_both_records_and_of_what_was_found(get: Get, ward: Ward) -> None:
    double = rows.PatientFactory.create()
    rows.PatientIdentifierFactory.create(patient=double, system=NORTH, value="900009")
    models.Enrolment.objects.update(**ended())
    rows.EnrolmentFactory.create(patient=double, clinic=ward.clinic, **ended())
    pressure = rows.BloodPressureFactory.create(patient=double)
    places = [f"Patient/{double.uid}", f"Patient/{ward.patient.uid}", f"Observation/{pressure.uid}"]
    before = [get(f"/fhir/{place}") for place in places]

    merge_children(
        survivor=ward.patient,
        replaced=double,
        clinic=ward.clinic,
        reason="registered twice",
        by=seed_actor(),
        now=LATER,
    )

    for place, answer in zip(places, before, strict=True):
        after = get(f"/fhir/{place}", HTTP_IF_NONE_MATCH=answer.headers["ETag"])
        assert after.status_code == 200
        assert after.json()["meta"]["lastUpdated"] == "2027-01-05T15:00:00.000000Z"
        assert answer.json() in versions(get, place)
    assert get(f"/fhir/{places[2]}").json()["subject"] == {"reference": places[1]}


def test_each_merge_is_a_new_version_of_reminders_and_of_what_was_found(get: Get, ward: Ward) -> None:
    models.Enrolment.objects.update(**ended())
    first, second = rows.PatientFactory.create(), rows.PatientFactory.create()
    enrolment = rows.EnrolmentFactory.create(patient=first, clinic=ward.clinic, **ended())
    models.EnrolmentStep.objects.create(**a_fact(first), enrolment=enrolment, kind="enrolled")
    rows.EnrolmentFactory.create(patient=second, clinic=ward.clinic, **ended())
    sent = DeliveryFactory.create(
        enrolment=enrolment, clinic=ward.clinic, state="sent", sent_at=rows.NOW, settled_at=rows.NOW
    )
    pressure = rows.BloodPressureFactory.create(patient=first)
    places = [f"Communication/{sent.uid}", f"Observation/{pressure.uid}"]
    before = [get(f"/fhir/{place}") for place in places]

    merged = [(second, first, LATER), (ward.patient, second, LATER + dt.timedelta(days=1))]
    for survivor, replaced, moment in merged:
        merge_children(
            survivor=survivor,
            replaced=replaced,
            clinic=ward.clinic,
            reason="twice",
            by=seed_actor(),
            now=moment,
        )

    for place, known in zip(places, before, strict=True):
        found = versions(get, place)
        assert [one["subject"]["reference"] for one in found] == [
            f"Patient/{child.uid}" for child in (first, second, ward.patient)
        ]
        assert [one["meta"]["versionId"] for one in found] == ["1", "2", "3"]
        assert found[0] == known.json()
        assert get(f"/fhir/{place}", HTTP_IF_NONE_MATCH=known.headers["ETag"]).status_code == 200
    assert get("/fhir/Communication?_lastUpdated=ge2027-01-06").json()["total"] == 1


def ended() -> dict[str, Any]:
    """An enrolment with nothing to review: this edition is empty."""
    return {"state": "withdrawn", "ended_at": rows.NOW, "ended_by": rows.ActorFactory.create()}


def test_a_course_gains_activities_and_a_flag_its_conversation(get: Get, ward: Ward) -> None:
    rows.CheckFactory.create(enrolment=ward.enrolment, course=ward.course, created_at=LATER, changed_at=LATER)
    models.FamilyTold.objects.create(
        **a_fact(ward.patient) | {"recorded_at": LATER},
        subject_kind="escalation",
        subject_uid=ward.escalation.uid,
        told_by="Dr. Invented",
    )

    plans = versions(get, f"CarePlan/{ward.course.uid}")
    flags = versions(get, f"Flag/{ward.escalation.uid}")

    assert [len(one["activity"]) for one in plans] == [2, 3]
    assert ["security" in one["meta"] for one in flags] == [True, False]


def test_a_corrected_fact_was_final_before(get: Get, ward: Ward) -> None:
    wrong = models.BloodPressure.objects.get()
    rows.BloodPressureFactory.create(patient=ward.patient, corrects=wrong, recorded_at=LATER)

    assert [one["status"] for one in versions(get, f"Observation/{wrong.uid}")] == [
        "final",
        "entered-in-error",
    ]


def test_where_history_is_not_kept_the_statement_says_so(get: Get, ward: Ward) -> None:
    (rest,) = get("/fhir/metadata").json()["rest"]

    kept = {each["type"]: each["readHistory"] for each in rest["resource"]}

    assert {name for name, is_kept in kept.items() if not is_kept} == {"MedicationRequest", "Group"}


@pytest.mark.parametrize(
    "address",
    ["_history", "$export", *(f"{name}/_history" for name in KINDS), "Task/$everything", "Task/1/$validate"],
)
def test_an_interaction_that_the_statement_does_not_name_is_refused_as_such(
    get: Get, ward: Ward, address: str
) -> None:
    answer = get(f"/fhir/{address}")

    (issue,) = answer.json()["issue"]
    assert (answer.status_code, issue["code"]) == (404, "not-supported")
    assert issue["details"]["coding"][0]["code"] == "unsupported-interaction"
    (rest,) = get("/fhir/metadata").json()["rest"]
    assert "interaction" not in rest
    assert {one["code"] for each in rest["resource"] for one in each["interaction"]} == {
        "read",
        "vread",
        "history-instance",
        "search-type",
    }


@pytest.fixture
def place(ward: Ward) -> str:
    """A check that was changed on each of four days."""
    for day in range(1, 5):
        moment = rows.NOW + dt.timedelta(days=day)
        models.Check.objects.filter(pk=ward.check.pk).update(reason=f"day {day}", changed_at=moment)
    return f"Task/{ward.check.uid}"


def numbers(bundle: dict[str, Any]) -> list[str]:
    return [one["resource"]["meta"]["versionId"] for one in bundle.get("entry", ())]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "54321"),
        ("_since=2027-01-07T15:00:00Z", "54"),
        ("_since=2027-01-07T15:00:00.000001Z", "5"),
        ("_at=2027-01-06", "32"),
        ("_at=2027-01-06T16:00:00Z", "3"),
        ("_at=2026-12-31", ""),
        ("_since=2027-01-06T15:00:00Z&_at=2027-01-07T15:00:00Z", "4"),
        ("_count=0", ""),
        ("colour=blue", "54321"),
    ],
)
def test_a_history_is_of_the_time_that_was_asked_for(get: Get, place: str, query: str, found: str) -> None:
    bundle = get(f"/fhir/{place}/_history?{query}").json()

    assert numbers(bundle) == list(found)
    used = query.replace(":", "%3A") if "colour" not in query else ""
    assert bundle["link"] == [
        {"relation": "self", "url": f"http://testserver/fhir/{place}/_history{'?' if used else ''}{used}"}
    ]
    firsts = [one["request"]["method"] for one in bundle.get("entry", ())]
    assert firsts == ["POST" if number == "1" else "PUT" for number in found]


def test_a_history_comes_in_pages(get: Get, place: str) -> None:
    pages = [get(f"/fhir/{place}/_history?_count=2&_since=2027-01-05T00:00:00Z").json()]

    while following := [link["url"] for link in pages[-1]["link"] if link["relation"] == "next"]:
        pages.append(get(following[0]).json())

    assert [numbers(page) for page in pages] == [["5", "4"], ["3", "2"]]
    assert {page["total"] for page in pages} == {4}


@pytest.mark.parametrize("query", ["_since=ge2027-01-01", "_since=x", "_at=x", "_count=-1", "_page=x"])
def test_an_impossible_window_is_refused(get: Get, place: str, query: str) -> None:
    assert get(f"/fhir/{place}/_history?{query}").status_code == 400


def test_a_strict_client_hears_what_a_history_does_not_know(get: Get, place: str) -> None:
    assert get(f"/fhir/{place}/_history?_sort=x", HTTP_PREFER="handling=strict").status_code == 400
