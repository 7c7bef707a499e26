"""The schema says what is served: compared with the docs, and thrown at the running views by schemathesis."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
import requests
import schemathesis
from django.core.management import call_command
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, settings
from schemathesis.core import NOT_SET
from schemathesis.core.transport import Response
from schemathesis.generation.case import Case
from schemathesis.specs.openapi.checks import ignored_auth

from ispath.api.entering.acts import ENTERED
from ispath.api.status import Lookup
from ispath.smart.models import ApiClient
from tests.api.conftest import Ward
from tests.factories.smart import an_api_client, bearer

schema = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(public=True))
# A document of the right shape may still be refused by a rule of the clinic.
schema.config.checks.positive_data_acceptance.expected_statuses.append("422")
# Nine kinds of observations in one body: every corner of each would take minutes, a draw of them does not.
kinds = schemathesis.openapi.from_dict(schema.raw_schema)
kinds.config.checks.positive_data_acceptance.expected_statuses.append("422")
kinds.config.phases.coverage.enabled = False
OBSERVATIONS = "/api/v1/observations"


def test_the_schema_in_the_docs_is_the_one_that_is_served() -> None:
    call_command("openapi", "--check")


def test_the_schema_is_openapi_3_1_and_everybody_may_read_it(client: Client) -> None:
    body = client.get("/api/v1/openapi.json").json()

    assert body["openapi"] == "3.1.0"
    assert set(body["paths"]) == set(schema.raw_schema["paths"])


def test_the_page_that_shows_it_needs_no_other_server(client: Client) -> None:
    page = client.get("/api/v1/docs").content.decode()

    assert "swagger-ui" in page
    assert "https://" not in page
    assert "//cdn" not in page


def test_its_example_documents_are_of_the_right_shape() -> None:
    examples: list[tuple[str, dict[str, Any]]] = [
        (path.rpartition("/")[2], one["value"])
        for path, operations in schema.raw_schema["paths"].items()
        for one in operations.get("post", {}).get("requestBody", {}).get("content", {})
        .get("application/json", {}).get("examples", {}).values()
    ]  # fmt: skip

    for name, said in examples:
        shape = ENTERED[name][0] if name in ENTERED else Lookup
        shape(data=said).is_valid(raise_exception=True)
    assert {name for name, _ in examples} == {*ENTERED, "status:lookup"}


@pytest.mark.slow
@pytest.mark.django_db
@schema.exclude(path=OBSERVATIONS).parametrize()
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_request_breaks_the_server_or_its_schema(
    case: Case[Any], client: Client, ward: Ward, settings: Any
) -> None:
    hold_to_the_schema(case, client, settings)


@pytest.mark.slow
@pytest.mark.django_db
@kinds.include(path=OBSERVATIONS).parametrize()
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_observation_breaks_the_server_or_its_schema(
    case: Case[Any], client: Client, ward: Ward, settings: Any
) -> None:
    hold_to_the_schema(case, client, settings)


def hold_to_the_schema(case: Case[Any], client: Client, settings: Any) -> None:
    """Send a case as a client that may read and write, and hold the answer to what the schema says."""
    settings.API_REQUESTS_PER_MINUTE = 1_000_000
    writer = an_api_client(name=f"writer {uuid4()}", scopes="system/*.crs")
    case.path_parameters = case.path_parameters or {}

    answer = send(client, case, bearer(writer))

    assert answer.status_code < 500
    # This check sends requests of its own, to a server that is not there.
    case.validate_response(as_response(case, answer), excluded_checks=[ignored_auth])


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["TRACE", "QUERY"])
@pytest.mark.parametrize("path", sorted(schema.raw_schema["paths"]))
def test_trace_and_query_are_405(client: Client, ehr: ApiClient, path: str, method: str) -> None:
    address = path.replace("{id}", "1").replace("{kind}", "check")

    assert client.generic(method, address, **bearer(ehr)).status_code == 405


def send(client: Client, case: Case[Any], headers: dict[str, Any]) -> Any:
    """The case as Django's test client sends it."""
    sent = {
        f"HTTP_{name.upper().replace('-', '_')}": str(value) for name, value in (case.headers or {}).items()
    }
    body = "" if case.body is NOT_SET else case.body
    if not isinstance(body, bytes):
        body = json.dumps(body) if case.body is not NOT_SET else ""
    return client.generic(
        str(case.method).upper(),
        case.formatted_path,
        body,
        content_type="application/json",
        QUERY_STRING="&".join(f"{k}={v}" for k, v in query(case)),
        # A case that leaves the token out is sent without it.
        **{**sent, **(headers if "HTTP_AUTHORIZATION" in sent else {})},
    )


def query(case: Case[Any]) -> list[tuple[str, str]]:
    given = [(n, v) for n, v in (case.query or {}).items()]
    pairs = [(n, each) for n, v in given for each in (v if isinstance(v, list) else [v])]
    return [(quote(str(n), safe=""), quote(as_word(v), safe="", errors="surrogatepass")) for n, v in pairs]


def as_word(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {True: "true", False: "false", None: "null"}[value]
    return str(value)


def as_response(case: Case[Any], answer: Any) -> Response:
    request = requests.Request(str(case.method).upper(), "http://testserver" + case.formatted_path).prepare()
    return Response(
        status_code=answer.status_code,
        headers={name.lower(): [value] for name, value in answer.items()},
        content=answer.content,
        request=request,
        elapsed=0.1,
        verify=False,
    )
