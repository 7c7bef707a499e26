"""Days are civil dates: leap days, month ends, clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from protocols.engine.days import (
    add_months,
    date_of_days_since_start,
    date_of_treatment_day,
    days_since_start,
    moments_of_day,
    treatment_day,
    whole_months_between,
)
from tests.protocols.dosing.calendars import calendar, day, vector


@pytest.mark.parametrize("key", ["D01", "D03"])
def test_months_are_added_from_the_original_date_and_clamped_to_the_month(key: str) -> None:
    start, expect = date.fromisoformat(vector(key)["inputs"]["start_date"]), vector(key)["expect"]

    for months in (3, 4, 6, 24):
        assert add_months(start, months).isoformat() == expect[f"plus_{months}_months"]
    examined = [add_months(start, months).isoformat() for months in (3, 6)]
    assert examined == expect["vision_every_3_months"]
    assert (
        date_of_days_since_start(start_on=start, elapsed=28).isoformat() == expect["vision_baseline_due_by"]
    )


def test_a_window_after_the_stop_is_clamped_at_both_ends() -> None:
    stop = date.fromisoformat(vector("D05")["inputs"]["stop_date"])

    assert [add_months(stop, months).isoformat() for months in (3, 6)] == vector("D05")["expect"]["window"]


def test_chaining_months_would_lose_days_that_counting_from_the_start_keeps() -> None:
    start = date(2026, 11, 30)

    assert add_months(start, 4) == date(2027, 3, 30)
    assert add_months(add_months(start, 3), 1) == date(2027, 3, 28)


def test_both_conventions_of_day_numbers_meet_in_one_place() -> None:
    start = date(2026, 11, 23)

    assert treatment_day(start_on=start, on=start) == 1
    assert days_since_start(start_on=start, on=start) == 0
    assert date_of_treatment_day(start_on=start, day=14) == date(2026, 12, 6)
    assert date_of_days_since_start(start_on=start, elapsed=14) == date(2026, 12, 7)


def test_a_second_course_counts_its_own_days() -> None:
    """Q06: what the relapse means is for the review of the pathway; its days are counted here."""
    inputs, expect = vector("Q06")["inputs"], vector("Q06")["expect"]
    first, relapse = (
        date.fromisoformat(inputs["first_course_start"]),
        date.fromisoformat(inputs["relapse_date"]),
    )
    second = date.fromisoformat(inputs["second_start"])

    months = whole_months_between(earlier=first, later=relapse)
    assert months == expect["months_from_start_to_relapse_whole"]
    assert date_of_treatment_day(start_on=second, day=1).isoformat() == expect["day1_of_second"]
    assert date_of_treatment_day(start_on=second, day=14).isoformat() == expect["day14_of_second"]
    assert days_since_start(start_on=relapse, on=second) == expect["days_relapse_to_treatment"]


@pytest.mark.parametrize("key", ["Z01", "Z03"])
def test_a_clock_change_moves_no_dose_and_drops_none(key: str) -> None:
    inputs, expect = vector(key)["inputs"], vector(key)["expect"]
    times = tuple(time.fromisoformat(text) for text in inputs["times"])
    zone = ZoneInfo(inputs["tz"])

    moments = [
        moment
        for text in inputs["days"]
        for moment in moments_of_day(on=date.fromisoformat(text), at=times, zone=zone)
    ]

    wanted = [datetime.fromisoformat(one["utc"]) for one in expect["instants"]]
    assert moments == wanted
    assert all(moment.tzinfo is UTC for moment in moments)
    assert len(moments) == len(inputs["days"]) * expect["doses_per_day"]


def test_a_late_first_dose_leaves_the_full_dose_phase_its_fourteen_dates() -> None:
    """Z05: the civil policy. Which slots of day 1 are skipped is not laid out here."""
    expect = vector("Z05")["expect"]["civil"]

    found = calendar("prednisolone-ukiss", "--start", "2026-11-30")

    full = [one["on"] for one in found["days"] if one["phase"] == "Full dose"]
    assert full[-1] == expect["last_full_dose_date"]
    assert day(found, 15)["on"] == expect["taper_day15_date"]


@pytest.mark.parametrize("start", ["2026-03-20", "2026-10-20", "2028-02-16", "2026-12-20"])
def test_every_date_of_a_course_comes_once(start: str) -> None:
    found = calendar("prednisolone-ukiss", "--start", start)

    dates = [date.fromisoformat(one["on"]) for one in found["days"]]
    assert [(later - earlier).days for earlier, later in pairwise(dates)] == [1] * 28
