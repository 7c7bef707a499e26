"""Worked histories of our own about failure, response and relapse, under the reference pathway."""

from __future__ import annotations

from tests.protocols.review.stories import (
    ACTH,
    bad_eeg,
    clean_eeg,
    corrected,
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


def test_spasms_that_go_on_after_day_14_are_failure_although_the_eeg_is_clean() -> None:
    child = replayed(START, *BP, clean_eeg("2027-01-18"), spasm("2027-01-24"), until="2027-01-30")

    assert child.raised == [("E02", "2027-01-24")]
    assert child.verdict == "non_responder"


def test_a_spasm_the_day_after_day_14_is_failure() -> None:
    child = replayed(START, *BP, clean_eeg("2027-01-18"), spasm("2027-01-19"), until="2027-01-25")

    assert child.raised == [("E02", "2027-01-19")]


def test_a_spasm_before_28_free_days_is_failure_and_not_relapse() -> None:
    child = replayed(
        START, *BP, spasm("2027-01-14"), clean_eeg("2027-01-18"), spasm("2027-02-11"), until="2027-02-15"
    )

    assert child.raised == [("E02", "2027-02-11")]
    assert child.response_on is None


def test_the_day_after_28_free_days_is_relapse() -> None:
    child = replayed(
        START, *BP, spasm("2027-01-14"), clean_eeg("2027-01-18"), spasm("2027-02-12"), until="2027-02-15"
    )

    assert child.raised == [("E07", "2027-02-12")]
    assert child.response_on == "2027-02-11"


def test_relapse_can_be_seen_on_an_eeg_alone() -> None:
    child = replayed(
        START, *BP, spasm("2027-01-07"), clean_eeg("2027-01-18"), bad_eeg("2027-04-05"), until="2027-04-20"
    )

    assert child.raised == [("E07", "2027-04-05")]
    assert child.response_on == "2027-02-04"
    assert child.verdict == "responder"


def test_a_relapse_is_raised_even_when_treatment_is_restarted_the_same_day() -> None:
    child = replayed(
        START,
        *BP,
        spasm("2027-01-07"),
        clean_eeg("2027-01-18"),
        spasm("2027-05-20"),
        hormone("2027-05-20", until="2027-06-17"),
        *pressures("2027-05-20", "2027-05-26"),
        until="2027-05-26",
    )

    assert child.raised == [("E07", "2027-05-20")]
    assert child.due("2027-05-21", "EEG14") == "2027-06-03"
    assert (child.response_on, child.verdict) == ("2027-02-04", "cannot_tell")


def test_a_late_report_of_a_spasm_before_response_takes_the_response_back() -> None:
    child = replayed(
        START,
        *BP,
        spasm("2027-01-08"),
        clean_eeg("2027-01-18"),
        spasm("2027-01-22", known="2027-02-20"),
        until="2027-02-25",
    )

    assert child.raised == [("E02", "2027-02-20")]
    assert child.response_on is None
    assert child.verdict == "non_responder"


def test_an_eeg_reported_late_is_overdue_until_it_is_known_and_counts_by_its_own_date() -> None:
    child = replayed(
        START, *BP, spasm("2027-01-08"), clean_eeg("2027-01-18", known="2027-01-27"), until="2027-02-10"
    )

    assert child.raised == [("E01", "2027-01-22")]
    assert child.resolved("E01") == "2027-01-27"
    assert child.response_on == "2027-02-05"


def test_an_eeg_one_day_after_its_window_was_overdue_on_that_day() -> None:
    child = replayed(START, *BP, clean_eeg("2027-01-22"), until="2027-01-25")

    assert child.raised == [("E01", "2027-01-22")]
    assert child.resolved("E01") == "2027-01-22"


def test_an_eeg_on_day_17_known_on_day_18_is_in_time() -> None:
    child = replayed(START, *BP, clean_eeg("2027-01-21", known="2027-01-22"), until="2027-01-25")

    assert child.raised == []


def test_an_eeg_on_day_13_counts_and_one_on_day_12_does_not() -> None:
    early = replayed(START, *BP, bad_eeg("2027-01-16"), until="2027-01-23")
    in_time = replayed(START, *BP, bad_eeg("2027-01-17"), until="2027-01-23")

    assert early.raised == [("E01", "2027-01-22")]
    assert in_time.raised == [("E02", "2027-01-17")]


def test_a_short_recording_that_shows_spasms_counts() -> None:
    child = replayed(
        START,
        *BP,
        clean_eeg("2027-01-18", spasms_recorded=True, sleep=False, minutes=25),
        until="2027-01-24",
    )

    assert child.raised == [("E02", "2027-01-18")]
    assert child.due("2027-01-19", "EEG14") is None


def test_a_score_of_four_is_failure_without_the_word_hypsarrhythmia() -> None:
    child = replayed(START, *BP, clean_eeg("2027-01-18", based=4), until="2027-01-24")

    assert child.raised == [("E02", "2027-01-18")]


def test_an_amended_eeg_withdraws_the_failure_and_what_followed_from_it() -> None:
    child = replayed(
        START,
        *BP,
        spasm("2027-01-08"),
        bad_eeg("2027-01-18", name="e1"),
        corrected("2027-01-28", "e1", hypsarrhythmia=False, based=1),
        until="2027-02-10",
    )

    assert child.raised == [("E02", "2027-01-18"), ("E03", "2027-01-26")]
    assert child.withdrawn("E02") == child.withdrawn("E03") == "2027-01-28"
    assert child.response_on == "2027-02-05"


def test_an_amended_eeg_under_the_same_accession_is_the_same_eeg() -> None:
    child = replayed(
        START,
        *BP,
        clean_eeg("2027-01-18", accession="EEG-1"),
        bad_eeg("2027-01-18", known="2027-01-20", accession="EEG-1"),
        until="2027-01-24",
    )

    assert child.raised == [("E02", "2027-01-20")]


def test_an_eeg_amended_to_show_hypsarrhythmia_is_failure_on_the_day_it_is_known() -> None:
    child = replayed(
        START,
        *BP,
        clean_eeg("2027-01-18", name="e1"),
        corrected("2027-01-20", "e1", hypsarrhythmia=True),
        until="2027-01-25",
    )

    assert child.raised == [("E02", "2027-01-20")]


def test_correcting_the_last_spasm_moves_the_response() -> None:
    child = replayed(
        START,
        *BP,
        spasm("2027-01-08", name="s1"),
        clean_eeg("2027-01-18"),
        corrected("2027-01-25", "s1", moved_to="2027-01-12"),
        until="2027-02-20",
    )

    assert child.raised == []
    assert child.response_on == "2027-02-09"


def test_a_spasm_corrected_from_day_15_to_day_14_leaves_the_question_to_a_person() -> None:
    child = replayed(
        START,
        *BP,
        clean_eeg("2027-01-18"),
        spasm("2027-01-19", name="s1"),
        corrected("2027-01-21", "s1", moved_to="2027-01-18"),
        until="2027-02-28",
    )

    assert child.raised == [("E02", "2027-01-19"), ("E02x", "2027-01-21")]
    assert child.withdrawn("E02") == "2027-01-21"
    assert (child.response_on, child.verdict) == ("2027-02-15", "cannot_tell")


def test_a_spasm_on_day_14_that_is_known_late_asks_on_the_day_it_is_known() -> None:
    child = replayed(
        START, *BP, clean_eeg("2027-01-18"), spasm("2027-01-18", known="2027-01-23"), until="2027-02-20"
    )

    assert child.raised == [("E02x", "2027-01-23")]


def test_a_later_spasm_answers_the_question_about_day_14() -> None:
    child = replayed(
        START, *BP, clean_eeg("2027-01-18"), spasm("2027-01-18"), spasm("2027-01-20"), until="2027-01-25"
    )

    assert child.raised == [("E02x", "2027-01-18"), ("E02", "2027-01-20")]
    assert child.resolved("E02x") == "2027-01-20"


def test_a_review_answers_the_question_about_day_14() -> None:
    child = replayed(
        START,
        *BP,
        clean_eeg("2027-01-18"),
        spasm("2027-01-18"),
        happened("2027-01-20", "human_review", by="neurologist", outcome="accepted"),
        until="2027-02-28",
    )

    assert child.resolved("E02x") == "2027-01-20"
    assert child.verdict == "responder"


def test_two_drugs_started_within_three_days_are_one_episode_and_fail_together() -> None:
    child = replayed(
        START,
        *BP,
        vigabatrin("2027-01-07"),
        bad_eeg("2027-01-18"),
        happened("2027-01-20", "therapy_start", therapy="ketogenic diet"),
        happened("2027-01-22", "referral_sent", to="epilepsy surgery"),
        until="2027-01-30",
    )

    assert child.raised == [("E02", "2027-01-18"), ("E04", "2027-01-18")]
    assert child.resolved("E04") == "2027-01-22"


def test_a_drug_added_after_four_days_opens_a_new_episode_and_moves_the_eeg() -> None:
    child = replayed(START, *BP, vigabatrin("2027-01-08"), bad_eeg("2027-01-18"), until="2027-01-27")

    assert child.due("2027-01-09", "EEG14") == "2027-01-22"
    assert child.raised == [("E01", "2027-01-26")]


def test_a_first_drug_that_still_runs_long_enough_has_failed_with_the_second() -> None:
    child = replayed(START, *BP, vigabatrin("2027-01-12"), bad_eeg("2027-01-26"), until="2027-01-30")

    assert child.raised == [("E02", "2027-01-26"), ("E04", "2027-01-26")]


def test_a_first_drug_that_was_stopped_before_has_not_failed_with_the_second() -> None:
    child = replayed(
        START,
        *pressures("2027-01-04", "2027-01-10"),
        stopped("2027-01-12", ACTH, "no_response"),
        vigabatrin("2027-01-12"),
        bad_eeg("2027-01-26"),
        until="2027-01-30",
    )

    assert child.raised == [("E02", "2027-01-26")]


def test_a_drug_stopped_for_intolerance_asks_for_the_next_one_and_does_not_count() -> None:
    child = replayed(
        vigabatrin("2027-01-04"),
        stopped("2027-01-08", "vigabatrin", "intolerance"),
        hormone("2027-01-18", until="2027-02-15"),
        *pressures("2027-01-18", "2027-02-14"),
        bad_eeg("2027-02-01"),
        happened("2027-02-03", "therapy_start", therapy="topiramate"),
        until="2027-02-18",
    )

    assert child.raised == [("E03", "2027-01-16"), ("E02", "2027-02-01")]
    assert child.resolved("E03") == "2027-01-18"


def test_failure_after_an_intolerance_stop_goes_to_a_person() -> None:
    child = replayed(
        START,
        *pressures("2027-01-04", "2027-01-13"),
        stopped("2027-01-14", ACTH, "intolerance"),
        bad_eeg("2027-01-18"),
        vigabatrin("2027-01-19"),
        until="2027-01-30",
    )

    assert child.raised == [("E02r", "2027-01-18")]
    assert child.verdict == "cannot_tell"


def test_the_clock_for_the_next_therapy_stops_at_a_decision() -> None:
    child = replayed(
        START,
        *BP,
        bad_eeg("2027-01-18"),
        happened("2027-01-25", "decision", by="neurologist", next_therapy="vigabatrin from Monday"),
        until="2027-02-08",
    )

    assert child.raised == [("E02", "2027-01-18")]


def test_two_hormones_that_fail_ask_a_person_and_vigabatrin_that_fails_after_them_refers() -> None:
    child = replayed(
        hormone("2027-01-04", drug="prednisolone"),
        *pressures("2027-01-04", "2027-02-15"),
        bad_eeg("2027-01-18"),
        stopped("2027-01-19", "prednisolone", "no_response"),
        hormone("2027-01-19", until="2027-02-16"),
        bad_eeg("2027-02-02"),
        vigabatrin("2027-02-03"),
        bad_eeg("2027-02-17"),
        happened("2027-02-18", "therapy_start", therapy="topiramate"),
        until="2027-02-20",
    )

    assert child.raised == [
        ("E02", "2027-01-18"),
        ("E02", "2027-02-02"),
        ("E04x", "2027-02-02"),
        ("E02", "2027-02-17"),
        ("E04", "2027-02-17"),
    ]


def test_nothing_is_known_without_an_eeg_however_long_no_spasm_is_reported() -> None:
    child = replayed(vigabatrin("2027-01-04"), until="2027-03-31")

    assert child.verdict == "cannot_tell"
    assert child.rules[:2] == ["E01", "E01b"]


def test_response_without_any_recorded_spasm_counts_from_the_start() -> None:
    child = replayed(START, *BP, clean_eeg("2027-01-18"), until="2027-02-10")

    assert child.response_on == "2027-02-01"
    assert child.verdict == "responder"


def test_until_the_free_days_are_over_the_verdict_is_provisional() -> None:
    child = replayed(START, *BP, spasm("2027-01-10"), clean_eeg("2027-01-18"), until="2027-02-06")

    assert (child.verdict, child.response_on) == ("provisional", None)
