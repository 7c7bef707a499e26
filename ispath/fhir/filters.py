"""What each kind of search parameter does to a query. A filter takes parsed words and gives a condition."""

from __future__ import annotations

import operator
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from typing import TypeVar

from django.db.models import Q

from ispath.fhir.values import Moment, Token, parse_moment, parse_reference, parse_token, split_values

NOTHING = Q(pk__in=())
# Not Q(): an empty condition joined by OR is simply dropped.
EVERYTHING = Q(pk__isnull=False)
_APPROXIMATELY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One search parameter as it came: its name, its modifier, its raw value, and our own base address."""

    name: str
    modifier: str
    value: str
    base: str


Filter = Callable[[Asked], Q]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A search parameter of a type: how FHIR calls its type, what it means, and the modifiers it knows.

    `holds` says which part of its value makes no difference to the SQL: `ids`, a `number` with its authority,
    or the whole `moment`.
    """

    name: str
    kind: str
    means: str
    modifiers: tuple[str, ...] = ()
    holds: str = ""


def token(name: str, means: str, *, holds: str = "") -> Parameter:
    return Parameter(name=name, kind="token", means=means, modifiers=("not",), holds=holds)


def moment(name: str, means: str, *, holds: str = "") -> Parameter:
    return Parameter(name=name, kind="date", means=means, holds=holds)


def reference(name: str, means: str) -> Parameter:
    return Parameter(name=name, kind="reference", means=means, holds="ids")


def text(name: str, means: str) -> Parameter:
    return Parameter(name=name, kind="string", means=means, modifiers=("exact", "contains"))


def uri(name: str, means: str) -> Parameter:
    return Parameter(name=name, kind="uri", means=means)


def any_of(conditions: list[Q]) -> Q:
    """The conditions joined by OR; none of them matches nothing."""
    return reduce(operator.or_, conditions, NOTHING) if conditions else NOTHING


def by_uid(path: str, *, type_name: str) -> Filter:
    """A reference to a row by its outward id."""

    def condition(asked: Asked) -> Q:
        ids = [
            parse_reference(value, type_name=type_name, base=asked.base)
            for value in split_values(asked.value)
        ]
        uids = [uid for uid in map(as_uid, ids) if uid is not None]
        return Q(**{f"{path}__in": uids}) if uids else NOTHING

    return condition


def as_uid(value: str) -> uuid.UUID | None:
    """The UUID in an id, or None: an id of another shape is simply not ours."""
    try:
        return uuid.UUID(value)
    except ValueError:
        return None


def by_codes(conditions: Mapping[str, Q], *, system: str | None = None) -> Filter:
    """A token over a closed list of codes, each standing for a condition on the row."""

    def condition(asked: Asked) -> Q:
        tokens = [parse_token(value) for value in split_values(asked.value)]
        found = any_of([_coded(one, conditions, system) for one in tokens])
        return ~found if asked.modifier == "not" else found

    return condition


def _coded(one: Token, conditions: Mapping[str, Q], system: str | None) -> Q:
    if one.system is not None and one.system != (system or ""):
        return NOTHING
    if not one.code:
        return any_of(list(conditions.values()))
    return conditions.get(one.code, NOTHING)


def by_token(match: Callable[[Token], Q]) -> Filter:
    """A token whose condition is made for each value."""

    def condition(asked: Asked) -> Q:
        found = any_of([match(parse_token(value)) for value in split_values(asked.value)])
        return ~found if asked.modifier == "not" else found

    return condition


def by_text(*paths: str) -> Filter:
    """A string: begins with, whatever the case; `:exact` and `:contains` as FHIR has them."""
    lookups = {"": "istartswith", "exact": "exact", "contains": "icontains"}

    def condition(asked: Asked) -> Q:
        lookup = lookups[asked.modifier]
        return any_of(
            [Q(**{f"{path}__{lookup}": value}) for value in split_values(asked.value) for path in paths]
        )

    return condition


def by_words(match: Callable[[str], Q]) -> Filter:
    """A uri or another plain word."""

    def condition(asked: Asked) -> Q:
        return any_of([match(value) for value in split_values(asked.value)])

    return condition


def by_moment(path: str) -> Filter:
    """A date parameter over a column of moments."""

    def condition(asked: Asked) -> Q:
        found = [parse_moment(asked.name, value) for value in split_values(asked.value)]
        return any_of([_between(path, one, one.start, one.end) for one in found])

    return condition


def by_day(path: str) -> Filter:
    """A date parameter over a column of days: a moment searched for counts as its day."""

    def condition(asked: Asked) -> Q:
        found = [parse_moment(asked.name, value) for value in split_values(asked.value)]
        return any_of([_between(path, one, *_days(one)) for one in found])

    return condition


def by_period(start: str, end: str) -> Filter:
    """A date parameter over a stretch of days; an empty end is open."""

    def condition(asked: Asked) -> Q:
        found = [parse_moment(asked.name, value) for value in split_values(asked.value)]
        return any_of([_over(start, end, one) for one in found])

    return condition


def _days(one: Moment) -> tuple[date, date]:
    first = one.start.date()
    return first, max(one.end.date(), _moved(first, timedelta(days=1)))


Bound = TypeVar("Bound", date, datetime)


def _moved(bound: Bound, by: timedelta) -> Bound:
    """A bound moved; at the first or the last day that there is, it stays."""
    try:
        return bound + by
    except OverflowError:
        return bound


# prefix: which bound of what was asked for the column is compared with, and how
_COMPARED = {
    "gt": ("gte", "end"),
    "sa": ("gte", "end"),
    "ge": ("gte", "start"),
    "lt": ("lt", "start"),
    "eb": ("lt", "start"),
    "le": ("lt", "end"),
}


def _between(path: str, one: Moment, start: date | datetime, end: date | datetime) -> Q:
    if one.prefix in _COMPARED:
        lookup, bound = _COMPARED[one.prefix]
        return Q(**{f"{path}__{lookup}": start if bound == "start" else end})
    if one.prefix == "ap":
        start, end = _moved(start, -_APPROXIMATELY), _moved(end, _APPROXIMATELY)
    inside = Q(**{f"{path}__gte": start, f"{path}__lt": end})
    return ~inside if one.prefix == "ne" else inside


# the same for a stretch of days: which end of the stretch, how, and against which bound
_STRETCHED = {
    "gt": ("end", "gte", "end"),
    "ge": ("end", "gte", "start"),
    "lt": ("start", "lt", "start"),
    "le": ("start", "lt", "end"),
    "sa": ("start", "gte", "end"),
    "eb": ("end", "lt", "start"),
}


def _over(start: str, end: str, one: Moment) -> Q:
    first, after = _days(one)
    if one.prefix not in _STRETCHED:
        overlap = Q(**{f"{start}__lt": after}) & (Q(**{f"{end}__gte": first}) | Q(**{end: None}))
        return ~overlap if one.prefix == "ne" else overlap
    which, lookup, bound = _STRETCHED[one.prefix]
    path, day = (start if which == "start" else end), (first if bound == "start" else after)
    condition = Q(**{f"{path}__{lookup}": day})
    is_open = which == "end" and lookup == "gte"
    return condition | Q(**{path: None}) if is_open else condition
