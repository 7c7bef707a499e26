"""Worked histories of our own about blood pressure, vision, fever, contacts, vaccines and hand-over."""

from __future__ import annotations

import pytest

from tests.protocols.review.stories import (
    ACTH,
    bad_eeg,
    clean_eeg,
    corrected,
    exam,
    happened,
    hormone,
    pressures,
    replayed,
    spasm,
    stopped,
    vigabatrin,
)

START = hormone("2027-01-04")
BP = pressures("2027-01-04", "2027-01-31")
EEG = clean_eeg("2027-01-18")


@pytest.mark.parametrize(
    ("sbp", "dbp", "symptomatic", "rule"),
    [
        (107, 70, False, None),
        (108, 50, False, "E08a"),
        (90, 71, False, "E08a"),
        (111, 50, False, "E08b"),
        (90, 74, False, "E08b"),
        (123, 50, False, "E08c"),
        (90, 86, False, "E08c"),
        (141, 50, False, "E08d"),
        (90, 104, False, "E08d"),
        (111, 50, True, "E08d"),
        (110, 50, True, "E08a"),
    ],
)
def test_one_reading_raises_its_highest_level_only(
    sbp: int, dbp: int, symptomatic: bool, rule: str | None
) -> None:
    child = replayed(
        START,
        *BP[:2],
        happened("2027-01-09", "bp", sbp=sbp, dbp=dbp, symptomatic=symptomatic),
        until="2027-01-12",
    )

    assert child.raised == ([(rule, "2027-01-09")] if rule else [])
    assert child.due("2027-01-09", "BP") == "2027-01-13"


def test_the_same_reading_changes_its_level_at_the_first_birthday() -> None:
    readings = [happened(day, "bp", sbp=104, dbp=52) for day in ("2027-01-09", "2027-01-10", "2027-01-12")]

    child = replayed(START, *readings, until="2027-01-13", dob="2026-01-10")

    assert child.raised == [("E08b", "2027-01-10"), ("E08b", "2027-01-12")]


def test_a_high_reading_opens_a_check_of_its_own_that_a_later_reading_closes() -> None:
    child = replayed(
        START,
        happened("2027-01-09", "bp", sbp=112, dbp=60),
        happened("2027-01-11", "bp", sbp=95, dbp=60),
        until="2027-01-12",
    )

    assert child.due("2027-01-09", "BP-RECHECK") == "2027-01-11"
    assert child.due("2027-01-10", "BP") == "2027-01-13"
    assert child.due("2027-01-11", "BP-RECHECK") is None
    assert child.resolved("E08b") == "2027-01-11"


@pytest.mark.parametrize(("known", "rule"), [("2027-01-12", "E08c"), ("2027-01-13", "E08s")])
def test_a_high_reading_is_late_when_more_than_two_days_old(known: str, rule: str) -> None:
    child = replayed(
        START, *BP[:3], happened("2027-01-10", "bp", known=known, sbp=128, dbp=80), until="2027-01-13"
    )

    assert child.raised == [(rule, known)]


def test_a_wrong_normal_value_corrected_to_a_high_one_is_raised_when_it_is_known() -> None:
    child = replayed(
        START,
        *BP[:2],
        happened("2027-01-09", "bp", name="b", sbp=92, dbp=60),
        corrected("2027-01-10", "b", sbp=129),
        until="2027-01-11",
    )

    assert child.raised == [("E08c", "2027-01-10")]


def test_correcting_a_word_about_a_high_reading_raises_nothing_anew() -> None:
    child = replayed(
        START,
        *BP[:2],
        happened("2027-01-09", "bp", name="b", sbp=129, dbp=60),
        corrected("2027-01-20", "b", detail="left arm"),
        *pressures("2027-01-13", "2027-01-19"),
        EEG,
        until="2027-01-21",
    )

    assert child.raised == [("E08c", "2027-01-09")]


def test_the_gap_counts_from_the_start_when_nobody_ever_measured() -> None:
    child = replayed(START, until="2027-01-13")

    assert child.raised == [("E09", "2027-01-12")]
    assert child.due("2027-01-04", "BP") == "2027-01-08"


def test_the_gap_ends_on_the_last_dose() -> None:
    gap_before = replayed(
        START, *BP[:7], happened("2027-01-23", "bp", sbp=92, dbp=54), EEG, until="2027-02-20"
    )
    gap_on_the_day = replayed(
        START, *BP[:7], happened("2027-01-24", "bp", sbp=92, dbp=54), EEG, until="2027-02-20"
    )

    assert gap_before.raised == [("E09", "2027-01-31")]
    assert gap_on_the_day.raised == []


def test_on_the_last_dose_the_pressure_check_becomes_the_check_at_the_end() -> None:
    child = replayed(START, *BP, EEG, happened("2027-02-05", "bp", sbp=92, dbp=54), until="2027-02-10")

    assert child.due("2027-01-31", "BP") == "2027-02-04"
    assert child.due("2027-02-01", "BP") is None
    assert child.due("2027-02-01", "TAPER-END") == "2027-02-08"
    assert child.due("2027-02-05", "TAPER-END") is None


def test_a_hormone_that_follows_at_once_keeps_the_clock_of_the_last_reading() -> None:
    child = replayed(
        hormone("2027-01-04", drug="prednisolone"),
        *pressures("2027-01-04", "2027-01-16"),
        stopped("2027-01-18", "prednisolone", "no_response"),
        hormone("2027-01-19", until="2027-02-16"),
        until="2027-01-20",
    )

    assert child.due("2027-01-19", "BP") == "2027-01-20"


def test_a_hormone_after_a_pause_starts_a_new_clock() -> None:
    child = replayed(
        START, *BP, EEG, hormone("2027-03-01", until="2027-03-29", drug="prednisolone"), until="2027-03-10"
    )

    assert child.due("2027-03-01", "BP") == "2027-03-05"
    assert child.raised == [("E09", "2027-03-09")]


def test_no_eye_exam_is_overdue_after_four_weeks_and_goes_to_the_neurologist_two_weeks_later() -> None:
    child = replayed(vigabatrin("2027-01-04"), EEG, until="2027-02-20")

    assert child.raised == [("E10", "2027-02-02"), ("E10b", "2027-02-15")]


def test_a_late_eye_exam_moves_the_next_one_and_resolves_both_steps() -> None:
    child = replayed(
        vigabatrin("2027-01-04"),
        EEG,
        exam("2027-01-20"),
        exam("2027-05-10"),
        until="2027-05-20",
    )

    assert child.raised == [("E10", "2027-04-21"), ("E10b", "2027-05-04")]
    assert child.resolved("E10") == child.resolved("E10b") == "2027-05-10"
    assert child.due("2027-05-11", "VISION") == "2027-08-10"


def test_three_calendar_months_end_with_the_month() -> None:
    child = replayed(
        vigabatrin("2026-11-16"), exam("2026-11-30"), clean_eeg("2026-11-30"), until="2027-02-28"
    )

    assert child.due("2026-12-01", "VISION") == "2027-02-28"
    assert child.raised == []


@pytest.mark.parametrize(("day", "due"), [("2027-01-04", "2027-04-04"), ("2027-01-03", "2027-03-01")])
def test_an_exam_counts_from_28_days_before_the_start(day: str, due: str) -> None:
    child = replayed(exam(day), vigabatrin("2027-02-01"), until="2027-02-02")

    assert child.due("2027-02-01", "VISION") == due


def test_an_exam_known_late_leaves_the_check_open_until_then() -> None:
    child = replayed(
        vigabatrin("2027-01-04"),
        EEG,
        exam("2027-01-20"),
        exam("2027-04-18", known="2027-04-25"),
        until="2027-04-30",
    )

    assert child.due("2027-04-24", "VISION") == "2027-04-20"
    assert child.due("2027-04-25", "VISION") == "2027-07-18"
    assert child.raised == [("E10", "2027-04-21")]


def test_after_the_stop_an_exam_counts_from_three_months_on() -> None:
    child = replayed(
        vigabatrin("2026-10-01"),
        clean_eeg("2026-10-15"),
        exam("2026-10-10"),
        exam("2027-01-08"),
        stopped("2027-02-15", "vigabatrin"),
        exam("2027-05-10"),
        exam("2027-05-16"),
        until="2027-05-20",
    )

    assert child.due("2027-02-15", "VISION") == "2027-08-15"
    assert child.due("2027-05-11", "VISION") == "2027-08-15"
    assert child.due("2027-05-16", "VISION") is None


def test_an_exam_that_was_not_possible_keeps_the_clock() -> None:
    child = replayed(vigabatrin("2027-01-04"), exam("2027-01-20", result="not_possible"), until="2027-01-21")

    assert child.due("2027-01-21", "VISION") == "2027-04-20"


def test_the_six_month_review_is_not_asked_of_a_child_who_stopped_before() -> None:
    on = replayed(vigabatrin("2026-08-31"), clean_eeg("2026-09-14"), until="2027-03-01")
    off = replayed(
        vigabatrin("2026-08-31"),
        clean_eeg("2026-09-14"),
        stopped("2027-02-27", "vigabatrin"),
        until="2027-03-01",
    )

    assert ("E19", "2027-02-28") in on.raised
    assert "E19" not in off.rules


@pytest.mark.parametrize(
    ("day", "temp", "rises"),
    [
        ("2027-01-15", 38.0, True),
        ("2027-01-15", 37.9, False),
        ("2028-02-01", 38.5, True),
        ("2028-02-02", 38.5, False),
    ],
)
def test_fever_counts_on_the_hormone_and_for_twelve_months_after(day: str, temp: float, rises: bool) -> None:
    child = replayed(START, *BP, EEG, happened(day, "symptom", temp_c=temp), until="2028-02-03")

    assert child.raised == ([("E12", day)] if rises else [])


def test_fever_on_vigabatrin_alone_is_no_rule_of_ours() -> None:
    child = replayed(
        vigabatrin("2027-01-04"), happened("2027-01-10", "symptom", temp_c=39), until="2027-01-12"
    )

    assert child.raised == []


def test_measles_contact_shows_its_own_deadline() -> None:
    child = replayed(START, *BP[:4], happened("2027-01-12", "exposure", agent="measles"), until="2027-01-13")

    assert child.raised == [("E13", "2027-01-12")]
    assert "2027-01-18" in child.because("E13")


def test_contact_with_something_else_raises_nothing() -> None:
    child = replayed(
        START, *BP[:4], happened("2027-01-12", "exposure", agent="influenza"), until="2027-01-13"
    )

    assert child.raised == []


@pytest.mark.parametrize(
    ("on", "rule"),
    [
        ("2027-01-20", "E14"),
        ("2027-02-28", "E14"),
        ("2027-03-01", "E14i"),
        ("2027-04-30", "E14i"),
        ("2027-05-01", None),
    ],
)
def test_a_live_vaccine_waits_one_month_and_between_one_and_three_somebody_decides(
    on: str, rule: str | None
) -> None:
    child = replayed(
        START,
        *BP[:4],
        happened("2027-01-12", "vaccine_scheduled", live=True, name="MMR", on=on),
        until="2027-01-13",
    )

    assert child.rules == ([rule] if rule else [])


def test_an_inactivated_vaccine_raises_nothing() -> None:
    child = replayed(
        START,
        *BP[:4],
        happened("2027-01-12", "vaccine_scheduled", live=False, name="PCV", on="2027-01-20"),
        until="2027-01-13",
    )

    assert child.raised == []


def test_symptoms_after_vigabatrin_has_stopped_are_not_its_toxicity() -> None:
    child = replayed(
        vigabatrin("2027-01-04"),
        EEG,
        exam("2027-01-20"),
        stopped("2027-02-01", "vigabatrin", "no_response"),
        happened("2027-02-10", "symptom", vabam_suspect=True),
        until="2027-02-12",
    )

    assert "E18" not in child.rules


def test_a_hand_over_that_nobody_accepts_goes_to_the_clinic_lead_and_nothing_else_rises() -> None:
    child = replayed(
        START, *BP[:3], happened("2027-01-13", "transfer_out", to="other hospital"), until="2027-02-05"
    )

    assert child.raised == [("E16", "2027-01-21")]
    assert child.due("2027-01-25", "EEG14") == "2027-01-18"


def test_a_late_acceptance_resolves_the_hand_over_and_ends_the_plan() -> None:
    child = replayed(
        START,
        *BP[:3],
        happened("2027-01-13", "transfer_out", to="other hospital"),
        happened("2027-01-24", "transfer_accepted", by="other hospital"),
        until="2027-02-05",
    )

    assert child.raised == [("E16", "2027-01-21")]
    assert child.resolved("E16") == "2027-01-24"
    assert child.answer["due"]["2027-01-24"] == {}


def test_evidence_that_arrives_after_a_death_raises_nothing() -> None:
    child = replayed(
        START,
        *BP[:3],
        happened("2027-01-14", "death"),
        bad_eeg("2027-01-13", known="2027-01-20"),
        happened("2027-01-13", "bp", known="2027-01-15", sbp=150, dbp=90),
        until="2027-02-10",
    )

    assert child.raised == []
    assert child.answer["due"]["2027-01-14"] == {}


def test_contact_that_is_found_again_resolves_the_gap() -> None:
    child = replayed(
        START,
        *BP[:3],
        happened("2027-01-12", "contact_lost", detail="no answer"),
        happened("2027-01-14", "bp", sbp=92, dbp=54),
        until="2027-01-15",
    )

    assert child.resolved("E16") == "2027-01-14"


def test_a_withdrawn_child_has_no_checks() -> None:
    child = replayed(
        START, *BP[:3], spasm("2027-01-05"), happened("2027-01-13", "consent_withdrawn"), until="2027-01-20"
    )

    assert child.answer["due"]["2027-01-13"] == {}
    assert child.raised == []


def test_a_stop_that_names_the_drug_more_shortly_still_ends_the_course() -> None:
    child = replayed(
        START,
        *BP[:4],
        stopped("2027-01-14", "ACTH", "intolerance"),
        vigabatrin("2027-01-15"),
        until="2027-01-25",
    )

    assert ACTH.startswith("ACTH ")
    assert child.due("2027-01-15", "BP") is None
