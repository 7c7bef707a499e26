"""How one value of the engine lies in the columns of a row, and comes back the same.

The types of the engine's fields decide: nothing is listed twice. A nested value spreads over columns that
bear its name as a prefix (`ramp.by` lies in `ramp_by`), a number that a choice may set over two (`amount`
and `amount_choice`), a stretch of time in one that reads `28 days`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import NoneType
from typing import Any, Protocol, cast, get_args, get_origin, get_type_hints

from protocols.engine import pathway, terms
from protocols.models.monitoring import ParameterKind
from protocols.refusal import Refusal

Cells = dict[str, Any]


class UnknownKey(Refusal):
    """A row points to a drug, a source or a protocol that the library does not hold."""

    code = "unknown-key"


class UnknownWord(Refusal):
    """A column holds a word that the engine does not know."""

    code = "unknown-word"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Keys of rows that other rows point to, by table: `{"drug": {"vigabatrin": 3}}`."""

    ids: Mapping[str, Mapping[str, int]]
    keys: Mapping[str, Mapping[int, str]]

    @classmethod
    def of(cls, ids: Mapping[str, Mapping[str, int]]) -> Keys:
        keys = {table: {pk: key for key, pk in known.items()} for table, known in ids.items()}
        return cls(ids=ids, keys=keys)


class Column(Protocol):
    """One field of a value: `put` into cells, `take` from them. Empty cells are None."""

    def put(self, value: Any, keys: Keys) -> Cells: ...

    def take(self, cells: Mapping[str, Any], keys: Keys) -> Any: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """A number, a date, a yes or no: as it is."""

    name: str

    def put(self, value: Any, keys: Keys) -> Cells:
        return {self.name: value}

    def take(self, cells: Mapping[str, Any], keys: Keys) -> Any:
        return cells[self.name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Text, or one word of a closed list (`kind`); None lies as the empty text where `optional`."""

    name: str
    kind: type[str] = str
    optional: bool = False

    def put(self, value: Any, keys: Keys) -> Cells:
        return {self.name: "" if value is None else str(value)}

    def take(self, cells: Mapping[str, Any], keys: Keys) -> Any:
        text = cells[self.name]
        if self.optional and not text:
            return None
        try:
            return self.kind(text)
        except ValueError as unknown:
            known = ", ".join(str(word) for word in cast(Any, self.kind))
            raise UnknownWord(f"{self.name}: “{text}” is not one of {known}.", field=self.name) from unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Several:
    """A tuple of plain things in an array column."""

    name: str
    kind: type[Any]

    def put(self, value: Any, keys: Keys) -> Cells:
        return {self.name: [str(item) if issubclass(self.kind, str) else item for item in value]}

    def take(self, cells: Mapping[str, Any], keys: Keys) -> Any:
        return tuple(self.kind(item) for item in cells[self.name])


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """A key of another table, stored as a foreign key to it."""

    name: str
    table: str
    empty: str | None = None  # what the engine says where there is none

    def put(self, value: Any, keys: Keys) -> Cells:
        if value and value not in keys.ids[self.table]:
            sentence = (
                f"No {self.table} “{value}” is in the library. Correct the key, or add the {self.table}."
            )
            raise UnknownKey(sentence, field=self.name)
        return {f"{self.name}_id": keys.ids[self.table][value] if value else None}

    def take(self, cells: Mapping[str, Any], keys: Keys) -> Any:
        pk = cells[f"{self.name}_id"]
        return self.empty if pk is None else keys.keys[self.table][pk]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """A nested value over several columns; it is absent where all of them are empty."""

    kind: type[Any]
    columns: tuple[tuple[str, Column], ...]
    optional: bool

    def put(self, value: Any, keys: Keys) -> Cells:
        cells: Cells = {}
        for field, column in self.columns:
            cells |= column.put(None if value is None else getattr(value, field), keys)
        return cells

    def take(self, cells: Mapping[str, Any], keys: Keys) -> Any:
        if self.optional and all(cells[name] in {None, ""} for name in self.put(None, keys)):
            return None
        return self.kind(**{field: column.take(cells, keys) for field, column in self.columns})


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanText:
    """A stretch of time that reads `28 days`."""

    name: str

    def put(self, value: pathway.Span | None, keys: Keys) -> Cells:
        return {self.name: "" if value is None else f"{value.count} {value.unit}"}

    def take(self, cells: Mapping[str, Any], keys: Keys) -> pathway.Span | None:
        if not cells[self.name]:
            return None
        count, _, unit = cells[self.name].partition(" ")
        try:
            return pathway.Span(count=int(count), unit=pathway.SpanUnit(unit))
        except ValueError as unknown:
            sentence = (
                f"{self.name}: “{cells[self.name]}” is not a stretch of time like “28 days” or “3 months”."
            )
            raise UnknownWord(sentence, field=self.name) from unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """A value of an open vocabulary: its text, and beside it what the text stands for."""

    name: str

    def put(self, value: pathway.Value, keys: Keys) -> Cells:
        kind, text = _kind_and_text(value)
        return {self.name: text, f"{self.name}_kind": str(kind)}

    def take(self, cells: Mapping[str, Any], keys: Keys) -> pathway.Value:
        text = cells[self.name]
        match ParameterKind(cells[f"{self.name}_kind"]):
            case ParameterKind.YES_NO:
                return bool(text == "yes")
            case ParameterKind.WHOLE:
                return int(text)
            case ParameterKind.DECIMAL:
                return Decimal(text)
            case ParameterKind.LIST:
                return tuple(text.splitlines())
            case _:
                return str(text)


def _kind_and_text(value: pathway.Value) -> tuple[ParameterKind, str]:
    match value:
        case bool():
            return ParameterKind.YES_NO, "yes" if value else "no"
        case int():
            return ParameterKind.WHOLE, str(value)
        case Decimal():
            return ParameterKind.DECIMAL, str(value)
        case tuple():
            return ParameterKind.LIST, "\n".join(value)
        case _:
            return ParameterKind.TEXT, value


# Fields that name a row of another table, whatever value they belong to.
POINTERS = {"drug": "drug", "protocol": "protocol", "source": "source"}


@cache
def columns_of(
    kind: Any, skip: frozenset[str] = frozenset(), prefix: str = ""
) -> tuple[tuple[str, Column], ...]:
    """The columns of each field of an engine value, but for those in `skip`."""
    hints = get_type_hints(kind)
    return tuple(
        (field.name, _column(prefix + field.name, hints[field.name]))
        for field in fields(kind)
        if field.name not in skip
    )


def _column(name: str, hint: Any) -> Column:
    kind, optional = _without_none(hint)
    if kind == pathway.Value:
        return Open(name=name)
    if get_origin(kind) is tuple:
        return Several(name=name, kind=get_args(kind)[0])
    if name in POINTERS:
        return Pointer(name=name, table=POINTERS[name])
    if is_dataclass(kind):
        return _nested(name, kind, optional=optional)
    if issubclass(kind, str):
        return Text(name=name, kind=kind if issubclass(kind, StrEnum) else str, optional=optional)
    return Plain(name=name)


def _nested(name: str, kind: Any, *, optional: bool) -> Column:
    if kind is pathway.Span:
        return SpanText(name=name)
    if kind is pathway.Basis:
        columns: tuple[tuple[str, Column], ...] = (
            ("source", Pointer(name="source", table="source", empty="")),
            ("mark", Text(name="mark", kind=get_type_hints(kind)["mark"], optional=optional)),
            ("note", Text(name="source_note")),
        )
    elif kind is terms.Value:
        columns = (("number", Plain(name=name)), ("choice", Text(name=f"{name}_choice", optional=True)))
    else:
        columns = columns_of(kind, prefix=f"{name}_")
    return Spread(kind=kind, columns=columns, optional=optional)


def _without_none(hint: Any) -> tuple[Any, bool]:
    """`X | None` is X, optional. A union of the open vocabulary stays as it is."""
    members = [member for member in get_args(hint) if member is not NoneType]
    if NoneType in get_args(hint) and len(members) == 1:
        return members[0], True
    return hint, False
