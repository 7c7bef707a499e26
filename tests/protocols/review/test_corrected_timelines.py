"""Worked histories about corrections and late news: each expected day is derived in a comment, not read off.

Start is 2027-01-04 (t = 0) throughout, so t = 13 is 01-17, t = 14 is 01-18, t = 18 is 01-22, t = 28 is 02-01.
"""

from __future__ import annotations

import pytest

from tests.protocols.review.stories import (
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


def test_a_start_moved_to_a_day_ahead_takes_the_old_day_back_at_once() -> None:
    # Known on 01-05: the first dose was not on 01-04 but will be on 01-07. Until then nothing is due; from
    # then on BP is due after 4 days (01-11) and the EEG after 14 (01-21).
    child = replayed(
        hormone("2027-01-04", name="m1"),
        corrected("2027-01-05", "m1", moved_to="2027-01-07", planned_last_dose="2027-02-04"),
        until="2027-01-08",
    )

    assert child.due("2027-01-04", "EEG14") == "2027-01-18"
    assert child.answer["due"]["2027-01-05"] == {}
    assert (child.due("2027-01-07", "BP"), child.due("2027-01-07", "EEG14")) == ("2027-01-11", "2027-01-21")


def test_spasm_free_days_begin_with_the_treatment() -> None:
    # Last spasm 01-02, two days before the start: 28 spasm-free days of treatment end on 02-01, as for a
    # child without any recorded spasm. A spasm on 01-31 thus lies before response is established: failure.
    responds = replayed(START, *BP, spasm("2027-01-02"), clean_eeg("2027-01-18"), until="2027-02-10")
    fails = replayed(
        START, *BP, spasm("2027-01-02"), clean_eeg("2027-01-18"), spasm("2027-01-31"), until="2027-02-02"
    )

    assert responds.response_on == "2027-02-01"
    assert fails.raised == [("E02", "2027-01-31")]


def test_spasm_free_days_run_on_through_a_change_of_treatment() -> None:
    # Hormone fails on the EEG of 01-18 although spasms stopped on 01-12; vigabatrin from 01-19, clean EEG on
    # 02-02. Last spasm + 28 = 02-09, after that EEG: response on 02-09.
    child = replayed(
        START,
        *BP,
        spasm("2027-01-12"),
        bad_eeg("2027-01-18"),
        vigabatrin("2027-01-19"),
        clean_eeg("2027-02-02"),
        exam("2027-02-10"),
        until="2027-02-12",
    )

    assert child.raised == [("E02", "2027-01-18")]
    assert child.response_on == "2027-02-09"


def test_moving_the_evidence_past_the_next_therapy_raises_the_failure_only_once() -> None:
    # The spasm of 01-19 (t = 15) is failure; topiramate follows on 01-20. That the spasm was on 01-22 becomes
    # known on 01-24: the same failure of the same episode, already answered.
    child = replayed(
        START,
        *BP,
        clean_eeg("2027-01-18"),
        spasm("2027-01-19", name="s1"),
        happened("2027-01-20", "therapy_start", therapy="topiramate"),
        corrected("2027-01-24", "s1", moved_to="2027-01-22"),
        until="2027-02-10",
    )

    assert child.raised == [("E02", "2027-01-19")]
    assert child.resolved("E02") == "2027-01-20"


def test_moving_the_evidence_after_an_inadequate_trial_asks_the_person_only_once() -> None:
    child = replayed(
        hormone("2027-01-04", adequate=False),
        *BP,
        clean_eeg("2027-01-18"),
        spasm("2027-01-19", name="s1"),
        happened("2027-01-20", "human_review", by="neurologist", outcome="repeat"),
        corrected("2027-01-24", "s1", moved_to="2027-01-22"),
        until="2027-02-10",
    )

    assert child.raised == [("E02r", "2027-01-19")]


def test_a_late_reading_that_leaves_the_gap_open_is_not_a_second_gap() -> None:
    # Last reading 01-07: E09 on the 8th day, 01-15. On 01-18 a reading of 01-09 becomes known; the gap is
    # 9 days by then and goes on. The reading of 01-19 ends it; the next gap counts from there: 01-27.
    child = replayed(
        START,
        *BP[:2],
        happened("2027-01-09", "bp", known="2027-01-18", sbp=92, dbp=54),
        happened("2027-01-19", "bp", sbp=92, dbp=54),
        clean_eeg("2027-01-18"),
        until="2027-01-28",
    )

    assert child.raised == [("E09", "2027-01-15"), ("E09", "2027-01-27")]
    assert child.resolved("E09") == "2027-01-19"


def test_a_late_reading_that_closes_the_gap_resolves_it_on_the_day_it_is_known() -> None:
    child = replayed(
        START, *BP[:2], happened("2027-01-12", "bp", known="2027-01-16", sbp=92, dbp=54), until="2027-01-17"
    )

    assert child.raised == [("E09", "2027-01-15")]
    assert child.resolved("E09") == "2027-01-16"


def test_correcting_the_reading_that_settled_a_high_one_raises_its_own_level_only() -> None:
    # 112 on 01-09 is at the 95th (111): E08b, settled by 95 on 01-11. Corrected to 109 (at the 90th, 108) on
    # 01-12 that reading raises E08a; the reading of 01-09 is not raised again.
    child = replayed(
        START,
        *BP[:2],
        happened("2027-01-09", "bp", sbp=112, dbp=60),
        happened("2027-01-11", "bp", name="b", sbp=95, dbp=60),
        corrected("2027-01-12", "b", sbp=109),
        until="2027-01-13",
    )

    assert child.raised == [("E08b", "2027-01-09"), ("E08a", "2027-01-12")]


def test_correcting_the_reading_that_settled_a_late_one_asks_for_no_second_review() -> None:
    child = replayed(
        START,
        *BP[:2],
        happened("2027-01-09", "bp", known="2027-01-13", sbp=112, dbp=60),
        happened("2027-01-14", "bp", name="b", sbp=95, dbp=60),
        corrected("2027-01-15", "b", sbp=109),
        until="2027-01-16",
    )

    assert child.raised == [("E08s", "2027-01-13"), ("E08a", "2027-01-15")]


def test_correcting_a_high_value_within_its_level_raises_nothing_anew() -> None:
    # 129 and 131 are both at or above the 95th + 12 (123) and below + 30 (141): what was raised stands.
    child = replayed(
        START,
        *BP[:2],
        happened("2027-01-09", "bp", name="b", sbp=129, dbp=60),
        corrected("2027-01-15", "b", sbp=131),
        happened("2027-01-12", "bp", sbp=124, dbp=60),
        until="2027-01-16",
    )

    assert child.raised == [("E08c", "2027-01-09"), ("E08c", "2027-01-12")]


def test_correcting_a_word_about_a_late_reading_asks_for_no_second_review() -> None:
    child = replayed(
        START,
        *BP[:2],
        happened("2027-01-09", "bp", known="2027-01-13", name="b", sbp=112, dbp=60),
        happened("2027-01-14", "bp", sbp=95, dbp=60),
        corrected("2027-01-15", "b", detail="left arm"),
        until="2027-01-16",
    )

    assert child.raised == [("E08s", "2027-01-13")]


def test_a_lesion_recorded_again_after_it_was_answered_asks_nobody_again() -> None:
    child = replayed(
        happened("2027-01-04", "finding", focal_or_hemispheric_lesion=True),
        START,
        *BP[:4],
        happened("2027-01-08", "human_review", by="neurologist", outcome="surgeons asked"),
        happened("2027-01-12", "finding", focal_or_hemispheric_lesion=True, detail="second MRI"),
        until="2027-01-14",
    )

    assert child.raised == [("E05a", "2027-01-04")]
    assert child.resolved("E05a") == "2027-01-08"


def test_a_lesion_found_after_imaging_showed_none_asks_anew() -> None:
    child = replayed(
        happened("2027-01-04", "finding", focal_or_hemispheric_lesion=True),
        START,
        *BP[:4],
        happened("2027-01-06", "human_review", by="neurologist", outcome="surgeons asked"),
        happened("2027-01-08", "finding", focal_or_hemispheric_lesion=False),
        happened("2027-01-12", "finding", focal_or_hemispheric_lesion=True),
        until="2027-01-14",
    )

    assert child.raised == [("E05a", "2027-01-04"), ("E05a", "2027-01-12")]


@pytest.mark.parametrize("answer", ["human_review", "decision"])
def test_what_a_person_answers_on_the_same_day_was_still_asked(answer: str) -> None:
    # Two hormones fail on 02-02 and somebody answers the same day: E04x rises and is resolved that day.
    child = replayed(
        hormone("2027-01-04", drug="prednisolone"),
        *pressures("2027-01-04", "2027-02-02"),
        bad_eeg("2027-01-18"),
        stopped("2027-01-19", "prednisolone", "no_response"),
        hormone("2027-01-19", until="2027-02-16"),
        bad_eeg("2027-02-02"),
        happened("2027-02-02", answer, by="neurologist"),
        until="2027-02-03",
    )

    assert child.raised == [("E02", "2027-01-18"), ("E02", "2027-02-02"), ("E04x", "2027-02-02")]
    assert child.resolved("E04x") == "2027-02-02"


def test_a_spasm_on_day_14_that_is_decided_the_same_day_was_still_asked() -> None:
    child = replayed(
        START,
        *BP,
        clean_eeg("2027-01-18"),
        spasm("2027-01-18"),
        happened("2027-01-18", "human_review", by="neurologist", outcome="accepted"),
        until="2027-01-20",
    )

    assert child.raised == [("E02x", "2027-01-18")]
    assert child.resolved("E02x") == "2027-01-18"


def test_contact_lost_that_is_known_after_the_child_was_seen_is_raised_and_resolved_that_day() -> None:
    child = replayed(
        START,
        *BP[:3],
        happened("2027-01-11", "contact_lost", known="2027-01-14", detail="no answer"),
        happened("2027-01-13", "bp", sbp=92, dbp=54),
        until="2027-01-15",
    )

    assert child.raised == [("E16", "2027-01-14")]
    assert child.resolved("E16") == "2027-01-14"


def test_disease_with_both_conditions_met_at_once_asks_for_one_review() -> None:
    # Hormone and vigabatrin together fail on 01-18 beside a lesion: the conditions of E04 and of E05 are met
    # on the same evening; with suspected disease that is one review, not two. The referral was already sent.
    child = replayed(
        happened("2027-01-04", "finding", focal_or_hemispheric_lesion=True),
        happened("2027-01-05", "finding", metabolic_or_degenerative="suspected"),
        START,
        *BP,
        vigabatrin("2027-01-05"),
        happened("2027-01-10", "referral_sent", to="surgery"),
        bad_eeg("2027-01-18"),
        happened("2027-01-19", "therapy_start", therapy="topiramate"),
        until="2027-01-30",
    )

    assert child.raised == [("E05a", "2027-01-04"), ("E02", "2027-01-18"), ("E06", "2027-01-18")]


def test_a_review_that_was_withdrawn_is_asked_for_again_by_the_next_failure() -> None:
    # The failing EEG is corrected to a clean one: E02 and E06 are withdrawn. A spasm on 01-24 fails the same
    # episode after all; the question is put again, although the referral had been sent meanwhile.
    child = replayed(
        happened("2027-01-04", "finding", focal_or_hemispheric_lesion=True),
        happened("2027-01-05", "finding", metabolic_or_degenerative="suspected"),
        START,
        *BP,
        happened("2027-01-10", "referral_sent", to="surgery"),
        bad_eeg("2027-01-18", name="e1"),
        corrected("2027-01-20", "e1", hypsarrhythmia=False, based=1),
        spasm("2027-01-24"),
        happened("2027-01-25", "therapy_start", therapy="topiramate"),
        until="2027-01-30",
    )

    assert child.raised == [
        ("E05a", "2027-01-04"),
        ("E02", "2027-01-18"),
        ("E06", "2027-01-18"),
        ("E02", "2027-01-24"),
        ("E06", "2027-01-24"),
    ]
    assert child.withdrawn("E06") == "2027-01-20"
