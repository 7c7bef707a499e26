"""A child with one of everything, and a browser whose every request carries a token."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from clinic import models
from ispath.smart.models import ApiClient
from tests.factories import clinic as rows
from tests.factories.smart import an_api_client, bearer

NORTH = "urn:oid:2.999.1"


@dataclass(frozen=True, kw_only=True)
class Ward:
    """The rows that the tests ask about."""

    patient: models.Patient
    enrolment: models.Enrolment
    course: models.Course
    check: models.Check
    escalation: models.Escalation
    referral: models.Referral
    contact: models.Contact
    clinic: models.Clinic


@pytest.fixture
def ward(db: None) -> Ward:
    """A girl on prednisolone at North clinic with an overdue check, an escalation and a referral."""
    patient = rows.PatientFactory.create(family_name="Testinfant", given_names="Aurora Bea")
    rows.PatientIdentifierFactory.create(patient=patient, system=NORTH, value="900001")
    rows.ConditionFactory.create(patient=patient, onset_on=dt.date(2026, 12, 1))
    enrolment = rows.EnrolmentFactory.create(patient=patient)
    member = rows.CareTeamMemberFactory.create(patient=patient)
    course = rows.CourseFactory.create(enrolment=enrolment, planned_last_dose_on=dt.date(2027, 2, 1))
    check = rows.CheckFactory.create(enrolment=enrolment, course=course, state="overdue")
    escalation = rows.EscalationFactory.create(enrolment=enrolment, because=["EEG of day 14"])
    referral = rows.ReferralFactory.create(enrolment=enrolment, act_by_on=dt.date(2027, 1, 11))
    rows.BloodPressureFactory.create(patient=patient)
    rows.EegFactory.create(patient=patient, hypsarrhythmia=True)
    models.Measurement.objects.create(
        **a_fact(patient), kind="weight", value=Decimal("7.2000"), unit="kg", as_typed="7.2"
    )
    models.Measurement.objects.create(**a_fact(patient), kind="stool_blood", result="negative")
    models.SpasmReport.objects.create(**a_fact(patient), status="none-seen")
    models.VisionExam.objects.create(**a_fact(patient), result="pending")
    return Ward(
        patient=patient,
        enrolment=enrolment,
        course=course,
        check=check,
        escalation=escalation,
        referral=referral,
        contact=member.contact,
        clinic=enrolment.clinic,
    )


def a_fact(patient: models.Patient) -> dict[str, Any]:
    """What every fact needs."""
    return {
        "patient": patient,
        "clinic": rows.ClinicFactory.create(),
        "happened_on": rows.TODAY,
        "known_at": rows.NOW,
        "recorded_at": rows.NOW,
        "recorded_by": rows.ActorFactory.create(),
    }


@pytest.fixture
def ehr(db: None) -> ApiClient:
    return an_api_client()


Get = Callable[..., Any]


@pytest.fixture
def get(client: Client, ehr: ApiClient) -> Get:
    """GET with a token; returns the answer."""
    headers = bearer(ehr)

    def ask(address: str, **more: Any) -> Any:
        return client.get(address, **{**headers, **more})

    return ask
