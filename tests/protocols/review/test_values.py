"""Measured values that ask for something the same day, on a hormone and in its adrenal window."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from protocols.engine import facts as f
from protocols.engine.explain import Subject, explain, replay
from protocols.engine.pathway_checking import mistakes_in_pathway
from protocols.engine.plan import CheckState
from tests.protocols.review.plans import CHILD, checks, day, fact, hormone, plan
from tests.protocols.review.stories import FIRST_LINE

START = hormone()


def weight(on: str, grams: int) -> f.Weight:
    return fact(f.Weight, on, grams=grams)


@pytest.mark.parametrize(
    ("measured", "code", "opens"),
    [
        (fact(f.Glucose, "2027-01-09", mg_dl=200), "GLUCOSE-HIGH", 0),
        (fact(f.Glucose, "2027-01-09", mg_dl=201), "GLUCOSE-HIGH", 1),
        (fact(f.Glucose, "2027-01-09", urine_plus=1), "GLUCOSE-HIGH", 0),
        (fact(f.Glucose, "2027-01-09", urine_plus=2), "GLUCOSE-HIGH", 1),
        (fact(f.Electrolytes, "2027-01-09", potassium=Decimal("3.5")), "POTASSIUM-LOW", 0),
        (fact(f.Electrolytes, "2027-01-09", potassium=Decimal("3.4")), "POTASSIUM-LOW", 1),
        (fact(f.Electrolytes, "2027-01-09", potassium=Decimal("2.9")), "POTASSIUM-LOW", 2),
        (fact(f.Electrolytes, "2027-01-09", sodium=Decimal(140)), "POTASSIUM-LOW", 0),
        (fact(f.Stool, "2027-01-09", blood=True), "STOOL-BLOOD", 1),
        (fact(f.Stool, "2027-01-09", blood=False), "STOOL-BLOOD", 0),
    ],
)
def test_a_value_out_of_range_opens_a_check(measured: f.Fact, code: str, opens: int) -> None:
    assert len(checks(plan(START, measured, as_of="2027-01-09"), code)) == opens


@pytest.mark.parametrize(
    ("before", "now", "parts"),
    [
        (("2027-01-04", 7800), ("2027-01-18", 8579), []),
        (("2027-01-04", 7800), ("2027-01-18", 8580), ["gain"]),
        (("2027-01-04", 7800), ("2027-01-19", 9000), []),
        (("2027-01-04", 7800), ("2027-01-11", 7780), ["loss"]),
        (("2027-01-04", 7800), ("2027-01-11", 7800), []),
    ],
)
def test_weight_is_judged_by_its_change_in_two_weeks(
    before: tuple[str, int], now: tuple[str, int], parts: list[str]
) -> None:
    asked = plan(START, weight(*before), weight(*now), as_of=now[0])

    assert [check.key.split(":")[1] for check in checks(asked, "WEIGHT-CHANGE")] == parts


def test_a_call_closes_it_and_a_low_potassium_is_measured_again() -> None:
    low = fact(f.Electrolytes, "2027-01-09", potassium=Decimal("2.9"))
    called = fact(f.Call, "2027-01-09", reached=True)
    again = fact(f.Electrolytes, "2027-01-10", potassium=Decimal("3.9"))

    asked = plan(START, low, called, again, as_of="2027-01-10")

    assert {check.state for check in checks(asked, "POTASSIUM-LOW")} == {CheckState.DONE}


def test_off_hormones_the_values_open_nothing() -> None:
    measured = fact(f.Glucose, "2027-01-01", mg_dl=400)

    assert checks(plan(measured, START, as_of="2027-01-09"), "GLUCOSE-HIGH") == []


def test_a_value_can_be_explained() -> None:
    facts = f.Facts(child=CHILD, facts=(START, fact(f.Glucose, "2027-02-09", mg_dl=250, id_="g")))
    as_of = day("2027-02-10")

    chain = explain(FIRST_LINE, facts, as_of, Subject.CHECK, "GLUCOSE-HIGH:blood:g")

    assert replay(chain) == chain.answer
    assert "glucose mg dl 250" in chain.answer.because.sentence


def test_a_rule_about_a_value_says_which_and_from_when() -> None:
    rules = tuple(
        replace(rule, measure="mood", at_least=None) if rule.code == "STOOL-BLOOD" else rule
        for rule in FIRST_LINE.monitoring_rules
    )

    said = "\n".join(str(m) for m in mistakes_in_pathway(replace(FIRST_LINE, monitoring_rules=rules)))

    assert "'mood' is not one of glucose-mg-dl, urine-glucose-plus" in said
    assert "at_least or below must be given" in said
