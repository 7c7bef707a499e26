"""A server that really runs, with the child of the guide, and a demo client's card."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from clinic import models
from ispath.smart.clients import PublicKeys, add_client
from ispath.smart.sandbox import SCOPES
from tests.factories import clinic as rows
from tests.factories.smart import ec_key, public_set, rsa_key

GUIDE = ("urn:oid:2.999.10", "900003")


@dataclass(frozen=True, kw_only=True)
class Sandbox:
    """Where the server is, and who may ask."""

    url: str
    card: dict[str, Any]
    card_path: Path
    patient: models.Patient


@pytest.fixture
def no_idle_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's threads live as long as a client keeps its line open; their connections do not."""
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)


@pytest.fixture
def sandbox(no_idle_connections: None, live_server: LiveServer, tmp_path: Path) -> Sandbox:
    clinic = rows.ClinicFactory.create(mrn_system=GUIDE[0])
    enrolment = rows.EnrolmentFactory.create(clinic=clinic)
    patient = enrolment.patient
    rows.PatientIdentifierFactory.create(patient=patient, system=GUIDE[0], value=GUIDE[1])
    rows.ConditionFactory.create(patient=patient)
    course = rows.CourseFactory.create(
        enrolment=enrolment,
        status="completed",
        last_dose_on=dt.date(2027, 2, 1),
        stop_reason="completed",
    )
    rows.CheckFactory.create_batch(5, enrolment=enrolment, course=course, state="overdue")
    rows.EscalationFactory.create(enrolment=enrolment)
    rows.BloodPressureFactory.create(patient=patient, clinic=clinic)
    rows.TimelineEntryFactory.create_batch(7, clinic=clinic, patient=patient)
    ehr = add_client(
        name="demo EHR",
        keys=PublicKeys(key_set=public_set(ec_key(), rsa_key())),
        scopes=SCOPES,
        clinics=(clinic,),
        by=rows.ActorFactory.create(),
        now=timezone.now(),
    )
    card = {
        "client_id": str(ehr.uid),
        "token_url": f"{live_server.url}/auth/token",
        "fhir_url": f"{live_server.url}/fhir",
        "rest_url": f"{live_server.url}/api/v1",
        "scopes": SCOPES,
        "private_key": ec_key().as_dict(private=True),
    }
    path = tmp_path / "card.json"
    path.write_text(json.dumps(card))
    return Sandbox(url=live_server.url, card=card, card_path=path, patient=patient)
