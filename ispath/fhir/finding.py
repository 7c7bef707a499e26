"""Running a search: keys first, over all tables of the type at once, then the rows of one page."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import IntegerField, Q, Value

from clinic.erasing import was_erased
from clinic.models import Actor
from ispath.fhir.answers import Resource
from ispath.fhir.filters import NOTHING, as_uid, by_moment, by_token
from ispath.fhir.registry import Kind, Rows, Source
from ispath.fhir.search import Search
from ispath.fhir.values import Token
from ispath.wire.problems import ProblemError

_ID_FIELD = "uid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page of a search: its resources, how many match, and the key after which the next one starts."""

    resources: tuple[Resource, ...]
    total: int | None
    next_key: tuple[str, str] | None


def run_search(search: Search, actor: Actor) -> Found:
    """The page that was asked for."""
    total = count_matches(search, actor) if search.with_total or search.counts_only else None
    if search.counts_only:
        return Found(resources=(), total=total, next_key=None)
    keys = _page_of_keys(search, actor)
    page = keys[: search.count]
    next_key = None
    if len(keys) > search.count:
        _, uid, at = page[-1]
        next_key = (str(at) if isinstance(at, uuid.UUID) else at.isoformat(), str(uid))
    return Found(resources=tuple(_load(search.kind, page, actor)), total=total, next_key=next_key)


def count_matches(search: Search, actor: Actor) -> int:
    """How many resources match."""
    return sum(_matching(search, source, actor).count() for source in search.kind.sources)


def _matching(search: Search, source: Source, actor: Actor) -> Rows:
    rows = source.rows(actor)
    for asked in search.conditions:
        rows = rows.filter(_condition(search.kind, source, asked))
    return rows


def _condition(kind: Kind, source: Source, asked: Any) -> Q:
    if asked.name == "_id":
        return by_token(_by_id)(asked)
    if asked.name == "_lastUpdated":
        return by_moment("fhir_changed")(asked)
    return source.filters[asked.name](asked)


def _by_id(one: Token) -> Q:
    uid = as_uid(one.code)
    return NOTHING if uid is None or one.system else Q(**{_ID_FIELD: uid})


def _page_of_keys(search: Search, actor: Actor) -> list[tuple[int, uuid.UUID, Any]]:
    ordered = ("-fhir_sort", f"-{_ID_FIELD}") if search.descending else ("fhir_sort", _ID_FIELD)
    parts = [_keys(search, number, source, actor) for number, source in enumerate(search.kind.sources)]
    # Each part is cut to a page before they are joined, so that a table costs a page and not its length.
    if len(parts) == 1:
        return list(parts[0].order_by(*ordered)[: search.count + 1])
    cut = [part.order_by(*ordered)[: search.count + 1] for part in parts]
    return list(cut[0].union(*cut[1:], all=True).order_by(*ordered)[: search.count + 1])


def _keys(search: Search, number: int, source: Source, actor: Actor) -> Rows:
    rows = _matching(search, source, actor).annotate(
        fhir_source=Value(number, output_field=IntegerField()),
        fhir_sort=search.kind.sort_of(source, search.sort),
    )
    if search.after is not None:
        rows = rows.filter(_later(search))
    keys: Rows = rows.values_list("fhir_source", _ID_FIELD, "fhir_sort")
    return keys


def _later(search: Search) -> Q:
    at, uid = _key_values(search)
    word = "lt" if search.descending else "gt"
    return Q(**{f"fhir_sort__{word}": at}) | Q(**{"fhir_sort": at, f"{_ID_FIELD}__{word}": uid})


def _key_values(search: Search) -> tuple[date | datetime | uuid.UUID, uuid.UUID]:
    at, uid = search.after or ("", "")
    if search.sort == "_id":
        return uuid.UUID(at), uuid.UUID(uid)
    return (datetime.fromisoformat(at) if "T" in at else date.fromisoformat(at)), uuid.UUID(uid)


def _load(kind: Kind, page: list[tuple[int, uuid.UUID, Any]], actor: Actor) -> Iterable[Resource]:
    resources: dict[uuid.UUID, Resource] = {}
    for number, source in enumerate(kind.sources):
        uids = [uid for at, uid, _ in page if at == number]
        if uids:
            rows = source.loaded(source.rows(actor).filter(uid__in=uids))
            resources |= {row.uid: source.to_resource(row) for row in rows}
    return [resources[uid] for _, uid, _ in page if uid in resources]


def load_by_ids(kind: Kind, ids: Iterable[str], actor: Actor) -> list[Resource]:
    """The resources with these ids that the actor may see."""
    uids = {uid for uid in map(as_uid, ids) if uid is not None}
    if not uids:
        return []
    rows = [
        (source, row)
        for source in kind.sources
        for row in source.loaded(source.rows(actor).filter(uid__in=uids).order_by(_ID_FIELD))
    ]
    return [source.to_resource(row) for source, row in rows]


def read_one(kind: Kind, id_: str, actor: Actor) -> Resource:
    """The resource with this id; `not-found` for what is not there and for what is not to be seen alike."""
    source, row = find_row(kind, id_, actor)
    return source.to_resource(row)


def find_row(kind: Kind, id_: str, actor: Actor) -> tuple[Source, Any]:
    """The row behind an id, and its source."""
    uid = as_uid(id_)
    if uid is not None and str(uid) == id_.lower():
        for source in kind.sources:
            for row in source.loaded(source.rows(actor).filter(uid=uid)):
                return source, row
        if was_erased(uid, actor=actor):
            raise ProblemError("gone", f"This {kind.name} was erased, as the law or the family asked.")
    raise ProblemError("not-found", f"There is no {kind.name} with this id for this client.")
