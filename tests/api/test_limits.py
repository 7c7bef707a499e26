"""The requests of a minute, counted by several processes that tell Redis now and then."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import cycle

import pytest

from ispath.wire import limits
from ispath.wire.limits import count_request
from ispath.wire.shelf import Shelf

NOW = datetime(2027, 2, 1, 9, 0, tzinfo=UTC)
Ask = Callable[..., bool]


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Ask:
    """One request, in turn by one of some processes; whether it was let through."""
    who = f"test:{uuid.uuid4()}"
    shelves = {number: Shelf[limits._Tally](10) for number in range(4)}

    def let_through(*, process: int, limit: int, now: datetime = NOW) -> bool:
        monkeypatch.setattr(limits, "_TALLIES", shelves[process])
        return not count_request(who=who, limit=limit, now=now).is_spent

    return let_through


def test_a_limit_is_kept_exactly_by_one_process(ask: Ask) -> None:
    through = [ask(process=0, limit=600) for _ in range(700)]

    assert through == [True] * 600 + [False] * 100


def test_a_low_limit_is_kept_exactly_by_all_of_them(ask: Ask) -> None:
    turns = cycle(range(4))

    through = [ask(process=next(turns), limit=150) for _ in range(200)]

    assert through == [True] * 150 + [False] * 50


def test_nobody_is_refused_too_early_and_a_hundredth_more_is_let_through_for_each_process(ask: Ask) -> None:
    turns = cycle(range(4))

    through = [ask(process=next(turns), limit=600) for _ in range(900)]

    assert all(through[:600])
    assert 600 <= sum(through) <= 600 + 3 * 6


def questions_to_redis() -> int:
    return int(limits._counters().info("commandstats")["cmdstat_incrby"]["calls"])


def test_redis_is_told_of_every_sixth(ask: Ask) -> None:
    ask(process=0, limit=600)
    before = questions_to_redis()

    for _ in range(60):
        ask(process=0, limit=600)

    assert questions_to_redis() - before == 10


def test_a_new_minute_starts_from_nothing(ask: Ask) -> None:
    for _ in range(601):
        ask(process=0, limit=600)

    assert not ask(process=0, limit=600)
    assert ask(process=0, limit=600, now=NOW + timedelta(minutes=1))
