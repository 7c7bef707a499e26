"""Frozen values as plain data that JSON can hold, and back again without loss."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from protocols.engine import facts as f

Row = TypeVar("Row")

FACT_TYPES: dict[str, type[f.Fact]] = {kind.__name__: kind for kind in f.Fact.__subclasses__()}
_DECIMAL = "decimal"


def to_data(value: object) -> Any:  # noqa: PLR0911 - one line for each kind of value
    """A value as plain data: fields that stand at their default are left out."""
    match value:
        case StrEnum():
            return value.value
        case Decimal():
            return {_DECIMAL: str(value)}
        case date():
            return value.isoformat()
        case tuple():
            return [to_data(item) for item in value]
        case frozenset():
            return sorted(to_data(item) for item in value)
        case Mapping():
            return {str(name): to_data(item) for name, item in value.items()}
        case _ if is_dataclass(value):
            said = {x.name: to_data(getattr(value, x.name)) for x in fields(value) if _differs(value, x)}
            return {"type": type(value).__name__, **said} if isinstance(value, f.Fact) else said
        case _:
            return value


def _differs(value: object, field: Field[Any]) -> bool:
    if field.default is not MISSING:
        return bool(getattr(value, field.name) != field.default)
    return field.default_factory is MISSING or getattr(value, field.name) != field.default_factory()


def from_data(kind: type[Row], data: Any) -> Row:
    """The value that plain data describes. Raises KeyError or ValueError for data that no value gave."""
    value: Row = _read(kind, data)
    return value


def _read(kind: Any, data: Any) -> Any:  # noqa: C901, PLR0911 - one line for each kind of value
    origin = get_origin(kind)
    if data is None or kind is Any:
        return data
    if origin in {Union, types.UnionType}:
        return _read_option([option for option in get_args(kind) if option is not type(None)], data)
    if origin is tuple:
        return tuple(_read(get_args(kind)[0], item) for item in data)
    if origin is Mapping:
        return {name: _read(get_args(kind)[1], item) for name, item in data.items()}
    if origin is frozenset:
        return frozenset(_read(get_args(kind)[0], item) for item in data)
    if kind is Decimal:
        return Decimal(data[_DECIMAL])
    if kind is datetime:
        return datetime.fromisoformat(data)
    if kind is date:
        return date.fromisoformat(data)
    if is_dataclass(kind):
        return _read_fields(FACT_TYPES[data["type"]] if kind is f.Fact else kind, data)
    return kind(data)


def _read_option(options: list[Any], data: Any) -> Any:
    """One option is read as it is; a parameter's free value shows by its own kind what it is."""
    if len(options) == 1:
        return _read(options[0], data)
    match data:
        case {"decimal": str(number)}:
            return Decimal(number)
        case list():
            return tuple(data)
        case _:
            return data


def _read_fields(kind: Any, data: dict[str, Any]) -> Any:
    hints = _hints(kind)
    return kind(**{name: _read(hints[name], value) for name, value in data.items() if name != "type"})


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
