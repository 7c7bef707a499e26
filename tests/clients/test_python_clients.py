"""Clients that others wrote, against a running server: SMART client-py (fhirclient) and fhirpy."""

from __future__ import annotations

import time
import uuid
from typing import Any

import pytest
from fhirclient import client as smart_client
from fhirclient.models.bundle import Bundle
from fhirclient.models.patient import Patient
from fhirclient.models.task import Task
from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import OperationOutcome, ResourceNotFound
from joserfc import jwt

from docs.ehr.get_token import get_token
from tests.clients.conftest import GUIDE, Sandbox
from tests.factories.smart import rsa_key

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


def smart(sandbox: Sandbox) -> Any:
    """client-py as a backend service: it takes one ready assertion and finds the token address itself."""
    signed = jwt.encode(
        {"alg": "RS384", "kid": rsa_key().kid},
        {
            "iss": sandbox.card["client_id"],
            "sub": sandbox.card["client_id"],
            "aud": sandbox.card["token_url"],
            "exp": int(time.time()) + 300,
            "jti": uuid.uuid4().hex,
        },
        rsa_key(),
        algorithms=["RS384"],
    )
    return smart_client.FHIRClient(
        settings={
            "app_id": sandbox.card["client_id"],
            "api_base": sandbox.card["fhir_url"],
            "scope": "system/*.read",
            "jwt_token": signed,
        }
    )


def test_client_py_authorises_itself_and_reads(sandbox: Sandbox) -> None:
    client = smart(sandbox)
    client.prepare()
    client.authorize()

    (found,) = Patient.where({"identifier": "|".join(GUIDE)}).perform_resources(client.server)

    assert found.id == str(sandbox.patient.uid)
    assert found.birthDate.isostring == "2026-06-20"


def test_client_py_walks_the_pages(sandbox: Sandbox) -> None:
    client = smart(sandbox)
    client.prepare()
    client.authorize()

    tasks = list(Task.where({"_count": "2"}).perform_resources_iter(client.server))

    assert len({task.id for task in tasks}) == 5
    bundle = Bundle.read_from(f"Patient/{sandbox.patient.uid}/$everything", client.server)
    assert {entry.resource.resource_type for entry in bundle.entry} >= {"Patient", "Task", "CarePlan"}


@pytest.fixture
def fhir(sandbox: Sandbox) -> Any:
    return SyncFHIRClient(sandbox.card["fhir_url"], authorization=f"Bearer {get_token(sandbox.card)}")


def test_fhirpy_counts_searches_and_walks_the_pages(fhir: Any, sandbox: Sandbox) -> None:
    tasks = fhir.resources("Task").search(patient=sandbox.patient.uid, **{"business-status": "overdue"})

    assert tasks.count() == 5
    assert len(tasks.limit(2).fetch_all()) == 5
    assert fhir.resources("Patient").search(identifier="|".join(GUIDE)).get().id == str(sandbox.patient.uid)


def test_fhirpy_includes_and_operations(fhir: Any, sandbox: Sandbox) -> None:
    bundle = fhir.resources("Task").include("Task", "patient").fetch_raw()
    everything = fhir.resource("Patient", id=str(sandbox.patient.uid)).execute("$everything", method="get")

    assert {entry.resource["resourceType"] for entry in bundle.entry} == {"Task", "Patient"}
    assert everything["type"] == "searchset"


def test_fhirpy_surfaces_refusals(fhir: Any, sandbox: Sandbox) -> None:
    with pytest.raises(ResourceNotFound):
        fhir.reference("Patient", str(uuid.uuid4())).to_resource()
    with pytest.raises(OperationOutcome):
        fhir.resource("Patient", name=[{"text": "New"}]).save()
