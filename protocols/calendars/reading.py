"""One word of a command line to one value; the impossible is refused, with what is allowed, in one line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from protocols.engine.checking import allowed_words, may_be
from protocols.engine.course import (
    CourseDetails,
    CourseImpossible,
    Hold,
    Reweigh,
    active_parts,
    choices_of,
    drugs_of,
)
from protocols.engine.days import treatment_day
from protocols.engine.dosing import Calendar
from protocols.engine.formulary import Product
from protocols.engine.layout import moves_its_taper
from protocols.engine.regimen import Choice, Condition, ProtocolEdition
from protocols.engine.terms import Verdict
from protocols.library_files.library import Library

Kind = TypeVar("Kind")

VERDICTS = {"yes": Verdict.RESPONDER, "no": Verdict.NON_RESPONDER}
YEARS = range(1990, 2200)
MOST_DAYS = 3660
REWEIGH_PARTS = (2, 3)


def once(pairs: Iterable[tuple[str, Kind]], *, option: str) -> dict[str, Kind]:
    """The pairs as a map; two answers to one question are refused, not the later one taken in silence."""
    found: dict[str, Kind] = {}
    for name, value in pairs:
        if found.setdefault(name, value) != value:
            raise CourseImpossible(f"{option} says two things about {name}; allowed: one")
    return found


def a_date(text: str, *, option: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.year not in YEARS:
        raise CourseImpossible(
            f"{option} {text} is not a date; write it YYYY-MM-DD, {YEARS[0]} to {YEARS[-1]}"
        )
    return found


def a_day(text: str, *, option: str, lowest: int = 1) -> int:
    """A treatment day: 1 is the date of the first dose."""
    if not text.isdecimal() or not lowest <= int(text) <= MOST_DAYS:
        raise CourseImpossible(f"{option} {text} is not a treatment day; allowed: {lowest} to {MOST_DAYS}")
    return int(text)


def a_measurement(text: str | None, key: str, *, library: Library) -> Decimal | None:
    """A weight or length as typed, inside what can be true of an infant."""
    if text is None:
        return None
    limits = library.measurements[key]
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not limits.minimum <= number <= limits.maximum:
        allowed = f"{limits.minimum} to {limits.maximum} {limits.unit}"
        raise CourseImpossible(f"{limits.name} {text} cannot be; allowed: {allowed}", field=key)
    return number


def a_choice(text: str, *, edition: ProtocolEdition, library: Library) -> tuple[str, str]:
    """`[DRUG.]NAME=VALUE`: the name of a choice and its value as the protocol writes it."""
    named, equals, value = text.partition("=")
    drug, _, name = named.rpartition(".")
    choices = choices_of(edition, formulary=library.formulary)
    found = next((c for c in choices if c.name == name and (not drug or c.drug == drug)), None)
    if found is None or not equals:
        known = "; ".join(f"{_full_name(c)}={allowed_words(c)}" for c in choices) or "none"
        raise CourseImpossible(f"no choice {text} in {edition.key}; allowed: {known}", field="choice")
    written = _as_written(value, found)
    if not may_be(found, written):
        allowed = allowed_words(found)
        raise CourseImpossible(f"{_full_name(found)} cannot be {value}; allowed: {allowed}", field="choice")
    return found.name, written


def _full_name(choice: Choice) -> str:
    return choice.name if choice.drug is None else f"{choice.drug}.{choice.name}"


def _as_written(value: str, choice: Choice) -> str:
    """The listed value that is the same number: 8.0 for 8."""
    same = (allowed.value for allowed in choice.allowed if _number(allowed.value) == _number(value))
    return value if _number(value) is None else next(same, value)


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def a_product(text: str, *, edition: ProtocolEdition, library: Library) -> tuple[str, Product]:
    """`[DRUG=]KEY`: a product of one of the protocol's drugs."""
    drug, _, key = text.rpartition("=")
    drugs = drugs_of(edition, formulary=library.formulary)
    allowed = [p for d in drugs for p in library.formulary.products_of(d) if drug in {"", d}]
    found = next((product for product in allowed if product.key == key), None)
    if found is None:
        known = ", ".join(p.key for d in drugs for p in library.formulary.products_of(d)) or "none"
        raise CourseImpossible(f"no product {text} for {edition.key}; allowed: {known}", field="product")
    return found.drug, found


def only_products(edition: ProtocolEdition, *, library: Library) -> dict[str, Product]:
    """The products nobody has to choose: where a drug comes as one only."""
    of_drugs = ((d, library.formulary.products_of(d)) for d in drugs_of(edition, formulary=library.formulary))
    return {drug: products[0] for drug, products in of_drugs if len(products) == 1}


def a_decision(
    text: str, *, edition: ProtocolEdition, details: CourseDetails, library: Library
) -> tuple[str, int]:
    """`[DRUG=]D`: the conditional step of a drug is taken from treatment day D."""
    drug, _, day_text = text.rpartition("=")
    parts = active_parts(edition, details=details, formulary=library.formulary)
    conditions = [condition for part in parts for condition in part.conditions]
    wanted = [condition for condition in conditions if drug in {"", condition.drug}]
    if len(wanted) != 1:
        raise CourseImpossible(f"--escalate-from-day {text}: {_days_allowed(conditions)}", field="escalate")
    condition = wanted[0]
    last = condition.to_day or MOST_DAYS
    if not day_text.isdecimal() or not condition.from_day <= int(day_text) <= last:
        raise CourseImpossible(f"--escalate-from-day {text}: {_days_allowed(conditions)}", field="escalate")
    return condition.key, int(day_text)


def _days_allowed(conditions: Iterable[Condition]) -> str:
    """The days from which conditional steps may be taken."""
    listed = [
        f"{c.drug}={c.from_day} to {c.to_day}" if c.to_day else f"{c.drug}={c.from_day} or later"
        for c in conditions
    ]
    return f"allowed: {'; '.join(listed)}" if listed else "this protocol has no conditional step"


def a_verdict(text: str | None, *, edition: ProtocolEdition) -> Verdict | None:
    if text is None:
        return None
    if not any(phase.verdict for phase in edition.phases):
        raise CourseImpossible(f"--responded: no part of {edition.key} depends on a verdict; leave it out")
    return VERDICTS[text]


def a_taper_day(
    text: str | None, *, edition: ProtocolEdition, details: CourseDetails, library: Library
) -> int | None:
    """A treatment day or a date, where the protocol's taper can be moved."""
    if text is None:
        return None
    parts = active_parts(edition, details=details, formulary=library.formulary)
    if not any(moves_its_taper(part) for part in parts):
        raise CourseImpossible(f"--taper-from: the taper of {edition.key} follows its own days; leave it out")
    if "-" in text:
        on = a_date(text, option="--taper-from")
        text = str(max(0, treatment_day(start_on=details.start_on, on=on)))
    return a_day(text, option="--taper-from", lowest=2)


def a_hold(text: str, *, edition: ProtocolEdition, library: Library) -> Hold:
    """`[DRUG=]FROM:TO`, both days included."""
    drug, _, days = text.rpartition("=")
    drugs = drugs_of(edition, formulary=library.formulary)
    if drug and drug not in drugs:
        raise CourseImpossible(f"--hold {text}: no drug {drug} in {edition.key}; allowed: {', '.join(drugs)}")
    first, colon, last = days.partition(":")
    from_day = a_day(first, option="--hold")
    to_day = a_day(last, option="--hold") if colon else from_day
    if to_day < from_day:
        raise CourseImpossible(f"--hold {text} ends before it begins; write FROM:TO, such as 8:9")
    return Hold(from_day=from_day, to_day=to_day, drug=drug or None)


def within(calendar: Calendar) -> Calendar:
    """The calendar, unless a hold or a new weight begins after its last day: then nobody would see it."""
    last = calendar.days[-1].day
    details = calendar.details
    for option, day in (
        *(("--hold", hold.from_day) for hold in details.holds),
        *(("--reweigh", reweigh.day) for reweigh in details.reweighs),
    ):
        if day > last:
            raise CourseImpossible(f"{option} day {day} is after the course; allowed: 1 to {last}")
    return calendar


def reweighs(texts: Iterable[str], *, library: Library) -> tuple[Reweigh, ...]:
    """The new weights, one a day."""
    found = (a_reweigh(text, library=library) for text in texts)
    return tuple(once(((f"day {one.day}", one) for one in found), option="--reweigh").values())


def a_reweigh(text: str, *, library: Library) -> Reweigh:
    """`DAY:KG[:CM]`."""
    words = text.split(":")
    if len(words) not in REWEIGH_PARTS:
        raise CourseImpossible(f"--reweigh {text}: write DAY:KG or DAY:KG:CM, such as 8:7.7:65.5")
    weight = a_measurement(words[1], "weight-kg", library=library)
    length = a_measurement(words[2], "length-cm", library=library) if words[2:] else None
    assert weight is not None  # noqa: S101 - a text was given
    return Reweigh(day=a_day(words[0], option="--reweigh"), weight_kg=weight, length_cm=length)
