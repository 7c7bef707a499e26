"""`GET /api/v1/protocols`: the editions of regimens and pathways that are in force."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema, inline_serializer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ispath.api.callers import OfCaller
from ispath.api.described import IF_NONE_MATCH, not_modified, problems
from ispath.api.parameters import require_known
from ispath.api.rows import tagged
from ispath.api.shapes import PathwayInForce, ProtocolInForce
from protocols.in_force import protocols_in_force
from protocols.models import PathwayEdition


class ProtocolsView(OfCaller, APIView):
    """What is in force today. Only signed editions are ever shown."""

    @extend_schema(
        operation_id="protocols",
        summary="Protocols and pathways in force",
        parameters=[IF_NONE_MATCH],
        responses={
            200: OpenApiResponse(
                inline_serializer(
                    "InForce",
                    {"protocols": ProtocolInForce(many=True), "pathways": PathwayInForce(many=True)},
                )
            ),
            **not_modified(),
            **problems(400),
        },
    )
    def get(self, request: Request) -> Response:
        """All of them, by key."""
        caller = self.caller
        caller.require("s", "PlanDefinition")
        require_known(request, ())
        today = timezone.now().date()
        regimens = protocols_in_force(today)
        pathways = PathwayEdition.objects.in_force(today).select_related("pathway")
        newest: dict[str, PathwayEdition] = {}
        for edition in pathways:
            newest.setdefault(edition.pathway.key, edition)
        return tagged(
            request,
            {
                "protocols": ProtocolInForce([regimens[key] for key in sorted(regimens)], many=True).data,
                "pathways": PathwayInForce([newest[key] for key in sorted(newest)], many=True).data,
            },
        )
