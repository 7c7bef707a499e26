"""The rules at children and choices that the worked cases do not hold, each worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.protocols.dosing.calendars import calendar, codes, day, days_of, dose, same, total


def test_the_old_label_point_of_sixty_units_a_day_at_0_4_m2() -> None:
    found = calendar("acth-gel-us-label", "--start", "2026-11-23", "--weight-kg", "8", "--length-cm", "72")

    assert found["bsa_m2"] == "0.4"
    assert dose(found, 1)["amount"] == "30"
    assert dose(found, 1)["volume_ml_rounded"] == "0.38"  # 0.375 mL is a tie: half up
    assert total(found, "acth-gel")["amount"] == "918"


def test_a_body_surface_rounded_beforehand_would_draw_up_another_volume() -> None:
    """8.1 kg and 70.2 cm are 0.397429 m2: 0.37 mL. Rounded to 0.40 first it would be 0.375, and so 0.38."""
    found = calendar(
        "acth-gel-us-label", "--start", "2026-11-23", "--weight-kg", "8.1", "--length-cm", "70.2"
    )

    assert same(found["bsa_m2"], Decimal("0.397429"))
    assert same(dose(found, 1)["volume_ml"], Decimal("0.372590"))
    assert dose(found, 1)["volume_ml_rounded"] == "0.37"


def test_hrachovys_high_dose_runs_twelve_weeks_and_its_end_is_undefined() -> None:
    found = calendar("acth-hrachovy-high", "--start", "2027-05-03", "--weight-kg", "7.2", "--length-cm", "66")

    assert len(found["days"]) == 84
    assert same(dose(found, 1)["amount"], Decimal("54.497706"))
    assert same(dose(found, 22)["amount"], Decimal("29.065443"))
    assert [n for n in range(36, 64) if day(found, n)["state"] == "dose"] == [
        *range(36, 57, 2),
        57,
        59,
        61,
        63,
    ]
    assert same(dose(found, 57)["amount"], Decimal("18.165902"))
    assert days_of(found, "steps-missing") == [[64, 84]]


def test_the_japanese_step_up_of_a_usual_infant() -> None:
    course = ("acth-japan-stepup", "--start", "2027-06-07", "--weight-kg", "7.2")

    found = calendar(*course, "--responded", "no")
    responder = calendar(*course, "--responded", "yes", "--choice", "taper_weeks=1")

    assert dose(found, 14)["amount"] == "0.036"
    assert dose(found, 15)["amount"] == "0.18"
    assert [one["state"] for one in responder["days"][14:]] == ["undefined"] * 7


@pytest.mark.parametrize(
    ("taken", "higher", "tail"),
    [(8, [9, 11, 13], 40), (9, [9, 11, 13], 40), (10, [11, 13], 40), (12, [13], 40), (None, [], 30)],
)
def test_tetracosactide_rises_on_its_grid_only(taken: int | None, higher: list[int], tail: int) -> None:
    words = () if taken is None else ("--escalate-from-day", f"tetracosactide={taken}")

    found = calendar("acth-tetracosactide-ukiss", "--start", "2027-01-04", *words)

    given = {one["day"]: one["doses"][0]["amount"] for one in found["days"][:14] if one["doses"]}
    assert given == {n: "0.75" if n in higher else "0.5" for n in range(1, 15, 2)}
    assert dose(found, 15)["amount"] == str(tail)


@pytest.mark.parametrize("taken", [8, 10, 14])
def test_a_dose_raised_in_mid_week_keeps_the_fourteen_days(taken: int) -> None:
    found = calendar("prednisolone-ukiss", "--start", "2026-11-30", "--escalate-from-day", str(taken))

    assert [dose(found, n)["amount"] for n in range(1, 15)] == ["10"] * (taken - 1) + ["20"] * (15 - taken)
    assert day(found, 15)["phase"] == "Taper"
    assert total(found, "prednisolone")["amount"] == str(40 * (taken - 1) + 60 * (15 - taken) + 350)
    assert len(found["days"]) == 29


def test_a_fixed_dose_in_a_toddler_is_low_and_silent() -> None:
    found = calendar("prednisolone-ukiss", "--start", "2026-11-30", "--weight-kg", "14")

    assert "over-8-mg-per-kg" not in codes(found)


@pytest.mark.parametrize(
    ("weight", "mg_per_kg", "split", "each", "drawn"),
    [
        ("7.2", "8", "3", "19.2", "6.4"),
        ("2.6", "8", "3", "6.933333", "2.3"),
        ("10", "6", "3", "20", "6.6"),
        ("10.1", "6", "3", "20", "6.6"),
        ("9.9", "6", "3", "19.8", "6.6"),
        ("7.2", "8", "4", "14.4", "4.8"),
        ("15", "4", "3", "20", "6.6"),
        ("16", "4", "4", "15", "5.0"),
    ],
)
def test_prednisolone_by_weight(weight: str, mg_per_kg: str, split: str, each: str, drawn: str) -> None:
    found = calendar(
        "prednisolone-weight-based",
        *("--start", "2027-01-11", "--weight-kg", weight, "--product", "prednisolone-3mg-ml"),
        *("--choice", f"mg_per_kg={mg_per_kg}", "--choice", f"prednisolone.doses_per_day={split}"),
    )

    assert same(dose(found, 1)["amount"], each)
    assert dose(found, 1)["volume_ml_rounded"] == drawn
    assert ("capped" in codes(found)) is (Decimal(weight) * Decimal(mg_per_kg) > 60)
    assert ("rounded-down-at-cap" in codes(found)) is (each == "20")
    assert ("source-not-verified" in codes(found)) is True  # the strength of the liquid is general knowledge


def test_a_new_weight_redoses_prednisolone_up_to_its_cap() -> None:
    found = calendar(
        "prednisolone-weight-based",
        *("--start", "2027-01-11", "--weight-kg", "7", "--reweigh", "8:7.6"),
    )

    assert same(dose(found, 7)["amount"], "18.666667")
    assert dose(found, 8)["amount"] == "20"
    assert days_of(found, "capped") == [[8, 14]]


@pytest.mark.parametrize(
    ("increment", "levels"),
    [
        ("25", [(1, "50"), (4, "75"), (7, "100"), (10, "125"), (13, "150"), (100, "150")]),
        ("50", [(1, "50"), (4, "100"), (7, "150"), (100, "150")]),
    ],
)
def test_vigabatrin_rises_by_its_increment(increment: str, levels: list[tuple[int, str]]) -> None:
    found = calendar(
        "vigabatrin-us-label",
        *("--start", "2026-11-23", "--weight-kg", "8.4", "--choice", f"increment={increment}"),
    )

    for number, per_kg in levels:
        assert Decimal(dose(found, number)["amount"]) * 2 == Decimal("8.4") * Decimal(per_kg)


@pytest.mark.parametrize(
    ("decrement", "interval", "runs"),
    [
        ("25", "4", [("125", 4), ("100", 4), ("75", 4), ("50", 4), ("25", 4)]),
        ("25", "3", [("125", 3), ("100", 3), ("75", 3), ("50", 3), ("25", 3)]),
        ("50", "4", [("100", 4), ("50", 4)]),
    ],
)
def test_vigabatrin_falls_by_its_decrement(
    decrement: str, interval: str, runs: list[tuple[str, int]]
) -> None:
    found = calendar(
        "vigabatrin-us-label",
        *("--start", "2026-11-23", "--weight-kg", "10", "--taper-from", "2027-05-24"),
        *("--choice", f"decrement={decrement}", "--choice", f"taper_interval_days={interval}"),
    )

    taper = [one for one in found["days"] if one["phase"] == "Taper"]
    assert taper[0]["on"] == "2027-05-24"
    wanted = [per_kg for per_kg, days in runs for _ in range(days)]
    assert [str(Decimal(one["doses"][0]["amount"]) * 2 / 10) for one in taper] == wanted


@pytest.mark.parametrize(
    ("weight", "drawn", "down"),
    [("7.2", "10.8", False), ("7.17", "10.7", True), ("7.18", "10.7", True), ("7.13", "10.6", True)],
)
def test_at_the_maximum_rounding_never_passes_it(weight: str, drawn: str, down: bool) -> None:
    found = calendar(
        "vigabatrin-us-label",
        *("--start", "2026-11-23", "--weight-kg", weight, "--product", "vigabatrin=vigabatrin-50mg-ml"),
    )

    assert dose(found, 7)["volume_ml_rounded"] == drawn
    assert (dose(found, 7)["rounding"] == "down") is down


@pytest.mark.parametrize(
    ("weight", "day_number", "morning", "evening"),
    [
        # the rows of the EU table that were read
        ("3", 1, "0.5", "1.0"),
        ("3", 4, "1.0", "1.5"),
        ("3", 7, "1.5", "1.5"),
        ("4", 1, "1.0", "1.0"),
        ("4", 4, "1.5", "1.5"),
        ("5", 1, "1.0", "1.5"),
        ("5", 4, "1.5", "2.0"),
        ("5", 7, "2.5", "2.5"),
        # at the maximum the larger part may not pass it
        ("4.8", 13, "3.5", "3.5"),
        ("5", 13, "3.5", "4.0"),
    ],
)
def test_half_tablets_are_shared_with_the_larger_part_in_the_evening(
    weight: str, day_number: int, morning: str, evening: str
) -> None:
    found = calendar(
        "vigabatrin-ema",
        *("--start", "2026-11-23", "--weight-kg", weight, "--product", "vigabatrin-tablet-100mg"),
    )

    given = day(found, day_number)["doses"]
    assert [(one["slot"], one["tablets"]) for one in given] == [("morning", morning), ("evening", evening)]
    per_kg = {1: 50, 4: 75, 7: 100, 13: 150}[day_number]
    shares = sum(Decimal(one["amount"]) for one in given)
    assert same(str(shares), Decimal(weight) * per_kg + Decimal("0.000000"))


@pytest.mark.parametrize(("weight", "sachets"), [("10", 1), ("10.02", 2), ("20", 2), ("20.02", 3)])
def test_sachets_follow_the_dose(weight: str, sachets: int) -> None:
    """At 100 mg/kg/day in two doses: 500 mg opens one sachet, 501 mg two, 1000 mg two, 1001 mg three."""
    course = ("vigabatrin-us-label", "--start", "2026-11-23", "--product", "vigabatrin-50mg-ml")
    choices = ("--choice", "target=100", "--choice", "decrement=50", "--weight-kg", weight)

    shorter = calendar(*course, *choices, "--taper-from", "10")
    longer = calendar(*course, *choices, "--taper-from", "11")

    opened = total(longer, "vigabatrin")["containers"] - total(shorter, "vigabatrin")["containers"]
    assert opened == 2 * sachets


def test_the_combination_with_tetracosactide_shows_both_on_a_day() -> None:
    found = calendar(
        "combination-iciss",
        *("--start", "2026-11-30", "--weight-kg", "7.2", "--choice", "hormone=tetracosactide"),
        *("--escalate-from-day", "tetracosactide=8", "--escalate-from-day", "vigabatrin=5"),
    )

    assert {one["drug"] for one in day(found, 1)["doses"]} == {"tetracosactide", "vigabatrin"}
    assert {one["drug"] for one in day(found, 2)["doses"]} == {"vigabatrin"}
    assert dose(found, 9, "tetracosactide")["amount"] == "0.75"
    assert day(found, 91)["state"] == "undefined"


def test_a_responder_at_ucla_has_a_taper_that_nobody_knows() -> None:
    found = calendar(
        "ucla-sequential",
        *("--start", "2027-01-11", "--weight-kg", "7.2", "--length-cm", "66", "--responded", "yes"),
    )

    assert [one["state"] for one in found["days"][14:]] == ["undefined"] * 14
    assert days_of(found, "steps-missing") == [[15, 28]]
    assert total(found, "prednisolone")["amount"] is None
    assert "abrupt-stop" not in codes(found)


def test_a_missed_dose_shifts_nothing_and_doubles_nothing() -> None:
    course = ("acth-gel-us-label", "--start", "2026-11-23", "--weight-kg", "7.2", "--length-cm", "66")

    whole, held = calendar(*course), calendar(*course, "--hold", "5:6")

    assert [one["state"] for one in held["days"][4:6]] == ["held", "held"]
    assert held["days"][4]["doses"] == []
    assert held["days"][6:] == whole["days"][6:]
    assert total(held, "acth-gel")["administrations"] == 36


def age(found: Any) -> set[str]:
    return codes(found) & {"outside-label-age", "contraindicated-age", "label-age-reached-during-course"}


@pytest.mark.parametrize(
    ("protocol", "born", "wanted"),
    [
        ("acth-gel-us-label", "2024-12-10", {"label-age-reached-during-course"}),  # two years on day 11
        ("acth-gel-us-label", "2024-11-30", {"outside-label-age"}),  # two years on the first day
        ("acth-gel-us-label", "2026-04-30", set()),
        ("vigabatrin-us-label", "2026-11-09", {"outside-label-age"}),  # three weeks
        ("vigabatrin-us-label", "2026-10-30", set()),  # one month
        ("vigabatrin-ema", "2022-11-30", set()),
        ("vigabatrin-ema", "2019-11-30", {"outside-label-age"}),
        ("acth-tetracosactide-ukiss", "2026-11-09", {"contraindicated-age", "outside-label-age"}),
        ("acth-tetracosactide-ukiss", "2026-04-30", {"outside-label-age"}),
        ("prednisolone-ukiss", "2026-04-30", set()),
    ],
)
def test_age_counts_on_the_start_date(protocol: str, born: str, wanted: set[str]) -> None:
    found = calendar(
        protocol, "--start", "2026-11-30", "--weight-kg", "7", "--length-cm", "66", "--dob", born
    )

    assert age(found) == wanted


def test_the_second_birthday_during_the_course_is_said_with_its_day() -> None:
    found = calendar(
        "acth-gel-us-label",
        *("--start", "2026-11-30", "--weight-kg", "11", "--length-cm", "85", "--dob", "2024-12-10"),
    )

    assert days_of(found, "label-age-reached-during-course") == [[11, 29]]


def test_units_of_one_drug_are_never_turned_into_those_of_another() -> None:
    """U01: 0.5 mg stays 0.5 mg; neither 40 nor 20 IU appears as an amount."""
    found = calendar("acth-tetracosactide-ukiss", "--start", "2027-01-04")

    assert {(d["amount"], d["unit"]) for one in found["days"][:14] for d in one["doses"]} == {("0.5", "mg")}
