"""Day conventions and calendar arithmetic: the one module that knows both conventions.

Dosing calendars call the date of the first dose **day 1**; EEG papers count **days since the start**,
start = 0. Month steps are always counted from the original date and clamped to the month's last day.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def treatment_day(*, start_on: date, on: date) -> int:
    """The treatment day of a date: the date of the first dose is 1."""
    return (on - start_on).days + 1


def date_of_treatment_day(*, start_on: date, day: int) -> date:
    """The date of a treatment day: day 1 is the date of the first dose."""
    return start_on + timedelta(days=day - 1)


def days_since_start(*, start_on: date, on: date) -> int:
    """Days elapsed since the start: the start itself is 0."""
    return (on - start_on).days


def date_of_days_since_start(*, start_on: date, elapsed: int) -> date:
    """The date so many days after the start: "two weeks after the start" is 14."""
    return start_on + timedelta(days=elapsed)


def add_months(on: date, months: int) -> date:
    """The same day of the month, `months` later (or earlier), clamped to the month's last day."""
    year, month0 = divmod(on.year * 12 + on.month - 1 + months, 12)
    return date(year, month0 + 1, min(on.day, monthrange(year, month0 + 1)[1]))


def whole_months_between(*, earlier: date, later: date) -> int:
    """Completed calendar months from one date to a later one: the age in months of a child."""
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return months if add_months(earlier, months) <= later else months - 1


def moments_of_day(*, on: date, at: tuple[time, ...], zone: ZoneInfo) -> tuple[datetime, ...]:
    """The UTC moments of a day's dose times in a zone: as many as the times, whatever the clock does."""
    return tuple(datetime.combine(on, moment, tzinfo=zone).astimezone(UTC) for moment in at)
