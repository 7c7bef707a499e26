"""Resources as they were last written, given again while their version is the present one."""

from __future__ import annotations

from datetime import datetime
from functools import cache, partial
from typing import Any

from clinic.models import Actor
from clinic.prepared import AN_EHR, NUMBER, UID, Prepared
from ispath.fhir.answers import Resource, to_json
from ispath.fhir.filters import as_uid
from ispath.fhir.finding import read_one
from ispath.fhir.registry import Kind, Source
from ispath.fhir.served import KINDS
from ispath.smart.authentication import Caller
from ispath.wire.shelf import Shelf

_RESOURCES = 2000  # some kilobytes each
Kept = tuple[Resource, bytes]
_SHELF: Shelf[Kept] = Shelf(_RESOURCES)
# What was answered last, and what of the database had been seen then: where nothing at all was written since,
# not even the version need be asked for.
_LAST: Shelf[tuple[str | None, Kept]] = Shelf(_RESOURCES)


def read_kept(kind: Kind, id_: str, caller: Caller) -> Kept:
    """The meta of a resource, and all of it in JSON; `not-found` like a plain read."""
    asked = (kind.name, id_, caller.actor.pk)
    seen, last = _LAST.get(asked) or (None, None)
    if last is not None and seen is not None and seen == caller.seen:
        return last
    kept = _kept(kind, id_, caller.actor)
    _LAST.put(asked, (caller.seen, kept))
    return kept


def _kept(kind: Kind, id_: str, actor: Actor) -> Kept:
    version = _version(kind, id_, actor)
    # Two callers may see different activities of one plan.
    key = (kind.name, id_, version, actor.pk)
    kept = _SHELF.get(key) if version is not None else None
    if kept is None:
        # The version was read before the resource: what is written in between belongs to the next one.
        resource = read_one(kind, id_, actor)
        kept = resource["meta"], to_json(resource)
        if version is not None:
            _SHELF.put(key, kept)
    return kept


def _version(kind: Kind, id_: str, actor: Actor) -> tuple[int, datetime] | None:
    uid = as_uid(id_)
    if uid is None:
        return None
    for number in range(len(kind.sources)):
        for row in _asked(kind.name, number).rows(actor=actor.pk, uid=uid):
            return row
    return None


@cache
def _asked(name: str, number: int) -> Prepared:
    source = KINDS[name].sources[number]
    return Prepared(partial(_versions_of, source), {"actor": NUMBER, "uid": UID})


def _versions_of(source: Source) -> Any:
    return source.rows(AN_EHR).filter(uid=UID).order_by().values_list("fhir_version", "fhir_changed")
