"""Worked cases of ACTH, tetracosactide and prednisolone, to the last printed digit, through the command."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.protocols.dosing.calendars import (
    calendar,
    codes,
    day,
    days_of,
    dose,
    is_given_as,
    keys_starting,
    same,
    total,
    vector,
)

ACTH_LABEL = [key for key in keys_starting("A") if vector(key)["rule"] == "ACTH-US-LABEL"]
UKISS = ["P01", "P02", "P04", "P06"]


def label_course(inputs: Any, *more: str) -> Any:
    return calendar(
        "acth-gel-us-label",
        "--start",
        inputs["start_date"],
        "--weight-kg",
        str(inputs["weight_kg"]),
        "--length-cm",
        str(inputs["length_cm"]),
        "--choice",
        f"last_doses={inputs.get('alternate_day_placement', 'A')}",
        *more,
    )


@pytest.mark.parametrize("key", ACTH_LABEL)
def test_the_label_course_of_acth_is_given_day_by_day(key: str) -> None:
    expect = vector(key)["expect"]

    found = label_course(vector(key)["inputs"])

    assert same(found["bsa_m2"], expect["bsa_m2"])
    for segment in expect["segments"]:
        first, last = segment["days"]
        dosing = segment["dosing_days"] or range(first, last + 1)
        for number in range(first, last + 1):
            if number in dosing:
                assert is_given_as(dose(found, number), segment["each"], "U")
                assert dose(found, number)["times"] == segment["injections_per_dosing_day"]
            else:
                assert day(found, number)["state"] == "off"
        assert [day(found, first)["on"], day(found, last)["on"]] == segment["dates"]
    assert len(found["days"]) == 29


@pytest.mark.parametrize("key", ACTH_LABEL)
def test_the_label_course_of_acth_adds_up(key: str) -> None:
    expect = vector(key)["expect"]

    found = label_course(vector(key)["inputs"])

    acth = total(found, "acth-gel")
    assert same(acth["amount"], expect["total_U"])
    assert same(acth["volume_ml_rounded"], expect["total_ml_half_up"])
    assert acth["administrations"] == expect["total_injections"]
    assert acth["containers"] == expect["vials_5ml_no_wastage"]
    assert found["last_dose_on"] == expect["last_dose_date"]
    assert found["judged"][0]["from"] == expect["response_eeg_target_date_day14"]


def test_the_full_calendar_of_the_first_case_is_the_printed_one() -> None:
    found = label_course(vector("A01")["inputs"])

    given = [one for one in found["days"] if one["state"] == "dose"]

    for one, printed in zip(given, vector("A01")["expect"]["calendar"], strict=True):
        assert (one["day"], one["on"]) == (printed["day"], printed["date"])
        assert same(one["doses"][0]["amount"], printed["each_U"])
        assert same(one["doses"][0]["volume_ml_rounded"], printed["each_ml"])
        assert one["doses"][0]["times"] == printed["injections"]
        assert one["doses"][0]["slot"] == ("morning" if one["day"] > 14 else None)


def test_a_new_weight_redoses_from_its_day_and_leaves_the_days_before() -> None:
    inputs, expect = vector("A12")["inputs"], vector("A12")["expect"]
    change = f"{inputs['redose_day']}:{inputs['redose_weight_kg']}:{inputs['redose_length_cm']}"

    found = label_course(inputs, "--reweigh", change)

    first = expect["segments"][0]
    assert same(found["bsa_m2"], expect["bsa_start"])
    assert is_given_as(dose(found, inputs["redose_day"] - 1), first["each"], "U")
    assert is_given_as(dose(found, inputs["redose_day"]), first["each_after_redose"], "U")
    for segment in expect["segments"][1:]:
        number = (segment["dosing_days"] or segment["days"])[0]
        assert is_given_as(dose(found, number), segment["each"], "U")
    assert same(total(found, "acth-gel")["amount"], expect["total_U"])
    assert same(total(found, "acth-gel")["volume_ml_rounded"], expect["total_ml_half_up"])


def test_the_low_dose_is_flat_and_its_taper_undefined() -> None:
    inputs, expect = vector("A14")["inputs"], vector("A14")["expect"]

    found = calendar("acth-hrachovy-low", "--start", inputs["start_date"], "--weight-kg", "7.5")
    higher = calendar("acth-hrachovy-low", "--start", "2027-05-03", "--choice", "units_per_day=30")

    assert is_given_as(dose(found, 1), expect["each"], "U")
    assert is_given_as(dose(higher, 1), expect["each_at_30U"], "U")
    first, last = expect["taper_days"]
    assert {one["state"] for one in found["days"][: first - 1]} == {"dose"}
    assert {one["state"] for one in found["days"][first - 1 :]} == {"undefined"}
    assert (found["days"][-1]["day"], found["days"][-1]["on"]) == (last, expect["taper_dates"][1])
    assert (
        sum(Decimal(one["doses"][0]["amount"]) for one in found["days"][:14]) == expect["full_dose_total_U"]
    )
    assert total(found, "acth-gel")["amount"] is None
    assert days_of(found, "steps-missing") == [[15, 21]]
    assert found["last_dose_on"] is None


def test_the_japanese_step_up_gives_five_times_the_dose_without_response() -> None:
    expect = vector("A16")["expect"]
    course = ("acth-japan-stepup", "--start", "2027-06-07", "--weight-kg", "2.6")

    found = calendar(*course, "--responded", "no")
    waiting = calendar(*course)

    for number in range(1, 29):
        wanted = expect["step1_mg"] if number <= 14 else expect["step2_mg"]
        assert same(dose(found, number)["amount"], wanted)
        assert dose(found, number)["slot"] == "morning"
        assert dose(found, number)["volume_ml"] is None
    assert [day(found, 15)["on"], found["days"][-1]["on"]] == expect["step2_dates"]
    assert len(waiting["days"]) == 14
    assert "verdict-open" in codes(waiting)
    assert {"abrupt-stop", "steps-missing"} <= codes(found)
    assert "abrupt-stop" not in codes(waiting)


def test_without_response_acth_follows_prednisolone_the_next_day() -> None:
    inputs, expect = vector("H01")["inputs"], vector("H01")["expect"]

    found = calendar(
        "ucla-sequential",
        *("--start", inputs["start_date"], "--weight-kg", "7.2", "--length-cm", "66"),
        *("--responded", "no", "--product", "prednisolone=prednisolone-3mg-ml"),
    )

    assert same(found["bsa_m2"], expect["bsa_m2"])
    for number in range(1, 15):
        assert is_given_as(dose(found, number), expect["pred_each"], "mg")
    for number in range(15, 29):
        assert is_given_as(dose(found, number), expect["acth_each"], "U")
    assert [day(found, 15)["on"], day(found, 28)["on"]] == expect["acth_dates"]
    assert same(total(found, "acth-gel")["amount"], expect["acth_total_U_14d"])
    assert found["judged"][-1]["from"] == expect["second_eeg_date"]
    assert days_of(found, "abrupt-stop") == [[28, 28]]


@pytest.mark.parametrize("key", ["T01", "T02", "T04"])
def test_tetracosactide_keeps_its_alternate_days_and_is_followed_by_prednisolone(key: str) -> None:
    inputs, expect = vector(key)["inputs"], vector(key)["expect"]
    taken = inputs["escalation_effective_day"]
    escalated = () if taken is None else ("--escalate-from-day", str(taken))

    found = calendar("acth-tetracosactide-ukiss", "--start", inputs["start_date"], *escalated)

    given = [one for one in found["days"][:14] if one["state"] == "dose"]
    for one, printed in zip(given, expect["injections"], strict=True):
        assert (one["day"], one["on"]) == (printed["day"], printed["date"])
        assert same(one["doses"][0]["amount"], printed["mg"])
        assert same(one["doses"][0]["volume_ml_rounded"], printed["ml_at_1mg_per_ml"])
    assert {one["state"] for one in found["days"][1:14:2]} == {"off"}
    for step in expect["prednisolone_tail"]:
        for number in range(step["days"][0], step["days"][1] + 1):
            assert same(dose(found, number)["amount"], step["pred_mg_per_day"])
            assert dose(found, number)["times"] is None
        assert day(found, step["days"][0])["on"] == step["dates"][0]
    assert same(total(found, "tetracosactide")["amount"], expect["total_mg"])
    assert total(found, "tetracosactide")["containers"] == 7
    assert same(total(found, "prednisolone")["amount"], expect["pred_tail_total_mg"])
    assert (found["days"][-1]["day"], found["days"][-1]["on"]) == (29, expect["course_last_date"])
    assert days_of(found, "split-missing") == [[15, 29]]


def ukiss(inputs: Any, product: str) -> Any:
    taken = inputs["escalation_effective_day"]
    return calendar(
        "prednisolone-ukiss",
        *("--start", inputs["start_date"], "--weight-kg", str(inputs["weight_kg"]), "--product", product),
        *(() if taken is None else ("--escalate-from-day", str(taken))),
    )


@pytest.mark.parametrize("key", UKISS)
def test_prednisolone_by_ukiss_is_fixed_and_tapers_over_fifteen_days(key: str) -> None:
    inputs, expect = vector(key)["inputs"], vector(key)["expect"]

    found = ukiss(inputs, "prednisolone-10mg-ml")

    for segment in expect["segments"]:
        for number in range(segment["days"][0], segment["days"][1] + 1):
            given = dose(found, number)
            assert given["times"] == segment["times_per_day"]
            assert same(given["amount"], segment["each_mg"] or segment["daily_mg"])
            assert (given["volume_ml"] is None) is (segment["each_mg"] is None)
        assert [day(found, number)["on"] for number in segment["days"]] == segment["dates"]
    assert same(total(found, "prednisolone")["amount"], expect["total_mg"])
    assert (len(found["days"]), found["last_dose_on"]) == (expect["course_days"], expect["last_dose_date"])
    iciss = next(judged for judged in found["judged"] if judged["definition"] == "iciss")
    assert [iciss["from"], iciss["to"]] == expect["iciss_window_dates"]


@pytest.mark.parametrize("key", UKISS)
def test_days_above_eight_mg_per_kg_are_said(key: str) -> None:
    segments = vector(key)["expect"]["segments"]

    found = ukiss(vector(key)["inputs"], "prednisolone-10mg-ml")

    high = [s["days"] for s in segments if s["mg_per_kg_day"] > 8]
    assert days_of(found, "over-8-mg-per-kg") == ([[high[0][0], high[-1][-1]]] if high else [])


@pytest.mark.parametrize("strength", ["1", "3", "10"])
def test_the_volume_follows_the_strength(strength: str) -> None:
    volumes = vector("P02")["expect"]["volumes"][f"{strength}_mg_per_ml"]

    found = ukiss(vector("P02")["inputs"], f"prednisolone-{strength}mg-ml")

    assert is_given_as(dose(found, 1), volumes["ten_mg"], "mg")
    assert is_given_as(dose(found, 8), volumes["twenty_mg"], "mg")


def test_an_unknown_split_makes_totals_of_volume_unknown_and_is_said() -> None:
    found = ukiss(vector("P02")["inputs"], "prednisolone-10mg-ml")

    prednisolone = total(found, "prednisolone")
    assert (prednisolone["administrations"], prednisolone["volume_ml_rounded"]) == (None, None)
    assert days_of(found, "split-missing") == [[15, 19]]
    assert [15, 29] in days_of(found, "source-not-verified")


def test_spasms_in_the_taper_lead_to_no_higher_dose() -> None:
    """P08: the taper goes on; what the verdict is belongs to the review of the pathway."""
    found = calendar("prednisolone-ukiss", "--start", "2026-11-30")

    assert [day(found, number)["state"] for number in range(18, 30)] == ["dose"] * 12
    assert same(dose(found, 18)["amount"], 10)


@pytest.mark.parametrize("key", keys_starting("W"))
def test_prednisolone_by_weight_obeys_its_cap_before_and_after_rounding(key: str) -> None:
    inputs, expect = vector(key)["inputs"], vector(key)["expect"]

    found = calendar(
        "prednisolone-weight-based",
        *("--start", inputs["start_date"], "--weight-kg", str(inputs["weight_kg"])),
        *(
            "--choice",
            f"mg_per_kg={inputs['mg_per_kg_day']}",
            "--choice",
            f"doses_per_day={inputs['divisions']}",
        ),
        *("--product", f"prednisolone-{inputs['conc_mg_per_ml']}mg-ml"),
    )

    for number in range(1, 15):
        at_cap = expect["half_up_exceeds_cap"]
        assert is_given_as(dose(found, number), expect["each"], "mg", at_cap=at_cap)
    assert ("rounded-down-at-cap" in codes(found)) is expect["half_up_exceeds_cap"]
    assert ("capped" in codes(found)) is (expect["cap_state"] == "capped")
    assert ("not-first-line" in codes(found)) is (inputs["mg_per_kg_day"] == 2)
    assert days_of(found, "steps-missing") == [[15, 28]]
