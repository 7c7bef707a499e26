"""Open days and closed days."""

from __future__ import annotations

from datetime import date

import pytest

from protocols.engine.workdays import EVERY_DAY, WorkingCalendar

CLINIC = WorkingCalendar(weekdays=frozenset(range(5)), holidays=frozenset({date(2027, 1, 1)}))
NEVER = WorkingCalendar(weekdays=frozenset())


@pytest.mark.parametrize(
    ("on", "before", "after"),
    [
        ("2027-01-04", "2027-01-04", "2027-01-04"),
        ("2027-01-02", "2026-12-31", "2027-01-04"),
        ("2027-01-01", "2026-12-31", "2027-01-04"),
    ],
)
def test_a_closed_day_gives_way_to_the_nearest_open_one(on: str, before: str, after: str) -> None:
    day = date.fromisoformat(on)

    assert CLINIC.at_or_before(day) == date.fromisoformat(before)
    assert CLINIC.at_or_after(day) == date.fromisoformat(after)


def test_a_clinic_that_never_opens_moves_nothing() -> None:
    assert NEVER.at_or_after(date(2027, 1, 4)) == date(2027, 1, 4)


def test_working_days_are_counted_without_the_closed_ones() -> None:
    assert CLINIC.plus_open_days(date(2026, 12, 31), 2) == date(2027, 1, 5)
    assert EVERY_DAY.plus_open_days(date(2026, 12, 31), 2) == date(2027, 1, 2)
