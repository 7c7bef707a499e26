"""Does a library lead to what the sources say? Each difference from `expected` in words."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from protocols.calendars.arguments import asked
from protocols.engine.administration import Dose
from protocols.engine.checking import allowed_words
from protocols.engine.dosing import Calendar, dose_calendar
from protocols.engine.regimen import ProtocolEdition
from protocols.engine.terms import Basis, Convention
from protocols.library_files.library import Library
from protocols.refusal import Refusal
from tests.protocols.dosing.expected import (
    AROUND,
    CALENDARS,
    CHILD,
    CHOICES,
    EXAMPLES,
    MEASUREMENTS,
    PRODUCTS,
    START,
)

Given = dict[int, set[tuple[str, ...]]]


def differences(library: Library, *, protocol: str | None = None) -> Iterator[str]:
    """Every difference; of one protocol (and the combinations that use it) where it is named."""
    wanted = _concerned(library, protocol)
    for key, words, last_day, lines in CALENDARS:
        if key in wanted:
            yield from _calendar_differences(library, key, words, last_day, lines)
    for key in wanted:
        yield from _rows_differences(library.editions[key])
    yield from _formulary_differences(library)


def _concerned(library: Library, protocol: str | None) -> list[str]:
    if protocol is None:
        return list(library.editions)
    return [
        key
        for key, edition in library.editions.items()
        if key == protocol or protocol in {part.protocol for part in edition.parts}
    ]


def _calendar_differences(
    library: Library, key: str, words: tuple[str, ...], last_day: int, lines: tuple[str, ...]
) -> Iterator[str]:
    try:
        course = asked([key, *START, *CHILD, *words], library=library)
        calendar = dose_calendar(course.edition, details=course.details, formulary=library.formulary)
    except Refusal as refusal:
        yield f"{key} {words}: {refusal.sentence}"
        return
    wanted, found = _as_written(lines), _as_computed(calendar)
    if len(calendar.days) != last_day:
        yield f"{key} {words}: {len(calendar.days)} days, not {last_day}"
    for day in range(1, last_day + 1):
        if wanted.get(day, set()) != found.get(day, set()):
            yield f"{key} {words}, day {day}: {found.get(day)}, not {wanted.get(day)}"


def _as_written(lines: tuple[str, ...]) -> Given:
    given: Given = {}
    for line in lines:
        days, *words = line.split()
        for day in _days(days):
            given.setdefault(day, set()).add(tuple(words))
    return given


def _days(text: str) -> list[int]:
    if "-" in text:
        first, last = text.split("-")
        return list(range(int(first), int(last) + 1))
    return [int(day) for day in text.split(",")]


def _as_computed(calendar: Calendar) -> Given:
    given: Given = {}
    for part in calendar.parts:
        for day in part.days:
            words = {_dose_words(dose) for dose in day.doses} | {
                (drug, "undefined") for drug in day.undefined
            }
            if words:
                given.setdefault(day.day, set()).update(words)
    return given


def _dose_words(dose: Dose) -> tuple[str, ...]:
    amount = format(dose.amount.normalize(), "f")
    words = [dose.drug, amount, "?" if dose.times is None else f"x{dose.times}"]
    if dose.slot is not None:
        words.append(str(dose.slot))
    return (*words, "capped") if dose.capped else tuple(words)


def _rows_differences(edition: ProtocolEdition) -> Iterator[str]:
    choices = {choice.name: (choice.default, allowed_words(choice)) for choice in edition.choices}
    if choices != CHOICES[edition.key]:
        yield f"{edition.key}: choices {choices}"
    if set(_around(edition)) != AROUND[edition.key]:
        yield f"{edition.key}: {set(_around(edition)) ^ AROUND[edition.key]}"


def _around(edition: ProtocolEdition) -> Iterator[str]:
    for condition in edition.conditions:
        end = "on" if condition.to_day is None else f"to {condition.to_day}"
        yield f"asked on {condition.asked_on_day}, from {condition.from_day} {end}"
    for maximum in edition.maxima:
        yield f"at most {maximum.amount}{'/kg' if maximum.basis is Basis.PER_KG else ''}"
    for caution in edition.cautions:
        yield f"above {caution.above}{'/kg' if caution.basis is Basis.PER_KG else ''} {caution.code}"
    yield from _labels(edition)
    yield from _ramps(edition)
    for judged in edition.judgements:
        of_course = judged.convention is Convention.FIRST_DOSE_IS_DAY_1
        how = "of the course" if of_course else "since the start"
        yield f"judged {judged.definition} {judged.first}-{judged.last} {how}"


def _ramps(edition: ProtocolEdition) -> Iterator[str]:
    for phase in edition.phases:
        for step in phase.steps:
            if step.ramp is not None and step.ramp.until.number is not None:
                yield f"ramp to {step.ramp.until.number}"


def _labels(edition: ProtocolEdition) -> Iterator[str]:
    for label in edition.label_ranges:
        if label.from_weight_kg is not None:
            yield f"label {label.from_weight_kg} to {label.to_weight_kg} kg"
        if label.from_age_months is not None:
            forbidden = ", forbidden below" if label.contraindicated else ""
            yield f"label from {label.from_age_months} months{forbidden}"
        if label.below_age_months is not None:
            yield f"label under {label.below_age_months} months"


def _formulary_differences(library: Library) -> Iterator[str]:
    products = {
        p.key: (_text(p.strength), _text(p.step), _text(p.container_holds), _text(p.large_error_pct))
        for p in library.formulary.products.values()
    }
    if products != PRODUCTS:
        yield f"products {products}"
    measurements = {m.key: (_text(m.minimum), _text(m.maximum)) for m in library.measurements.values()}
    if measurements != MEASUREMENTS:
        yield f"measurements {measurements}"
    examples = [(_text(child.weight_kg), _text(child.length_cm)) for child in library.examples]
    if examples != EXAMPLES:
        yield f"examples {examples}"


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)
