"""Problem details (RFC 9457): every refusal leaves the REST edge in the same shape, with a stable code."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, ValidationError
from django.db import DataError, IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response

from ispath.wire.codes import CODES
from ispath.wire.problems import (
    Problem,
    ProblemError,
    problem_of_database,
    problem_of_refusal,
    problem_of_validation,
)
from ispath.wire.request_ids import request_id_of
from protocols.refusal import Refusal

CONTENT_TYPE = "application/problem+json"
_TYPES = "https://ispath.example/problems/"


def problem_body(problem: Problem, request: HttpRequest) -> dict[str, Any]:
    """The members of problem+json, with our code, field and request id beside the standard ones."""
    body = {
        "type": f"{_TYPES}{problem.code}",
        "title": problem.kind.title,
        "status": problem.kind.status,
        "detail": problem.sentence,
        "instance": request.path,
        "code": problem.code,
        "request_id": request_id_of(request),
    }
    return {**body, "field": problem.field} if problem.field else body


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. What is not expected is passed on and ends as a plain 500."""
    problem = problem_of(error)
    if problem is None:
        return None
    request = context["request"]._request  # noqa: SLF001 - DRF's own way to it
    answer = Response(
        problem_body(problem, request), status=problem.kind.status, headers=dict(problem.headers)
    )
    answer.content_type = CONTENT_TYPE
    return answer


# What DRF and Django raise of themselves, and what it means here.
_MEANINGS: tuple[tuple[type[Exception], str, str], ...] = (
    (Http404, "not-found", "There is nothing at this address for this client."),
    (
        exceptions.ParseError,
        "bad-json",
        "The body is not JSON. Send an object with Content-Type application/json.",
    ),
    (exceptions.UnsupportedMediaType, "unsupported-media-type", "Send the body as application/json."),
    (
        exceptions.MethodNotAllowed,
        "method-not-allowed",
        "This address does not take that method; see the Allow header.",
    ),
    (exceptions.NotAcceptable, "not-acceptable", "Only JSON is served here. Ask for application/json."),
    (exceptions.NotAuthenticated, "unauthorized", "This needs an access token of the token endpoint."),
    (exceptions.AuthenticationFailed, "unauthorized", "This needs an access token of the token endpoint."),
    (exceptions.NotFound, "not-found", "There is nothing at this address for this client."),
    (RequestDataTooBig, "too-large", "The body is too large. Ask for less at once."),
    (SuspiciousOperation, "bad-request", "The request cannot be read. Check its parameters and its body."),
    (exceptions.APIException, "forbidden", "This client may not do that."),
)


def problem_of(error: Exception) -> Problem | None:
    """The problem for an error that was expected; None for one that was not."""
    match error:
        case ProblemError():
            return error.problem
        case Refusal():
            return problem_of_refusal(error)
        case IntegrityError() | DataError():
            return problem_of_database(error)
        case ValidationError():
            return problem_of_validation(error)
        case exceptions.ValidationError():
            name, sentence = _first_complaint(error.detail)
            return Problem(kind=CODES["bad-parameter"], code="bad-parameter", sentence=sentence, field=name)
    return next((_plain(code, words) for kind, code, words in _MEANINGS if isinstance(error, kind)), None)


def _plain(code: str, sentence: str) -> Problem:
    return Problem(kind=CODES[code], code=code, sentence=sentence)


def _first_complaint(detail: Any, name: str | None = None) -> tuple[str | None, str]:
    if isinstance(detail, dict) and detail:
        key, inner = next(iter(detail.items()))
        return _first_complaint(inner, None if key == "non_field_errors" else str(key))
    if isinstance(detail, list) and detail:
        return _first_complaint(detail[0], name)
    return name, str(detail)


def nothing_here(request: HttpRequest) -> HttpResponse:
    """The answer for an address under /api that does not exist."""
    problem = _plain("not-found", "There is nothing at this address. See /api/v1/docs for what there is.")
    return JsonResponse(problem_body(problem, request), status=404, content_type=CONTENT_TYPE)
