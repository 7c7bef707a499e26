"""Query parameters: unknown ones are refused, so that a typing mistake never widens a list."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from rest_framework.request import Request

from ispath.wire.problems import ProblemError

_LONGEST_QUERY = 6000
LONGEST_WORD = 200
LONGEST_PAIR = 2 * LONGEST_WORD + 1  # authority|number
_TOKENS = frozenset({"cursor", "page"})


def require_known(request: Request, known: Iterable[str]) -> None:
    """Refuse parameters that mean nothing here, and values no row can hold."""
    if len(str(request.META.get("QUERY_STRING", ""))) > _LONGEST_QUERY:
        raise ProblemError("uri-too-long", "The query is too long. Ask for less at once.")
    names = sorted(known)
    for name, values in request.query_params.lists():
        if name not in names:
            sentence = f"{name[:40]} is not a parameter of this address. Known: {', '.join(names) or 'none'}."
            raise ProblemError("unknown-parameter", sentence, field=name[:40])
        value = _only(name, values)
        if "\x00" in value:
            raise ProblemError("bad-parameter", "A parameter holds a NUL character. Take it out.", field=name)
        _require_size(name, value)


def _only(name: str, values: list[Any]) -> str:
    """The one value of a parameter: of two, one would be left out without a word."""
    if len(values) > 1:
        raise ProblemError("bad-parameter", f"{name} is there {len(values)} times. Send it once.", field=name)
    return str(values[0])


def _require_size(name: str, value: str) -> None:
    """An empty value would widen a list as a missing parameter does; a long one stands in no row."""
    longest = LONGEST_PAIR if name == "identifier" else LONGEST_WORD
    if not 0 < len(value) <= longest:
        sentence = f"{name} needs a value of 1 to {longest} characters. Leave it out to ask for everything."
        raise ProblemError("bad-page-token" if name in _TOKENS else "bad-parameter", sentence, field=name)


def limit_of(request: Request, *, default: int, largest: int) -> int:
    """How many items the caller wants on a page."""
    text = request.query_params.get("limit", str(default))
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text[:9]) <= largest:
        raise ProblemError(
            "bad-parameter", f"limit must be a whole number from 1 to {largest}.", field="limit"
        )
    return int(text)


def day_of(request: Request, name: str) -> date | None:
    """A date among the query's parameters; None where it is left out."""
    text = request.query_params.get(name)
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ProblemError("bad-parameter", f"{name} is a date, such as 2026-03-16.", field=name) from error


def uid_of(text: str) -> uuid.UUID:
    """The id in an address."""
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise ProblemError("not-found", "There is nothing with this id for this client.") from error
