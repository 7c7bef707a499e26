"""Pages that are given again, and questions that are translated once: never stale, never another child's."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from clinic import models
from ispath.fhir import kept, translated
from ispath.fhir.filters import Asked
from ispath.fhir.served import KINDS
from tests.factories import clinic as rows
from tests.factories.smart import an_api_client, bearer
from tests.fhir.conftest import NORTH, Get, Ward
from tests.fhir.test_searches import ids, linked

LATER = rows.NOW + dt.timedelta(days=1)
SAMPLES = {
    "token": str(uuid.uuid4()),
    "date": "2027-01-04",
    "reference": str(uuid.uuid4()),
    "string": "a",
    "uri": "urn:a",
}


@pytest.mark.django_db(transaction=True)
def test_a_page_is_given_again_until_anything_is_written(get: Get, ward: Ward) -> None:
    address = f"/fhir/Task?patient={ward.patient.uid}"
    first = get(address)
    again = get(address)

    models.Check.objects.filter(pk=ward.check.pk).update(state="done", changed_at=LATER)
    changed = get(address).json()

    assert again.content == first.content
    assert changed["entry"][0]["resource"]["status"] == "completed"


@pytest.mark.django_db(transaction=True)
def test_a_page_kept_for_one_token_says_nothing_to_a_narrower_one(client: Client, ward: Ward) -> None:
    ehr = an_api_client()
    address = "/fhir/Task?_include=Task:patient"
    wide, narrow = bearer(ehr), bearer(ehr, "system/Task.rs")

    both = [client.get(address, **token).json() for token in (wide, narrow, wide, narrow)]

    assert [len(ids(bundle, "include")) for bundle in both] == [1, 0, 1, 0]


@pytest.mark.django_db(transaction=True)
def test_a_page_is_asked_for_anew_once_a_clinic_lets_the_client_go(client: Client, ward: Ward) -> None:
    ehr = an_api_client()
    token = bearer(ehr)
    first = client.get("/fhir/Task", **token).json()

    models.Membership.objects.filter(actor=ehr.actor).update(ended_at=LATER, ended_by=ehr.created_by)

    assert (first["total"], client.get("/fhir/Task", **token).json()["total"]) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_a_plan_shows_no_check_of_a_clinic_that_let_the_client_go(client: Client, ward: Ward) -> None:
    ended = {"state": "transferred", "ended_at": LATER, "ended_by": ward.enrolment.created_by}
    south = rows.ClinicFactory.create(key="south", name="South clinic")
    second = rows.EnrolmentFactory.create(patient=ward.patient, clinic=south, **ended)
    rows.CheckFactory.create(enrolment=second, patient=ward.patient, course=ward.course)
    ehr = an_api_client(clinics=(ward.clinic, south))
    address, token = f"/fhir/CarePlan/{ward.course.uid}", bearer(ehr)
    both = client.get(address, **token).json()["activity"]

    gone = models.Membership.objects.filter(actor=ehr.actor, clinic=south)
    gone.update(ended_at=LATER, ended_by=ehr.created_by)

    assert len(client.get(address, **token).json()["activity"]) == len(both) - 1


@pytest.mark.django_db(transaction=True)
def test_a_plan_read_while_a_clinic_let_the_client_in_is_not_kept_for_others(
    client: Client, ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = {"state": "transferred", "ended_at": LATER, "ended_by": ward.enrolment.created_by}
    south = rows.ClinicFactory.create(key="south", name="South clinic")
    second = rows.EnrolmentFactory.create(patient=ward.patient, clinic=south, **ended)
    rows.CheckFactory.create(enrolment=second, patient=ward.patient, course=ward.course)
    ehr, other = (an_api_client(clinics=(ward.clinic,), name=name) for name in ("one", "other"))
    address = f"/fhir/CarePlan/{ward.course.uid}"

    def and_then_south_lets_it_in(*asked: Any) -> list[kept.Key]:
        found = keys_of(*asked)
        rows.MembershipFactory.create(actor=ehr.actor, clinic=south)
        return found

    keys_of = kept.keys_of
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(kept, "keys_of", and_then_south_lets_it_in)
        both = client.get(address, **bearer(ehr)).json()["activity"]

    assert len(client.get(address, **bearer(other)).json()["activity"]) == len(both) - 1


def questions(ward: Ward) -> list[str]:
    return [
        f"Task?patient={ward.patient.uid}",
        f"Task?_id={ward.check.uid}&_lastUpdated=ge{ward.check.changed_at.isoformat()}",
        f"Task?based-on=CarePlan/{ward.course.uid}&group-identifier={ward.course.uid}",
        f"Patient?identifier={NORTH}|{ward.patient.identifiers.get().value}",
        f"CarePlan?activity-reference=Task/{ward.check.uid}",
    ]


@pytest.mark.django_db
def test_the_same_question_about_another_child_is_not_translated_again(get: Get, ward: Ward) -> None:
    other = rows.EnrolmentFactory.create()
    rows.PatientIdentifierFactory.create(patient=other.patient, system=NORTH, value="900002")
    course = rows.CourseFactory.create(enrolment=other)
    check = rows.CheckFactory.create(enrolment=other, course=course, changed_at=LATER)
    second = replace(ward, patient=other.patient, course=course, check=check)

    about_one = [ids(get(f"/fhir/{one}").json()) for one in questions(ward)]
    before = translated._page.cache_info().misses
    about_other = [ids(get(f"/fhir/{one}").json()) for one in questions(second)]

    task, plan = str(ward.check.uid), str(ward.course.uid)
    assert about_one == [[task], [task], [task], [str(ward.patient.uid)], [plan]]
    task, plan = str(check.uid), str(course.uid)
    assert about_other == [[task], [task], [task], [str(other.patient.uid)], [plan]]
    assert translated._page.cache_info().misses == before


@pytest.mark.django_db
@pytest.mark.parametrize("name", KINDS)
def test_only_what_is_said_to_ask_asks_while_a_search_is_put_together(
    ward: Ward, name: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for parameter in KINDS[name].parameters:
        value = "a|b" if f"{name}.{parameter.name}" == "Patient.identifier" else SAMPLES[parameter.kind]
        asked = Asked(name=parameter.name, modifier="", value=value, base="http://testserver/fhir")
        for source in KINDS[name].sources:
            if parameter.name not in source.asking:
                with django_assert_num_queries(0):
                    source.filters[parameter.name](asked)


@pytest.mark.django_db
def test_the_total_is_counted_once_and_stands_on_every_page(get: Get, ward: Ward) -> None:
    rows.CheckFactory.create_batch(3, enrolment=ward.enrolment)
    url: Any = "/fhir/Task?_count=2"
    totals = []
    while url is not None:
        bundle = get(url.removeprefix("http://testserver")).json()
        totals.append((bundle["total"], len(ids(bundle))))
        url = linked(bundle, "next")

    assert totals == [(4, 2), (4, 2)]
