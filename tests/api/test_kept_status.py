"""A status that is given again is the one that would be made now, whatever changed in between."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client

from clinic import models
from clinic.models import Patient
from clinic.status import status_document
from clinic.statusmark import COUNTING, FACTS, SHARED, Marked
from tests.api.conftest import Get, Ward
from tests.factories import clinic as rows
from tests.factories.smart import an_api_client, bearer
from tests.fhir.conftest import NORTH, a_fact

LATER = rows.NOW + dt.timedelta(days=1)
QUERY = f"/status?mrn_system={NORTH}&mrn=900001"
# Read with the above, and never changed once a course rests on it: signed editions and what they hold.
SIGNED = re.compile(r"\Aprotocols_")


@pytest.fixture
def ended(ward: Ward) -> Ward:
    """Without a running course there is no calendar to lay out."""
    ward.course.status, ward.course.stop_reason = "completed", "completed"
    ward.course.last_dose_on = dt.date(2027, 2, 1)
    ward.course.save()
    return ward


Change = Callable[[Ward], Any]
CHANGES: dict[str, Change] = {
    "a record number": lambda ward: rows.PatientIdentifierFactory.create(
        patient=ward.patient, system="urn:oid:2.999.2", value="1"
    ),
    "a check": lambda ward: models.Check.objects.filter(pk=ward.check.pk).update(state="done"),
    "a new check": lambda ward: rows.CheckFactory.create(enrolment=ward.enrolment, state="due"),
    "an escalation": lambda ward: models.Escalation.objects.update(state="acted"),
    "a course": lambda ward: models.Course.objects.update(last_dose_on=dt.date(2027, 2, 2)),
    "a referral": lambda ward: models.Referral.objects.update(state="declined", declined_on=rows.TODAY),
    "a reason": lambda ward: models.ReferralReason.objects.create(
        referral=ward.referral,
        rule="E04",
        cause="child",
        joined_on=rows.TODAY,
        created_at=LATER,
        changed_at=LATER,
        created_by=ward.referral.created_by,
        changed_by=ward.referral.created_by,
    ),
    "an enrolment": lambda ward: models.Enrolment.objects.update(plan_reviewed_at=LATER),
    "a clinic": lambda ward: models.Clinic.objects.update(zone="Asia/Kolkata"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_shows_at_once(get: Get, ended: Ward, what: str) -> None:
    first = get(QUERY)
    again = get(QUERY, HTTP_IF_NONE_MATCH=first.headers["ETag"])

    CHANGES[what](ended)
    changed = get(QUERY, HTTP_IF_NONE_MATCH=first.headers["ETag"])

    assert again.status_code == 304
    assert changed.status_code == 200
    assert {**changed.json(), "as_of": ""} != {**first.json(), "as_of": ""}


def test_a_hold_is_part_of_the_mark(ended: Ward) -> None:
    marked = Marked(Patient.objects.filter(pk=ended.patient.pk).values_list("pk", "replaced_by").all, {})
    before = marked.rows()

    models.Hold.objects.create(**a_fact(ended.patient), course=ended.course)

    assert marked.rows() != before


def test_who_sees_the_child_is_asked_each_time(client: Client, ended: Ward) -> None:
    ehr = an_api_client()
    token = bearer(ehr)
    first = client.get(f"/api/v1{QUERY}", **token)

    models.Membership.objects.filter(actor=ehr.actor).update(ended_at=LATER, ended_by=ehr.created_by)
    then = client.get(f"/api/v1{QUERY}", **token)

    assert (first.status_code, then.status_code) == (200, 404)


def test_time_alone_makes_a_status_stale(client: Client, ended: Ward, time_machine: Any) -> None:
    ehr = an_api_client()
    models.Enrolment.objects.update(plan_reviewed_at=rows.NOW, next_review_on=rows.TODAY)
    said = []
    for days in (0, 1, 3):
        time_machine.move_to(rows.NOW + dt.timedelta(days=days, minutes=days), tick=False)
        said.append(client.get(f"/api/v1{QUERY}", **bearer(ehr)).json())

    assert [one["stale"] for one in said] == [False, False, True]
    assert len({one["as_of"] for one in said}) == 3


def unmarked_tables_of_a_status(patient: Patient) -> set[str]:
    """The tables that making a status reads, without those that its mark counts."""
    seen: set[str] = set()

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.update(re.findall(r'(?:FROM|JOIN) "?([a-z]+_[a-z]+)', sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        status_document(patient, rows.NOW)
    counted: tuple[type[Model], ...] = (*COUNTING, *FACTS, *SHARED, Patient, models.ReferralReason)
    marked = {each._meta.db_table for each in counted}
    return {name for name in seen - marked if not SIGNED.match(name)}


def test_the_mark_knows_every_table_that_a_status_reads(ended: Ward) -> None:
    assert unmarked_tables_of_a_status(ended.patient) == set()
