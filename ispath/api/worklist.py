"""`GET /api/v1/worklist`: what is to be done today, most urgent first."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic.access import clinics_of
from clinic.models import Actor
from clinic.worklist import Line, Wanted, lines, place
from ispath.api.callers import OfCaller
from ispath.api.described import WORD, problems
from ispath.api.parameters import day_of, limit_of, require_known
from ispath.api.shapes import LineOfWorklist
from ispath.wire.problems import ProblemError

_KINDS = ("check", "escalation", "referral", "work_item")
_PARAMETERS = ("clinic", "kind", "code", "urgency", "drug", "open_by", "limit", "page")
_DEFAULT, _LARGEST, _LAST_PAGE = 100, 500, 9999


class WorklistView(OfCaller, APIView):
    """What the clinics have to do; computed from the rows that the dashboard shows."""

    @extend_schema(
        operation_id="worklist",
        summary="What is to be done, most urgent first",
        parameters=[
            OpenApiParameter(
                "clinic", WORD, description="A clinic's key; all of the client's clinics without it."
            ),
            OpenApiParameter("kind", str, enum=_KINDS),
            OpenApiParameter("code", WORD, description="A check code or an escalation rule."),
            OpenApiParameter("urgency", WORD),
            OpenApiParameter("drug", WORD, description="Only children on this drug now."),
            OpenApiParameter("open_by", date, description="Leave out checks that open later than this."),
            OpenApiParameter(
                "limit", {"type": "integer", "minimum": 1, "maximum": _LARGEST, "default": _DEFAULT}
            ),
            OpenApiParameter("page", {"type": "integer", "minimum": 0, "maximum": _LAST_PAGE, "default": 0}),
        ],
        responses={
            200: OpenApiResponse(
                inline_serializer(
                    "Worklist",
                    {
                        "items": LineOfWorklist(many=True),
                        "next_page": serializers.IntegerField(allow_null=True),
                        "total": serializers.IntegerField(),
                    },
                )
            ),
            **problems(400),
        },
    )
    def get(self, request: Request) -> Response:
        """One page of the worklist."""
        caller = self.caller
        caller.require("s", "Task", "Flag", "ServiceRequest")
        require_known(request, _PARAMETERS)
        limit = limit_of(request, default=_DEFAULT, largest=_LARGEST)
        found = _lines(request, caller.actor)
        page = _page(request)
        start = page * limit
        return Response(
            {
                "items": LineOfWorklist(found[start : start + limit], many=True).data,
                "next_page": page + 1 if len(found) > start + limit else None,
                "total": len(found),
            }
        )


def _lines(request: Request, actor: Actor) -> list[Line]:
    """The lines of each clinic, judged by the day it is there, in one order."""
    now = timezone.now()
    clinics = clinics_of(actor).order_by("pk")
    key = request.query_params.get("clinic")
    if key is not None:
        clinics = clinics.filter(key=key)
    found = [
        line
        for clinic in clinics
        for line in lines(actor=actor, today=clinic.local_date(now), wanted=_wanted(request, clinic.uid))
    ]
    return sorted(found, key=place)


def _wanted(request: Request, clinic_uid: Any) -> Wanted:
    given = request.query_params
    kind = given.get("kind")
    if kind is not None and kind not in _KINDS:
        raise ProblemError("bad-parameter", f"kind is one of {', '.join(_KINDS)}.", field="kind")
    return Wanted(
        clinic_uid=clinic_uid,
        kinds=frozenset(given.getlist("kind")),
        codes=frozenset(given.getlist("code")),
        urgencies=frozenset(given.getlist("urgency")),
        drug_key=given.get("drug", ""),
        open_by=day_of(request, "open_by"),
    )


def _page(request: Request) -> int:
    text = request.query_params.get("page", "0")
    if not (text.isascii() and text.isdecimal()) or int(text[:9]) > _LAST_PAGE:
        raise ProblemError("bad-page-token", f"page is a whole number from 0 to {_LAST_PAGE}.", field="page")
    return int(text)
