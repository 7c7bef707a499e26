"""A ladder is asked what stands now; it is never stepped by matching a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from notifications.policy.ladder import Rung, standing

DAY = timedelta(days=1)
START = datetime(2026, 11, 2, 13, tzinfo=UTC)


def rung(level: int, days: int, role: str = "pediatrician") -> Rung:
    """One rung `days` after the start."""
    return Rung(key=f"{level}-{role}", level=level, at=START + days * DAY, role=role, urgency="routine")


UPCOMING, DUE, LATE, MISSED = rung(0, 0), rung(1, 3), rung(2, 4), rung(3, 7)
NURSE_TOO = rung(2, 4, "nurse")
LADDER = (UPCOMING, DUE, LATE, NURSE_TOO, MISSED)


@pytest.mark.parametrize(
    ("days", "said", "now", "overtaken", "next_days"),
    [
        (-1, None, (), (), 0),
        (0, None, (UPCOMING,), (), 3),
        (1, 0, (), (), 3),
        (3, 0, (DUE,), (), 4),
        (4, 1, (LATE, NURSE_TOO), (), 7),
        (7, 2, (MISSED,), (), None),
        (400, 3, (), (), None),
    ],
)
def test_each_rung_is_said_when_it_comes(
    days: int, said: int | None, now: tuple[Rung, ...], overtaken: tuple[Rung, ...], next_days: int | None
) -> None:
    answer = standing(LADDER, said=said, parked_until=None, now=START + days * DAY)

    assert answer.now == now
    assert answer.overtaken == overtaken
    assert answer.next_at == (None if next_days is None else START + next_days * DAY)


@pytest.mark.parametrize("outage", [1, 2, 8, 30, 400])
def test_b5_b6_a_missed_run_of_any_length_is_caught_up_with_one_rung(outage: int) -> None:
    """B5: exact-day matching loses a reminder for ever; B6: a silent horizon drops what is very late."""
    answer = standing(LADDER, said=0, parked_until=None, now=START + (3 + outage) * DAY)

    assert answer.now
    assert len({one.level for one in answer.now}) == 1
    assert all(one.level < answer.now[0].level for one in answer.overtaken)


def test_a_parked_ladder_is_silent_until_its_date() -> None:
    answer = standing(LADDER, said=1, parked_until=START + 20 * DAY, now=START + 10 * DAY)

    assert answer.now == ()
    assert answer.next_at == START + 20 * DAY


def test_after_parking_the_ladder_goes_on_one_rung_higher_even_before_that_rungs_own_day() -> None:
    answer = standing(LADDER, said=0, parked_until=START + DAY, now=START + DAY)

    assert answer.now == (DUE,)
    assert answer.next_at == LATE.at


def test_after_parking_past_several_rungs_the_highest_is_said_and_the_others_are_overtaken() -> None:
    answer = standing(LADDER, said=0, parked_until=START + 5 * DAY, now=START + 5 * DAY)

    assert answer.now == (LATE, NURSE_TOO)
    assert answer.overtaken == (DUE,)


def test_asking_twice_says_the_same_and_after_saying_it_nothing() -> None:
    moment = START + 4 * DAY

    first = standing(LADDER, said=1, parked_until=None, now=moment)

    assert standing(LADDER, said=1, parked_until=None, now=moment) == first
    assert standing(LADDER, said=2, parked_until=None, now=moment).now == ()


def test_an_empty_ladder_says_nothing() -> None:
    assert standing((), said=None, parked_until=None, now=START).next_at is None
