"""Searches, translated to SQL once for each shape.

Ids, record numbers, `_lastUpdated` and the place of a page are values of a shape, so that the same question
about another child is not translated again.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, partial
from typing import Any

from clinic.models import Actor
from clinic.prepared import AN_EHR, NUMBER, Counted, Prepared, Row
from ispath.fhir.filters import Asked
from ispath.fhir.finding import all_matches, page_of_keys
from ispath.fhir.search import Search, parameter_of
from ispath.fhir.values import parse_moment

_SHAPES = 500
_SIZES = (10, 50, 200, 1000)  # of pages, as the database cuts them
_ID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE)
_NUMBER = re.compile(r"([^|,\\]+)\|([^|,\\]+)")
_MARKED_MOMENT = datetime(1, 2, 3, tzinfo=UTC)
_ONE_SECOND = timedelta(seconds=1)

Marks = tuple[tuple[str, Any], ...]


@dataclass(slots=True, kw_only=True)
class _Shape:
    """A search with marks in the place of its values."""

    values: dict[str, Any] = field(default_factory=dict)
    marks: dict[str, Any] = field(default_factory=dict)

    def mark(self, value: Any, mark: Any) -> Any:
        """Keep a value; its mark stands in its place from then on."""
        name = f"value{len(self.values)}"
        self.values[name], self.marks[name] = value, mark
        return mark

    def uid(self, value: uuid.UUID) -> str:
        return str(self.mark(value, uuid.UUID(int=(0xE001 << 96) + len(self.values))))

    def word(self, value: str) -> str:
        return str(self.mark(value, f"\ue002mark{len(self.values)}"))

    def moment(self, start: datetime, end: datetime) -> str:
        first = _MARKED_MOMENT + _ONE_SECOND * 2 * len(self.values)
        self.mark(end, first + _ONE_SECOND)
        return str(self.mark(start, first).isoformat())


def keys_found(search: Search, actor: Actor) -> list[Row]:
    """The rows of `page_of_keys`: those of the page, and one more where another page follows."""
    plain = Search(
        kind=search.kind,
        conditions=search.conditions,
        sort=search.sort,
        descending=search.descending,
        count=next(size for size in _SIZES if size >= search.count),
        after=search.after,
    )
    if _asks_itself(plain):
        return Prepared(partial(page_of_keys, plain, actor), {}).rows()[: search.count + 1]
    shape, values, marks = _shaped(plain)
    return _page(shape, marks).rows(actor=actor.pk, **values)[: search.count + 1]


def number_found(search: Search, actor: Actor) -> int:
    """How many rows match."""
    plain = Search(kind=search.kind, conditions=search.conditions)
    if _asks_itself(plain):
        return Counted(partial(all_matches, plain, actor), {}).number()
    shape, values, marks = _shaped(plain)
    return _count(shape, marks).number(actor=actor.pk, **values)


def _asks_itself(search: Search) -> bool:
    return any(asked.name in source.asking for asked in search.conditions for source in search.kind.sources)


@lru_cache(maxsize=_SHAPES)
def _page(shape: Search, marks: Marks) -> Prepared:
    return Prepared(partial(page_of_keys, shape, AN_EHR), {"actor": NUMBER, **dict(marks)})


@lru_cache(maxsize=_SHAPES)
def _count(shape: Search, marks: Marks) -> Counted:
    return Counted(partial(all_matches, shape, AN_EHR), {"actor": NUMBER, **dict(marks)})


def _shaped(search: Search) -> tuple[Search, dict[str, Any], Marks]:
    shape = _Shape()
    conditions = tuple(_marked(shape, search, asked) for asked in search.conditions)
    after = None if search.after is None else _marked_place(shape, *search.after)
    return replace(search, conditions=conditions, after=after), shape.values, tuple(shape.marks.items())


def _marked(shape: _Shape, search: Search, asked: Asked) -> Asked:
    parameter = parameter_of(search.kind, asked.name)
    return asked if parameter is None else replace(asked, value=_MARKED[parameter.holds](shape, asked))


def _with_ids(shape: _Shape, asked: Asked) -> str:
    return _ID.sub(lambda found: shape.uid(uuid.UUID(found[0])), asked.value)


def _with_number(shape: _Shape, asked: Asked) -> str:
    number = _NUMBER.fullmatch(asked.value)
    return f"{shape.word(number[1])}|{shape.word(number[2])}" if number else asked.value


def _with_moment(shape: _Shape, asked: Asked) -> str:
    if "," in asked.value or "\\" in asked.value:
        return asked.value
    moment = parse_moment(asked.name, asked.value)
    # What is about the same is a day more on either side, which is reckoned from the value itself.
    return asked.value if moment.prefix == "ap" else moment.prefix + shape.moment(moment.start, moment.end)


_MARKED = {
    "": lambda _, asked: asked.value,
    "ids": _with_ids,
    "number": _with_number,
    "moment": _with_moment,
}


def _marked_place(shape: _Shape, at: str, uid: str) -> tuple[str, str]:
    after = shape.uid(uuid.UUID(uid))
    if "T" in at:
        return shape.moment(datetime.fromisoformat(at), datetime.fromisoformat(at)), after
    if _ID.fullmatch(at):
        return shape.uid(uuid.UUID(at)), after
    return str(shape.mark(date.fromisoformat(at), date(1, 1, 1))), after
