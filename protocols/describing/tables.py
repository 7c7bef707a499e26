"""Dose tables of a protocol: a line for each stretch of days, a column for each example child."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from protocols.describing.rules import rule_words
from protocols.describing.variants import Variant, calendar_for, variants_of
from protocols.engine.administration import Dose
from protocols.engine.citing import cited_words
from protocols.engine.course import drugs_of
from protocols.engine.dosing import Calendar, PartCalendar, State
from protocols.engine.formulary import ExampleChild, Form, Product
from protocols.engine.layout import PlannedDose
from protocols.engine.quantities import short_text
from protocols.engine.regimen import ProtocolEdition
from protocols.engine.words import Stretch, stretches_of
from protocols.library_files.library import Library

DECIMALS = 3
NOT_GIVEN = {State.OFF: "no dose", State.UNDEFINED: "not defined"}


def doses_table(edition: ProtocolEdition, variant: Variant, *, library: Library) -> list[str]:
    """Days, phase, rule and amounts, with where they come from."""
    calendars = [
        calendar_for(edition, variant, child=child, formulary=library.formulary) for child in library.examples
    ]
    rows = [
        (
            days_words(stretch),
            stretch.phase,
            _rules(calendars[0], stretch, library=library),
            *(_amounts(calendar, stretch) for calendar in calendars),
            ", ".join(dict.fromkeys(cited_words(c) for step in stretch.steps for c in step.cited)),
        )
        for stretch in stretches_of(calendars[0], formulary=library.formulary)
    ]
    return markdown_table(("Days", "Phase", "Dose", *_names(library.examples), "Sources"), rows)


def volumes_tables(edition: ProtocolEdition, *, library: Library) -> Iterator[list[str]]:
    """What is drawn up or counted out of each product, for the first variant that gives its drug."""
    for drug in drugs_of(edition, formulary=library.formulary):
        for product in library.formulary.products_of(drug):
            table = _volumes(edition, product, library=library)
            if table:
                yield [f"### Measured out: {product.name}", "", *table, ""]


def markdown_table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    return [
        f"| {' | '.join(head)} |",
        f"|{' --- |' * len(head)}",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]


def days_words(stretch: Stretch) -> str:
    one = stretch.first_day == stretch.last_day
    return str(stretch.first_day) if one else f"{stretch.first_day}–{stretch.last_day}"


def _rules(calendar: Calendar, stretch: Stretch, *, library: Library) -> str:
    """What the rows say for the first day of a stretch."""
    words = [
        rule_words(dose, drug=library.formulary.drugs[dose.step.drug], settings=part.settings)
        for part in calendar.parts
        for planned in part.layout.days
        if planned.day == stretch.first_day
        for dose in planned.doses
    ]
    return "; ".join(words) or "no dose"


def _amounts(calendar: Calendar, stretch: Stretch) -> str:
    day = calendar.days[stretch.first_day - 1]
    words = [f"{short_text(d.amount, decimals=DECIMALS)} {d.unit} {_times(d)}".strip() for d in day.doses]
    return "; ".join(words) or NOT_GIVEN[day.state]


def _times(dose: Dose) -> str:
    return "in the day" if dose.times is None else f"x {dose.times}"


def _volumes(edition: ProtocolEdition, product: Product, *, library: Library) -> list[str]:
    """A line for each rule that gives the product's drug, whichever way the course goes."""
    rows: dict[str, tuple[str, ...]] = {}
    for variant in variants_of(edition, formulary=library.formulary):
        calendars = [
            calendar_for(
                edition, variant, child=c, formulary=library.formulary, products={product.drug: product}
            )
            for c in library.examples
        ]
        for part, day, planned in _dosing_days(calendars[0], drug=product.drug):
            drug = library.formulary.drugs[product.drug]
            words = rule_words(planned, drug=drug, settings=part.settings)
            rows.setdefault(words, (words, *(_measured(c, day, product) for c in calendars)))
    return markdown_table(("Dose", *_names(library.examples)), list(rows.values())) if rows else []


def _dosing_days(calendar: Calendar, *, drug: str) -> Iterator[tuple[PartCalendar, int, PlannedDose]]:
    for part in calendar.parts:
        for planned in part.layout.days:
            for dose in planned.doses:
                if dose.step.drug == drug and dose.amount is not None:
                    yield part, planned.day, dose


def _measured(calendar: Calendar, day: int, product: Product) -> str:
    """What is measured out on a day, with its rounding error: 0.34 mL (-0.2 %)."""
    doses = [dose for dose in calendar.days[day - 1].doses if dose.drug == product.drug]
    if any(dose.measured is None for dose in doses):
        return "split not entered"
    unit = "tablets" if product.form is Form.TABLET else "mL"
    amounts = " + ".join(short_text(dose.measured or Decimal(0), decimals=2) for dose in doses)
    error = doses[0].rounding_error_pct or Decimal(0)
    down = ", rounded down at the maximum" if doses[0].rounded_down_at_cap else ""
    return f"{amounts} {unit} ({short_text(error, decimals=1)} %{down})"


def _names(children: tuple[ExampleChild, ...]) -> list[str]:
    return [
        f"{short_text(child.weight_kg, decimals=1)} kg, {short_text(child.length_cm, decimals=1)} cm"
        for child in children
    ]
