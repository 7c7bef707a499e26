"""Worked histories of our own about lesions, disease and the surgical-evaluation referral."""

from __future__ import annotations

from tests.protocols.review.stories import (
    bad_eeg,
    clean_eeg,
    corrected,
    happened,
    hormone,
    pressures,
    replayed,
    vigabatrin,
)

HORMONE_FAILS = [
    hormone("2027-01-04"),
    *pressures("2027-01-04", "2027-01-31"),
    bad_eeg("2027-01-18"),
]
SECOND_FAILS = [*HORMONE_FAILS, vigabatrin("2027-01-19"), bad_eeg("2027-02-02", name="second")]
BOTH_FAIL = [
    *SECOND_FAILS,
    happened("2027-02-04", "therapy_start", therapy="topiramate"),
    happened("2027-02-10", "vision_exam", result="no_abnormality_detected"),
]
FAILED = [("E02", "2027-01-18"), ("E02", "2027-02-02")]
LESION = happened("2027-01-04", "finding", focal_or_hemispheric_lesion=True)


def disease(at: str, status: str) -> dict[str, object]:
    return happened(at, "finding", metabolic_or_degenerative=status)


def test_suspected_disease_turns_the_referral_into_a_review_and_excluding_it_turns_it_back() -> None:
    child = replayed(
        *BOTH_FAIL,
        disease("2027-01-10", "suspected"),
        disease("2027-02-06", "excluded"),
        happened("2027-02-09", "referral_sent", to="surgery"),
        until="2027-02-20",
    )

    assert child.raised == [*FAILED, ("E06", "2027-02-02"), ("E04", "2027-02-06")]
    assert child.resolved("E06") == "2027-02-06"
    assert child.resolved("E04") == "2027-02-09"


def test_excluding_disease_asks_again_although_a_review_was_documented() -> None:
    child = replayed(
        *BOTH_FAIL,
        disease("2027-01-10", "suspected"),
        happened("2027-02-04", "human_review", by="epileptologist", outcome="wait for genetics"),
        disease("2027-02-15", "excluded"),
        until="2027-02-20",
    )

    assert child.raised == [*FAILED, ("E06", "2027-02-02"), ("E04", "2027-02-15")]


def test_a_review_that_nobody_documents_goes_to_the_clinic_lead() -> None:
    child = replayed(*BOTH_FAIL, disease("2027-01-10", "confirmed"), until="2027-02-12")

    assert child.raised == [*FAILED, ("E06", "2027-02-02"), ("E04b", "2027-02-10")]


def test_disease_that_becomes_known_after_the_referral_was_asked_for_is_put_before_a_person() -> None:
    child = replayed(*BOTH_FAIL, disease("2027-02-05", "confirmed"), until="2027-02-08")

    assert child.raised == [*FAILED, ("E04", "2027-02-02"), ("E06", "2027-02-05")]


def test_a_referral_sent_before_is_not_asked_for_again_by_the_second_failure() -> None:
    child = replayed(
        LESION, *BOTH_FAIL, happened("2027-01-21", "referral_sent", to="surgery"), until="2027-02-20"
    )

    assert child.raised == [
        ("E05a", "2027-01-04"),
        ("E02", "2027-01-18"),
        ("E05", "2027-01-18"),
        ("E02", "2027-02-02"),
    ]


def test_a_lesion_found_after_the_failure_asks_on_the_day_it_is_known() -> None:
    child = replayed(
        *HORMONE_FAILS,
        happened("2027-01-20", "finding", known="2027-01-22", focal_or_hemispheric_lesion=True),
        until="2027-01-25",
    )

    assert child.raised == [("E02", "2027-01-18"), ("E05", "2027-01-22"), ("E05a", "2027-01-22")]


def test_a_lesion_with_disease_goes_to_a_person_at_the_first_failure_and_once_only() -> None:
    child = replayed(
        LESION,
        disease("2027-01-05", "suspected"),
        *BOTH_FAIL,
        happened("2027-02-05", "human_review", by="epileptologist", outcome="palliative"),
        until="2027-02-16",
    )

    assert child.raised == [
        ("E05a", "2027-01-04"),
        ("E02", "2027-01-18"),
        ("E06", "2027-01-18"),
        ("E04b", "2027-01-26"),
        ("E02", "2027-02-02"),
    ]


def test_a_correction_of_the_deciding_eeg_withdraws_the_referral_and_keeps_its_history() -> None:
    child = replayed(
        *BOTH_FAIL, corrected("2027-02-06", "second", hypsarrhythmia=False, based=1), until="2027-02-16"
    )

    assert child.raised == [*FAILED, ("E04", "2027-02-02")]
    assert child.withdrawn("E04") == "2027-02-06"


def test_surgery_chosen_first_asks_for_the_referral_without_any_failure() -> None:
    child = replayed(
        vigabatrin("2027-01-04"),
        happened("2027-01-06", "decision", by="conference", surgery_first_line=True),
        until="2027-01-10",
    )

    assert child.raised == [("E05", "2027-01-06")]


def test_a_lesion_is_reported_once_however_often_it_is_recorded() -> None:
    child = replayed(
        LESION,
        vigabatrin("2027-01-04"),
        happened("2027-01-12", "finding", focal_or_hemispheric_lesion=True),
        clean_eeg("2027-01-18"),
        until="2027-01-20",
    )

    assert child.raised == [("E05a", "2027-01-04")]


def test_without_a_lesion_the_packet_asks_about_callosotomy() -> None:
    without = replayed(*BOTH_FAIL, until="2027-02-03")
    with_lesion = replayed(LESION, *BOTH_FAIL, until="2027-02-03")

    assert "callosotomy" in without.because("E04")
    assert "callosotomy" not in with_lesion.because("E04")


def test_a_diet_does_not_postpone_the_referral() -> None:
    child = replayed(
        *SECOND_FAILS, happened("2027-02-02", "therapy_start", therapy="ketogenic diet"), until="2027-02-11"
    )

    assert child.raised == [*FAILED, ("E04", "2027-02-02"), ("E04b", "2027-02-10")]
