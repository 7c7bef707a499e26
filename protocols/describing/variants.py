"""The ways a course on a protocol can go, each as the calendar of example children."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from protocols.engine.course import CourseDetails, Formulary, active_parts
from protocols.engine.dosing import Calendar, dose_calendar
from protocols.engine.formulary import ExampleChild, Product
from protocols.engine.regimen import ProtocolEdition
from protocols.engine.terms import Verdict

EXAMPLE_START = date(2026, 1, 5)  # a Monday; pages show treatment days, so the date does not matter


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One way a course can go."""

    title: str
    details: CourseDetails


def variants_of(edition: ProtocolEdition, *, formulary: Formulary) -> Iterator[Variant]:
    """As it stands (or by verdict), then with each conditional step taken as early as it may be."""
    plain = CourseDetails(start_on=EXAMPLE_START)
    if any(phase.verdict for phase in edition.phases):
        yield Variant(title="With response", details=replace(plain, verdict=Verdict.RESPONDER))
        yield Variant(title="Without response", details=replace(plain, verdict=Verdict.NON_RESPONDER))
    else:
        yield Variant(title="The course", details=plain)
    for part in active_parts(edition, details=plain, formulary=formulary):
        for condition in part.conditions:
            title = f"{condition.question} Yes: from day {condition.from_day}"
            yield Variant(title=title, details=replace(plain, decisions={condition.key: condition.from_day}))


def calendar_for(
    edition: ProtocolEdition,
    variant: Variant,
    *,
    child: ExampleChild,
    formulary: Formulary,
    products: dict[str, Product] | None = None,
) -> Calendar:
    """The calendar of an example child."""
    details = replace(
        variant.details, weight_kg=child.weight_kg, length_cm=child.length_cm, products=products or {}
    )
    return dose_calendar(edition, details=details, formulary=formulary)
