"""Versions of one resource, from the row history that PostgreSQL's triggers keep."""

from __future__ import annotations

from typing import Any

from clinic.models import Actor
from ispath.fhir.answers import Resource
from ispath.fhir.kept import missing, uid_of
from ispath.fhir.registry import Kind, Source
from ispath.wire.problems import ProblemError


def versions_of(kind: Kind, id_: str, actor: Actor) -> list[Resource]:
    """Every version that is kept, the newest first; the present one is always there."""
    source, row = find_row(kind, id_, actor)
    current = source.to_resource(row)
    older: list[Any] = source.versions(row) if source.versions is not None else []
    resources = [current]
    seen = {current["meta"]["versionId"]}
    for snapshot in older:
        resource = source.to_resource(snapshot)
        if resource["meta"]["versionId"] not in seen:
            seen.add(resource["meta"]["versionId"])
            resources.append(resource)
    return sorted(resources, key=lambda resource: int(resource["meta"]["versionId"]), reverse=True)


def version_of(kind: Kind, id_: str, version: str, actor: Actor) -> Resource:
    """One version of a resource."""
    for resource in versions_of(kind, id_, actor):
        if resource["meta"]["versionId"] == version:
            return resource
    raise ProblemError("not-found", f"There is no version {version[:20]} of this {kind.name}.")


def find_row(kind: Kind, id_: str, actor: Actor) -> tuple[Source, Any]:
    """The row behind an id, and its source."""
    uid = uid_of(kind, id_, actor)
    for source in kind.sources:
        for row in source.loaded(source.rows(actor).filter(uid=uid)):
            return source, row
    raise missing(kind, uid, actor)
