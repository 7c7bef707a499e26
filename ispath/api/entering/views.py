"""The doors of REST through which documents come in."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from clinic.models import Via
from ispath.api import shapes
from ispath.api.callers import OfCaller
from ispath.api.described import problems
from ispath.api.entering import documents
from ispath.api.entering.acts import ENTERED, Sender
from ispath.api.entering.once import HEADER, digest_of, key_of, once
from ispath.api.examples import CHILD_EXAMPLE, COURSE_EXAMPLE, OBSERVATION_EXAMPLES
from ispath.api.parameters import require_known
from ispath.smart.authentication import Caller

KEY = OpenApiParameter(
    HEADER,
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
    OpenApiParameter.HEADER,
    required=True,
    description="A value of this request's own. Repeated with the same value, it has no second effect.",
)
_REFUSED = problems(400, 409, 413, 415, 422)


def enter(request: Request, caller: Caller, what: str) -> Response:
    """Read a document, do what it says once, and answer."""
    shape, act, fhir_type = ENTERED[what]
    caller.require("c", fhir_type)
    require_known(request, ())
    key, now = key_of(request._request), timezone.now()  # noqa: SLF001 - DRF's own way to it
    document = shape(data=request.data)
    document.is_valid(raise_exception=True)
    said: Any = document.validated_data
    sender = Sender(actor=caller.actor, via=Via.REST)
    entered, repeated = once(
        client_id=caller.client_id,
        key=key,
        request_digest=digest_of(request.path, request.data),
        now=now,
        enter=lambda: act(said, sender=sender, now=now),
    )
    headers = {"Idempotent-Replayed": "true"} if repeated else {}
    return Response(entered.body, status=entered.status, headers=headers)


class EntersChild:
    """POST /children."""

    @extend_schema(
        operation_id="children_create",
        summary="Enrol a child at a clinic of the caller's",
        request=documents.ChildDocument,
        parameters=[KEY],
        responses={201: shapes.Child, **_REFUSED},
        examples=[CHILD_EXAMPLE],
    )
    def create(self, request: Request) -> Response:
        """Register the child and put it on the books."""
        return enter(request, self.caller, "children")  # type: ignore[attr-defined]


class EntersCourse:
    """POST /courses."""

    @extend_schema(
        operation_id="courses_create",
        summary="Plan a course; a person at the clinic checks its calendar before it starts",
        request=documents.CourseDocument,
        parameters=[KEY],
        responses={201: shapes.PlannedCourses, **_REFUSED},
        examples=[COURSE_EXAMPLE],
    )
    def create(self, request: Request) -> Response:
        """Plan the course, one row a drug."""
        return enter(request, self.caller, "courses")  # type: ignore[attr-defined]


class Observations(OfCaller, GenericViewSet[Any]):
    """POST /observations; what was recorded is read through FHIR."""

    serializer_class = documents.ObservationDocument
    pagination_class = None
    filter_backends: list[Any] = []

    @extend_schema(
        operation_id="observations_create",
        summary="Record an observation",
        request=PolymorphicProxySerializer(
            component_name="Observation",
            serializers=dict(documents.OBSERVED),
            resource_type_field_name="kind",
        ),
        parameters=[KEY],
        responses={
            200: documents.RecordedAnswer,
            201: documents.RecordedAnswer,
            **_REFUSED,
        },
        examples=OBSERVATION_EXAMPLES,
    )
    def create(self, request: Request) -> Response:
        """Record it; the same source a second time is answered with the row it became, as 200."""
        return enter(request, self.caller, "observations")
