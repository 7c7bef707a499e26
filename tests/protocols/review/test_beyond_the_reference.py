"""What iess-first-line asks for beyond the worked rule table: hypertension, blood count, signatures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from protocols.engine import facts as f
from protocols.engine.plan import CheckState
from tests.protocols.review.plans import (
    checks,
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

# A boy of six to eight months: the 90th percentile is 108, the 95th 111.
THREE = (pressure("2027-01-09", 112), pressure("2027-01-11", 113), pressure("2027-01-13", 111))
FAILED = eeg("2027-01-18", bad=True)


def test_three_high_readings_on_three_days_of_a_hormone_are_hypertension() -> None:
    (raised,) = rises(plan(hormone(), *THREE, as_of="2027-01-14"), "E08h")

    assert (raised.raised_on, raised.act_by) == (date(2027, 1, 13), date(2027, 1, 14))
    assert raised.because.sentence == (
        "at or above the 95th percentile on 3 days (2027-01-09, 2027-01-11, 2027-01-13)"
    )
    assert "echocardiogram" in raised.asks_for


@pytest.mark.parametrize(
    "third",
    [
        pressure("2027-01-13", 110),  # at the 90th only
        pressure("2027-01-11", 120, id_="repeat"),  # a repeat of the same visit
        pressure("2027-01-13", 120, calmness=f.Calmness.CRYING),
        pressure("2027-02-05", 120),  # after the last dose of 02-01
        pressure("2027-01-02", 120),  # before the first
    ],
)
def test_what_is_no_third_reading_raises_no_hypertension(third: f.BloodPressure) -> None:
    assert "E08h" not in rules(plan(hormone(), *THREE[:2], third, as_of="2027-02-06"))


def test_a_person_answers_hypertension_and_a_fourth_reading_asks_nobody_again() -> None:
    review = fact(f.HumanReview, "2027-01-14", rule="E08h", outcome="treated; echo booked")

    asked = plan(hormone(), *THREE, review, pressure("2027-01-16", 115), as_of="2027-01-20")

    assert [(e.raised_on, e.resolved_on) for e in rises(asked, "E08h")] == [
        (date(2027, 1, 13), date(2027, 1, 14))
    ]


def test_correcting_one_of_three_readings_withdraws_the_hypertension() -> None:
    typo = pressure("2027-01-11", 93, known="2027-01-15", id_="typo", corrects=THREE[1].id)

    (raised,) = rises(plan(hormone(), *THREE, typo, as_of="2027-01-16"), "E08h")

    assert raised.withdrawn_on == date(2027, 1, 15)


def test_the_reference_knows_no_hypertension() -> None:
    assert "E08h" not in rules(plan(hormone(), *THREE, as_of="2027-01-20", pathway=REFERENCE))


def test_fever_asks_for_a_blood_count_that_somebody_being_told_does_not_answer() -> None:
    fever = fact(f.Symptom, "2027-01-20", temp_c=Decimal("38.4"))
    told = fact(f.SpokenTo, "2027-01-20", rule="E12", cause="symptom")
    counted = fact(f.HumanReview, "2027-01-21", rule="E12", outcome="no left shift")

    open_ = plan(hormone(), fever, told, as_of="2027-01-21")
    done = plan(hormone(), fever, told, counted, as_of="2027-01-21")

    assert rises(open_, "E12")[0].resolved_on == date(2027, 1, 20)
    assert (only(open_, "FEVER-COUNT").due_on, only(open_, "FEVER-COUNT").state) == (
        date(2027, 1, 20),
        CheckState.OVERDUE,
    )
    assert only(done, "FEVER-COUNT").satisfied_by == counted.id


def test_the_next_therapy_does_not_answer_whether_the_trial_was_adequate() -> None:
    asked = plan(hormone(), FAILED, vigabatrin("2027-01-18"), as_of="2027-01-25")

    assert rises(asked, "E02")[0].resolved_on == date(2027, 1, 18)
    assert only(asked, "TRIAL-ADEQUACY").state is CheckState.OVERDUE


def test_signing_the_second_trial_does_not_sign_the_first() -> None:
    second = fact(f.TrialJudged, "2027-02-03", course="vigabatrin", adequate=True)

    asked = plan(
        hormone(),
        FAILED,
        vigabatrin("2027-01-19"),
        eeg("2027-02-02", bad=True),
        second,
        as_of="2027-02-04",
    )

    assert [check.state for check in checks(asked, "TRIAL-ADEQUACY")] == [
        CheckState.OVERDUE,
        CheckState.DONE,
    ]


def test_every_rule_says_how_urgent_it_is_who_is_told_by_when_to_act_and_on_what_it_rests() -> None:
    for rule in FIRST_LINE.escalation_rules:
        assert rule.recipients, rule.code
        assert rule.act_by is not None, rule.code
        assert rule.asks_for, rule.code
        assert rule.rationale, rule.code
        assert rule.basis.mark, rule.code


def test_every_rule_of_the_reference_stands_in_the_pathway_a_clinic_starts_from() -> None:
    here = {rule.code: rule for rule in FIRST_LINE.escalation_rules}

    for rule in REFERENCE.escalation_rules:
        assert (here[rule.code].urgency, here[rule.code].recipients) == (rule.urgency, rule.recipients)
    assert set(here) - {rule.code for rule in REFERENCE.escalation_rules} == {"E00", "E00b", "E08h"}
