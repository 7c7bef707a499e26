"""Why the engine said something, as plain data that can be stored, shown and replayed."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from clinic.models import Clinic, Enrolment
    from protocols.engine.plan import Because, Plan


AS_THEY_ARE = frozenset({str, int, bool, float, type(None)})


@cache
def fields_of(kind: type) -> tuple[str, ...] | None:
    """Return the names of a dataclass's fields; None for any other type."""
    return tuple(each.name for each in dataclasses.fields(kind)) if dataclasses.is_dataclass(kind) else None


def plain(value: Any) -> Any:
    """Return a frozen value as JSON's own types: dates as ISO text, decimals as text, enums as words."""
    kind = type(value)
    if kind in AS_THEY_ARE:
        return value
    names = fields_of(kind)  # type: ignore[arg-type]  # a type can be hashed
    if names is not None:
        return {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (frozenset, set, list, tuple)):
        found = [plain(each) for each in value]
        return sorted(found) if isinstance(value, (frozenset, set)) else found
    return scalar(value)


def scalar(value: Any) -> Any:
    """Return a single value as JSON's own type."""
    match value:
        case Enum():
            return scalar(value.value)
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case _:
            return value


def chain_of(because: Because, *, plan: Plan, enrolment: Enrolment) -> dict[str, Any]:
    """Return the chain of one answer: sentence, facts, calendar, rule, edition and zone."""
    clinic: Clinic = enrolment.clinic
    return {**plain(because), "pathway": plan.pathway, "edition": plan.edition, "zone": clinic.zone}


def digest_of(plan: Plan) -> str:
    """Return a digest of everything a plan says but the day it was asked on and the day to ask again."""
    said = dataclasses.replace(plan, as_of=date.min, next_change_on=None)
    return sha256(repr(said).encode()).hexdigest()
