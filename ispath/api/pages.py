"""Pages of lists: in the order of their ids, each page begins after the last id of the one before it."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import QuerySet
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from ispath.api.parameters import limit_of
from ispath.wire.problems import ProblemError

DEFAULT, LARGEST = 50, 200


class IdPages(BasePagination):
    """A row that is written meanwhile shifts no page; `next_page` is null on the last one."""

    def paginate_queryset(
        self,
        queryset: Any,
        request: Request,
        view: Any = None,
    ) -> list[Any] | None:
        """One page of rows."""
        self.request = request
        limit = limit_of(request, default=DEFAULT, largest=LARGEST)
        rows = list(self._after(queryset, request).order_by("uid")[: limit + 1])
        self.next_page = str(rows[limit - 1].uid) if len(rows) > limit else None
        return rows[:limit]

    def _after(self, queryset: QuerySet[Any], request: Request) -> QuerySet[Any]:
        token = request.query_params.get("page")
        if token is None:
            return queryset
        try:
            return queryset.filter(uid__gt=uuid.UUID(token))
        except ValueError as error:
            sentence = "page is the next_page of the page before. Start again without it."
            raise ProblemError("bad-page-token", sentence, field="page") from error

    def get_paginated_response(self, data: Any) -> Response:
        """The items, the token of the next page and its whole address."""
        return Response({"items": data, "next_page": self.next_page, "next": self._next_url()})

    def _next_url(self) -> str | None:
        if self.next_page is None:
            return None
        query = self.request.query_params.copy()
        query["page"] = self.next_page
        return self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}")

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The same, for the schema."""
        text = {"type": ["string", "null"]}
        return {
            "type": "object",
            "required": ["items", "next_page", "next"],
            "properties": {"items": schema, "next_page": text, "next": {**text, "format": "uri"}},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """`limit` and `page`."""
        limit = {"type": "integer", "minimum": 1, "maximum": LARGEST, "default": DEFAULT}
        return [
            {"name": "limit", "in": "query", "required": False, "schema": limit},
            {
                "name": "page",
                "in": "query",
                "required": False,
                "description": "The `next_page` of the page before.",
                "schema": {"type": "string", "format": "uuid"},
            },
        ]
