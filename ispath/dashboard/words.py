"""Dates, spans and sizes in the words of the ward: the date first, with its weekday."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import get_language_info

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ISO_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_NEAR = 180
_DAYS_OF_MONTH_COUNT = 60
_DAYS_OF_YEAR_COUNT = 730


def day(on: date | None) -> str:
    """Write a date: Fri 20 Nov 2026."""
    if on is None:
        return "no date"
    return f"{_WEEKDAYS[on.weekday()]} {on.day} {_MONTHS[on.month - 1]} {on.year}"


def near_day(on: date, today: date) -> str:
    """Write a date without its year where the year is plain: Fri 20 Nov."""
    text = day(on)
    return text if abs((on - today).days) > _NEAR else text.rsplit(" ", 1)[0]


def day_and_month(on: date) -> str:
    """Write a date on the axis of a chart: 20 Nov; the first days of a year bear its number."""
    text = f"{on.day} {_MONTHS[on.month - 1]}"
    return f"{text} {on.year}" if on.month == 1 else text


def moment(at: datetime | None) -> str:
    """Write a moment, already in the clinic's zone: Fri 20 Nov 2026, 07:12."""
    if at is None:
        return "no time"
    return f"{day(at.date())}, {at:%H:%M}"


def count(number: int, one: str, many: str = "") -> str:
    """Write a number with its noun: 1 day, 3 days."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def late(days: int) -> str:
    """Say how late something is: 3 days late, due today, in 4 days."""
    if days > 0:
        return f"{count(days, 'day')} late"
    if days == 0:
        return "due today"
    return f"in {count(-days, 'day')}"


def distance(on: date, today: date) -> str:
    """Say how far a day is from today: today, tomorrow, 3 days ago, in 2 weeks."""
    days = (on - today).days
    match days:
        case 0:
            return "today"
        case 1:
            return "tomorrow"
        case -1:
            return "yesterday"
    size = abs(days)
    span = count(size, "day") if size <= _DAYS_OF_MONTH_COUNT else count(size // 7, "week")
    return f"in {span}" if days > 0 else f"{span} ago"


def age(born_on: date, today: date) -> str:
    """Write an age as a ward does: 5 days, 9 weeks, 7 months, 2 years 3 months."""
    days = (today - born_on).days
    months = (today.year - born_on.year) * 12 + today.month - born_on.month - (today.day < born_on.day)
    if days < _DAYS_OF_MONTH_COUNT:
        return count(days, "day") if days < 14 else count(days // 7, "week")  # noqa: PLR2004 - two weeks of days
    if days < _DAYS_OF_YEAR_COUNT:
        return count(months, "month")
    years, rest = divmod(months, 12)
    return f"{count(years, 'year')} {count(rest, 'month')}" if rest else count(years, "year")


def treatment_day(number: int) -> str:
    """Write a treatment day with its convention in words."""
    return f"treatment day {number} (the first dose is day 1)"


def humane(text: str) -> str:
    """Write a sentence of the clinic as a page does: its dates with their weekday, a capital, a full stop."""
    said = _ISO_DAY.sub(lambda found: day(date.fromisoformat(found[0])), text.strip())
    if not said:
        return ""
    said = said[0].upper() + said[1:]
    return said if said[-1] in ".!?:" else f"{said}."


def without_its_name(sentence: str, name: str) -> str:
    """Write the reason of a line whose name stands above it already: "Weight: due …, 7 days after …"."""
    said = sentence.removeprefix(f"{name}: ").strip()
    said = said if said.rstrip(".") != name else ""
    return said[:1].upper() + said[1:]


def language(code: str) -> str:
    """Write a language by its English name; a code that is not known stays as it is."""
    try:
        return str(get_language_info(code.lower())["name"])
    except KeyError:
        return code


def amount(value: Decimal | None, places: int = 3) -> str:
    """Write an exact decimal for a person: at most so many places, no trailing zeros."""
    if value is None:
        return "not known"
    rounded = round(value, places)
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
