"""Resources as they were last written, given again while their version is the present one."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial

from clinic.access import clinic_keys_of, clinics_of
from clinic.erasing import was_erased
from clinic.models import Actor
from clinic.prepared import AN_EHR, NUMBER, UID, AmongUids, Prepared
from ispath.fhir.answers import Resource, to_json
from ispath.fhir.elements import references_in
from ispath.fhir.filters import as_uid
from ispath.fhir.registry import Kind, Rows, Source
from ispath.smart.authentication import Caller
from ispath.wire.problems import ProblemError
from ispath.wire.shelf import LastAnswers, Shelf

_RESOURCES = 5000  # some kilobytes each


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A row of a type: in which of its tables, under which id, in which version, and for whom.

    Callers of other clinics may see other activities of one plan.
    """

    source: int
    uid: uuid.UUID
    version: int
    changed: datetime
    clinics: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A resource in JSON, and what is asked of it besides."""

    place: str
    meta: Resource
    body: bytes
    includes: Mapping[str, tuple[str, ...]]
    references: tuple[str, ...]


_SHELF: Shelf[Kept] = Shelf(_RESOURCES)
_LAST: LastAnswers[Kept] = LastAnswers(_RESOURCES)


def read_kept(kind: Kind, id_: str, caller: Caller) -> Kept:
    """One resource; `not-found` for what is not there and for what is not to be seen alike."""
    asked = (kind.name, id_, caller.actor.pk)
    last = _LAST.get(asked, seen=caller.seen)
    if last is None:
        uid = uid_of(kind, id_, caller.actor)
        found = kept_of(kind, keys_of(kind, [uid], caller.actor), caller.actor)
        if not found:
            raise missing(kind, uid, caller.actor)
        last = found[0]
        _LAST.put(asked, last, seen=caller.seen)
    return last


def uid_of(kind: Kind, id_: str, actor: Actor) -> uuid.UUID:
    """The id of a row; `not-found` for an id that we would not write like that."""
    uid = as_uid(id_)
    if uid is None or str(uid) != id_.lower():
        raise missing(kind, None, actor)
    return uid


def missing(kind: Kind, uid: uuid.UUID | None, actor: Actor) -> ProblemError:
    """The refusal of an id under which nothing is found."""
    if uid is not None and was_erased(uid, actor=actor):
        return ProblemError("gone", f"This {kind.name} was erased, as the law or the family asked.")
    return ProblemError("not-found", f"There is no {kind.name} with this id for this client.")


def keys_of(kind: Kind, uids: Iterable[uuid.UUID], actor: Actor) -> list[Key]:
    """The keys of the rows with these ids that the actor may see."""
    wanted = list(uids)
    found: list[Key] = []
    for number, source in enumerate(kind.sources):
        if len(found) < len(wanted):
            rows = _versions(source).rows(actor=actor.pk, uids=wanted)
            found += [key_of(number, *row) for row in rows]
    return found


def key_of(source: int, uid: uuid.UUID, version: int, changed: datetime, clinics: list[int]) -> Key:
    """The key of a row as it was read."""
    return Key(source=source, uid=uid, version=version, changed=changed, clinics=tuple(clinics))


@cache
def _versions(source: Source) -> Prepared:
    return Prepared(partial(_versions_of, source), {"actor": NUMBER, "uids": [UID]})


def _versions_of(source: Source) -> Rows:
    rows: Rows = source.rows(AN_EHR).filter(AmongUids("uid", [UID])).order_by("uid")
    return rows.values_list("uid", "fhir_version", "fhir_changed", clinic_keys_of(AN_EHR))


_CLINICS = Prepared(lambda: clinics_of(AN_EHR).order_by("pk").values_list("pk"), {"actor": NUMBER})


def kept_of(kind: Kind, keys: Iterable[Key], actor: Actor) -> list[Kept]:
    """The resources of these keys in their order; what is not kept is read, a few queries for each table."""
    listed = list(keys)
    places = {key.uid: (kind.name, key) for key in listed}
    found = {uid: _SHELF.get(place) for uid, place in places.items()}
    for number, source in enumerate(kind.sources):
        fresh = [key.uid for key in listed if key.source == number and found[key.uid] is None]
        if not fresh:
            continue
        # The versions were read before the rows: what is written in between belongs to the next ones.
        rows = source.loaded(source.rows(actor).filter(uid__in=fresh))
        made = {row.uid: _written(kind, source.to_resource(row)) for row in rows}
        found |= made
        # A clinic that came or went in between shows in the rows and not in the key: such are not kept.
        clinics = tuple(pk for (pk,) in _CLINICS.rows(actor=actor.pk))
        for uid, one in made.items():
            if places[uid][1].clinics == clinics:
                _SHELF.put(places[uid], one)
    return [kept for key in listed if (kept := found[key.uid]) is not None]


def _written(kind: Kind, resource: Resource) -> Kept:
    return Kept(
        place=f"{kind.name}/{resource['id']}",
        meta=resource["meta"],
        body=to_json(resource),
        includes={name: tuple(leads_to(resource)) for name, leads_to in kind.includes.items()},
        references=tuple(references_in(resource)),
    )
