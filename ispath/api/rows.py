"""What every list and every single row of the REST side has: scope, known parameters, pages, version tags."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from clinic.erasing import was_erased
from clinic.models import Actor
from ispath.api.callers import OfCaller
from ispath.api.pages import IdPages
from ispath.api.parameters import require_known, uid_of
from ispath.wire.etags import already_known, tag_of_bytes
from ispath.wire.problems import ProblemError


class Rows(OfCaller, GenericViewSet[Any]):
    """Rows of one kind that a caller may see. One of another clinic is simply not found."""

    fhir_type: ClassVar[str]  # the type whose scope opens it
    pagination_class = IdPages
    filter_backends = [DjangoFilterBackend]
    lookup_field = "uid"
    lookup_url_kwarg = "id"
    lookup_value_converter = "str"

    def rows(self, actor: Actor) -> QuerySet[Any]:
        """What the actor may see, with everything the serializer reads."""
        raise NotImplementedError

    def model(self) -> Any:
        """What the rows are, by their shape."""
        shape: Any = self.serializer_class
        return shape.Meta.model

    def get_queryset(self) -> QuerySet[Any]:
        """The rows of this caller; none where only the schema is drawn."""
        if getattr(self, "swagger_fake_view", False):
            return self.model().objects.none()
        return self.rows(self.caller.actor)

    def list(self, request: Request) -> Response:
        """One page."""
        self.caller.require("s", self.fhir_type)
        require_known(request, {"limit", "page", *self._filter_names()})
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, id: str) -> Response:  # noqa: A002 - the word in the address
        """One row."""
        self.caller.require("r", self.fhir_type)
        require_known(request, ())
        return tagged(request, self.get_serializer(self.one(id)).data)

    def one(self, id_: str) -> Any:
        """The row with this id."""
        row = self.get_queryset().filter(uid=uid_of(id_)).first()
        if row is None:
            if was_erased(uid_of(id_), actor=self.caller.actor):
                raise ProblemError("gone", "This was erased, as the law or the family asked.")
            raise ProblemError("not-found", "There is nothing with this id for this client.")
        return row

    def _filter_names(self) -> set[str]:
        filters = getattr(self, "filterset_class", None)
        return set(filters.base_filters) if filters is not None else set()


def tagged(request: Request, data: Any, *, without: tuple[str, ...] = ()) -> Response:
    """The answer with a tag of its content, or 304 when the caller holds exactly that.

    `without` names members that change with every answer and say nothing new.
    """
    content = {name: value for name, value in data.items() if name not in without}
    tag = tag_of_bytes(repr(content).encode())
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if already_known(request._request, tag):  # noqa: SLF001 - DRF's own way to it
        return Response(status=304, headers=headers)
    return Response(data, headers=headers)
