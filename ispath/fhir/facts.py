"""What observations and reports share: their status, their date, and the identifier they came in with."""

from __future__ import annotations

from typing import Any

from django.db.models import DateTimeField, Q
from django.db.models.functions import Cast, Coalesce

from ispath.fhir.answers import Resource
from ispath.fhir.filters import NOTHING, Asked, Filter, by_codes, by_day, by_moment, by_token
from ispath.fhir.values import Token

_SYSTEM = "http://hl7.org/fhir/observation-status"


def fact_status(row: Any, *, when_right: str = "final") -> str:
    """A corrected fact was entered in error; the fact that corrects it is `corrected`."""
    if row.was_corrected:
        return "entered-in-error"
    return "corrected" if row.corrects_id is not None else when_right


def by_fact_status(when_right: dict[str, Q]) -> Filter:
    """A token over the status of facts; `when_right` tells the states of a fact that stands uncorrected."""
    standing = Q(was_corrected=False, corrects=None)
    conditions = {code: standing & condition for code, condition in when_right.items()}
    conditions["entered-in-error"] = Q(was_corrected=True)
    conditions["corrected"] = Q(was_corrected=False, corrects__isnull=False)
    return by_codes(conditions, system=_SYSTEM)


# As it is served: the moment where one is known, else the day.
WHEN_IT_HAPPENED = Coalesce("happened_at", Cast("happened_on", DateTimeField()))


def by_when_it_happened(asked: Asked) -> Q:
    """A date over facts: by the moment where one is served, by the day where only the day is known."""
    by_its_moment = Q(happened_at__isnull=False) & by_moment("happened_at")(asked)
    return by_its_moment | (Q(happened_at=None) & by_day("happened_on")(asked))


def came_from(row: Any) -> list[Resource]:
    """The identifier under which another system sent the fact."""
    if not row.source_value:
        return []
    return [{"system": row.source_system, "value": row.source_value}]


def _by_source(one: Token) -> Q:
    if not one.code:
        return NOTHING
    condition = Q(source_value=one.code)
    return condition if one.system is None else condition & Q(source_system=one.system)


def by_source() -> Filter:
    """A token over the identifiers that facts came in with."""
    return by_token(_by_source)
