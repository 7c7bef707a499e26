"""The checks that lie ahead, when each is done on its due day."""

from __future__ import annotations

from datetime import timedelta

from benchmarks import planning
from protocols.engine import facts as f
from protocols.engine.ahead import checks_ahead
from protocols.engine.days import add_months
from protocols.engine.pathway import DrugClass
from protocols.engine.plan import CheckState, Missing
from tests.protocols.review.plans import CHILD, day, eeg, fact, hormone, plan, vigabatrin
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


# --- a course whose first day lies ahead, in the plan -------------------------------------------------------

COMING = fact(
    f.TreatmentStart,
    "2027-01-10",
    known="2027-01-04",
    id_="coming",
    drug="prednisolone",
    drug_class=DrugClass.HORMONAL,
    planned_last_dose=day("2027-02-07"),
)


def test_a_planned_course_shows_its_checks_before_its_first_dose_and_the_same_ones_on_it() -> None:
    before, on_the_day = plan(COMING, as_of="2027-01-04"), plan(COMING, as_of="2027-01-10")

    shown = {check.key: (check.code, check.due_on) for check in before.checks}
    assert shown["EEG14:coming"] == ("EEG14", day("2027-01-24"))
    assert shown["BP:coming:first"] == ("BP", day("2027-01-14"))
    assert {check.state for check in before.checks} == {CheckState.UPCOMING}
    assert shown == {check.key: (check.code, check.due_on) for check in on_the_day.checks}


def test_a_baseline_that_may_be_done_before_the_first_dose_is_open_already() -> None:
    coming = vigabatrin("2027-01-10", id_="coming", known="2027-01-04")

    vision = next(c for c in plan(coming, as_of="2027-01-04").checks if c.code == "VISION")

    assert (vision.state, vision.due_on) == (CheckState.DUE, day("2027-02-07"))


def test_a_plan_wakes_on_the_first_day_of_a_course_that_lies_ahead() -> None:
    assert plan(COMING, as_of="2027-01-04").next_change_on == day("2027-01-10")


def test_a_planned_course_is_no_treatment_yet() -> None:
    diagnosed = fact(f.Diagnosed, "2027-01-04")
    failing = (hormone("2026-12-14", until="2027-01-11"), eeg("2026-12-28", bad=True))

    untreated = plan(diagnosed, COMING, as_of="2027-01-08")
    waiting = plan(*failing, vigabatrin("2027-01-10", known="2027-01-01"), as_of="2027-01-06")

    assert untreated.verdict.missing == (Missing.TREATMENT,)
    assert [e.rule for e in untreated.escalations if e.stands] == ["E00"]
    assert [(e.rule, e.raised_on) for e in waiting.escalations if e.rule == "E03"] == [
        ("E03", day("2027-01-05"))
    ]


def test_a_planned_course_asks_for_nothing_once_care_has_ended() -> None:
    asked = plan(COMING, fact(f.Death, "2027-01-05"), as_of="2027-01-06")

    assert asked.checks == ()
