"""Answers under /fhir: always application/fhir+json, problems as OperationOutcome."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse

from ispath.wire.problems import Problem

CONTENT_TYPE = "application/fhir+json; charset=utf-8"
ERROR_SYSTEM = "https://ispath.example/fhir/CodeSystem/error"

Resource = dict[str, Any]


def fhir_answer(
    resource: Resource, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """The resource as an answer."""
    return HttpResponse(
        to_json(resource), status=status, content_type=CONTENT_TYPE, headers=dict(headers or {})
    )


def to_json(resource: Resource) -> bytes:
    """The resource in compact JSON."""
    return json.dumps(resource, separators=(",", ":"), ensure_ascii=False, default=_plain).encode()


def _plain(value: object) -> object:
    match value:
        case datetime():
            return instant(value)
        case date():
            return value.isoformat()
        case Decimal():
            return number(value)
        case _:
            return str(value)


def instant(moment: datetime) -> str:
    """A moment as FHIR writes it: UTC with Z, to the microsecond that the row has."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def number(value: Decimal) -> int | float:
    """A JSON number. Fifteen digits survive a float, and what we serve was rounded before."""
    return int(value) if value == value.to_integral_value() else float(value)


def outcome(problem: Problem, *, request_id: str) -> Resource:
    """The OperationOutcome of a problem, with the same stable code as the REST side."""
    issue: Resource = {
        "severity": "error" if problem.kind.status < HTTPStatus.INTERNAL_SERVER_ERROR else "fatal",
        "code": problem.kind.issue,
        "details": {"coding": [{"system": ERROR_SYSTEM, "code": problem.code}], "text": problem.sentence},
    }
    if request_id:
        issue["diagnostics"] = f"request-id {request_id}"
    if problem.field:
        issue["expression"] = [problem.field]
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def problem_answer(problem: Problem, *, request_id: str) -> HttpResponse:
    """A problem as an answer."""
    return fhir_answer(
        outcome(problem, request_id=request_id), status=problem.kind.status, headers=problem.headers
    )
