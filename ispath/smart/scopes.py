"""SMART scopes of the system context, v1 (`system/Task.read`) and v2 (`system/Task.rs`)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

ANY = "*"
_V1_WORDS = {"read": "rs", "write": "cud", "*": "cruds"}
_SHAPE = re.compile(r"\Asystem/(?P<type>\*|[A-Z][A-Za-z]{1,63})\.(?P<rights>read|write|\*|c?r?u?d?s?)\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What one scope allows: the letters c, r, u, d, s on one resource type, or on all."""

    text: str
    type_name: str
    rights: frozenset[str]

    def covers(self, type_name: str, right: str) -> bool:
        """Whether this scope alone allows the right on the type."""
        return right in self.rights and self.type_name in (ANY, type_name)


def parse_scope(text: str) -> Scope | None:
    """The scope, or None for a word that means nothing to a backend service here."""
    shape = _SHAPE.match(text)
    if shape is None or not shape["rights"]:
        return None
    rights = frozenset(_V1_WORDS.get(shape["rights"], shape["rights"]))
    return Scope(text=text, type_name=shape["type"], rights=rights)


@lru_cache(maxsize=1000)
def parse_scopes(text: str) -> tuple[Scope, ...]:
    """All scopes of a space-separated string that mean something here, each once."""
    parsed = (parse_scope(word) for word in dict.fromkeys(text.split()))
    return tuple(scope for scope in parsed if scope is not None)


def unknown_words(text: str) -> tuple[str, ...]:
    """The words of a scope string that are no system scopes."""
    return tuple(word for word in text.split() if parse_scope(word) is None)


def granted(*, asked: str, registered: str) -> str:
    """What a token gets of what was asked: never more than is registered; empty when nothing is left.

    A wildcard that is registered only in part is narrowed to the registered part, as SMART allows.
    """
    owned = parse_scopes(registered)
    kept = [part for wanted in parse_scopes(asked) for part in _within(wanted, owned)]
    return " ".join(dict.fromkeys(kept))


def _within(wanted: Scope, owned: tuple[Scope, ...]) -> Iterable[str]:
    if any(_is_inside(wanted, scope) for scope in owned):
        yield wanted.text
        return
    for scope in owned:
        rights = wanted.rights & scope.rights
        if rights and ANY in (wanted.type_name, scope.type_name):
            type_name = scope.type_name if wanted.type_name == ANY else wanted.type_name
            yield f"system/{type_name}.{''.join(letter for letter in 'cruds' if letter in rights)}"
        elif rights and wanted.type_name == scope.type_name:
            yield f"system/{scope.type_name}.{''.join(letter for letter in 'cruds' if letter in rights)}"


def _is_inside(wanted: Scope, scope: Scope) -> bool:
    return scope.type_name in (ANY, wanted.type_name) and wanted.rights <= scope.rights


def allows(scopes: str, type_name: str, right: str) -> bool:
    """Whether these granted scopes allow the right on the type."""
    return any(scope.covers(type_name, right) for scope in parse_scopes(scopes))
