"""The checks that lie ahead, when each is done on its due day."""

from __future__ import annotations

from datetime import timedelta

from benchmarks import planning
from protocols.engine import facts as f
from protocols.engine.ahead import checks_ahead
from protocols.engine.days import add_months
from tests.protocols.review.plans import CHILD, day, eeg, fact, hormone, vigabatrin
from tests.protocols.review.stories import FIRST_LINE, REFERENCE


def _ahead(*facts: f.Fact, until: str) -> list[tuple[str, str]]:
    found = checks_ahead(REFERENCE, f.Facts(child=CHILD, facts=facts), day(until))
    return sorted((slot.due_on.isoformat(), slot.rule.code) for slot in found)


def test_a_course_that_has_not_begun_shows_all_its_checks() -> None:
    assert _ahead(hormone(), until="2027-03-01") == [
        ("2027-01-08", "BP"),
        ("2027-01-12", "BP"),
        ("2027-01-16", "BP"),
        ("2027-01-18", "EEG14"),
        ("2027-01-20", "BP"),
        ("2027-01-24", "BP"),
        ("2027-01-28", "BP"),
        ("2027-02-08", "TAPER-END"),
    ]


def test_what_was_done_is_not_ahead_and_the_eye_exams_follow_each_other() -> None:
    done = (
        eeg("2027-01-18"),
        fact(f.VisionExam, "2027-01-20", result=f.VisionResult.NO_ABNORMALITY_DETECTED),
    )

    ahead = _ahead(vigabatrin(planned_last_dose=day("2027-08-31")), *done, until="2028-03-01")

    assert ahead == [
        ("2027-04-20", "VISION"),
        ("2027-07-04", "VGB-REVIEW"),
        ("2027-07-20", "VISION"),
        ("2028-02-29", "VISION"),
    ]


def test_calls_end_six_weeks_after_the_start() -> None:
    facts = f.Facts(child=CHILD, facts=(hormone(),))

    calls = [
        slot.due_on - day("2027-01-04")
        for slot in checks_ahead(FIRST_LINE, facts, day("2027-12-31"))
        if slot.rule.code == "CALL"
    ]

    assert calls == [timedelta(days=days) for days in (7, 14, 21, 28, 35, 42)]


def test_the_benchmark_counts_what_it_says() -> None:
    children = [planning.child(n) for n in range(3)]

    items, seconds, busy = planning.ahead(FIRST_LINE, children)

    assert items > 20 * len(children)
    assert 0 < busy <= 2 * max(seconds, busy)
    assert planning.reviews(FIRST_LINE, [planning.history(1)], 6)[0] > items / 3 - 10
    assert add_months(children[0].facts[0].on, 12) > children[0].facts[0].on
