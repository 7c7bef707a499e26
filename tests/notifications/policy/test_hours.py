"""A letter that can wait never lands in quiet hours, whatever the zone and whatever the clock does."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from notifications.policy.hours import (
    Hours,
    moment_of,
    next_allowed,
    next_digest,
    working_day_after,
    working_day_until,
)

NEW_YORK = Hours(zone="America/New_York")

# Zones whose clocks do the strangest things: half hours, three quarters, changes at midnight.
ODD_ZONES = (
    "America/New_York",
    "America/St_Johns",
    "America/Santiago",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Europe/London",
    "Europe/Dublin",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "UTC",
)


def at(text: str) -> datetime:
    """A UTC moment from its text."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "expected", "why"),
    [
        ("2026-11-20T15:00", "2026-11-20T15:00", "ten in the morning is fine"),
        ("2026-11-20T11:59", "2026-11-20T12:00", "one minute before seven waits one minute"),
        ("2026-11-20T12:00", "2026-11-20T12:00", "seven itself is allowed"),
        ("2026-11-21T01:59", "2026-11-21T01:59", "20:59 on Friday is still allowed"),
        ("2026-11-21T02:00", "2026-11-23T12:00", "21:00 on Friday waits for Monday"),
        ("2026-11-21T17:00", "2026-11-23T12:00", "Saturday waits for Monday"),
    ],
)
def test_a_routine_letter_waits_for_the_readers_hours(moment: str, expected: str, why: str) -> None:
    assert next_allowed(at(moment), NEW_YORK, working_days_only=True) == at(expected), why


def test_an_urgent_letter_waits_for_the_night_but_not_for_the_weekend() -> None:
    assert next_allowed(at("2026-11-21T17:00"), NEW_YORK, working_days_only=False) == at("2026-11-21T17:00")
    assert next_allowed(at("2026-11-21T07:00"), NEW_YORK, working_days_only=False) == at("2026-11-21T12:00")


def test_a_holiday_is_no_working_day() -> None:
    closed_on_monday = Hours(zone="America/New_York", days_off=frozenset({date(2026, 11, 23)}))

    assert next_allowed(at("2026-11-21T17:00"), closed_on_monday, working_days_only=True) == at(
        "2026-11-24T12:00"
    )


def test_a_practice_open_on_sundays_is_written_to_on_sundays() -> None:
    cairo = Hours(zone="Africa/Cairo", working_weekdays=frozenset({7, 1, 2, 3, 4}))

    assert next_allowed(at("2026-11-20T09:00"), cairo, working_days_only=True).isoweekday() == 7


def test_b23_no_minute_of_the_evening_falls_outside_both_the_quiet_and_the_open_hours() -> None:
    """B23: a default of 23:00 as the end of the window left 23:01 to 23:59 without any answer."""
    for minute in range(24 * 60):
        local = time(minute // 60, minute % 60)
        assert NEW_YORK.is_quiet(local) == (local >= time(21) or local < time(7))


def test_equal_ends_mean_no_quiet_hours_at_all() -> None:
    always = Hours(zone="UTC", quiet_from=time(0), quiet_until=time(0))

    assert not any(always.is_quiet(time(hour)) for hour in range(24))


def test_quiet_hours_may_lie_inside_one_day() -> None:
    siesta = Hours(zone="UTC", quiet_from=time(13), quiet_until=time(15))

    assert next_allowed(at("2026-11-20T14:00"), siesta, working_days_only=False) == at("2026-11-20T15:00")
    assert next_allowed(at("2026-11-20T22:00"), siesta, working_days_only=False) == at("2026-11-20T22:00")


def test_a_clinic_without_working_days_is_not_silent_for_ever() -> None:
    never_open = Hours(zone="UTC", working_weekdays=frozenset())

    assert next_allowed(at("2026-11-20T12:00"), never_open, working_days_only=True) < at("2026-12-25T00:00")


@pytest.mark.parametrize(
    ("day", "clock", "zone", "expected", "why"),
    [
        (
            date(2026, 3, 8),
            time(2, 30),
            "America/New_York",
            "2026-03-08T07:30",
            "02:30 does not exist: 03:30 EDT",
        ),
        (
            date(2026, 11, 1),
            time(1, 30),
            "America/New_York",
            "2026-11-01T05:30",
            "01:30 exists twice: the first",
        ),
        (date(2011, 12, 30), time(8), "Pacific/Apia", "2011-12-30T18:00", "the whole day does not exist"),
    ],
)
def test_local_times_that_do_not_exist_or_exist_twice(
    day: date, clock: time, zone: str, expected: str, why: str
) -> None:
    assert moment_of(day, clock, zone) == at(expected), why


def test_the_second_of_two_equal_local_times_is_taken_when_the_first_has_passed() -> None:
    after = at("2026-11-01T05:45")

    assert moment_of(date(2026, 11, 1), time(1, 30), "America/New_York", after=after) == at(
        "2026-11-01T06:30"
    )


@pytest.mark.parametrize("zone", ODD_ZONES)
def test_every_hour_of_two_years_leads_to_an_allowed_moment_that_is_not_before_it(zone: str) -> None:
    hours = Hours(zone=zone)
    moment = at("2026-01-01T00:00")

    while moment < at("2028-01-01T00:00"):
        allowed = next_allowed(moment, hours, working_days_only=True)
        assert allowed >= moment
        local = allowed.astimezone(ZoneInfo(zone))
        assert time(7) <= local.time() < time(21)
        assert hours.works_on(local.date())
        assert allowed - moment <= timedelta(days=3)
        moment += timedelta(hours=5, minutes=37)


def test_b11_on_the_days_of_a_clock_change_no_zone_of_the_world_is_written_to_at_night() -> None:
    """B11: fixed offsets and millisecond arithmetic moved reminders by the hour of the clock change."""
    for zone in sorted(available_timezones()):
        hours = Hours(zone=zone)
        for moment in _around_clock_changes(zone):
            allowed = next_allowed(moment, hours, working_days_only=False)
            assert allowed >= moment, zone
            assert time(7) <= allowed.astimezone(ZoneInfo(zone)).time() < time(21), (zone, moment)
            assert allowed - moment <= timedelta(hours=12), (zone, moment)


def _around_clock_changes(zone: str) -> list[datetime]:
    """Moments of 2026 and 2027 just before, at and after each change of a zone's clock."""
    info = ZoneInfo(zone)
    day = at("2026-01-01T00:00")
    found: list[datetime] = []
    while day < at("2028-01-01T00:00"):
        following = day + timedelta(days=1)
        if day.astimezone(info).utcoffset() != following.astimezone(info).utcoffset():
            found += [day + timedelta(minutes=n) for n in range(-90, 1531, 30)]
        day = following
    return found


@pytest.mark.parametrize("zone", ODD_ZONES)
def test_the_digest_goes_once_on_each_working_day_at_eight_by_the_readers_clock(zone: str) -> None:
    hours = Hours(zone=zone)
    moment = at("2026-01-01T00:00")
    days: list[date] = []

    while moment < at("2027-01-01T00:00"):
        moment = next_digest(moment, hours)
        local = moment.astimezone(ZoneInfo(zone))
        assert local.time() == time(8)
        days.append(local.date())
        moment += timedelta(seconds=1)

    assert len(days) == len(set(days))
    assert all(hours.works_on(day) for day in days)
    assert len(days) >= 260


def test_a_digest_after_the_weekend_goes_at_eight_and_not_when_the_quiet_hours_end() -> None:
    assert next_digest(at("2026-11-20T22:30"), NEW_YORK) == at("2026-11-23T13:00")


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 11, 20), 0, date(2026, 11, 20)),
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
        (date(2026, 11, 20), 2, date(2026, 11, 24)),
        (date(2026, 11, 21), 0, date(2026, 11, 23)),
        (date(2026, 11, 18), 2, date(2026, 11, 20)),
    ],
)
def test_working_days_are_counted_without_the_day_itself(day: date, count: int, expected: date) -> None:
    assert working_day_after(day, count, NEW_YORK) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 20), date(2026, 11, 20)),
        (date(2026, 11, 21), date(2026, 11, 20)),
        (date(2026, 11, 22), date(2026, 11, 20)),
    ],
)
def test_what_must_be_told_before_a_weekend_is_told_on_the_last_working_day(
    day: date, expected: date
) -> None:
    assert working_day_until(day, NEW_YORK) == expected


def test_without_any_working_day_the_day_itself_is_taken() -> None:
    never_open = Hours(zone="UTC", working_weekdays=frozenset())

    assert working_day_until(date(2026, 11, 22), never_open) == date(2026, 11, 22)
