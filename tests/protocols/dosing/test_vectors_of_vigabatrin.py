"""Worked cases of vigabatrin and of the combination, to the last printed digit, through the command."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from math import ceil
from typing import Any

import pytest

from tests.protocols.dosing.calendars import (
    calendar,
    codes,
    day,
    days_of,
    dose,
    is_given_as,
    same,
    total,
    vector,
)


def titrated(protocol: str, inputs: Any, *more: str) -> Any:
    product = f"vigabatrin-{inputs.get('conc_mg_per_ml', 50)}mg-ml"
    return calendar(
        protocol,
        *("--start", inputs["start_date"], "--weight-kg", str(inputs["weight_kg"]), "--product", product),
        *more,
    )


def passes_the_maximum(each: Any, weight: Any) -> bool:
    return Decimal(str(each["delivered_mg_half_up"])) * 2 > 150 * Decimal(str(weight))


@pytest.mark.parametrize("key", ["G01", "G03", "G05", "G07"])
def test_the_label_raises_the_dose_every_three_days_to_the_target(key: str) -> None:
    inputs, expect = vector(key)["inputs"], vector(key)["expect"]
    choices = (f"increment={inputs['increment_mg_per_kg_day']}", f"interval_days={inputs['interval_days']}")

    found = titrated("vigabatrin-us-label", inputs, "--choice", choices[0], "--choice", choices[1])

    for step in expect["titration"]:
        assert day(found, step["from_day"])["on"] == step["from_date"]
        for number in range(step["from_day"], (step["to_day"] or 30) + 1):
            at_cap = passes_the_maximum(step["each"], inputs["weight_kg"])
            assert is_given_as(dose(found, number), step["each"], "mg", at_cap=at_cap)
            assert dose(found, number)["times"] == 2
    assert ("outside-label-weight" in codes(found)) is not expect["in_label_weight_table"]
    label = next(judged for judged in found["judged"] if judged["definition"] == "us-label")
    assert [label["from"], label["to"]] == expect["withdraw_decision_window_dates"]


def test_sachets_are_opened_for_each_dose() -> None:
    found = titrated("vigabatrin-us-label", vector("G07")["inputs"])

    for step in vector("G07")["expect"]["titration"]:
        assert ceil(Decimal(dose(found, step["from_day"])["amount"]) / 500) == step["sachets_500mg_per_dose"]
    in_the_course = (ceil(Decimal(one["doses"][0]["amount"]) / 500) * 2 for one in found["days"])
    assert total(found, "vigabatrin")["containers"] == sum(in_the_course)


@pytest.mark.parametrize("row", vector("G09")["expect"]["rows"], ids=lambda row: f"{row['weight_kg']} kg")
def test_the_label_table_of_volumes_is_what_the_rule_gives(row: Any) -> None:
    inputs = {"start_date": "2026-11-23", "weight_kg": row["weight_kg"]}

    found = titrated("vigabatrin-us-label", inputs)

    assert same(dose(found, 1)["volume_ml_rounded"], row["start_ml_bid"])
    assert same(dose(found, 7)["volume_ml_rounded"], row["max_ml_bid"])
    assert "outside-label-weight" not in codes(found)


@pytest.mark.parametrize("key", ["G10", "G12"])
def test_ukiss_doubles_on_day_two_and_goes_to_150_from_day_five_only_if_spasms_persist(key: str) -> None:
    inputs, expect = vector(key)["inputs"], vector(key)["expect"]
    taken = ("--escalate-from-day", "5") if inputs["spasms_persist_at_96h"] else ()

    found = titrated("vigabatrin-ukiss", inputs, *taken)

    for step in expect["titration"]:
        for number in range(step["from_day"], (step["to_day"] or 30) + 1):
            assert is_given_as(dose(found, number), step["each"], "mg")
        assert day(found, step["from_day"])["on"] == step["from_date"]
    first_two_weeks = sum(2 * Decimal(dose(found, number)["amount"]) for number in range(1, 15))
    assert first_two_weeks == expect["first_14_days_total_mg"]


def test_the_eu_tablets_rise_by_25_and_their_day_three_is_treatment_day_four() -> None:
    inputs, expect = vector("G14")["inputs"], vector("G14")["expect"]

    found = calendar(
        "vigabatrin-ema",
        *("--start", inputs["start_date"], "--weight-kg", "4", "--product", "vigabatrin-tablet-100mg"),
    )

    for step in expect["titration"]:
        number = step["day1_based"]
        assert day(found, number)["on"] == step["date"]
        assert sum(Decimal(one["amount"]) for one in day(found, number)["doses"]) == step["daily_mg"]
    for number, name in ((1, "start"), (4, "step75"), (7, "step100")):
        given = {one["slot"]: Decimal(one["tablets"]) for one in day(found, number)["doses"]}
        assert given == {slot: expect["tablets_100mg"][name][slot] for slot in ("morning", "evening")}


@pytest.mark.parametrize("key", ["G16", "G18"])
def test_the_taper_goes_down_by_steps_and_its_last_step_is_the_remainder(key: str) -> None:
    inputs, expect = vector(key)["inputs"], vector(key)["expect"]
    start = date.fromisoformat(inputs["taper_start"]) - timedelta(days=60)
    course = {"start_date": start.isoformat(), "weight_kg": inputs["weight_kg"]}

    found = titrated(
        "vigabatrin-us-label",
        course,
        *("--taper-from", "61", "--choice", f"target={inputs['from_mg_per_kg_day']}"),
        *("--choice", f"decrement={inputs['decrement']}"),
        *("--choice", f"taper_interval_days={inputs['interval_days']}"),
    )

    for step in expect["steps"]:
        for number in range(step["from_day"] + 60, step["to_day"] + 61):
            assert is_given_as(dose(found, number), step["each"], "mg")
        assert day(found, step["from_day"] + 60)["on"] == step["from_date"]
    assert len(found["days"]) == 60 + expect["taper_days"]
    first_off = date.fromisoformat(found["last_dose_on"]) + timedelta(days=1)
    assert first_off.isoformat() == expect["first_date_off"]


def test_a_lost_weight_that_lifts_the_dose_over_the_maximum_is_said_with_the_figure() -> None:
    inputs, expect = vector("G20")["inputs"], vector("G20")["expect"]
    course = {"start_date": "2026-11-23", "weight_kg": inputs["weight_kg"]}

    found = titrated("vigabatrin-us-label", course, "--reweigh", f"30:{inputs['reweigh_kg']}")

    over = next(w for w in found["warnings"] if w["code"] == "over-maximum-after-weight-change")
    assert str(expect["mg_per_kg_day_after"]) in over["text"]
    assert over["days"][0] == 30
    assert is_given_as(dose(found, 30), expect["redosed"], "mg", at_cap=True)
    assert same(dose(found, 29)["amount"], 630)


def test_rounding_that_would_pass_the_maximum_goes_down() -> None:
    inputs, expect = vector("G22")["inputs"], vector("G22")["expect"]
    course = {"start_date": "2026-11-23", "weight_kg": inputs["weight_kg"]}

    found = titrated("vigabatrin-us-label", course)

    assert is_given_as(dose(found, 7), expect["each"], "mg", at_cap=True)
    assert 7 in {first for first, _ in days_of(found, "rounded-down-at-cap")}


@pytest.mark.parametrize("key", ["D01", "D03"])
@pytest.mark.parametrize("months", [3, 6, 24])
def test_the_taper_starts_whole_months_after_the_start(key: str, months: int) -> None:
    expect = vector(key)["expect"]

    found = titrated(
        "vigabatrin-us-label",
        {"start_date": vector(key)["inputs"]["start_date"], "weight_kg": 7},
        *("--choice", f"duration_months={months}"),
    )

    first = next(one for one in found["days"] if one["phase"] == "Taper")
    assert first["on"] == expect[f"plus_{months}_months"]


def test_renal_impairment_adjusts_nothing_and_is_said() -> None:
    course = {"start_date": "2026-11-23", "weight_kg": 7}

    healthy = titrated("vigabatrin-us-label", course)
    impaired = titrated("vigabatrin-us-label", course, "--renal")

    assert impaired["days"] == healthy["days"]
    assert "renal-no-infant-dosing" in codes(impaired) - codes(healthy)


def test_the_combination_gives_both_from_the_same_day_and_counts_months_from_the_start() -> None:
    inputs, expect = vector("C01")["inputs"], vector("C01")["expect"]

    found = calendar(
        "combination-iciss",
        *("--start", inputs["start_date"], "--weight-kg", str(inputs["weight_kg"])),
        *("--escalate-from-day", "vigabatrin=5", "--product", "vigabatrin-50mg-ml"),
    )

    assert same(total(found, "prednisolone")["amount"], expect["pred_total_mg"])
    hormone_days = [
        one["on"] for one in found["days"] if any(d["drug"] == "prednisolone" for d in one["doses"])
    ]
    assert hormone_days[-1] == expect["pred_last_date"]
    for step in expect["vgb"]:
        assert is_given_as(dose(found, step["day"], "vigabatrin"), step["each"], "mg")
    undefined = [one["on"] for one in found["days"] if one["state"] == "undefined"]
    assert undefined[0] == expect["vgb_taper_start"]
    after = date.fromisoformat(undefined[-1]) + timedelta(days=1)
    assert after.isoformat() == expect["vgb_stop"]
    iciss = next(judged for judged in found["judged"] if judged["definition"] == "iciss")
    assert [iciss["from"], iciss["to"]] == expect["outcome_window"]
    assert total(found, "vigabatrin")["amount"] is None
