"""`GET /api/v1/changes`: everything that changed since last time, in commit order."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic.changefeed import LAST_ID, Place, changes_after, latest_place, versions_of
from clinic.models import TimelineEntry
from clinic.timeline import Kind
from ispath.api.callers import OfCaller
from ispath.api.described import problems
from ispath.api.parameters import limit_of, require_known
from ispath.api.shapes import Changes
from ispath.wire.problems import ProblemError

_SHAPE = re.compile(r"\A([0-9a-f]{1,15})\.([0-9a-f]{1,15}|end)\Z")
_CURSOR = {"type": "string", "pattern": "^[0-9a-f]{1,15}\\.([0-9a-f]{1,15}|end)$"}
_DEFAULT, _LARGEST = 100, 1000
# How the rows that a timeline entry is about are called in the addresses of this interface.
_TYPES = {
    "patient": "child",
    "responseassessment": "verdict",
    "bloodpressure": "observation",
    "eeg": "observation",
    "visionexam": "observation",
    "spasmreport": "observation",
    "measurement": "observation",
}
_GONE = frozenset({Kind.FACT_TAKEN_BACK, Kind.COURSE_DROPPED})


class ChangesView(OfCaller, APIView):
    """The feed. At least once: a change may come twice, never not at all."""

    @extend_schema(
        operation_id="changes",
        summary="What changed since a cursor",
        parameters=[
            OpenApiParameter(
                "cursor", _CURSOR, description="`next_cursor` of the last answer; none: from the start."
            ),
            OpenApiParameter(
                "start", str, enum=["now"], description="`now`: only what changes from here on."
            ),
            OpenApiParameter(
                "limit", {"type": "integer", "minimum": 1, "maximum": _LARGEST, "default": _DEFAULT}
            ),
        ],
        responses={200: Changes, **problems(400)},
    )
    def get(self, request: Request) -> Response:
        """Answer with the next stretch of the feed."""
        caller = self.caller
        caller.require("s", "Patient", "Task")
        require_known(request, {"cursor", "limit", "start"})
        limit = limit_of(request, default=_DEFAULT, largest=_LARGEST)
        found = changes_after(place=_place(request), actor=caller.actor, limit=limit)
        return Response(
            {
                "items": _items(found.entries),
                "next_cursor": _cursor(found.place),
                "has_more": found.has_more,
            }
        )


def _place(request: Request) -> Place:
    start = request.query_params.get("start")
    if start not in (None, "now"):
        raise ProblemError(
            "bad-parameter", "start can only be now; leave it out for everything.", field="start"
        )
    cursor = request.query_params.get("cursor")
    if cursor is None:
        return latest_place() if start == "now" else Place()
    shape = _SHAPE.match(cursor)
    if shape is None:
        sentence = "cursor is the next_cursor of the last answer. Start again without it."
        raise ProblemError("bad-page-token", sentence, field="cursor")
    return Place(txid=int(shape[1], 16), id=LAST_ID if shape[2] == "end" else int(shape[2], 16))


def _cursor(place: Place) -> str:
    return f"{place.txid:x}.{'end' if place.id == LAST_ID else format(place.id, 'x')}"


def _items(entries: Iterable[TimelineEntry]) -> list[dict[str, Any]]:
    listed = list(entries)
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for entry in listed:
        wanted[entry.subject_kind].add(entry.subject_uid)
    versions = versions_of(wanted)
    return [_item(entry, versions) for entry in listed]


def _item(entry: TimelineEntry, versions: dict[UUID, int]) -> dict[str, Any]:
    child = entry.patient
    survivor = child.replaced_by if child is not None else None
    if entry.kind == Kind.CHILDREN_MERGED:  # told about the record that went, under the one that stays
        survivor = child
    return {
        "type": _TYPES.get(entry.subject_kind, entry.subject_kind),
        "id": str(entry.subject_uid),
        "version": versions.get(entry.subject_uid, 1),
        "at": entry.at,
        "kind": entry.kind,
        "child": None if child is None else str(child.uid),
        "replaced_by": None if survivor is None else str(survivor.uid),
        "deleted": entry.kind in _GONE or entry.subject_uid not in versions,
    }
