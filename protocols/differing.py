"""Where two editions differ, as paths a person can find: `phases[1].steps[0].amount.number`."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from itertools import zip_longest
from typing import Any

# By which field rows of a list know each other again: one inserted row does not make all others differ.
NAMED_BY = ("key", "code", "name", "topic", "label", "definition", "etiology", "value", "protocol")
ABSENT = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One place in which two values differ. `before` or `after` is None where the place does not exist."""

    path: str
    before: str | None
    after: str | None

    @property
    def place(self) -> str:
        """The path in words: `phase Full dose, step 2, amount`."""
        return ", ".join(_steps_of(self.path))

    @property
    def words(self) -> str:
        """What differs, for a person who weighs whether to sign."""
        return f"{self.place}: {self._said}"

    @property
    def _said(self) -> str:
        if self.before is None:
            return f"added ({self.after})"
        if self.after is None:
            return f"removed ({self.before})"
        return f"{self.before} → {self.after}"

    def __str__(self) -> str:
        return f"{self.path}: {self._said}"


# Where a path ends in one of these, the word before it says enough.
SAID_ALREADY = frozenset({"number", "unit", "count"})
SINGULAR = {"phases": "phase", "maxima": "maximum", "advice": "advice", "eeg": "EEG", "notes": "note"}


def _steps_of(path: str) -> Iterator[str]:
    for name, place in re.findall(r"([a-z_0-9]+)(?:\[([^\]]*)\])?", path):
        if not place:
            if name not in SAID_ALREADY or name == path:
                yield name.replace("_", " ")
        elif place == "order":
            yield f"order of {name.replace('_', ' ')}"
        else:
            one = SINGULAR.get(name, name.removesuffix("s")).replace("_", " ")
            yield f"{one} {int(place) + 1 if place.isdigit() else place}"


def digest_of(value: Any) -> str:
    """SHA-256 of everything an edition says, whatever way it is written down."""
    plain = json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    return value


def differences(before: Any, after: Any) -> tuple[Difference, ...]:
    """Every place in which two editions differ, in the order of the later one."""
    return tuple(_compare("", before, after))


def _compare(path: str, before: Any, after: Any) -> Iterator[Difference]:
    if type(before) is type(after) and is_dataclass(before):
        for field in fields(before):
            name = f"{path}.{field.name}" if path else field.name
            yield from _compare(name, getattr(before, field.name), getattr(after, field.name))
    elif isinstance(before, tuple) and isinstance(after, tuple):
        for place, one, other in _paired(before, after):
            yield from _compare(f"{path}[{place}]", one, other)
    elif before != after or type(before) is not type(after):
        yield Difference(path=path, before=_words(before), after=_words(after))


def _paired(before: tuple[Any, ...], after: tuple[Any, ...]) -> Iterator[tuple[str, Any, Any]]:
    """Rows of two lists side by side: by name where every row has one of its own, else by place."""
    old, new = _by_name(before), _by_name(after)
    if old is None or new is None:
        for place, (one, other) in enumerate(zip_longest(before, after, fillvalue=ABSENT)):
            yield str(place), one, other
        return
    if list(old) != list(new) and set(old) == set(new):
        yield "order", ", ".join(old), ", ".join(new)
    for name in [*new, *(name for name in old if name not in new)]:
        yield name, old.get(name, ABSENT), new.get(name, ABSENT)


def _by_name(rows: tuple[Any, ...]) -> dict[str, Any] | None:
    """Rows by what they are called, or None where they have no name of their own."""
    for field in NAMED_BY:
        if all(isinstance(getattr(row, field, None), str) for row in rows):
            named = {str(getattr(row, field)): row for row in rows}
            return named if len(named) == len(rows) else None
    return None


def _words(value: Any) -> str | None:
    if value is ABSENT:
        return None
    if value is None or value in {"", ()}:
        return "nothing"
    if is_dataclass(value):
        said = ((field.name, getattr(value, field.name)) for field in fields(value))
        return ", ".join(f"{name} {_words(item)}" for name, item in said if item not in {None, "", ()})
    if isinstance(value, tuple):
        return "; ".join(_words(item) or "" for item in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
