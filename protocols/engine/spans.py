"""A pathway's spans of time as dates."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from protocols.engine.days import add_months
from protocols.engine.pathway import SpanUnit

if TYPE_CHECKING:
    from protocols.engine.pathway import Span


_MONTHS = SpanUnit.MONTHS
_days = cache(lambda count: timedelta(days=count))


def shift(day: date, span: Span) -> date:
    """The day a span later (or earlier); months are clamped to the month's end."""
    if span.unit is _MONTHS:
        return add_months(day, span.count)
    return day + _days(span.count)


def words(span: Span) -> str:
    """`14 days`, `1 month`."""
    unit = span.unit.value
    return f"{span.count} {unit.removesuffix('s') if abs(span.count) == 1 else unit}"
