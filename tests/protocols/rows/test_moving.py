"""A course that goes on by another edition: days before stay as they were given."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from protocols.engine.course import CourseDetails, Formulary
from protocols.engine.dosing import Calendar, dose_calendar
from protocols.engine.moving import moved
from protocols.engine.regimen import ProtocolEdition
from protocols.engine.terms import Value
from protocols.engine.totals import totals_of
from tests.factories.protocols import library_files

START = date(2026, 11, 2)
LATER = date(2026, 11, 9)
DETAILS = CourseDetails(start_on=START, weight_kg=Decimal("7.2"), length_cm=Decimal(66))
EDITIONS = {values.key: values for values in library_files().protocols}
FORMULARY = Formulary(
    drugs={drug.key: drug for drug in library_files().drugs},
    products={product.key: product for product in library_files().products},
    editions=EDITIONS,
)


def calendar(edition: ProtocolEdition, formulary: Formulary = FORMULARY) -> Calendar:
    return dose_calendar(edition, details=DETAILS, formulary=formulary)


def halved(key: str) -> ProtocolEdition:
    """The edition with the amounts of its full dose halved."""
    edition = EDITIONS[key]
    phase, *phases = edition.phases
    steps = tuple(
        replace(step, amount=Value(number=step.amount.number / 2))
        for step in phase.steps
        if step.amount and step.amount.number
    )
    return replace(edition, edition="1.1", phases=(replace(phase, steps=steps), *phases))


def day_amounts(which: Calendar) -> dict[date, Decimal]:
    return {day.on: sum((dose.day_amount for dose in day.doses), Decimal(0)) for day in which.days}


def test_days_before_the_move_stay_and_days_from_then_on_are_the_new_ones() -> None:
    before, after = calendar(EDITIONS["prednisolone-ukiss"]), calendar(halved("prednisolone-ukiss"))

    both = moved(before, after, from_on=LATER)

    amounts = day_amounts(both)
    assert amounts[date(2026, 11, 8)] == 40
    assert amounts[LATER] == 20
    assert [day.day for day in both.days] == list(range(1, 30))
    assert both.edition.edition == "1.1"


def test_the_total_is_that_of_what_was_given_and_what_will_be() -> None:
    before, after = calendar(EDITIONS["prednisolone-ukiss"]), calendar(halved("prednisolone-ukiss"))

    both = moved(before, after, from_on=LATER)

    assert totals_of(both)[0].amount == 7 * 40 + 7 * 20 + 300


def test_a_move_on_the_first_day_is_the_new_edition_and_one_after_the_end_the_old() -> None:
    before, after = calendar(EDITIONS["prednisolone-ukiss"]), calendar(halved("prednisolone-ukiss"))

    assert moved(before, after, from_on=START).days == after.days
    assert moved(before, after, from_on=date(2027, 11, 2)).days == before.days


def test_a_part_that_only_one_of_the_editions_combines_stands_on_its_side_of_the_day() -> None:
    alone, combined = calendar(EDITIONS["prednisolone-ukiss"]), calendar(EDITIONS["combination-iciss"])

    joined = moved(alone, combined, from_on=LATER)
    left = moved(combined, alone, from_on=LATER)

    given = {day.on: {dose.drug for dose in day.doses} for day in joined.days}
    assert given[date(2026, 11, 8)] == {"prednisolone"}
    assert given[LATER] == {"prednisolone", "vigabatrin"}
    parts = {part.edition.key: part.days for part in left.parts}
    assert parts["vigabatrin-ukiss"][-1].on == date(2026, 11, 8)
    assert {dose.drug for day in left.days if day.on == LATER for dose in day.doses} == {"prednisolone"}
