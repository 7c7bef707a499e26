"""One routine mail a day; urgent ones at once; after an outage one parcel."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from notifications.policy.digest import Urgency, Waiting, gap_between, pace_of, parcels, send_at
from notifications.policy.hours import Hours

HOURS = Hours(zone="America/New_York")
FRIDAY_NIGHT = datetime(2026, 11, 21, 4, tzinfo=UTC)
FRIDAY_NOON = datetime(2026, 11, 20, 17, tzinfo=UTC)


def letter(
    number: int, pace: Urgency, reader: int = 1, clinic: int = 1, *, after_outage: bool = False
) -> Waiting:
    """A letter that has come due."""
    return Waiting(uid=UUID(int=number), reader=reader, clinic=clinic, pace=pace, after_outage=after_outage)


@pytest.mark.parametrize(
    ("word", "pace"),
    [
        ("review", Urgency.ROUTINE),
        ("high", Urgency.URGENT),
        ("critical", Urgency.URGENT),
        ("emergency", Urgency.EMERGENCY),
        ("a word of a later edition", Urgency.URGENT),
    ],
)
def test_an_urgency_nobody_taught_us_is_urgent_rather_than_forgotten(word: str, pace: Urgency) -> None:
    assert pace_of(word) is pace


def test_an_emergency_goes_at_night_and_an_urgent_letter_at_seven() -> None:
    emergency = send_at(pace=Urgency.EMERGENCY, now=FRIDAY_NIGHT, hours=HOURS, from_calendar=False)
    urgent = send_at(pace=Urgency.URGENT, now=FRIDAY_NIGHT, hours=HOURS, from_calendar=False)

    assert emergency == FRIDAY_NIGHT
    assert urgent == datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_s18_a_routine_letter_waits_ten_minutes_in_which_it_can_be_undone() -> None:
    moment = send_at(pace=Urgency.ROUTINE, now=FRIDAY_NOON, hours=HOURS, from_calendar=False)

    assert moment == FRIDAY_NOON + timedelta(minutes=10)


def test_a_routine_letter_of_the_calendar_waits_for_the_digest_of_the_next_working_day() -> None:
    moment = send_at(pace=Urgency.ROUTINE, now=FRIDAY_NOON, hours=HOURS, from_calendar=True)

    assert moment == datetime(2026, 11, 23, 13, tzinfo=UTC)


def test_routine_letters_of_one_reader_and_clinic_travel_together() -> None:
    waiting = [letter(1, Urgency.ROUTINE), letter(2, Urgency.ROUTINE), letter(3, Urgency.ROUTINE, reader=2)]

    assert [parcel.letters for parcel in parcels(waiting)] == [
        (UUID(int=1), UUID(int=2)),
        (UUID(int=3),),
    ]


def test_two_clinics_never_share_a_mail() -> None:
    waiting = [letter(1, Urgency.ROUTINE), letter(2, Urgency.ROUTINE, clinic=2)]

    assert len(parcels(waiting)) == 2


def test_urgent_letters_of_one_moment_travel_together_and_apart_from_routine_ones() -> None:
    waiting = [letter(1, Urgency.ROUTINE), letter(2, Urgency.URGENT), letter(3, Urgency.URGENT)]

    assert [len(parcel.letters) for parcel in parcels(waiting)] == [1, 2]


def test_an_emergency_travels_alone() -> None:
    waiting = [letter(1, Urgency.EMERGENCY), letter(2, Urgency.EMERGENCY), letter(3, Urgency.URGENT)]

    assert [len(parcel.letters) for parcel in parcels(waiting)] == [1, 1, 1]


def test_b7_after_an_outage_everything_but_an_emergency_is_one_parcel_however_much_there_is() -> None:
    """B7: a storm of the same message, every five minutes for a week."""
    waiting = [letter(n, Urgency.URGENT if n % 2 else Urgency.ROUTINE, after_outage=True) for n in range(200)]
    waiting.append(letter(999, Urgency.EMERGENCY, after_outage=True))

    found = parcels(waiting)

    assert sorted(len(parcel.letters) for parcel in found) == [1, 200]
    assert max(found, key=lambda parcel: len(parcel.letters)).pace is Urgency.URGENT


@pytest.mark.parametrize(
    ("silence", "is_a_gap"),
    [
        (timedelta(minutes=3), False),
        (timedelta(hours=1), True),
        (timedelta(days=2), True),
        (timedelta(days=30), True),
    ],
)
def test_a_long_silence_is_a_gap_with_two_ends(silence: timedelta, is_a_gap: bool) -> None:
    found = gap_between(
        last_seen=FRIDAY_NOON - silence, now=FRIDAY_NOON, longest_silence=timedelta(minutes=30)
    )

    assert (found is not None) is is_a_gap
    if found is not None:
        assert (found.since, found.until) == (FRIDAY_NOON - silence, FRIDAY_NOON)


def test_a_first_start_is_no_outage() -> None:
    assert gap_between(last_seen=None, now=FRIDAY_NOON, longest_silence=timedelta(minutes=30)) is None
