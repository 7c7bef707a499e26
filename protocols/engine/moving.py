"""A course that goes on by another edition from a date on. What was given before stays as it was given."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TypeVar

from protocols.engine.dosing import Calendar, CalendarDay, PartCalendar, PartDay

Day = TypeVar("Day", CalendarDay, PartDay)


def moved(before: Calendar, after: Calendar, *, from_on: date) -> Calendar:
    """The calendar that follows `before` up to the day before `from_on`, and `after` from then on."""
    old = {part.edition.key: part for part in before.parts}
    new = {part.edition.key: part for part in after.parts}
    parts = [_part(part, new.get(key), from_on=from_on) for key, part in old.items()]
    parts += [replace(part, days=_since(part.days, from_on)) for key, part in new.items() if key not in old]
    return replace(
        after, days=(*_until(before.days, from_on), *_since(after.days, from_on)), parts=tuple(parts)
    )


def _part(old: PartCalendar, new: PartCalendar | None, *, from_on: date) -> PartCalendar:
    if new is None:
        return replace(old, days=_until(old.days, from_on))
    return replace(new, days=(*_until(old.days, from_on), *_since(new.days, from_on)))


def _until(days: tuple[Day, ...], on: date) -> tuple[Day, ...]:
    return tuple(day for day in days if day.on < on)


def _since(days: tuple[Day, ...], on: date) -> tuple[Day, ...]:
    return tuple(day for day in days if day.on >= on)
