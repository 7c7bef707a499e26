"""What a search asks of the database: keys, over all tables of the type at once, cut to one page."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from django.db.models import IntegerField, Q, Value

from clinic.access import clinic_keys_of
from clinic.models import Actor
from ispath.fhir.filters import NOTHING, as_uid, by_moment, by_token
from ispath.fhir.registry import Kind, Rows, Source
from ispath.fhir.search import Search
from ispath.fhir.values import Token

_ID_FIELD = "uid"
# Parameters that an index of their own answers.
_OF_FEW = frozenset({"_id", "patient", "subject", "identifier"})


def page_of_keys(search: Search, actor: Actor) -> Rows:
    """The keys of a page and of one row more, each with what it is sorted by."""
    ordered = ("-fhir_sort", f"-{_ID_FIELD}") if search.descending else ("fhir_sort", _ID_FIELD)
    parts = [
        _keys(search, number, rows)
        for number, source in enumerate(search.kind.sources)
        for rows in _strata(search, source, source.rows(actor).annotate(fhir_clinics=clinic_keys_of(actor)))
    ]
    # Each part is cut to a page before they are joined, so that a table costs a page and not its length.
    cut = [part.order_by(*ordered)[: search.count + 1] for part in parts]
    if len(cut) == 1:
        return cut[0]
    return cut[0].union(*cut[1:], all=True).order_by(*ordered)[: search.count + 1]


def all_matches(search: Search, actor: Actor) -> Rows:
    """Every row that matches, to be counted."""
    parts = [
        _matching(search, source, source.rows(actor)).order_by().values_list("pk")
        for source in search.kind.sources
    ]
    return parts[0] if len(parts) == 1 else parts[0].union(*parts[1:], all=True)


def _strata(search: Search, source: Source, rows: Rows) -> list[Rows]:
    """The rows at once where few are asked for or another order; else in parts that an index has in order."""
    few = any(asked.name in _OF_FEW for asked in search.conditions)
    if few or search.sort != "_lastUpdated" or not source.strata:
        return [rows]
    return [stratum(rows) for stratum in source.strata]


def _matching(search: Search, source: Source, rows: Rows) -> Rows:
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


def _keys(search: Search, number: int, rows: Rows) -> Rows:
    source = search.kind.sources[number]
    rows = _matching(search, source, rows).annotate(
        fhir_source=Value(number, output_field=IntegerField()),
        fhir_sort=search.kind.sort_of(source, search.sort),
    )
    if search.after is not None:
        rows = rows.filter(_later(search))
    keys: Rows = rows.values_list(
        "fhir_source", _ID_FIELD, "fhir_version", "fhir_changed", "fhir_clinics", "fhir_sort"
    )
    return keys


def _later(search: Search) -> Q:
    at, uid = _key_values(search)
    word = "lt" if search.descending else "gt"
    # The first condition follows from the second. An index can be entered by it.
    later = Q(**{f"fhir_sort__{word}": at}) | Q(**{f"{_ID_FIELD}__{word}": uid})
    return Q(**{f"fhir_sort__{word}e": at}) & later


def _key_values(search: Search) -> tuple[date | datetime | uuid.UUID, uuid.UUID]:
    at, uid = search.after or ("", "")
    if search.sort == "_id":
        return uuid.UUID(at), uuid.UUID(uid)
    return (datetime.fromisoformat(at) if "T" in at else date.fromisoformat(at)), uuid.UUID(uid)
