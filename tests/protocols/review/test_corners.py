"""Corners of the engine that no shipped pathway or worked timeline reaches, and that an edition may."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from protocols.engine import facts as f
from protocols.engine.as_data import from_data, to_data
from protocols.engine.explain import Subject, explain
from protocols.engine.pathway import (
    Anchor,
    AppliesTo,
    DrugClass,
    MonitoringRule,
    Observes,
    PathwayEdition,
    Span,
    Until,
    Window,
)
from protocols.engine.plan import CheckState, VerdictValue
from protocols.engine.telling import fact_words, in_words
from tests.protocols.review.plans import (
    CHILD,
    checks,
    day,
    eeg,
    fact,
    hormone,
    only,
    plan,
    pressure,
    rises,
    rules,
    vigabatrin,
)
from tests.protocols.review.stories import FIRST_LINE, REFERENCE

BASIS = REFERENCE.eeg.basis


def with_rule(**said: object) -> PathwayEdition:
    rule = MonitoringRule(
        code="MINE",
        name="Ours",
        applies_to=AppliesTo.VIGABATRIN,
        basis=BASIS,
        windows=(Window(opens=Span(count=0), due=Span(count=5)),),
        **{"observes": Observes.CALL, "anchor": Anchor.COURSE_START, **said},  # type: ignore[arg-type]
    )
    return replace(REFERENCE, monitoring_rules=(*REFERENCE.monitoring_rules, rule))


def test_a_rule_can_count_from_each_course() -> None:
    called = fact(f.Call, "2027-01-06", reached=True)
    missed = fact(f.Call, "2027-01-05", reached=False)

    asked = plan(hormone(), vigabatrin(), missed, called, as_of="2027-01-10", pathway=with_rule())

    assert only(asked, "MINE").satisfied_by == called.id


def test_a_rule_can_count_from_the_diagnosis() -> None:
    asked = plan(
        fact(f.Diagnosed, "2027-01-03"), as_of="2027-01-04", pathway=with_rule(anchor=Anchor.DIAGNOSIS)
    )

    assert only(asked, "MINE").due_on == day("2027-01-08")


def test_a_rule_that_ends_with_the_taper_ends_with_the_last_dose_where_there_is_no_taper() -> None:
    pathway = with_rule(until=Until.TAPER_START, anchor=Anchor.SPAN_START)

    stopped = fact(f.TreatmentStop, "2027-01-06", drug="vigabatrin", reason=f.StopReason.OTHER)
    asked = plan(vigabatrin(), stopped, as_of="2027-01-07", pathway=pathway)

    assert (only(asked, "MINE").state, only(asked, "MINE").reason) == (
        CheckState.CANCELLED,
        "last dose given",
    )


def test_a_hormone_without_a_planned_end_holds_live_vaccines_while_it_is_given() -> None:
    booked = fact(f.VaccineScheduled, "2027-01-10", live=True, name="MMR", planned_on=day("2027-06-01"))

    asked = plan(hormone(until=None), booked, as_of="2027-01-10", pathway=REFERENCE)

    assert rules(asked)[-1] == "E14"
    assert "booked for 2027-06-01, on prednisolone" in rises(asked, "E14")[0].because.sentence


def test_a_vaccine_before_the_first_hormone_dose_raises_nothing() -> None:
    booked = fact(f.VaccineScheduled, "2026-12-01", live=True, name="MMR", planned_on=day("2026-12-20"))

    assert "E14" not in rules(plan(booked, hormone(), as_of="2027-01-05", pathway=REFERENCE))


def test_overlapping_hormones_of_which_one_has_no_end_are_one_span_without_end() -> None:
    other = replace(hormone("2027-01-20", None, drug="ACTH"), id="other")

    asked = plan(hormone(), other, pressure("2027-02-05"), as_of="2027-02-06", pathway=REFERENCE)

    assert [c.due_on for c in checks(asked, "BP") if c.state is CheckState.UPCOMING] == [day("2027-02-09")]


def test_where_a_short_recording_does_not_count_even_hypsarrhythmia_in_it_is_no_answer() -> None:
    pathway = replace(REFERENCE, eeg=replace(REFERENCE.eeg, positive_counts_at_any_length=False))

    asked = plan(hormone(), eeg("2027-01-18", bad=True, minutes=30), as_of="2027-01-22", pathway=pathway)

    assert "E02" not in rules(asked)
    assert "E01" in rules(asked)


def test_a_definition_may_call_the_boundary_day_itself_failure() -> None:
    from protocols.engine.pathway import BoundaryDay

    strict = replace(REFERENCE.definitions[0], boundary=BoundaryDay.FAILURE)
    pathway = replace(REFERENCE, definitions=(strict, *REFERENCE.definitions[1:]))

    asked = plan(
        hormone(), eeg("2027-01-18"), fact(f.SpasmReport, "2027-01-18"), as_of="2027-01-19", pathway=pathway
    )

    assert asked.verdict.value is VerdictValue.NON_RESPONDER


def test_a_pathway_without_a_rule_for_the_boundary_day_leaves_it_to_the_definition() -> None:
    rules_left = tuple(rule for rule in REFERENCE.escalation_rules if rule.code != "E02x")
    pathway = replace(REFERENCE, escalation_rules=rules_left)

    asked = plan(
        hormone(), eeg("2027-01-18"), fact(f.SpasmReport, "2027-01-18"), as_of="2027-03-01", pathway=pathway
    )

    assert asked.verdict.value is VerdictValue.RESPONDER


def test_a_person_may_say_that_the_drug_has_failed_although_the_trial_was_not_adequate() -> None:
    said = fact(f.HumanReview, "2027-01-20", rule="E02r", verdict=f.ReviewVerdict.NON_RESPONDER)

    asked = plan(hormone(adequate=False), eeg("2027-01-18", bad=True), said, as_of="2027-01-21")

    assert asked.verdict.value is VerdictValue.NON_RESPONDER


def test_a_pathway_without_fever_rule_has_no_adrenal_window_after_the_last_dose() -> None:
    pathway = replace(
        FIRST_LINE, escalation_rules=tuple(r for r in FIRST_LINE.escalation_rules if r.code != "E12")
    )
    sign = fact(f.Symptom, "2027-03-15", signs=frozenset({f.Sign.VOMITING}))

    assert checks(plan(hormone(), sign, as_of="2027-03-15", pathway=pathway), "ADRENAL-CALL") == []


def test_a_pathway_without_a_rule_for_late_readings_raises_the_level_itself() -> None:
    pathway = replace(
        REFERENCE, escalation_rules=tuple(r for r in REFERENCE.escalation_rules if r.code != "E08s")
    )
    late = pressure("2027-01-10", 128, known="2027-01-20")

    assert "E08c" in rules(plan(hormone(), late, as_of="2027-01-20", pathway=pathway))


def test_a_pathway_that_promises_no_look_leaves_a_quiet_plan_without_a_next_day() -> None:
    pathway = replace(REFERENCE, targets=())

    assert plan(as_of="2027-01-20", pathway=pathway).next_change_on is None


def test_corrections_that_name_each_other_in_a_circle_do_not_hang() -> None:
    one = replace(pressure("2027-01-05"), id="one", corrects="two")
    two = replace(pressure("2027-01-05", 99), id="two", corrects="one")
    self_ = replace(pressure("2027-01-06"), id="self", corrects="self")

    assert plan(hormone(), one, two, self_, as_of="2027-01-07").running


def test_a_second_prior_failure_of_one_mechanism_asks_a_person() -> None:
    before = [
        fact(
            f.PriorTreatment,
            "2026-12-01",
            id_=drug,
            drug=drug,
            drug_class=DrugClass.HORMONAL,
            failed=failed,
            adequate=adequate,
        )
        for drug, failed, adequate in (
            ("ACTH", True, None),
            ("prednisolone", True, True),
            ("other", None, None),
        )
    ]

    asked = plan(*before, as_of="2026-12-02", pathway=REFERENCE)

    assert [e.rule for e in asked.escalations] == ["E04x"]
    assert "E04x" not in rules(
        plan(before[0], replace(before[1], adequate=False), as_of="2026-12-02", pathway=REFERENCE)
    )


def test_a_waived_escalated_check_is_settled_by_the_waiver() -> None:
    waiver = fact(f.Waiver, "2027-01-23", check="EEG14:hormone", reason="moved abroad")

    (raised,) = rises(plan(hormone(), waiver, as_of="2027-01-24", pathway=REFERENCE), "E01")

    assert (raised.resolved_on, raised.resolved_by) == (day("2027-01-23"), (waiver.id,))


def test_a_referral_step_closes_the_wait_of_the_step_before() -> None:
    steps = [
        fact(f.ReferralStep, on, step=step)
        for on, step in (
            ("2027-01-20", f.ReferralStepKind.SENT),
            ("2027-01-25", f.ReferralStepKind.RECEIVED),
        )
    ]

    states = {c.name: c.state for c in checks(plan(hormone(), *steps, as_of="2027-01-26"), "REFERRAL")}

    assert states == {
        "Referral sent: is it received?": CheckState.DONE,
        "Referral received: is the child seen?": CheckState.DUE,
    }


@pytest.mark.parametrize(
    "value",
    [
        fact(
            f.Symptom,
            "2027-01-05",
            temp_c=Decimal("38.60"),
            signs=frozenset({f.Sign.VOMITING, f.Sign.LETHARGY}),
        ),
        fact(f.Length, "2027-01-05", cm=Decimal("66.5")),
        replace(
            pressure("2027-01-05"), at=datetime.fromisoformat("2027-01-05T09:30:00+00:00"), limb=f.Arm.LEG
        ),
    ],
)
def test_facts_travel_as_data_without_loss(value: f.Fact) -> None:
    assert from_data(f.Fact, to_data(value)) == value


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (fact(f.Symptom, "2027-01-09", temp_c=Decimal("38.5")), "temperature 38.5 °C"),
        (fact(f.Finding, "2027-01-09", lesion=f.LesionStatus.PRESENT), "finding (present)"),
        (
            fact(f.VaccineScheduled, "2027-01-09", live=True, name="MMR", planned_on=date(2027, 2, 1)),
            "vaccine booked for Monday 1 February 2027, recorded",
        ),
        (eeg("2027-01-09"), "EEG (no hypsarrhythmia, 180 minutes)"),
    ],
)
def test_more_facts_are_named_by_their_main_value(known: f.Fact, words: str) -> None:
    assert fact_words(known) == f"{words} on Saturday 9 January 2027"


def test_a_verdict_without_any_treatment_can_be_read_aloud() -> None:
    chain = explain(REFERENCE, f.Facts(child=CHILD), day("2027-01-05"), Subject.VERDICT)

    assert in_words(chain) == (
        "By the definition of West Delphi and NISC, we cannot tell whether the treatment works: "
        "no first-line course has started. Pathway iess-reference, edition 1."
    )


def test_a_check_with_a_window_says_its_last_day() -> None:
    facts = f.Facts(child=CHILD, facts=(hormone(),))

    said = in_words(explain(REFERENCE, facts, day("2027-01-05"), Subject.CHECK, "EEG14:hormone"))

    assert (
        "is due on Monday 18 January 2027, at the latest Thursday 21 January 2027, and is not open yet"
        in said
    )


def test_an_mri_change_beside_a_hormone_says_so() -> None:
    suspect = fact(f.Symptom, "2027-01-10", vabam_suspect=True)

    (raised,) = rises(plan(hormone(), vigabatrin(), suspect, as_of="2027-01-10"), "E18")

    assert "beside prednisolone" in raised.because.sentence


def test_a_review_of_something_else_does_not_answer_the_boundary_day() -> None:
    facts = (hormone(), eeg("2027-01-18"), fact(f.SpasmReport, "2027-01-18"))
    before = fact(f.HumanReview, "2027-01-10")
    other = fact(f.HumanReview, "2027-01-20", rule="E04x")

    assert rises(plan(*facts, before, other, as_of="2027-01-21", pathway=REFERENCE), "E02x")[0].stands


def test_a_drug_that_runs_on_beside_the_stopped_one_is_the_therapy() -> None:
    stop = fact(f.TreatmentStop, "2027-01-08", drug="prednisolone", reason=f.StopReason.INTOLERANCE)

    beside = plan(hormone(), vigabatrin("2027-01-05"), stop, as_of="2027-01-17", pathway=REFERENCE)
    ended = plan(
        hormone(),
        vigabatrin("2027-01-05", planned_last_dose=day("2027-01-08")),
        stop,
        as_of="2027-01-17",
        pathway=REFERENCE,
    )

    assert "E03" not in rules(beside)
    assert "E03" in rules(ended)


def test_speaking_to_somebody_answers_a_call_for_signs() -> None:
    sign = fact(f.Symptom, "2027-01-10", signs=frozenset({f.Sign.POOR_FEEDING}))
    spoken = fact(f.SpokenTo, "2027-01-10", rule="", cause="")

    assert only(plan(hormone(), sign, spoken, as_of="2027-01-11"), "ADRENAL-CALL").state is CheckState.DONE


def test_vigabatrin_started_on_the_day_of_the_second_failure_is_not_untried() -> None:
    second = replace(hormone("2027-01-19", "2027-02-16", drug="ACTH"), id="second")
    failures = (eeg("2027-01-18", bad=True), eeg("2027-02-02", bad=True))

    asked = plan(
        hormone(), second, *failures, vigabatrin("2027-02-02"), as_of="2027-02-03", pathway=REFERENCE
    )

    assert "E04x" not in rules(asked)


def test_an_edition_may_let_only_the_referral_itself_settle_it() -> None:
    from protocols.engine.pathway import Settles

    changed = tuple(
        replace(rule, settled_by=(Settles.REFERRAL_SENT,)) if rule.code == "E05" else rule
        for rule in REFERENCE.escalation_rules
    )
    lesion = fact(f.Finding, "2027-01-04", lesion=f.LesionStatus.PRESENT)
    declined = fact(f.ReferralStep, "2027-01-20", step=f.ReferralStepKind.DECLINED)
    facts = (lesion, hormone(), eeg("2027-01-18", bad=True), declined)

    strict = plan(*facts, as_of="2027-01-21", pathway=replace(REFERENCE, escalation_rules=changed))

    assert rises(strict, "E05")[0].stands
    assert not rises(plan(*facts, as_of="2027-01-21", pathway=REFERENCE), "E05")[0].stands
