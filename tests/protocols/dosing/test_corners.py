"""Rows the shipped library does not hold, and doses too small or too odd for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from protocols.describing.rows import rows_of
from protocols.describing.rules import rule_words
from protocols.engine.citing import Mark
from protocols.engine.course import CourseDetails, Formulary, Settings
from protocols.engine.dosing import Calendar, dose_calendar
from protocols.engine.formulary import Rounding
from protocols.engine.layout import PlannedDose
from protocols.engine.quantities import Direction, added, exact_text, short_text, to_step
from protocols.engine.regimen import DoseStep, Given, Phase, ProtocolEdition, Ramp, Value
from protocols.engine.reweighing import over_maximum
from protocols.engine.terms import Basis, LengthUnit, Per, Slot
from protocols.engine.totals import totals_of
from protocols.engine.warnings_of import warnings_of
from protocols.engine.words import todays_dose
from tests.protocols.dosing.calendars import library

FORMULARY = library().formulary
START = date(2026, 11, 30)
TABLET = FORMULARY.products["vigabatrin-tablet-100mg"]
US_LABEL = library().editions["vigabatrin-us-label"]


def calendar_on(edition: ProtocolEdition, **details: Any) -> Calendar:
    asked = CourseDetails(**{"start_on": START, "weight_kg": Decimal(4), **details})
    return dose_calendar(edition, details=asked, formulary=FORMULARY)


def in_phase(edition: ProtocolEdition, position: int, **changes: Any) -> ProtocolEdition:
    phases = list(edition.phases)
    phases[position] = replace(phases[position], **changes)
    return replace(edition, phases=tuple(phases))


def test_tablets_that_are_not_halved_unevenly_are_the_same_twice() -> None:
    found = calendar_on(US_LABEL, products={"vigabatrin": replace(TABLET, uneven_halves=False)})

    only = found.days[0].doses[0]
    assert (only.times, only.tablets, only.volume_ml) == (2, Decimal("1.0"), None)
    today = todays_dose(found, on=START, formulary=FORMULARY)
    assert today is not None
    assert today.text.startswith("100 mg by mouth twice daily (1 x 100 mg tablet each)")


def test_a_dose_below_half_a_tablet_at_the_maximum_measures_out_as_nothing() -> None:
    found = calendar_on(
        US_LABEL,
        weight_kg=Decimal("0.1"),
        products={"vigabatrin": TABLET},
        choices={"target": "150", "increment": "50"},
    )

    at_target = found.days[10].doses
    assert [(dose.tablets, dose.rounding) for dose in at_target] == [(Decimal("0.0"), Direction.DOWN)]


def test_a_product_may_round_down_always() -> None:
    product = replace(FORMULARY.products["vigabatrin-50mg-ml"], rounding=Rounding.DOWN)

    found = calendar_on(US_LABEL, weight_kg=Decimal("7.17"), products={"vigabatrin": product})

    assert found.days[6].doses[0].volume_ml_rounded == Decimal("10.7")
    assert "rounded-down-at-cap" not in {w.code for w in warnings_of(found, formulary=FORMULARY)}


def test_a_ramp_with_nothing_to_go_on_from_has_no_days() -> None:
    taper = US_LABEL.phases[2]
    alone = replace(US_LABEL, phases=(taper,))

    assert calendar_on(alone).days == ()
    assert totals_of(calendar_on(alone)) == ()
    assert calendar_on(alone).last_dose_on is None


def test_a_ramp_that_does_not_move_has_no_days() -> None:
    titration = US_LABEL.phases[0]
    still = Ramp(
        start=Value(number=Decimal(50)),
        by=Value(number=Decimal(0)),
        every_days=Value(number=Decimal(3)),
        until=Value(number=Decimal(150)),
    )
    edition = replace(
        US_LABEL, phases=(replace(titration, steps=(replace(titration.steps[0], ramp=still),)),)
    )

    assert calendar_on(edition).days == ()


def test_a_steady_drug_may_stand_beside_a_ramp() -> None:
    titration = US_LABEL.phases[0]
    beside = DoseStep(
        drug="prednisolone", unit="mg", amount=Value(number=Decimal(10)), times=Value(number=Decimal(1))
    )
    edition = in_phase(US_LABEL, 0, steps=(*titration.steps, beside))

    assert [dose.drug for dose in calendar_on(edition).days[3].doses] == ["vigabatrin", "prednisolone"]


def test_advice_may_hang_on_a_choice() -> None:
    advice = replace(US_LABEL.advice[1], code="only-at-100", given=Given(choice="target", equals="100"))
    edition = replace(US_LABEL, advice=(advice,))

    silent = warnings_of(calendar_on(edition), formulary=FORMULARY)
    said = warnings_of(calendar_on(edition, choices={"target": "100"}), formulary=FORMULARY)

    assert "only-at-100" not in {warning.code for warning in silent}
    assert "only-at-100" in {warning.code for warning in said}


def test_a_fixed_caution_needs_no_weight_and_one_per_kg_is_silent_without() -> None:
    ukiss = library().editions["prednisolone-ukiss"]
    fixed = replace(ukiss.cautions[0], code="over-35-mg", above=Decimal(35), basis=Basis.FIXED, text="High")
    edition = replace(ukiss, cautions=(*ukiss.cautions, fixed))

    codes = {
        warning.code for warning in warnings_of(calendar_on(edition, weight_kg=None), formulary=FORMULARY)
    }

    assert "over-35-mg" in codes
    assert "over-8-mg-per-kg" not in codes


def test_a_fixed_maximum_is_no_matter_of_weight() -> None:
    by_weight = library().editions["prednisolone-weight-based"]
    found = calendar_on(by_weight)

    assert list(over_maximum(found, formulary=FORMULARY)) == []


def test_the_rules_of_rows_in_words() -> None:
    drug = FORMULARY.drugs["vigabatrin"]
    settings = Settings(choices=(), values={})
    step = DoseStep(
        drug="vigabatrin", unit="mg", times=Value(number=Decimal(1)), slot=Slot.EVENING, on_days=(1, 4)
    )
    five = PlannedDose(
        step=replace(step, slot=None, times=Value(number=Decimal(5)), on_days=(), every_days=3),
        amount=Decimal(7),
    )

    evening = rule_words(PlannedDose(step=step, amount=Decimal(7)), drug=drug, settings=settings)
    nothing = rule_words(PlannedDose(step=step, amount=None), drug=drug, settings=settings)

    assert evening == "vigabatrin 7 mg each evening on listed days"
    assert nothing == "vigabatrin: not defined"
    assert rule_words(five, drug=drug, settings=settings) == "vigabatrin 7 mg 5 times daily, every 3 days"


def test_the_rows_of_a_page_say_verdicts_givens_and_slots() -> None:
    rows = list(rows_of(library().editions["ucla-sequential"], library=library()))

    assert any("only for a non-responder, where `acth_ending` is us-label" in row for row in rows)
    assert any(", morning. [V S1]" in row for row in rows)
    assert any("length not known" in row for row in rows)


def test_marks_have_words() -> None:
    assert Mark.GENERAL.words == "general knowledge, not verified"
    assert {mark.words for mark in Mark} >= {"verified", "secondary source"}


def test_numbers_are_printed_as_they_are() -> None:
    assert exact_text(Decimal(10)) == "10"
    assert exact_text(Decimal("10.50")) == "10.5"
    assert exact_text(Decimal(100) / 3).startswith("33.33333333333333")
    assert short_text(Decimal("1.005"), decimals=2) == "1.01"
    assert short_text(Decimal(100), decimals=0) == "100"


def test_a_number_that_misses_a_tie_by_guard_digits_only_is_the_tie() -> None:
    almost = Decimal("0.375") - Decimal("1e-60")

    assert to_step(almost, step=Decimal("0.01"), direction=Direction.HALF_UP) == Decimal("0.38")


def test_a_body_surface_that_is_a_round_number_gives_round_doses() -> None:
    """7.68 kg and 63.48 cm are 0.368 m2 exactly: 27.6 U, 0.345 mL, a tie."""
    edition = library().editions["acth-gel-us-label"]
    products = {"acth-gel": FORMULARY.products["acth-gel-80u-ml"]}

    found = calendar_on(edition, weight_kg=Decimal("7.68"), length_cm=Decimal("63.48"), products=products)

    first = found.days[0].doses[0]
    assert (first.amount, first.volume_ml, first.volume_ml_rounded) == (
        Decimal("27.6"),
        Decimal("0.345"),
        Decimal("0.35"),
    )


def test_uneven_parts_are_together_the_days_amount_to_the_last_digit() -> None:
    """13.09 kg at the maximum of 150 mg/kg is 1963.5 mg, shared as 9.5 and 10 tablets."""
    found = calendar_on(US_LABEL, weight_kg=Decimal("13.09"), products={"vigabatrin": TABLET})

    highest = max((day.doses for day in found.days), key=lambda doses: doses[-1].tablets or 0)
    assert [dose.tablets for dose in highest] == [Decimal("9.5"), Decimal("10.0")]
    assert added(*(dose.day_amount for dose in highest)) == Decimal("1963.5")


def test_phases_of_months_follow_the_calendar_and_a_moved_taper_counts_its_own_month() -> None:
    edition = library().editions["vigabatrin-ukiss"]

    moved = calendar_on(edition, taper_from_day=10)

    assert [phase.length.unit for phase in edition.phases].count(LengthUnit.MONTHS) == 2
    assert (moved.days[9].on, moved.days[9].phase) == (date(2026, 12, 9), "Taper over one month")
    assert moved.days[-1].on == date(2027, 1, 8)


def test_a_formulary_knows_the_products_of_a_drug() -> None:
    empty = Formulary(drugs=FORMULARY.drugs, products={})

    assert empty.products_of("vigabatrin") == ()
    assert len(FORMULARY.products_of("vigabatrin")) == 3
    assert isinstance(US_LABEL.phases[0], Phase)
    assert US_LABEL.phases[0].steps[0].per is Per.DAY
