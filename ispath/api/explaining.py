"""Why: the chain behind each check, verdict, escalation and referral, as it was kept."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic.access import children_visible_to, enrolments_visible_to
from clinic.explaining import explain_dose_of
from clinic.models import Actor, Check, Course, Escalation, ReferralReason, ResponseAssessment
from ispath.api.callers import OfCaller
from ispath.api.described import problems
from ispath.api.parameters import day_of, require_known, uid_of
from ispath.api.shapes import Explanation, Explanations
from ispath.wire.problems import ProblemError
from protocols.engine.explain import NothingToExplain

_SCOPES = {"check": "Task", "verdict": "CarePlan", "escalation": "Flag", "referral": "ServiceRequest"}


class ExplainChildView(OfCaller, APIView):
    """Everything that stands about a child, each with its chain."""

    @extend_schema(
        operation_id="explain_child",
        summary="Why everything about a child stands",
        parameters=[OpenApiParameter("id", OpenApiTypes.UUID, OpenApiParameter.PATH)],
        responses={200: Explanations, **problems(400, 404)},
    )
    def get(self, request: Request, id: str) -> Response:  # noqa: A002 - the word in the address
        """Answer with open checks, the standing verdict, open escalations and the referral's reasons."""
        caller = self.caller
        caller.require("r", "Patient", *_SCOPES.values())
        require_known(request, ())
        child = children_visible_to(caller.actor).filter(uid=uid_of(id)).first()
        if child is None:
            raise ProblemError("patient-not-found", "There is no child with this id for this client.")
        rows = {kind: _rows(kind, caller.actor).filter(**_about(kind, child)) for kind in _SCOPES}
        standing = [
            *_explained("check", rows["check"].filter(state__in=Check.OPEN_STATES)),
            *_explained("verdict", rows["verdict"].filter(superseded_on=None)),
            *_explained("escalation", rows["escalation"].filter(state__in=Escalation.OPEN_STATES)),
            *_explained("referral", rows["referral"]),
        ]
        return Response({"child": str(child.uid), "items": Explanation(standing, many=True).data})


class ExplainDoseView(OfCaller, APIView):
    """Why a dose is what it is."""

    @extend_schema(
        operation_id="explain_dose",
        summary="Why the dose of a day of a course is what it is",
        parameters=[
            OpenApiParameter("id", OpenApiTypes.UUID, OpenApiParameter.PATH, description="The course's id."),
            OpenApiParameter("on", date, description="The day; today at the clinic where it is left out."),
        ],
        responses={200: Explanations, **problems(400, 404)},
    )
    def get(self, request: Request, id: str) -> Response:  # noqa: A002 - the word in the address
        """Answer with the chain, from which the same dose follows again; with no item on a day outside."""
        self.caller.require("r", "MedicationRequest")
        require_known(request, {"on"})
        rows = Course.objects.filter(enrolment__in=enrolments_visible_to(self.caller.actor))
        course = rows.select_related("patient", "enrolment__clinic").filter(uid=uid_of(id)).first()
        if course is None:
            raise ProblemError("not-found", "There is no course with this id for this client.")
        on = day_of(request, "on") or course.enrolment.clinic.local_date(timezone.now())
        items = []
        with suppress(NothingToExplain):
            found = explain_dose_of(course, on=on)
            items = [{"kind": "dose", "id": course.uid, "says": found.paragraph, "chain": found.chain}]
        return Response({"child": str(course.patient.uid), "items": Explanation(items, many=True).data})


class ExplainView(OfCaller, APIView):
    """Why one thing was said."""

    @extend_schema(
        operation_id="explain",
        summary="Why one check, verdict, escalation or referral stands",
        parameters=[
            OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=sorted(_SCOPES)),
            OpenApiParameter("id", OpenApiTypes.UUID, OpenApiParameter.PATH),
        ],
        responses={200: Explanations, **problems(400, 404)},
    )
    def get(self, request: Request, kind: str, id: str) -> Response:  # noqa: A002 - the word in the address
        """Answer with the chain; a referral has one for each of its reasons."""
        caller = self.caller
        if kind not in _SCOPES:
            raise ProblemError(
                "not-found", f"There is nothing to explain there. Known: {', '.join(_SCOPES)}."
            )
        caller.require("r", _SCOPES[kind])
        require_known(request, ())
        named = {"referral__uid" if kind == "referral" else "uid": uid_of(id)}
        rows = list(_rows(kind, caller.actor).filter(**named))
        if not rows:
            raise ProblemError("not-found", f"There is no {kind} with this id for this client.")
        child = rows[0].referral.patient if kind == "referral" else rows[0].patient
        return Response(
            {"child": str(child.uid), "items": Explanation(_explained(kind, rows), many=True).data}
        )


def _rows(kind: str, actor: Actor) -> Any:
    enrolments = enrolments_visible_to(actor)
    if kind == "referral":
        reasons = ReferralReason.objects.filter(referral__enrolment__in=enrolments)
        return reasons.select_related("referral__patient").order_by("pk")
    models: dict[str, Any] = {"check": Check, "verdict": ResponseAssessment, "escalation": Escalation}
    return models[kind].objects.filter(enrolment__in=enrolments).select_related("patient").order_by("pk")


def _about(kind: str, child: Any) -> dict[str, Any]:
    return {"referral__patient": child} if kind == "referral" else {"patient": child}


def _explained(kind: str, rows: Iterable[Any]) -> list[dict[str, Any]]:
    return [
        {"kind": kind, "id": _id(kind, row), "says": _says(kind, row), "chain": row.chain} for row in rows
    ]


def _id(kind: str, row: Any) -> Any:
    return row.referral.uid if kind == "referral" else row.uid


def _says(kind: str, row: Any) -> str:
    match kind:
        case "check":
            return f"{row.name or row.code}: {row.state}, due {row.due_on.isoformat()}"
        case "verdict":
            return f"{row.verdict} by {row.definition}"
        case "escalation":
            return f"{row.rule}: {row.asks_for or row.urgency}"
        case _:
            return f"{row.rule} asks for a surgical evaluation"
