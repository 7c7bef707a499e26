"""Dose phases: days of equal doses become one instruction each, in order."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from fhir.resources.R4B.dosage import Dosage

from ispath.fhir.answers import to_json
from ispath.fhir.dosage import Dose, DoseDay, dosage_instructions

FIRST = dt.date(2027, 1, 4)


def day(number: int, *doses: Dose, phase: str = "Full dose") -> DoseDay:
    return DoseDay(on=FIRST + dt.timedelta(days=number - 1), phase=phase, doses=doses)


def of(amount: str, times: int | None = 4, slot: str | None = None) -> Dose:
    return Dose(amount=Decimal(amount), unit="mg", times=times, slot=slot)


def spans(instructions: list[dict[str, object]]) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    for each in instructions:
        repeat = each["timing"]["repeat"]  # type: ignore[index]
        bounds = repeat["boundsPeriod"]
        found.append((each["sequence"], bounds["start"], bounds["end"], repeat["frequency"]))
    return found


def test_days_of_equal_doses_are_one_instruction() -> None:
    days = [
        *(day(n, of("10")) for n in range(1, 15)),
        *(day(n, of("10", 3), phase="Taper") for n in range(15, 20)),
    ]

    instructions = dosage_instructions(days, route="by mouth")

    assert spans(instructions) == [(1, "2027-01-04", "2027-01-17", 4), (2, "2027-01-18", "2027-01-22", 3)]
    assert instructions[0]["text"] == "10 mg four times daily, 2027-01-04 to 2027-01-17 (Full dose)"


def test_a_day_without_a_dose_is_a_gap_and_not_a_dose_of_nothing() -> None:
    days = [day(1, of("10")), day(2), day(3, of("10"))]

    assert spans(dosage_instructions(days, route="by mouth")) == [
        (1, "2027-01-04", "2027-01-04", 4),
        (2, "2027-01-06", "2027-01-06", 4),
    ]


def test_two_slots_of_a_day_are_two_instructions() -> None:
    days = [day(1, of("150", 1, "morning"), of("250", 1, "evening"))]

    instructions = dosage_instructions(days, route="by mouth")

    assert [each["timing"]["repeat"]["when"] for each in instructions] == [["MORN"], ["EVE"]]


def test_an_undivided_day_says_so() -> None:
    (only,) = dosage_instructions([day(1, of("40", None))], route="by injection")

    assert "not split yet" in only["text"]


@pytest.mark.parametrize("amount", ["0.25", "177.75", "27.248853123456", "10", "1000000"])
def test_an_amount_is_a_plain_number_and_valid(amount: str) -> None:
    (only,) = dosage_instructions([day(1, of(amount))], route="by mouth")

    text = to_json(only).decode()

    assert "E+" not in text
    Dosage.model_validate_json(text)


def test_a_course_without_doses_has_no_instructions() -> None:
    assert dosage_instructions([day(1), day(2)], route="by mouth") == []
