"""Every answer carries X-Request-Id, so that a support call can name one request."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-Id"
_SAFE = re.compile(r"\A[A-Za-z0-9._-]{1,64}\Z")


class RequestIdMiddleware:
    """Takes the caller's id when it is harmless, makes one otherwise, and echoes it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        request_id = given if _SAFE.match(given) else uuid.uuid4().hex
        # Written back to META so that the log lines of this request carry the same id.
        request.META["HTTP_X_REQUEST_ID"] = request_id
        response = self.get_response(request)
        response.headers[HEADER] = request_id
        return response


def request_id_of(request: HttpRequest) -> str:
    """The id of this request."""
    return str(request.META.get("HTTP_X_REQUEST_ID", ""))
