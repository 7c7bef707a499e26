"""The fewest visits that keep every check inside its window."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from protocols.engine.bundling import bundle
from protocols.engine.pathway import Role
from protocols.engine.plan import Because, Check, CheckState
from protocols.engine.workdays import EVERY_DAY, WorkingCalendar
from tests.protocols.review.plans import day, hormone, plan

TODAY = date(2027, 1, 4)
WEEK = WorkingCalendar(weekdays=frozenset(range(5)))


def check(
    key: str, opens: int, due: int, state: CheckState = CheckState.DUE, *, bundles: bool = True
) -> Check:
    return Check(
        code=key,
        key=key,
        name=key,
        opens_on=TODAY + timedelta(days=opens),
        due_on=TODAY + timedelta(days=due),
        closes_on=None,
        state=state,
        who=Role.NURSE,
        anchor_on=TODAY,
        bundles=bundles,
        because=Because(sentence=""),
    )


def test_overlapping_windows_become_one_visit_as_late_as_the_first_of_them_allows() -> None:
    visits = bundle([check("a", 0, 4), check("b", 2, 9), check("c", 6, 12)], TODAY)

    assert [(visit.on, visit.checks) for visit in visits] == [
        (date(2027, 1, 8), ("a", "b")),
        (date(2027, 1, 16), ("c",)),
    ]


def test_a_visit_falls_on_an_open_day_where_the_window_has_one() -> None:
    saturday = check("a", 0, 5)
    weekend_only = check("b", 5, 6)

    assert [visit.on for visit in bundle([saturday], TODAY, WEEK)] == [date(2027, 1, 8)]
    assert [visit.on for visit in bundle([weekend_only], TODAY, WEEK)] == [date(2027, 1, 10)]


def test_an_overdue_check_asks_for_the_first_open_day() -> None:
    late = check("a", -9, -3, CheckState.OVERDUE)

    assert bundle([late], date(2027, 1, 9), WEEK)[0].on == date(2027, 1, 11)


def test_closed_and_unbundled_and_far_checks_are_left_out() -> None:
    done = check("a", 0, 4, CheckState.DONE)
    alone = check("b", 0, 4, bundles=False)
    far = check("c", 60, 90, CheckState.UPCOMING)

    assert bundle([done, alone, far], TODAY, until=TODAY + timedelta(days=30)) == ()


def test_a_real_plan_bundles_into_few_visits() -> None:
    asked = plan(hormone(), as_of="2027-01-09")

    visits = bundle(asked.checks, day("2027-01-09"), until=day("2027-01-18"))

    assert visits[0].on == day("2027-01-09")
    assert len(visits) < sum(len(visit.checks) for visit in visits)


def _fewest(windows: list[tuple[int, int]]) -> int:
    """By trying every set of days."""
    days = sorted({due for _, due in windows})
    for count in range(len(days) + 1):
        for chosen in combinations(range(15), count):
            if all(any(opens <= one <= due for one in chosen) for opens, due in windows):
                return count
    raise AssertionError("the due days themselves always do")


windows = st.lists(
    st.tuples(st.integers(0, 10), st.integers(0, 4)).map(lambda pair: (pair[0], sum(pair))), max_size=6
)


@given(windows)
def test_no_other_choice_of_days_needs_fewer_visits(pairs: list[tuple[int, int]]) -> None:
    checks = [check(str(n), opens, due) for n, (opens, due) in enumerate(pairs)]

    visits = bundle(checks, TODAY, EVERY_DAY)

    assert len(visits) == _fewest(pairs)
    on = {key: visit.on for visit in visits for key in visit.checks}
    assert all(c.opens_on <= on[c.key] <= c.due_on for c in checks)
