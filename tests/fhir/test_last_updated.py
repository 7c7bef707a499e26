"""`meta.lastUpdated` moves with all that is shown, and `_lastUpdated` costs what it returns."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Model

from clinic import models
from clinic.actors import seed_actor
from clinic.children import merge_children
from clinic.models import Actor
from ispath.fhir.finding import page_of_keys
from ispath.fhir.search import read_search
from ispath.fhir.served import KINDS
from ispath.smart.models import ApiClient
from tests.conftest import owner_role
from tests.factories import clinic as rows
from tests.fhir.conftest import Get, Ward, a_fact
from tests.fhir.test_searches import ids, walk

pytestmark = pytest.mark.django_db

LATER = rows.NOW + dt.timedelta(days=1)
MANY, PAGE = 1200, 20
FACTS = (models.BloodPressure, models.Measurement, models.SpasmReport, models.Eeg, models.VisionExam)
CROWDED = {
    model._meta.db_table
    for model in (models.Patient, models.Enrolment, models.Course, models.Escalation, models.Referral, *FACTS)
}


def made_later() -> dict[str, Any]:
    actor = rows.ActorFactory.create()
    return {"created_at": LATER, "created_by": actor, "changed_at": LATER, "changed_by": actor}


def done(ward: Ward) -> dict[str, Any]:
    return {**a_fact(ward.patient), "recorded_at": LATER, "course": ward.course}


SHOWN: dict[str, Callable[[Ward], Any]] = {
    "Patient, a record number": lambda ward: rows.PatientIdentifierFactory.create(
        patient=ward.patient, system="urn:oid:2.999.2", value="1", changed_at=LATER
    ),
    "Patient, a practice that left": lambda ward: models.CareTeamMember.objects.update(
        ended_on=LATER.date(), changed_at=LATER
    ),
    "Patient, a step": lambda ward: models.EnrolmentStep.objects.create(
        **a_fact(ward.patient) | {"recorded_at": LATER}, enrolment=ward.enrolment, kind="contact_lost"
    ),
    "Patient, a name": lambda ward: models.Patient.objects.filter(pk=ward.patient.pk).update(
        family_name="Other", changed_at=LATER
    ),
    "CarePlan, a check": lambda ward: rows.CheckFactory.create(
        enrolment=ward.enrolment, course=ward.course, created_at=LATER, changed_at=LATER
    ),
    "CarePlan, a reason": lambda ward: models.ReferralReason.objects.create(
        referral=ward.referral, rule="E04", cause="child", joined_on=rows.TODAY, **made_later()
    ),
    "MedicationRequest, a start": lambda ward: models.CourseStart.objects.create(**done(ward)),
    "MedicationRequest, a decision": lambda ward: models.DoseDecision.objects.create(
        **done(ward), step_key="s", taken=True, from_on=rows.TODAY, prescriber="Dr. Invented"
    ),
    "MedicationRequest, a hold": lambda ward: models.Hold.objects.create(**done(ward)),
    "Flag, a conversation": lambda ward: told(ward, "escalation", ward.escalation),
    "DetectedIssue, a conversation": lambda ward: told(ward, "escalation", ward.escalation),
    "ServiceRequest, a conversation": lambda ward: told(ward, "referral", ward.referral),
    "ServiceRequest, a reason": lambda ward: models.ReferralReason.objects.create(
        referral=ward.referral, rule="E08b", cause="course", joined_on=rows.TODAY, **made_later()
    ),
}


def told(ward: Ward, kind: str, about: models.Escalation | models.Referral) -> models.FamilyTold:
    return models.FamilyTold.objects.create(
        **a_fact(ward.patient) | {"recorded_at": LATER},
        subject_kind=kind,
        subject_uid=about.uid,
        told_by="Dr. Invented",
    )


@pytest.mark.parametrize("what", SHOWN)
def test_what_is_shown_moves_last_updated_and_the_version(get: Get, ward: Ward, what: str) -> None:
    name = what.partition(",")[0]
    before = get(f"/fhir/{name}").json()["entry"][0]["resource"]["meta"]

    SHOWN[what](ward)

    (found,) = get(f"/fhir/{name}?_lastUpdated=ge2027-01-05").json()["entry"]
    assert found["resource"]["meta"]["lastUpdated"] == "2027-01-05T15:00:00.000000Z"
    assert int(found["resource"]["meta"]["versionId"]) == int(before["versionId"]) + 1


def test_no_writer_sets_it_back_and_no_version_counts_it(get: Get, ward: Ward) -> None:
    held = models.Patient.objects.get(pk=ward.patient.pk)
    SHOWN["Patient, a record number"](ward)

    held.language = "de"
    held.save()

    row = models.Patient.objects.get(pk=held.pk)
    assert (row.shown_at, row.version) == (LATER, 2)
    kept = apps.get_model("clinic", "PatientEvent")._default_manager.filter(pgh_obj=row.pk)
    assert kept.count() == 2


def test_facts_that_were_corrected_or_merged_are_found_once_and_in_their_order(get: Get, ward: Ward) -> None:
    wrong = models.BloodPressure.objects.get()
    rows.BloodPressureFactory.create(patient=ward.patient, corrects=wrong, recorded_at=LATER)
    ended = {"state": "withdrawn", "ended_at": rows.NOW, "ended_by": rows.ActorFactory.create()}
    models.Enrolment.objects.update(**ended)
    twin = rows.EnrolmentFactory.create(**ended)
    for hour in range(4):
        at = rows.NOW + dt.timedelta(hours=hour)
        rows.BloodPressureFactory.create(patient=twin.patient, recorded_at=at)
    merge_children(
        survivor=ward.patient,
        replaced=twin.patient,
        clinic=ward.clinic,
        reason="registered twice",
        by=seed_actor(),
        now=LATER + dt.timedelta(hours=1),
    )

    found = walk(get, "/fhir/Observation?_count=2")

    read = [get(f"/fhir/Observation/{id_}").json()["meta"]["lastUpdated"] for id_ in found]
    assert len(found) == len(set(found)) == get("/fhir/Observation?_summary=count").json()["total"] == 9
    assert read == sorted(read)
    assert found[::-1] == walk(get, "/fhir/Observation?_count=2&_sort=-_lastUpdated")
    assert len(ids(get("/fhir/Observation?_lastUpdated=ge2027-01-05").json())) == 6


def test_ties_of_children_are_paged_without_loss(get: Get, ward: Ward) -> None:
    for _ in range(7):
        rows.EnrolmentFactory.create()

    found = walk(get, "/fhir/Patient?_lastUpdated=ge2027-01-04T15:00:00Z&_count=3")

    assert len(found) == len(set(found)) == 8
    assert found == ids(get("/fhir/Patient").json())


FILLED: dict[str, tuple[type[Model], ...]] = {
    "0005_when_what_is_shown_last_changed": (models.Patient, models.Course),
    "0006_what_was_found_shows_when_it_last_changed": (models.Escalation, models.Referral),
}


@pytest.mark.parametrize("name", FILLED)
def test_rows_from_before_are_filled_as_the_triggers_would_have(ward: Ward, name: str) -> None:
    for what in SHOWN.values():
        what(ward)
    kept = moments(name)
    migration = import_module(f"clinic.migrations.{name}")

    with owner_role(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model in FILLED[name]:
            cursor.execute(f"ALTER TABLE {model._meta.db_table} DISABLE TRIGGER USER")
            model._default_manager.update(shown_at=rows.NOW - dt.timedelta(days=999))
        for statement in migration.FILL:
            cursor.execute(statement)
        for model in FILLED[name]:
            cursor.execute(f"ALTER TABLE {model._meta.db_table} ENABLE TRIGGER USER")

    assert moments(name) == kept
    assert set(kept) == {LATER}


def moments(name: str) -> list[dt.datetime]:
    return [at for model in FILLED[name] for at in model._default_manager.values_list("shown_at", flat=True)]


@pytest.fixture
def crowd(ward: Ward, ehr: ApiClient) -> Actor:
    """Many more children on a course, a minute between each two of them; and who asks."""
    copies: dict[type[Model], list[Any]] = {}
    facts = [model.objects.filter(corrects=None)[0] for model in FACTS]
    for row in (ward.patient, ward.enrolment, ward.course, ward.escalation, ward.referral, *facts):
        model: Any = type(row)
        fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
        copies[model] = model.objects.bulk_create(
            model(**fields | {"id": None, "uid": uuid.uuid4()} | at_its_time(number, copies, fields))
            for number in range(MANY)
        )
    with owner_role(), connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return ehr.actor


def at_its_time(number: int, copies: dict[type[Model], list[Any]], fields: dict[str, Any]) -> dict[str, Any]:
    at = "recorded_at" if "recorded_at" in fields else "changed_at"
    changes: dict[str, Any] = {at: rows.NOW + dt.timedelta(minutes=number)}
    for name, model in (("patient_id", models.Patient), ("enrolment_id", models.Enrolment)):
        if name in fields:
            changes[name] = copies[model][number].pk
    return changes


@pytest.mark.parametrize(
    "name",
    [
        *("Patient", "CarePlan", "MedicationRequest", "Flag", "DetectedIssue", "ServiceRequest"),
        *("Observation", "DiagnosticReport"),
    ],
)
@pytest.mark.parametrize(
    "query", ["_lastUpdated=ge2027-01-05", "", "_sort=-_lastUpdated", "_lastUpdated=lt2027-01-05"]
)
def test_a_page_reads_a_page_of_rows_and_not_every_child(crowd: Actor, name: str, query: str) -> None:
    search = read_search(
        KINDS[name], [*parse_qsl(query), ("_count", str(PAGE))], base="http://testserver/fhir", strict=True
    )

    plan = json.loads(page_of_keys(search, crowd).explain(format="json", analyze=True))

    touched: dict[str, float] = defaultdict(float)
    for node in nodes(plan[0]["Plan"]):
        if node.get("Relation Name") in CROWDED:
            read = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
            touched[node["Relation Name"]] += read * node["Actual Loops"]
    assert 0 < max(touched.values()) < PAGE * 5, touched


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from nodes(inner)
