"""The lists and rows of the REST side."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.access import children_visible_to, enrolments_visible_to
from clinic.models import Actor, Course
from ispath.api import filters, shapes
from ispath.api.calendars import calendar_tree
from ispath.api.described import IF_NONE_MATCH, not_modified, problems
from ispath.api.entering.views import EntersChild, EntersCourse
from ispath.api.parameters import require_known
from ispath.api.rows import Rows, tagged
from notifications.models import Delivery


def described(what: str, shape: Any) -> Any:
    """The words of the schema for a list and its rows."""
    return extend_schema_view(
        list=extend_schema(summary=f"List {what}", responses={200: shape(many=True), **problems(400)}),
        retrieve=extend_schema(
            summary=f"One of the {what}",
            parameters=[IF_NONE_MATCH],
            responses={200: shape, **not_modified(), **problems(400, 404, 410)},
        ),
    )


@described("children", shapes.Child)
class Children(EntersChild, Rows):
    """The children of the caller's clinics."""

    fhir_type = "Patient"
    serializer_class = shapes.Child
    filterset_class = filters.ChildFilter

    def rows(self, actor: Actor) -> QuerySet[Any]:
        """Children with their record numbers."""
        return children_visible_to(actor).select_related("replaced_by").prefetch_related("identifiers")


@described("enrolments", shapes.Enrolment)
class Enrolments(Rows):
    """Who is followed where, on which pathway."""

    fhir_type = "CarePlan"
    serializer_class = shapes.Enrolment
    filterset_class = filters.EnrolmentFilter

    def rows(self, actor: Actor) -> QuerySet[Any]:
        """Enrolments with clinic and pathway."""
        return enrolments_visible_to(actor).select_related("patient", "clinic", "pathway_edition__pathway")


@described("courses", shapes.Course)
class Courses(EntersCourse, Rows):
    """Treatment courses, earlier clinics' courses of the same child included."""

    fhir_type = "CarePlan"
    serializer_class = shapes.Course
    filterset_class = filters.CourseFilter

    def rows(self, actor: Actor) -> QuerySet[Any]:
        """Courses with drug and protocol."""
        rows = Course.objects.filter(patient__in=children_visible_to(actor))
        return rows.select_related("patient", "enrolment", "drug", "product", "protocol_edition__protocol")

    @extend_schema(
        operation_id="courses_calendar",
        summary="The dose calendar of a course, day by day",
        parameters=[IF_NONE_MATCH],
        responses={200: shapes.DoseCalendar, **not_modified(), **problems(400, 404, 410)},
    )
    @action(detail=True, filter_backends=[], pagination_class=None)
    def calendar(self, request: Request, id: str) -> Response:  # noqa: A002 - the word in the address
        """The calendar with totals and warnings, as it stands now."""
        self.caller.require("r", "MedicationRequest")
        require_known(request, ())
        return tagged(request, calendar_tree(self.one(id)))


class _OfEnrolments(Rows):
    joined: ClassVar[tuple[str, ...]] = ("patient", "enrolment")

    def rows(self, actor: Actor) -> QuerySet[Any]:
        """Rows of the plans that the caller's clinics follow."""
        rows: QuerySet[Any] = self.model().objects.filter(enrolment__in=enrolments_visible_to(actor))
        return rows.select_related(*self.joined)


@described("checks", shapes.Check)
class Checks(_OfEnrolments):
    """Checks: what is to be observed, in which window, and where that stands."""

    fhir_type = "Task"
    joined = ("patient", "enrolment", "course")
    serializer_class = shapes.Check
    filterset_class = filters.CheckFilter


@described("verdicts", shapes.Verdict)
class Verdicts(_OfEnrolments):
    """Verdicts on treatment episodes."""

    fhir_type = "CarePlan"
    serializer_class = shapes.Verdict
    filterset_class = filters.VerdictFilter


@described("escalations", shapes.Escalation)
class Escalations(_OfEnrolments):
    """Escalations: what a rule asks of a person."""

    fhir_type = "Flag"
    serializer_class = shapes.Escalation
    filterset_class = filters.EscalationFilter


@described("referrals", shapes.Referral)
class Referrals(_OfEnrolments):
    """Referrals for surgical evaluation."""

    fhir_type = "ServiceRequest"
    serializer_class = shapes.Referral
    filterset_class = filters.ReferralFilter

    def rows(self, actor: Actor) -> QuerySet[Any]:
        """Referrals with their reasons."""
        return super().rows(actor).prefetch_related("reasons")


@described("deliveries", shapes.DeliveryShape)
class Deliveries(Rows):
    """Reminders and what became of them; what a letter says is never served."""

    fhir_type = "Communication"
    serializer_class = shapes.DeliveryShape
    filterset_class = filters.DeliveryFilter

    def rows(self, actor: Actor) -> QuerySet[Any]:
        """Deliveries about the children that the caller's clinics follow."""
        rows = Delivery.objects.filter(enrolment__in=enrolments_visible_to(actor))
        return rows.select_related("enrolment__patient", "clinic")
