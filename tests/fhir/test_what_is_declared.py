"""What the CapabilityStatement declares is what is served: a walk through an invented clinic."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from clinic.models import Clinic, Patient
from tests.api.test_kept_status import unmarked_tables_of_a_status
from tests.factories.smart import an_api_client, bearer
from tests.fhir.declared import Crawl

# What no invented child has: results that an EHR sent in.
NOT_INVENTED = {
    "Observation.identifier: no example at identifier",
    "DiagnosticReport.identifier: no example at identifier",
    "Communication: nothing to look at",
}


@pytest.mark.slow
@pytest.mark.django_db
def test_everything_that_is_declared_does_something_true(client: Client, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 1_000_000  # a quick machine asks more than a client may
    call_command("load_library", verbosity=0)
    call_command("seed_clinic", children=16, verbosity=0)
    token = bearer(an_api_client(clinics=tuple(Clinic.objects.all())))

    def ask(path: str, headers: dict[str, str] | None = None) -> tuple[int, dict[str, str], Any]:
        more = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in (headers or {}).items()}
        address = path.removeprefix("http://testserver")
        answer = client.get(address if address.startswith("/") else f"/fhir/{address}", **{**token, **more})
        named = {name.lower(): value for name, value in answer.headers.items()}
        return answer.status_code, named, json.loads(answer.content) if answer.content else None

    crawl = Crawl(ask=ask)
    crawl.walk()

    assert set(crawl.complaints) - NOT_INVENTED == set()
    # A signed protocol in full, under the same token.
    signed = client.get("/api/v1/protocols/prednisolone-ukiss", **token)
    pathway = client.get("/api/v1/protocols/iess-first-line", **token).json()
    assert [phase["name"] for phase in signed.json()["content"]["phases"]] == ["Full dose", "Taper"]
    assert (pathway["kind"], pathway["content"]["key"]) == ("pathway", "iess-first-line")
    # And while such a clinic is there: nothing that a status reads is missing from its mark.
    children = Patient.objects.select_related("replaced_by")
    assert set().union(*(unmarked_tables_of_a_status(child) for child in children)) == set()
