"""Facts in any order, twice or late lead to the same plan; nothing comes from nothing; nobody is lost."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.engine import facts as f
from protocols.engine.pathway import DrugClass, PathwayEdition
from protocols.engine.plan import CheckState, Missing, VerdictValue
from protocols.engine.replay import Replay
from protocols.engine.review import plan_of, review
from protocols.engine.workdays import EVERY_DAY
from protocols.timelines import read_timelines
from tests.protocols.review.plans import CHILD, day, eeg, fact, hormone, plan, vigabatrin
from tests.protocols.review.stories import FIRST_LINE, REFERENCE

TEXT = (Path(__file__).parents[2] / "data" / "timelines.json").read_text(encoding="utf-8")
TIMELINES = read_timelines(TEXT)[0]
PATHWAYS = [REFERENCE, FIRST_LINE]
ZERO = date(2027, 1, 4)


@pytest.mark.parametrize("pathway", PATHWAYS, ids=lambda pathway: str(pathway.key))
@pytest.mark.parametrize("timeline", TIMELINES, ids=lambda timeline: str(timeline.id))
def test_order_and_repetition_change_nothing(timeline: object, pathway: PathwayEdition) -> None:
    facts = timeline.facts  # type: ignore[attr-defined]
    until = timeline.observe_until  # type: ignore[attr-defined]
    shuffled = [*facts.facts, *facts.facts[:5]]
    random.Random(7).shuffle(shuffled)

    one = review(pathway, facts, until)
    other = review(pathway, replace(facts, facts=tuple(shuffled)), until)

    assert one == other


@pytest.mark.parametrize("timeline", TIMELINES, ids=lambda timeline: str(timeline.id))
def test_a_missed_week_and_a_daily_run_give_the_same_history(timeline: object) -> None:
    facts, until = timeline.facts, timeline.observe_until  # type: ignore[attr-defined]
    daily = Replay(FIRST_LINE, facts, EVERY_DAY)
    on = timeline.first_on  # type: ignore[attr-defined]
    while on < until:
        daily.advance(on)
        on += timedelta(days=1)

    assert plan_of(daily, daily.advance(until)) == review(FIRST_LINE, facts, until)


@pytest.mark.parametrize("timeline", TIMELINES[:12], ids=lambda timeline: str(timeline.id))
def test_nothing_changes_before_the_day_on_which_the_plan_says_it_can(timeline: object) -> None:
    facts, until = timeline.facts, timeline.observe_until  # type: ignore[attr-defined]
    known = f.Facts(child=facts.child, facts=tuple(x for x in facts.facts if x.known_on <= day("2027-01-20")))
    before = review(FIRST_LINE, known, day("2027-01-20"))
    on = day("2027-01-21")

    while before.next_change_on is not None and on < min(before.next_change_on, until):
        later = review(FIRST_LINE, known, on)
        assert (later.checks, later.escalations) == (before.checks, before.escalations)
        assert replace(later.verdict, because=before.verdict.because) == before.verdict
        on += timedelta(days=1)


def test_an_earlier_day_sees_what_was_known_then() -> None:
    late = eeg("2027-01-18", known="2027-01-27")

    then = plan(hormone(), late, as_of="2027-01-26", pathway=REFERENCE)
    now = plan(hormone(), late, as_of="2027-01-27", pathway=REFERENCE)

    assert [(e.rule, e.stands) for e in then.escalations if e.rule == "E01"] == [("E01", True)]
    assert [(e.rule, e.stands) for e in now.escalations if e.rule == "E01"] == [("E01", False)]


def test_no_facts_no_success() -> None:
    asked = plan(as_of="2027-01-20")

    assert asked.verdict.value is VerdictValue.CANNOT_TELL
    assert asked.checks == ()
    assert asked.escalations == ()
    assert asked.referral is None


# --- properties ------------------------------------------------------------------------------------------

days = st.integers(0, 60)


SAID: dict[str, tuple[type[f.Fact], dict[str, object]]] = {
    "hormone": (f.TreatmentStart, {"drug": "prednisolone", "drug_class": DrugClass.HORMONAL}),
    "vigabatrin": (f.TreatmentStart, {"drug": "vigabatrin", "drug_class": DrugClass.VIGABATRIN}),
    "stop": (f.TreatmentStop, {"drug": "vigabatrin", "reason": f.StopReason.INTOLERANCE}),
    "spasm": (f.SpasmReport, {}),
    "good": (f.Eeg, {"hypsarrhythmia": False, "sleep": True, "minutes": 180}),
    "bad": (f.Eeg, {"hypsarrhythmia": True}),
    "bp": (f.BloodPressure, {"sbp": 92}),
    "high": (f.BloodPressure, {"sbp": 130}),
    "exam": (f.VisionExam, {"result": f.VisionResult.NO_ABNORMALITY_DETECTED}),
    "lesion": (f.Finding, {"lesion": f.LesionStatus.PRESENT}),
    "suspected": (f.Finding, {"metabolic": f.DiseaseStatus.SUSPECTED}),
    "excluded": (f.Finding, {"metabolic": f.DiseaseStatus.EXCLUDED}),
    "sent": (f.ReferralStep, {"step": f.ReferralStepKind.SENT}),
    "declined": (f.ReferralStep, {"step": f.ReferralStepKind.DECLINED}),
    "review": (f.HumanReview, {}),
    "asked": (f.FamilyAsked, {"none_seen": True}),
    "out": (f.TransferOut, {}),
}


def _build(kind: str, on: int, late: int, n: int) -> f.Fact:
    happened, known = ZERO + timedelta(days=on), ZERO + timedelta(days=on + late)
    made, said = SAID[kind]
    if kind == "hormone":
        said = {**said, "planned_last_dose": happened + timedelta(days=28)}
    return fact(made, happened.isoformat(), known.isoformat(), f"{n}-{kind}", **said)


histories = st.lists(
    st.tuples(st.sampled_from(sorted(SAID)), days, st.sampled_from([0, 0, 0, 1, 3, 9])),
    min_size=1,
    max_size=14,
).map(lambda drawn: [_build(kind, on, late, n) for n, (kind, on, late) in enumerate(drawn)])


@settings(max_examples=60, deadline=None)
@given(histories, st.randoms(use_true_random=False), st.sampled_from(PATHWAYS), st.integers(0, 120))
def test_any_order_and_any_repetition_converge(
    facts: list[f.Fact], shuffle: random.Random, pathway: PathwayEdition, on: int
) -> None:
    as_of = ZERO + timedelta(days=on)
    mixed = [*facts, *facts[:3]]
    shuffle.shuffle(mixed)

    one = review(pathway, f.Facts(child=CHILD, facts=tuple(facts)), as_of)
    other = review(pathway, f.Facts(child=CHILD, facts=tuple(mixed)), as_of)

    assert one == other


@settings(max_examples=60, deadline=None)
@given(histories, st.integers(0, 150))
def test_a_response_needs_an_eeg_an_answer_from_the_family_and_a_treatment(
    facts: list[f.Fact], on: int
) -> None:
    asked = review(FIRST_LINE, f.Facts(child=CHILD, facts=tuple(facts)), ZERO + timedelta(days=on))

    if asked.verdict.value is VerdictValue.RESPONDER:
        kinds = {type(x) for x in facts}
        assert {f.TreatmentStart, f.Eeg, f.FamilyAsked} <= kinds


@settings(max_examples=60, deadline=None)
@given(histories, st.integers(0, 400), st.sampled_from(PATHWAYS))
def test_every_running_plan_has_a_next_day_or_an_end(
    facts: list[f.Fact], on: int, pathway: PathwayEdition
) -> None:
    asked = review(pathway, f.Facts(child=CHILD, facts=tuple(facts)), ZERO + timedelta(days=on))

    assert not asked.running or (asked.next_change_on is not None and asked.next_change_on > asked.as_of)


@settings(max_examples=60, deadline=None)
@given(histories, st.integers(0, 120), st.sampled_from(PATHWAYS))
def test_a_cause_rises_once_and_a_check_has_one_key(
    facts: list[f.Fact], on: int, pathway: PathwayEdition
) -> None:
    asked = review(pathway, f.Facts(child=CHILD, facts=tuple(facts)), ZERO + timedelta(days=on))
    keys = [(e.rule, e.cause_key) for e in asked.escalations]
    checks = [check.key for check in asked.checks]

    assert len(keys) == len(set(keys))
    assert len(checks) == len(set(checks))
    assert all(e.raised_on <= (e.resolved_on or e.raised_on) for e in asked.escalations)


@settings(max_examples=40, deadline=None)
@given(histories, st.integers(0, 90), st.integers(0, 30))
def test_history_is_only_added_to(facts: list[f.Fact], on: int, more: int) -> None:
    child = f.Facts(child=CHILD, facts=tuple(facts))
    early = review(REFERENCE, child, ZERO + timedelta(days=on))
    late = review(REFERENCE, child, ZERO + timedelta(days=on + more))
    raised = {(e.rule, e.cause_key): e.raised_on for e in late.escalations}

    assert {(e.rule, e.cause_key): e.raised_on for e in early.escalations}.items() <= raised.items()


def test_a_course_that_is_booked_ahead_begins_on_its_day() -> None:
    booked = replace(hormone("2027-01-11"), known_on=day("2027-01-04"))

    before, after = plan(booked, as_of="2027-01-10"), plan(booked, as_of="2027-01-11")

    assert (before.verdict.missing, before.verdict.episode) == ((Missing.TREATMENT,), "")
    assert after.verdict.episode == "hormone"
    assert {check.state for check in before.checks} == {CheckState.UPCOMING, CheckState.DUE}


def test_a_fact_entered_in_error_is_taken_back() -> None:
    wrong = eeg("2027-01-18", bad=True)
    back = f.Voided(id="v", on=day("2027-01-18"), known_on=day("2027-01-20"), corrects=wrong.id)

    asked = plan(hormone(), wrong, back, as_of="2027-01-21", pathway=REFERENCE)

    assert [(e.rule, e.withdrawn_on) for e in asked.escalations if e.rule == "E02"] == [
        ("E02", day("2027-01-20"))
    ]
    assert [c.state for c in asked.checks if c.code == "EEG14"] == [CheckState.OVERDUE]


def test_a_cause_that_comes_back_after_it_was_withdrawn_rises_again_under_its_own_number() -> None:
    wrong = eeg("2027-01-18", bad=True)
    amended = replace(eeg("2027-01-18"), id="a", corrects=wrong.id, known_on=day("2027-01-20"))
    after_all = replace(eeg("2027-01-18", bad=True), id="b", corrects="a", known_on=day("2027-01-23"))

    asked = plan(hormone(), wrong, amended, after_all, as_of="2027-01-24", pathway=REFERENCE)

    assert [(e.cause_key, e.raised_on, e.withdrawn_on) for e in asked.escalations if e.rule == "E02"] == [
        ("episode:hormone", day("2027-01-18"), day("2027-01-20")),
        ("episode:hormone#2", day("2027-01-23"), None),
    ]


def test_days_on_hold_move_the_next_eye_exam() -> None:
    seen = fact(f.VisionExam, "2027-01-20", result=f.VisionResult.NO_ABNORMALITY_DETECTED)
    hold = fact(f.Hold, "2027-02-01", course="vigabatrin", until=day("2027-02-10"))
    running_hold = fact(f.Hold, "2027-04-18", course="vigabatrin")

    over = plan(vigabatrin(), seen, hold, as_of="2027-02-20", pathway=REFERENCE)
    still = plan(vigabatrin(), seen, running_hold, as_of="2027-04-25", pathway=REFERENCE)

    assert [c.due_on for c in over.checks if c.code == "VISION"][-1] == day("2027-04-30")
    assert [c.due_on for c in still.checks if c.code == "VISION"][-1] == day("2027-04-23")


def test_drugs_that_failed_elsewhere_count() -> None:
    before = fact(
        f.PriorTreatment, "2026-12-01", drug="prednisolone", drug_class=DrugClass.HORMONAL, failed=True
    )

    asked = plan(before, vigabatrin(), eeg("2027-01-18", bad=True), as_of="2027-01-18", pathway=REFERENCE)

    assert "E04" in [e.rule for e in asked.escalations]
    assert asked.referral is not None
    assert asked.referral.ask_about_callosotomy


def test_later_causes_join_the_referral_that_was_sent() -> None:
    lesion = fact(f.Finding, "2027-01-04", lesion=f.LesionStatus.PRESENT)
    sent = fact(f.ReferralStep, "2027-01-20", step=f.ReferralStepKind.SENT)
    failed = (eeg("2027-01-18", bad=True), vigabatrin("2027-01-19"), eeg("2027-02-02", bad=True))

    asked = plan(lesion, hormone(), sent, *failed, as_of="2027-02-03", pathway=REFERENCE)

    assert asked.referral is not None
    assert [(r.rule, r.raised_on, r.joined) for r in asked.referral.reasons] == [
        ("E05", day("2027-01-18"), False),
        ("E04", day("2027-02-02"), True),
    ]
    assert not asked.referral.ask_about_callosotomy


def test_a_repeated_check_that_was_waived_is_asked_again_after_its_next_gap() -> None:
    waived = fact(f.Waiver, "2027-01-08", check="BP:hormone:first", reason="cuff lost")

    before = plan(hormone(), waived, as_of="2027-01-07", pathway=REFERENCE)
    after = plan(hormone(), waived, as_of="2027-01-09", pathway=REFERENCE)

    assert [c.key for c in before.checks if c.code == "BP"] == ["BP:hormone:first"]
    assert [(c.due_on, c.state) for c in after.checks if c.code == "BP"] == [
        (day("2027-01-08"), CheckState.WAIVED),
        (day("2027-01-12"), CheckState.UPCOMING),
    ]
