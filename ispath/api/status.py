"""`GET /api/v1/status`: one child's true status in one call."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from ispath.api.bodies import Text
from ispath.api.callers import OfCaller
from ispath.api.described import IF_NONE_MATCH, WORD, not_modified, problems
from ispath.api.examples import LOOKUP_EXAMPLE, NUMBER_EXAMPLE, STATUS_EXAMPLE, SYSTEM_EXAMPLE
from ispath.api.kept_status import status_by_number
from ispath.api.parameters import require_known
from ispath.api.shapes_of_status import Status
from ispath.smart.authentication import Caller
from ispath.wire.etags import already_known
from ispath.wire.problems import ProblemError

# A status says something of all of these, so a token must be allowed to read them all.
_TYPES = ("Patient", "CarePlan", "Task", "Flag", "ServiceRequest")
_LONGEST = 200


@extend_schema_field(WORD)
class RecordWord(Text):
    """A word that a row can hold."""


class Lookup(serializers.Serializer[object]):
    """A record number and the authority that gave it. Both are required: a number alone names nobody."""

    mrn_system = RecordWord(max_length=_LONGEST, trim_whitespace=False)
    mrn = RecordWord(max_length=_LONGEST, trim_whitespace=False)


_LOOKUP = Lookup()  # once: each one copies its fields


class StatusView(OfCaller, APIView):
    """The status by authority and record number in the address."""

    @extend_schema(
        operation_id="status",
        summary="One child's status",
        parameters=[
            OpenApiParameter(
                "mrn_system",
                WORD,
                required=True,
                description="The authority, as a URI.",
                examples=[SYSTEM_EXAMPLE],
            ),
            OpenApiParameter(
                "mrn", WORD, required=True, description="The record number.", examples=[NUMBER_EXAMPLE]
            ),
            IF_NONE_MATCH,
        ],
        responses={200: Status, **not_modified(), **problems(400, 404)},
        examples=[STATUS_EXAMPLE],
    )
    def get(self, request: Request) -> HttpResponse:
        """Answer for the child with this record number."""
        require_known(request, {"mrn_system", "mrn"})
        return _answer(self.caller, request, request.query_params)


class StatusLookupView(StatusView):
    """The same with the record number in the body, where no log sees it."""

    http_method_names = ["post", "options"]

    @extend_schema(
        operation_id="status_lookup",
        tags=["status"],
        summary="One child's status, with the record number kept out of the address",
        request=Lookup,
        parameters=[IF_NONE_MATCH],
        responses={200: Status, **not_modified(), **problems(400, 404, 413, 415)},
        examples=[STATUS_EXAMPLE, LOOKUP_EXAMPLE],
    )
    def post(self, request: Request) -> HttpResponse:
        """Answer for the child with this record number."""
        require_known(request, ())
        return _answer(self.caller, request, request.data)


def _answer(caller: Caller, request: Request, given: Any) -> HttpResponse:
    caller.require("r", *_TYPES)
    system, number = _looked_up(given)
    now = timezone.now()
    kept = status_by_number(system=system, number=number, caller=caller, now=now)
    if kept is None:
        raise ProblemError(
            "patient-not-found",
            "No child of this client's clinics has this record number at this authority. "
            "Check the authority, and that the child is enrolled.",
        )
    headers = {"ETag": kept.tag, "Cache-Control": "private, no-cache"}
    if already_known(request._request, kept.tag):  # noqa: SLF001 - DRF's own way to it
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(kept.written(now), content_type="application/json", headers=headers)


def _looked_up(given: Any) -> tuple[str, str]:
    found = _LOOKUP.run_validation(given or {})
    return found["mrn_system"], found["mrn"]
