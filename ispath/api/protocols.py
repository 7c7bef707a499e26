"""`GET /api/v1/protocols`: the editions of regimens and pathways that are in force, and one in full."""

from __future__ import annotations

from typing import Any

import yaml
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, inline_serializer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ispath.api.callers import OfCaller
from ispath.api.described import IF_NONE_MATCH, WORD, not_modified, problems
from ispath.api.parameters import require_known
from ispath.api.rows import tagged
from ispath.api.shapes import EditionInFull, PathwayInForce, ProtocolInForce
from ispath.wire.problems import ProblemError
from protocols.in_force import protocols_in_force
from protocols.models import PathwayEdition, ProtocolEdition
from protocols.travelling import to_text


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


class ProtocolView(OfCaller, APIView):
    """One edition with all that it says. Only signed editions are ever shown."""

    @extend_schema(
        operation_id="protocol",
        summary="A protocol or pathway with its phases, steps, rules and sources",
        parameters=[
            OpenApiParameter("key", WORD, OpenApiParameter.PATH),
            OpenApiParameter("edition", WORD, description="A signed edition; without it, the one in force."),
            IF_NONE_MATCH,
        ],
        responses={200: EditionInFull, **not_modified(), **problems(400, 404)},
    )
    def get(self, request: Request, key: str) -> Response:
        """The edition in force today, or the one that was named."""
        self.caller.require("r", "PlanDefinition")
        require_known(request, {"edition"})
        edition = _edition(key, request.query_params.get("edition"))
        shape = ProtocolInForce if isinstance(edition, ProtocolEdition) else PathwayInForce
        content = yaml.safe_load(to_text(edition))
        return tagged(request, {**shape(edition).data, "state": edition.state, "content": content})


def _edition(key: str, number: str | None) -> ProtocolEdition | PathwayEdition:
    rows: dict[str, Any] = {
        "protocol": ProtocolEdition.objects.select_related("protocol").filter(protocol__key=key),
        "pathway": PathwayEdition.objects.select_related("pathway").filter(pathway__key=key),
    }
    today = timezone.now().date()
    for editions in rows.values():
        signed = editions.in_force(today) if number is None else editions.signed().filter(number=number)
        edition: ProtocolEdition | PathwayEdition | None = signed.first()
        if edition is not None:
            return edition
    raise ProblemError(
        "not-found",
        "No signed protocol or pathway has this key and edition. See /api/v1/protocols.",
    )
