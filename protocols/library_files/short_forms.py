"""Small values of a pathway that are written on one line: `14 days`, `V R12 (why)`, `neurologist (signs)`."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

from protocols.engine.citing import Mark
from protocols.engine.pathway import Basis, Recipient, Role, Span, SpanUnit
from protocols.engine.spans import words

_SPAN = re.compile(r"(?P<count>-?\d+) (?P<unit>day|days|month|months)")
_BASIS = re.compile(r"(?P<mark>V2|V|G|D|P)(?: (?P<source>[^\s()]+))?(?: \((?P<note>.+)\))?")
_RECIPIENT = re.compile(r"(?P<role>[^()]+?)(?: \((?P<purpose>[^()]+)\))?")


class ShortForm(NamedTuple):
    """How a value is read from one line (None: it cannot be), how it is written, and what is wanted there."""

    read: Callable[[str], Any]
    write: Callable[[Any], str]
    wanted: str


def _read_span(text: str) -> Span | None:
    found = _SPAN.fullmatch(text)
    if found is None:
        return None
    unit = SpanUnit.MONTHS if found["unit"].startswith("month") else SpanUnit.DAYS
    return Span(count=int(found["count"]), unit=unit)


def _read_basis(text: str) -> Basis | None:
    found = _BASIS.fullmatch(text)
    if found is None:
        return None
    return Basis(mark=Mark(found["mark"]), source=found["source"] or "", note=found["note"] or "")


def _write_basis(basis: Basis) -> str:
    source = f" {basis.source}" if basis.source else ""
    return f"{basis.mark}{source}" + (f" ({basis.note})" if basis.note else "")


def _read_recipient(text: str) -> Recipient | None:
    found = _RECIPIENT.fullmatch(text)
    if found is None or found["role"] not in set(Role):
        return None
    return Recipient(role=Role(found["role"]), purpose=found["purpose"] or "")


def _write_recipient(recipient: Recipient) -> str:
    return f"{recipient.role} ({recipient.purpose})" if recipient.purpose else str(recipient.role)


SHORT_FORMS: dict[type, ShortForm] = {
    Span: ShortForm(_read_span, words, 'a span of time is wanted here, like "14 days" or "3 months"'),
    Basis: ShortForm(
        _read_basis,
        _write_basis,
        'a basis is wanted here, like "V R12 (why)": V, V2, G, D or P, a source key, why',
    ),
    Recipient: ShortForm(
        _read_recipient,
        _write_recipient,
        f"a recipient is wanted here, one of {', '.join(Role)}, like neurologist (signs)",
    ),
}


def read_free(tree: object) -> bool | int | str | Decimal | tuple[str, ...] | None:
    """A parameter's value: true or false, a number, a word or a list of words; None for anything else."""
    match tree:
        case bool() | str():
            return tree
        case Decimal():
            return int(tree) if tree.as_tuple().exponent == 0 else tree
        case list() if all(isinstance(item, str) for item in tree):
            return tuple(tree)
        case _:
            return None
