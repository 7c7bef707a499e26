"""Warnings that follow from the course as a whole: its label, its choices, its products, its end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from protocols.engine.citing import Mark
from protocols.engine.course import CourseDetails, Formulary, Settings
from protocols.engine.days import add_months, treatment_day
from protocols.engine.dosing import Calendar, PartCalendar
from protocols.engine.limits import Advice, LabelRange
from protocols.engine.quantities import short_text
from protocols.engine.regimen import Choice, ProtocolEdition
from protocols.engine.terms import When
from protocols.engine.warning import DoseWarning, drugs_in, whole_course


def course_warnings(calendar: Calendar, *, formulary: Formulary) -> Iterator[DoseWarning]:
    days = whole_course(calendar)
    drugs = {drug for part in calendar.parts for drug in drugs_in(part)}
    for edition, settings in _editions(calendar):
        yield from _of_edition(edition, settings, details=calendar.details, drugs=drugs, days=days)
    for part in calendar.parts:
        yield from _verdict_open(part)
    yield from _products(calendar, formulary=formulary, drugs=drugs, days=days)


def _of_edition(
    edition: ProtocolEdition,
    settings: Settings,
    *,
    details: CourseDetails,
    drugs: set[str],
    days: tuple[int, int],
) -> Iterator[DoseWarning]:
    """What the edition says of the drugs that this course gives."""
    for label in edition.label_ranges:
        if label.drug in drugs:
            yield from _label(label, details=details, days=days)
    for choice in edition.choices:
        if choice.drug is None or choice.drug in drugs:
            yield from _choice(choice, settings=settings, days=days)
    for advice in edition.advice:
        if _applies(advice, details=details, settings=settings, drugs=drugs):
            yield _warning(advice.code, advice.text, days, drug=advice.drug)


def _editions(calendar: Calendar) -> Iterator[tuple[ProtocolEdition, Settings]]:
    """The edition asked for, and those of the parts it combines."""
    settings = calendar.parts[0].settings
    yield calendar.edition, settings
    for part in calendar.parts:
        if part.edition is not calendar.edition:
            yield part.edition, part.settings


def _warning(code: str, text: str, days: tuple[int, int], *, drug: str | None = None) -> DoseWarning:
    return DoseWarning(code=code, text=text, first_day=days[0], last_day=days[1], drug=drug)


def _label(label: LabelRange, *, details: CourseDetails, days: tuple[int, int]) -> Iterator[DoseWarning]:
    weights = [(1, details.weight_kg), *((r.day, r.weight_kg) for r in details.reweighs)]
    for day, weight in weights:
        if weight is not None and _is_outside_weights(label, weight):
            text = f"{label.label}: {label.text} The weight is {short_text(weight, decimals=3)} kg."
            yield _warning("outside-label-weight", text, (day, days[1]), drug=label.drug)
    if details.born_on is not None:
        yield from _label_age(label, born_on=details.born_on, details=details, days=days)


def _is_outside_weights(label: LabelRange, weight: Decimal) -> bool:
    too_light = label.from_weight_kg is not None and weight < label.from_weight_kg
    return too_light or (label.to_weight_kg is not None and weight > label.to_weight_kg)


def _label_age(
    label: LabelRange, *, born_on: date, details: CourseDetails, days: tuple[int, int]
) -> Iterator[DoseWarning]:
    """Age counts on the start date; a limit reached during the course is said, and stops nothing."""
    text = f"{label.label}: {label.text}"
    too_young = label.from_age_months is not None and details.start_on < add_months(
        born_on, label.from_age_months
    )
    if too_young and label.contraindicated:
        yield _warning("contraindicated-age", text, days, drug=label.drug)
    elif too_young:
        yield _warning("outside-label-age", text, days, drug=label.drug)
    if label.below_age_months is None:
        return
    day = treatment_day(start_on=details.start_on, on=add_months(born_on, label.below_age_months))
    if day <= 1:
        yield _warning("outside-label-age", text, days, drug=label.drug)
    elif day <= days[1]:
        reached = (
            f"{text} The child reaches that age on day {day}; age counts on the start date: nothing stops."
        )
        yield _warning("label-age-reached-during-course", reached, (day, days[1]), drug=label.drug)


def _choice(choice: Choice, *, settings: Settings, days: tuple[int, int]) -> Iterator[DoseWarning]:
    value = settings.text(choice.name)
    chosen = next((allowed for allowed in choice.allowed if allowed.value == value), None)
    if chosen is not None and chosen.warning:
        yield _warning(chosen.warning, f"{choice.title}: {chosen.words}", days, drug=choice.drug)
    if choice.dispute and value is not None:
        words = f"{value} {choice.unit}".strip()
        yield _warning(
            "disputed", f"{choice.title}: {words} is used. {choice.dispute}", days, drug=choice.drug
        )
    if value is not None and any(cited.mark is Mark.GENERAL for cited in choice.cited):
        text = f"{choice.title}: {value} is general knowledge, not verified in any source read."
        yield _warning("source-not-verified", text, days, drug=choice.drug)


def _applies(advice: Advice, *, details: CourseDetails, settings: Settings, drugs: set[str]) -> bool:
    if not settings.holds(advice.given) or (advice.drug is not None and advice.drug not in drugs):
        return False
    return advice.when is When.ALWAYS or details.renal_impairment


def _verdict_open(part: PartCalendar) -> Iterator[DoseWarning]:
    phase = part.layout.waiting
    if phase is not None:
        last = part.days[-1].day if part.days else 1
        text = (
            f"After day {last} the course depends on the verdict, which is open: {phase.name} is one way on."
        )
        yield DoseWarning(code="verdict-open", text=text, first_day=last, last_day=last)


def _products(
    calendar: Calendar, *, formulary: Formulary, drugs: set[str], days: tuple[int, int]
) -> Iterator[DoseWarning]:
    for drug, product in calendar.details.products.items():
        if drug not in drugs:
            continue
        others = [
            other
            for other in formulary.products_of(drug)
            if (other.form, other.strength) != (product.form, product.strength)
        ]
        if others:
            names = ", ".join(other.name for other in others)
            text = (
                f"Verify the strength: this calendar is for {product.name}. The drug also comes as {names}."
            )
            yield _warning("strength-differs", text, days, drug=drug)
        if any(cited.mark is Mark.GENERAL for cited in product.cited):
            text = f"{product.name}: its strength is general knowledge, not verified in any source read."
            yield _warning("source-not-verified", text, days, drug=drug)
