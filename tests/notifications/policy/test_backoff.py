"""Attempts grow rarer and end; a server that is away uses none of them up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from notifications.policy.backoff import ROUTINE, URGENT, Patience, next_attempt, when_server_returns

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.mark.parametrize("patience", [ROUTINE, URGENT])
def test_waits_never_shrink_and_then_a_person_takes_over(patience: Patience) -> None:
    moments = [
        next_attempt(made=made, now=NOW, patience=patience) for made in range(1, patience.attempts + 1)
    ]

    waits = [moment - NOW for moment in moments if moment is not None]
    assert waits == sorted(waits)
    assert moments[-1] is None
    assert moments.index(None) == len(moments) - 1


def test_an_urgent_letter_is_given_up_within_the_hour() -> None:
    assert sum(URGENT.waits, timedelta()) <= timedelta(hours=1)


def test_what_another_server_has_tried_for_longer_than_we_would_is_given_up() -> None:
    within, after = NOW - ROUTINE.whole, NOW - ROUTINE.whole - timedelta(seconds=1)

    assert next_attempt(made=1, now=NOW, patience=ROUTINE, since=within) is not None
    assert next_attempt(made=1, now=NOW, patience=ROUTINE, since=after) is None


def test_a_letter_never_attempted_has_no_next_attempt() -> None:
    with pytest.raises(ValueError, match="an attempt must have been made"):
        next_attempt(made=0, now=NOW, patience=ROUTINE)


def test_an_absent_server_is_asked_for_ever_at_most_every_five_minutes() -> None:
    waits = [when_server_returns(refusals_in_a_row=n, now=NOW) - NOW for n in range(50)]

    assert waits == sorted(waits)
    assert waits[-1] == timedelta(minutes=5)
