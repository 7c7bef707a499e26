"""Why a dose is what it is: a chain that gives the same dose again from its JSON alone, and a paragraph."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from protocols.engine.course import CourseDetails, Reweigh
from protocols.engine.explain import NothingToExplain
from protocols.engine.explain_dose import (
    DoseChain,
    dose_chain_as_data,
    dose_chain_from_data,
    dose_in_words,
    explain_dose,
    replay_dose,
)
from tests.protocols.dosing.calendars import library

START = date(2026, 11, 23)
FORMULARY = library().formulary


def chain_of(protocol: str, day: int, *, products: tuple[str, ...] = (), **more: Any) -> DoseChain:
    given = {FORMULARY.products[key].drug: FORMULARY.products[key] for key in products}
    said: dict[str, Any] = {"weight_kg": Decimal("7.2"), "length_cm": Decimal(66), "products": given}
    asked = {name: more.pop(name) for name in ("open_from", "facts", "zone") if name in more}
    return explain_dose(
        START + timedelta(days=day - 1),
        edition=library().editions[protocol],
        details=CourseDetails(start_on=START, **{**said, **more}),
        formulary=FORMULARY,
        sources=tuple(library().sources.values()),
        **asked,
    )


@pytest.mark.parametrize("protocol", sorted(library().editions))
@pytest.mark.parametrize("day", [1, 8, 15, 22, 30, 200])
def test_the_chain_gives_the_same_dose_again_from_its_json_alone(protocol: str, day: int) -> None:
    try:
        chain = chain_of(protocol, day, facts=("coursestart/1",), zone="America/Chicago")
    except NothingToExplain:
        return  # the course is over by then

    read = dose_chain_from_data(json.loads(json.dumps(dose_chain_as_data(chain))))

    assert read == chain
    assert replay_dose(read) == chain.answer
    assert f"treatment day {day}" in dose_in_words(read)


def test_another_number_in_the_chain_gives_another_dose() -> None:
    chain = chain_of("acth-gel-us-label", 1)

    heavier = replace(chain, details=replace(chain.details, weight_kg=Decimal("8.2")))

    assert replay_dose(heavier).doses[0].amount > chain.answer.doses[0].amount


def test_the_paragraph_says_the_count_the_rounding_and_the_source() -> None:
    chain = chain_of("acth-gel-us-label", 1, products=("acth-gel-80u-ml",), zone="America/Chicago")

    said = dose_in_words(chain)

    # 7.2 kg and 66 cm: the square root of 7.2 x 66 / 3600 is 0.36332 m2, of which 75 U/m2 is 27.248853 U
    assert said.startswith("On Monday 23 November 2026: 27.249 U into the muscle twice daily")
    assert "It is treatment day 1; the first dose, on Monday 23 November 2026, is day 1." in said
    assert "ACTH gel, US label, edition 1, phase “Full dose”." in said
    assert "Counted for 7.2 kg and 66 cm: 0.363 m² of body surface." in said
    assert "Each administration is 27.248853 U, measured as 0.34 mL (rounded half-up: -0.179 %)." in said
    assert "Source: Acthar Gel label copy, rev 3/2019 (verified" in said
    assert said.endswith("Days are counted in the time zone America/Chicago.")


def test_a_fixed_dose_needs_no_weight_and_an_exact_volume_no_rounding() -> None:
    said = dose_in_words(chain_of("prednisolone-ukiss", 1, products=("prednisolone-10mg-ml",)))

    assert "Counted for" not in said
    assert "Each administration is 10 mg, measured as 1 mL. Source:" in said


def test_tablets_are_said_as_tablets_and_a_kept_maximum_is_said() -> None:
    tablets = dose_in_words(chain_of("vigabatrin-ema", 1, products=("vigabatrin-tablet-100mg",)))
    capped = dose_in_words(
        chain_of(
            "vigabatrin-us-label",
            40,
            products=("vigabatrin-50mg-ml",),
            weight_kg=Decimal("7.26"),
            choices={"target": "150"},
        )
    )

    assert "tablets" in tablets
    assert "so that the maximum is kept" in capped
    assert "Chosen: Target dose: 150." in capped


def test_what_was_decided_and_accepted_by_then_is_said() -> None:
    decided: dict[str, Any] = {"decisions": {"week-2-dose": 8}}
    weighed: dict[str, Any] = {"reweighs": (Reweigh(day=10, weight_kg=Decimal("7.6")),)}

    before = dose_in_words(chain_of("prednisolone-ukiss", 7, **decided, **weighed))
    after = dose_in_words(chain_of("prednisolone-ukiss", 12, **decided, **weighed))

    assert "Decided:" not in before
    assert "yes, from treatment day 8" in after
    assert "A new weight was accepted from treatment day 10" in after


def test_what_nobody_has_decided_is_said_with_both_ways() -> None:
    said = dose_in_words(chain_of("prednisolone-ukiss", 9, open_from={"week-2-dose": 8}))

    assert "not decided: the prescriber decides between 10 mg" in said


def test_a_dose_nobody_knows_and_a_source_nobody_read_are_said() -> None:
    unknown = dose_in_words(chain_of("acth-hrachovy-low", 15))
    tail = dose_in_words(chain_of("acth-tetracosactide-ukiss", 15))

    assert "dose not known: no source gives it" in unknown
    assert "The day's amount is 30 mg. Source: none was read (general knowledge, not verified" in tail


def test_two_drugs_are_named() -> None:
    said = dose_in_words(chain_of("combination-iciss", 1))

    assert "prednisolone 10 mg" in said
    assert "vigabatrin 180 mg" in said


def test_a_day_outside_the_course_has_nothing_to_explain() -> None:
    with pytest.raises(NothingToExplain, match="2026-11-22 is no day of this course"):
        chain_of("prednisolone-ukiss", 0)
