"""What broke unexpectedly: logged, then said to a program as 500 with a stable code and no trace."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse

from ispath.wire.request_ids import request_id_of

_SENTENCE = "Something broke on our side. Try again later, and quote the request id if it stays so."

logger = logging.getLogger(__name__)


class LastResortMiddleware:
    """Answers for /api and /fhir; pages for people are left to Django."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn an error nobody expected into an answer a program can read."""
        if request.path.startswith("/fhir"):
            answer = _as_outcome(request)
        elif request.path.startswith(("/api/", "/auth/")):
            answer = _as_problem(request)
        else:
            return None
        logger.error("request_broke", exc_info=exception, extra={"path": request.path})
        return answer


def _as_outcome(request: HttpRequest) -> HttpResponse:
    details = {
        "coding": [{"system": "https://ispath.example/fhir/CodeSystem/error", "code": "internal"}],
        "text": _SENTENCE,
    }
    issue = {
        "severity": "fatal",
        "code": "exception",
        "details": details,
        "diagnostics": f"request-id {request_id_of(request)}",
    }
    outcome = {"resourceType": "OperationOutcome", "issue": [issue]}
    return JsonResponse(outcome, status=500, content_type="application/fhir+json; charset=utf-8")


def _as_problem(request: HttpRequest) -> HttpResponse:
    problem = {
        "type": "https://ispath.example/problems/internal",
        "title": "Something broke on our side",
        "status": 500,
        "detail": _SENTENCE,
        "instance": request.path,
        "code": "internal",
        "request_id": request_id_of(request),
    }
    return JsonResponse(problem, status=500, content_type="application/problem+json")
