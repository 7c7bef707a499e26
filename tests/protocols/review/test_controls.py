"""The hazard review's controls that the engine holds, each under the pathway a clinic starts from."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from protocols.engine import facts as f
from protocols.engine.plan import CheckState, Missing, Verdict, VerdictValue
from protocols.engine.replay import Replay
from protocols.engine.verdict import verdict_of
from protocols.engine.workdays import EVERY_DAY, WorkingCalendar
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

CLEAN = eeg("2027-01-18")
FAILED = eeg("2027-01-18", bad=True)
ASKED = fact(f.FamilyAsked, "2027-02-15", none_seen=True)


def test_s1_silence_is_not_success() -> None:
    silent = plan(hormone(), CLEAN, as_of="2027-03-01")
    asked_early = plan(
        hormone(), CLEAN, fact(f.FamilyAsked, "2027-01-31", none_seen=True), as_of="2027-03-01"
    )
    asked = plan(hormone(), CLEAN, ASKED, as_of="2027-03-01")

    assert silent.verdict.value is VerdictValue.CANNOT_TELL
    assert silent.verdict.missing == (Missing.FAMILY_ASKED,)
    assert asked_early.verdict.value is VerdictValue.CANNOT_TELL
    assert "not confirmed: family last asked 2027-01-31" in asked_early.verdict.because.sentence
    assert asked.verdict.value is VerdictValue.RESPONDER


def _verdict(*facts: f.Fact, as_of: str, definition: str) -> Verdict:
    replay = Replay(FIRST_LINE, f.Facts(child=CHILD, facts=facts), EVERY_DAY)
    return verdict_of(replay.advance(day(as_of)), definition)


@pytest.mark.parametrize("definition", [d.key for d in FIRST_LINE.definitions])
@pytest.mark.parametrize("as_of", ["2027-01-18", "2027-02-01", "2027-02-15", "2027-03-01", "2028-01-04"])
def test_s1_by_no_definition_and_on_no_day_does_silence_become_success(definition: str, as_of: str) -> None:
    silent = _verdict(hormone(), CLEAN, as_of=as_of, definition=definition)

    assert silent.value is not VerdictValue.RESPONDER
    assert Missing.FAMILY_ASKED in silent.missing
    assert (silent.response_on, silent.final) == (None, False)


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        # Last spasm 01-10: 28 free days are complete on 02-07, day 28 is 02-01; the later of the two counts.
        (None, VerdictValue.CANNOT_TELL),
        ("2027-02-01", VerdictValue.CANNOT_TELL),
        ("2027-02-06", VerdictValue.CANNOT_TELL),
        ("2027-02-07", VerdictValue.RESPONDER),
        ("2027-02-20", VerdictValue.RESPONDER),
    ],
)
def test_s1_somebody_must_have_asked_when_the_free_days_were_over(
    asked: str | None, value: VerdictValue
) -> None:
    answers = () if asked is None else (fact(f.FamilyAsked, asked, none_seen=True),)
    spasm = fact(f.SpasmReport, "2027-01-10")

    found = plan(hormone(), spasm, CLEAN, *answers, as_of="2027-03-01").verdict

    assert found.value is value
    assert found.family_last_asked_on == (None if asked is None else day(asked))
    assert ("not confirmed" in found.because.sentence) is (value is VerdictValue.CANNOT_TELL)


def test_s1_a_spasm_after_silence_is_failure_and_no_relapse_after_success() -> None:
    asked = plan(hormone(), CLEAN, fact(f.SpasmReport, "2027-05-20"), as_of="2027-05-20")

    assert "E07" not in rules(asked)
    assert "E02" in rules(asked)


def test_s1_an_answer_that_spasms_were_seen_is_no_silence() -> None:
    seen = plan(hormone(), CLEAN, replace(ASKED, none_seen=False), as_of="2027-03-01")

    assert seen.verdict.missing == (Missing.FAMILY_ASKED,)


def test_s2_a_conditional_dose_step_waits_for_a_prescriber() -> None:
    start = hormone(conditional_step_on=date(2027, 1, 11), course="c1")

    open_ = only(plan(start, as_of="2027-01-12"), "DOSE-DECISION")
    decided = only(
        plan(start, fact(f.DoseDecided, "2027-01-12", course="c1", taken=True), as_of="2027-01-13"),
        "DOSE-DECISION",
    )

    assert (open_.due_on, open_.state) == (date(2027, 1, 11), CheckState.OVERDUE)
    assert decided.state is CheckState.DONE


def test_s3_an_emergency_stays_open_until_somebody_was_spoken_to() -> None:
    high = pressure("2027-01-09", 150)
    calm = pressure("2027-01-10")
    spoken = fact(f.SpokenTo, "2027-01-10", rule="E08d", cause="bp")

    assert rises(plan(hormone(), high, calm, as_of="2027-01-11"), "E08d")[0].stands
    (told,) = rises(plan(hormone(), high, calm, spoken, as_of="2027-01-11"), "E08d")
    assert told.resolved_on == date(2027, 1, 10)


def test_s4_a_late_high_reading_keeps_its_level_unless_a_later_one_is_low() -> None:
    late = pressure("2027-01-10", 128, 80, known="2027-01-16")
    low = pressure("2027-01-12")
    still_high = pressure("2027-01-12", 115)

    assert "E08c" in rules(plan(hormone(), late, as_of="2027-01-16"))
    assert "E08c" in rules(plan(hormone(), late, still_high, as_of="2027-01-16"))
    with_low = rules(plan(hormone(), late, low, as_of="2027-01-16"))
    assert "E08s" in with_low
    assert "E08c" not in with_low


@pytest.mark.parametrize(
    ("sbp", "due"), [(109, "2027-01-12"), (112, "2027-01-11"), (125, "2027-01-09"), (150, "2027-01-09")]
)
def test_s5_a_high_reading_opens_a_check_that_only_a_later_reading_closes(sbp: int, due: str) -> None:
    high = pressure("2027-01-09", sbp)

    open_ = only(plan(hormone(), high, as_of="2027-01-09"), "BP-RECHECK")
    same_day = only(
        plan(hormone(), high, pressure("2027-01-09", id_="other"), as_of="2027-01-09"), "BP-RECHECK"
    )
    later = only(plan(hormone(), high, pressure("2027-01-11"), as_of="2027-01-11"), "BP-RECHECK")

    assert open_.due_on == day(due)
    assert same_day.satisfied_by is None
    assert later.state is CheckState.DONE


def test_s5_a_later_moment_of_the_same_day_closes_it_when_both_are_known() -> None:
    morning = pressure("2027-01-09", 150, at=datetime(2027, 1, 9, 15, tzinfo=UTC))
    evening = pressure("2027-01-09", id_="evening", at=datetime(2027, 1, 9, 22, tzinfo=UTC))

    asked = plan(hormone(), morning, evening, as_of="2027-01-09")

    assert only(asked, "BP-RECHECK").satisfied_by == "evening"


def test_s5_a_crying_infant_is_measured_again_before_a_level_is_raised() -> None:
    crying = pressure("2027-01-09", 125, calmness=f.Calmness.CRYING)
    calm = pressure("2027-01-10", calmness=f.Calmness.CALM)

    assert "E08c" not in rules(plan(hormone(), crying, as_of="2027-01-09"))
    assert only(plan(hormone(), crying, as_of="2027-01-09"), "BP-RECHECK").state is CheckState.DUE
    assert "E08c" in rules(plan(hormone(), crying, as_of="2027-01-10"))
    assert "E08c" not in rules(plan(hormone(), crying, calm, as_of="2027-01-12"))


def test_s5_an_emergency_does_not_wait_for_a_calm_reading() -> None:
    crying = pressure("2027-01-09", 150, calmness=f.Calmness.CRYING)

    assert "E08d" in rules(plan(hormone(), crying, as_of="2027-01-09"))


def test_s6_signs_without_fever_ask_for_a_call_the_same_day() -> None:
    sign = fact(f.Symptom, "2027-03-15", signs=frozenset({f.Sign.VOMITING}))
    lost = fact(f.MissedDose, "2027-01-10", course="hormone", how=f.DoseLost.VOMITED)

    in_window = only(plan(hormone(), sign, as_of="2027-03-16"), "ADRENAL-CALL")
    called = only(
        plan(hormone(), sign, fact(f.Call, "2027-03-15", reached=True), as_of="2027-03-16"), "ADRENAL-CALL"
    )
    lost_dose = only(plan(hormone(), lost, as_of="2027-01-10"), "ADRENAL-CALL")

    assert (in_window.due_on, in_window.state) == (date(2027, 3, 15), CheckState.OVERDUE)
    assert called.state is CheckState.DONE
    assert lost_dose.due_on == date(2027, 1, 10)


def test_s6_a_clinician_closes_the_adrenal_window() -> None:
    closed = fact(f.SafetyClosed, "2027-03-01", check="ADRENAL")
    sign = fact(f.Symptom, "2027-03-15", signs=frozenset({f.Sign.LETHARGY}))
    fever = fact(f.Symptom, "2027-03-15", id_="fever", temp_c=Decimal("38.5"))

    asked = plan(hormone(), closed, sign, fever, as_of="2027-03-16")

    assert only(asked, "ADRENAL").state is CheckState.DONE
    assert checks(asked, "ADRENAL-CALL") == []
    assert "E12" not in rules(asked)


def test_s8_an_added_drug_does_not_postpone_the_deciding_eeg() -> None:
    added = (hormone(), vigabatrin("2027-01-12"))

    waiting = plan(*added, as_of="2027-01-22")
    decided = plan(*added, FAILED, as_of="2027-01-22")
    reference = plan(*added, as_of="2027-01-22", pathway=REFERENCE)

    assert [check.due_on for check in checks(waiting, "EEG14")] == [date(2027, 1, 18), date(2027, 1, 26)]
    assert rules(waiting)[-1] == "E01"
    assert [(e.rule, e.raised_on) for e in decided.escalations if e.rule == "E02"] == [
        ("E02", date(2027, 1, 18))
    ]
    assert "E01" not in rules(reference)


def test_s8_a_neurologist_merges_the_two_eegs_by_name() -> None:
    merged = fact(f.Waiver, "2027-01-13", check="EEG14:hormone", reason="one EEG for both", by="neurologist")

    asked = plan(hormone(), vigabatrin("2027-01-12"), merged, as_of="2027-01-22")

    assert [check.state for check in checks(asked, "EEG14")] == [CheckState.WAIVED, CheckState.UPCOMING]
    assert "E01" not in rules(asked)


def test_s8_the_added_drug_is_the_next_therapy_of_the_first() -> None:
    asked = plan(hormone(), vigabatrin("2027-01-12"), FAILED, as_of="2027-01-30")

    assert rises(asked, "E02")[0].resolved_on == date(2027, 1, 18)
    assert "E03" not in rules(asked)


def test_s9_a_review_has_an_act_by_and_the_next_therapy_clock_reads_it() -> None:
    inadequate = hormone(adequate=False)

    asked = plan(inadequate, FAILED, as_of="2027-01-26")
    (review,) = rises(asked, "E02r")

    assert review.act_by == date(2027, 1, 21)
    assert [(e.rule, e.raised_on) for e in rises(asked, "E03")] == [("E03", date(2027, 1, 26))]


def test_s9_while_day_14_is_open_a_neurologist_decides() -> None:
    spasm = fact(f.SpasmReport, "2027-01-18")
    facts = (hormone(), CLEAN, spasm, ASKED)
    accepted = fact(f.HumanReview, "2027-01-20", rule="E02x", verdict=f.ReviewVerdict.RESPONDER)

    open_ = plan(*facts, as_of="2027-03-01")
    decided = plan(*facts, accepted, as_of="2027-03-01")

    assert (open_.verdict.value, open_.verdict.missing) == (
        VerdictValue.CANNOT_TELL,
        (Missing.PERSON_DECIDES,),
    )
    assert rises(open_, "E02x")[0].stands
    assert decided.verdict.value is VerdictValue.RESPONDER


@pytest.mark.parametrize(
    ("lesion", "asks"),
    [
        (None, True),
        (f.LesionStatus.NOT_IMAGED, True),
        (f.LesionStatus.PENDING, True),
        (f.LesionStatus.NONE, False),
        (f.LesionStatus.PRESENT, False),
    ],
)
def test_s10_unknown_is_not_none(lesion: f.LesionStatus | None, asks: bool) -> None:
    finding = () if lesion is None else (fact(f.Finding, "2027-01-05", lesion=lesion),)

    route = checks(plan(hormone(), FAILED, *finding, as_of="2027-01-19"), "MRI-ROUTE")

    assert [check.due_on for check in route] == ([date(2027, 1, 25)] if asks else [])


def test_s10_the_mri_decides_the_route_when_it_comes() -> None:
    mri = fact(f.Finding, "2027-01-22", lesion=f.LesionStatus.PRESENT)

    asked = plan(hormone(), FAILED, mri, as_of="2027-01-23")

    assert only(asked, "MRI-ROUTE").state is CheckState.DONE
    assert "E05" in rules(asked)


def test_s10_without_hypsarrhythmia_before_treatment_a_person_compares_the_eegs() -> None:
    child = replace(CHILD, baseline_hypsarrhythmia=False)

    open_ = plan(hormone(), CLEAN, ASKED, as_of="2027-03-01", child=child)
    compared = plan(hormone(), replace(CLEAN, improved=True), ASKED, as_of="2027-03-01", child=child)

    assert open_.verdict.missing == (Missing.EEG_COMPARISON,)
    assert compared.verdict.value is VerdictValue.RESPONDER


@pytest.mark.parametrize("status", [f.SpasmStatus.REPORTED, f.SpasmStatus.AWAITED, f.SpasmStatus.UNCLEAR])
def test_s11_one_phone_call_is_a_possible_failure_and_not_a_failure(status: f.SpasmStatus) -> None:
    report = fact(f.SpasmReport, "2027-01-22", status=status)

    asked = plan(hormone(), CLEAN, report, ASKED, as_of="2027-03-01")

    assert "E02" not in rules(asked)
    assert only(asked, "SPASM-REVIEW").due_on == date(2027, 1, 23)
    assert asked.verdict.missing == (Missing.SPASM_REPORT_CONFIRMED,)


def test_s11_a_person_confirms_or_refutes_the_report() -> None:
    report = fact(f.SpasmReport, "2027-01-22", status=f.SpasmStatus.REPORTED)
    confirmed = fact(f.SpasmReport, "2027-01-22", known="2027-01-23", id_="yes", corrects=report.id)
    refuted = replace(confirmed, id="no", status=f.SpasmStatus.NOT_A_SPASM)

    yes = plan(hormone(), CLEAN, report, confirmed, ASKED, as_of="2027-03-01")
    no = plan(hormone(), CLEAN, report, refuted, ASKED, as_of="2027-03-01")

    assert rises(yes, "E02")[0].raised_on == date(2027, 1, 23)
    assert only(no, "SPASM-REVIEW").state is CheckState.DONE
    assert no.verdict.value is VerdictValue.RESPONDER


def test_s12_withdrawal_keeps_what_keeps_the_child_safe_from_the_steroid() -> None:
    withdrawn = fact(f.ConsentWithdrawn, "2027-02-05")
    fever = fact(f.Symptom, "2027-03-15", temp_c=Decimal("38.6"))
    contact = fact(f.Exposure, "2027-03-16", agent="varicella")
    vaccine = fact(f.VaccineScheduled, "2027-02-10", live=True, name="MMR", planned_on=date(2027, 2, 20))

    asked = plan(hormone(), CLEAN, withdrawn, fever, contact, vaccine, as_of="2027-03-20")
    open_ = {check.code for check in asked.checks if check.state in {CheckState.DUE, CheckState.OVERDUE}}

    assert not asked.running
    assert open_ == {"TAPER-END", "ADRENAL", "VACCINE-HOLD", "EXPOSURE", "FEVER-COUNT"}
    assert [rule for rule in rules(asked) if rule in {"E12", "E13", "E14"}] == ["E14", "E12", "E13"]
    assert asked.next_change_on is not None


def test_s12_a_named_person_closes_what_withdrawal_kept() -> None:
    closed = [
        fact(f.SafetyClosed, "2027-02-06", id_=code, check=code)
        for code in ("TAPER-END", "ADRENAL", "VACCINE-HOLD")
    ]

    asked = plan(hormone(), CLEAN, fact(f.ConsentWithdrawn, "2027-02-05"), *closed, as_of="2027-02-10")

    assert {check.state for check in asked.checks} <= {CheckState.DONE, CheckState.CANCELLED}
    assert asked.next_change_on is None


def test_s12_the_sending_clinic_owns_the_checks_until_the_other_accepts() -> None:
    out = fact(f.TransferOut, "2027-01-13")

    sent = plan(hormone(), out, as_of="2027-01-15")
    accepted = plan(hormone(), out, fact(f.TransferAccepted, "2027-01-15"), as_of="2027-01-15")

    assert only(sent, "EEG14").state is CheckState.UPCOMING
    assert (accepted.running, only(accepted, "EEG14").state) == (False, CheckState.CANCELLED)


def test_s13_a_waiver_runs_out() -> None:
    waiver = fact(
        f.Waiver, "2027-01-19", check="EEG14:hormone", reason="machine broken", expires_on=date(2027, 1, 21)
    )

    waived = only(plan(hormone(), waiver, as_of="2027-01-21"), "EEG14")
    again = plan(hormone(), waiver, as_of="2027-01-22")

    assert (waived.state, waived.reason) == (CheckState.WAIVED, "machine broken")
    assert only(again, "EEG14").state is CheckState.OVERDUE
    assert rises(again, "E01")[0].raised_on == date(2027, 1, 22)


def test_s13_a_refusal_is_asked_again_at_the_next_failure() -> None:
    lesion = fact(f.Finding, "2027-01-04", lesion=f.LesionStatus.PRESENT)
    declined = fact(f.ReferralStep, "2027-01-20", step=f.ReferralStepKind.DECLINED)
    second = (vigabatrin("2027-01-20"), eeg("2027-02-03", bad=True))

    asked = plan(lesion, hormone(), FAILED, declined, *second, as_of="2027-02-04")

    assert [(e.raised_on, e.stands) for e in rises(asked, "E05")] == [
        (date(2027, 1, 18), False),
        (date(2027, 2, 3), True),
    ]


def test_s13_a_second_opinion_is_followed_to_its_outcome_and_is_no_refusal() -> None:
    lesion = fact(f.Finding, "2027-01-04", lesion=f.LesionStatus.PRESENT)
    elsewhere = fact(f.ReferralStep, "2027-01-20", step=f.ReferralStepKind.SECOND_OPINION)
    outcome = fact(f.ReferralStep, "2027-02-10", id_="outcome", step=f.ReferralStepKind.OUTCOME)

    waiting = plan(lesion, hormone(), FAILED, elsewhere, as_of="2027-01-28")
    answered = plan(lesion, hormone(), FAILED, elsewhere, outcome, as_of="2027-02-11")

    assert rises(waiting, "E05")[0].stands
    assert "E04b" not in rules(waiting)
    assert only(waiting, "SECOND-OPINION").due_on == date(2027, 2, 17)
    assert only(answered, "SECOND-OPINION").state is CheckState.DONE


def test_s15_each_definition_says_how_it_counts_its_days() -> None:
    assert {d.key: d.convention.value for d in FIRST_LINE.definitions} == {
        "west-delphi": "first-dose-is-day-0",
        "iciss": "first-dose-is-day-1",
        "ukiss": "first-dose-is-day-1",
        "ucla": "first-dose-is-day-1",
    }


def test_s18_an_eeg_is_late_only_after_its_window_and_a_pending_report_is_not_missing() -> None:
    pending = eeg("2027-01-18", hypsarrhythmia=None, report_pending=True)

    inside = only(plan(hormone(), as_of="2027-01-21"), "EEG14")
    after = only(plan(hormone(), as_of="2027-01-22"), "EEG14")
    reported = plan(hormone(), pending, as_of="2027-01-19")

    assert (inside.state, after.state) == (CheckState.DUE, CheckState.OVERDUE)
    assert only(reported, "EEG14").limitation == "recorded, report pending"
    assert Missing.EEG_REPORT in reported.verdict.missing


def test_diagnosed_and_not_treated_is_raised_after_two_days_and_after_seven() -> None:
    diagnosed = fact(f.Diagnosed, "2027-01-01")
    surgery = fact(f.Decision, "2027-01-02", surgery_first_line=True)

    untreated = plan(diagnosed, as_of="2027-01-10")
    treated = plan(diagnosed, hormone("2027-01-05"), as_of="2027-01-10")

    assert [(e.rule, e.raised_on) for e in untreated.escalations] == [
        ("E00", date(2027, 1, 4)),
        ("E00b", date(2027, 1, 9)),
    ]
    assert [(e.rule, e.resolved_on) for e in treated.escalations][:1] == [("E00", date(2027, 1, 5))]
    assert "E00" not in rules(plan(diagnosed, surgery, as_of="2027-01-10"))


def test_vigabatrin_is_judged_from_the_day_its_target_dose_is_reached() -> None:
    target = fact(f.TargetDoseReached, "2027-01-11", course="vigabatrin")

    asked = plan(vigabatrin(), target, as_of="2027-01-12")
    beside_a_hormone = plan(vigabatrin(), hormone("2027-01-05"), target, as_of="2027-01-12")

    assert only(asked, "EEG14").due_on == date(2027, 1, 25)
    assert only(beside_a_hormone, "EEG14").due_on == date(2027, 1, 18)


def test_a_person_signs_whether_the_trial_was_adequate() -> None:
    signed = fact(f.TrialJudged, "2027-01-20", course="hormone", adequate=True)
    refused = replace(signed, adequate=False)

    open_ = plan(hormone(), FAILED, as_of="2027-01-20")
    yes = plan(hormone(), FAILED, signed, as_of="2027-01-21")
    no = plan(hormone(), FAILED, refused, as_of="2027-01-21")

    assert only(open_, "TRIAL-ADEQUACY").due_on == date(2027, 1, 21)
    assert only(yes, "TRIAL-ADEQUACY").state is CheckState.DONE
    assert rises(no, "E02")[0].withdrawn_on == date(2027, 1, 20)
    assert "E02r" in rules(no)


def test_two_missed_doses_put_the_trial_in_question() -> None:
    missed = fact(f.MissedDose, "2027-01-10", course="hormone", doses=2)

    assert "E02r" in rules(plan(hormone(), missed, FAILED, as_of="2027-01-18"))


def test_response_unassessed_is_raised_again_a_week_after_the_first_alarm() -> None:
    asked = plan(hormone(), as_of="2027-02-10")

    assert [e.raised_on for e in rises(asked, "E01b")] == [date(2027, 1, 29)]


def test_the_clock_of_two_weeks_runs_after_an_intolerance_stop_too() -> None:
    stop = fact(f.TreatmentStop, "2027-01-08", drug="vigabatrin", reason=f.StopReason.INTOLERANCE)

    here = plan(vigabatrin(), stop, as_of="2027-01-24")
    reference = plan(vigabatrin(), stop, as_of="2027-01-24", pathway=REFERENCE)

    assert [e.raised_on for e in rises(here, "E03b")] == [date(2027, 1, 23)]
    assert "E03b" not in rules(reference)


def test_blood_pressure_is_weekly_in_the_taper() -> None:
    start = hormone(taper_on=date(2027, 1, 18))
    readings = (pressure("2027-01-14"), pressure("2027-01-17"))

    asked = plan(start, *readings, as_of="2027-01-20")
    open_ = [c for c in checks(asked, "BP") if c.state in {CheckState.UPCOMING, CheckState.DUE}]

    assert [c.due_on for c in open_] == [date(2027, 1, 24)]


def test_under_one_year_the_systolic_value_alone_sets_the_level() -> None:
    diastolic = pressure("2027-01-09", 92, 90)

    assert "E08c" in rules(plan(hormone(), diastolic, as_of="2027-01-09", pathway=REFERENCE))
    assert "E08c" not in rules(plan(hormone(), diastolic, as_of="2027-01-09"))
    older = replace(CHILD, born_on=date(2026, 1, 1))
    assert "E08d" in rules(plan(hormone(), diastolic, as_of="2027-01-09", child=older))


def test_the_six_month_review_opens_four_weeks_early() -> None:
    review = only(plan(vigabatrin(), as_of="2027-02-01"), "VGB-REVIEW")
    early = fact(f.HumanReview, "2027-06-10", rule="E19")

    assert (review.opens_on, review.due_on) == (date(2027, 6, 6), date(2027, 7, 4))
    assert "E19" not in rules(plan(vigabatrin(), early, as_of="2027-07-10"))


def test_a_visit_check_that_falls_on_a_closed_day_moves_and_the_eeg_stays_in_its_window() -> None:
    week = WorkingCalendar(weekdays=frozenset(range(5)), holidays=frozenset({date(2027, 1, 18)}))
    long_break = WorkingCalendar(weekdays=frozenset({0}), holidays=frozenset({date(2027, 1, 18)}))

    assert only(plan(hormone(), as_of="2027-01-10", workdays=week), "EEG14").due_on == date(2027, 1, 19)
    assert only(plan(hormone(), as_of="2027-01-10", workdays=long_break), "EEG14").due_on == date(2027, 1, 11)
    (vision,) = checks(plan(vigabatrin("2027-01-02"), as_of="2027-01-10", workdays=week), "VISION")
    assert (vision.due_on, [step.to_on for step in vision.because.steps]) == (
        date(2027, 1, 29),
        [date(2027, 1, 30), date(2027, 1, 29)],
    )


def test_a_referral_does_not_wait_for_the_signature_but_says_that_it_is_missing() -> None:
    failures = (hormone(), FAILED, vigabatrin("2027-01-19"), eeg("2027-02-02", bad=True))
    signed = [
        fact(f.TrialJudged, "2027-02-02", id_=f"signed-{course}", course=course, adequate=True)
        for course in ("hormone", "vigabatrin")
    ]

    (unsigned,) = rises(plan(*failures, as_of="2027-02-02"), "E04")
    (complete,) = rises(plan(*failures, *signed, as_of="2027-02-02"), "E04")

    assert "nobody has signed yet that it was adequate: prednisolone, vigabatrin" in unsigned.because.sentence
    assert "signed yet" not in complete.because.sentence
