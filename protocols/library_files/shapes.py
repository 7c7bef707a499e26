"""Trees to frozen values and back, by the fields of the values.

A mistake is added with its path and reading goes on, so that all are found at once. Two values have a short
form: a number stands for itself (or `{choice: name}`), and a citation is one line, "V S24 (dose)": its mark,
its source, what it is about.
"""

from __future__ import annotations

import re
import types
from collections.abc import Iterable
from dataclasses import MISSING, Field, fields, is_dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from protocols.engine.citing import Cited, Mark, cited_words
from protocols.engine.mistakes import Mistake, below
from protocols.engine.pathway import BpRow, Parameter, ReminderRung, Target, Window
from protocols.engine.regimen import AllowedValue, Given, Length, Part, Ramp, Value
from protocols.library_files.short_forms import SHORT_FORMS, read_free
from protocols.library_files.yaml_text import FlowList, FlowMap

Row = TypeVar("Row")

ON_ONE_LINE = (AllowedValue, Given, Length, Part, Ramp, Value, BpRow, Parameter, ReminderRung, Target, Window)
CITED = re.compile(r"(?P<mark>V2|V|G|D|P)(?: (?P<source>[^\s()]+))?(?: \((?P<about>.+)\))?")
PLAIN = {str: "text", int: "a whole number", Decimal: "a number", bool: "true or false"}


def read_row(kind: type[Row], tree: object, *, path: str, mistakes: list[Mistake]) -> Row | None:
    """The value a tree describes; None where it has mistakes, which are added."""
    count = len(mistakes)
    value = _read(kind, tree, path, mistakes)
    return value if len(mistakes) == count else None


def write_row(value: object) -> object:  # noqa: PLR0911 - one line for each kind of value
    """The tree of a value: only what differs from its default, in the order of its fields."""
    if type(value) in SHORT_FORMS:
        return SHORT_FORMS[type(value)].write(value)
    match value:
        case Cited():
            return cited_words(value)
        case Value(choice=None):
            return value.number
        case StrEnum():
            return str(value)
        case tuple():
            items = [write_row(item) for item in value]
            plain = all(not isinstance(item, dict) for item in items)
            return FlowList(items) if plain else items
        case int() if not isinstance(value, bool):
            return Decimal(value)
        case _ if is_dataclass(value):
            written = {
                f.name: write_row(getattr(value, f.name)) for f in fields(value) if _is_written(value, f)
            }
            return FlowMap(written) if isinstance(value, ON_ONE_LINE) else written
        case _:
            return value


def _is_written(value: object, field: Field[Any]) -> bool:
    return field.default is MISSING or getattr(value, field.name) != field.default


def _read(kind: Any, tree: object, path: str, mistakes: list[Mistake]) -> Any:  # noqa: C901, PLR0911
    if get_origin(kind) in {Union, types.UnionType}:
        options = [option for option in get_args(kind) if option is not type(None)]
        if len(options) > 1:
            return _read_freely(tree, path, mistakes)
        return None if tree is None else _read(options[0], tree, path, mistakes)
    if kind in SHORT_FORMS:
        return _read_short(kind, tree, path, mistakes)
    if get_origin(kind) is tuple:
        return _read_tuple(get_args(kind)[0], tree, path, mistakes)
    if kind is Cited:
        return _read_cited(tree, path, mistakes)
    if kind is Value and isinstance(tree, Decimal):
        return Value(number=tree)
    if is_dataclass(kind):
        return _read_fields(kind, tree, path, mistakes)
    if issubclass(kind, StrEnum):
        return _read_word(kind, tree, path, mistakes)
    return _read_plain(kind, tree, path, mistakes)


def _read_short(kind: type, tree: object, path: str, mistakes: list[Mistake]) -> object:
    form = SHORT_FORMS[kind]
    value = form.read(tree) if isinstance(tree, str) else None
    if value is None:
        mistakes.append(Mistake(path=path, sentence=form.wanted))
    return value


def _read_freely(tree: object, path: str, mistakes: list[Mistake]) -> object:
    value = read_free(tree)
    if value is None:
        sentence = f"true, false, a number, a word or a list of words is wanted here, not {_shown(tree)}"
        mistakes.append(Mistake(path=path, sentence=sentence))
    return value


def _read_tuple(kind: Any, tree: object, path: str, mistakes: list[Mistake]) -> tuple[Any, ...]:
    if not isinstance(tree, list):
        mistakes.append(Mistake(path=path, sentence="a list is wanted here"))
        return ()
    return tuple(_read(kind, item, f"{path}[{position}]", mistakes) for position, item in enumerate(tree))


def _read_cited(tree: object, path: str, mistakes: list[Mistake]) -> Cited | None:
    found = CITED.fullmatch(tree) if isinstance(tree, str) else None
    if found is None:
        sentence = (
            'a citation is wanted here, like "V S24 (dose)": V, V2, G, D or P, a source key, what it is about'
        )
        mistakes.append(Mistake(path=path, sentence=sentence))
        return None
    return Cited(mark=Mark(found["mark"]), source=found["source"], about=found["about"] or "")


def _read_word(kind: type[StrEnum], tree: object, path: str, mistakes: list[Mistake]) -> StrEnum | None:
    if isinstance(tree, str) and tree in set(kind):
        return kind(tree)
    mistakes.append(Mistake(path=path, sentence=f"{_shown(tree)} is not one of {_listed(kind)}"))
    return None


def _read_plain(kind: type, tree: object, path: str, mistakes: list[Mistake]) -> object:
    if kind is int and isinstance(tree, Decimal) and tree == tree.to_integral_value():
        return int(tree)
    if isinstance(tree, kind) and kind is not int:
        return tree
    mistakes.append(Mistake(path=path, sentence=f"{PLAIN[kind]} is wanted here, not {_shown(tree)}"))
    return None


def _read_fields(kind: Any, tree: object, path: str, mistakes: list[Mistake]) -> Any:
    if not isinstance(tree, dict):
        mistakes.append(Mistake(path=path, sentence=f"keys are wanted here: {_listed(_hints(kind))}"))
        return None
    known = {field.name: field for field in fields(kind)}
    for key in tree.keys() - known.keys():
        sentence = f"unknown key; known here: {_listed(known)}"
        mistakes.append(Mistake(path=below(path, key), sentence=sentence))
    for name, field in known.items():
        if name not in tree and field.default is MISSING:
            mistakes.append(Mistake(path=below(path, name), sentence="this is missing"))
    values = {
        name: _read(_hints(kind)[name], tree[name], below(path, name), mistakes)
        for name in known
        if name in tree
    }
    return kind(**values) if all(n in values or f.default is not MISSING for n, f in known.items()) else None


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)


def _shown(tree: object) -> str:
    match tree:
        case None:
            return "nothing"
        case dict():
            return "a map"
        case list():
            return "a list"
        case _:
            return f'"{tree}"'
