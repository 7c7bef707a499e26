"""What a dose calendar is asked about: one course as the prescriber set it, and the formulary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from protocols.engine.formulary import Drug, Product
from protocols.engine.regimen import Choice, Condition, ProtocolEdition
from protocols.engine.terms import Given, Value, Verdict
from protocols.refusal import Refusal


class CourseImpossible(Refusal):
    """The course cannot be laid out as asked: the sentence lists what is allowed."""

    code = "course-impossible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reweigh:
    """From this treatment day the doses are those of a new weight (and length, where one was taken)."""

    day: int
    weight_kg: Decimal
    length_cm: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Treatment days without the drug (all drugs where none is named). The calendar does not shift."""

    from_day: int
    to_day: int
    drug: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseDetails:
    """One course: start, measurements, products, choices, what was decided.

    `decisions`: condition key -> the treatment day from which its step is taken; a key left out is not taken.
    `choices`: choice name -> value as text; a choice left out has its default.
    """

    start_on: date
    weight_kg: Decimal | None = None
    length_cm: Decimal | None = None
    products: Mapping[str, Product] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)
    decisions: Mapping[str, int] = field(default_factory=dict)
    verdict: Verdict | None = None
    taper_from_day: int | None = None
    holds: tuple[Hold, ...] = ()
    reweighs: tuple[Reweigh, ...] = ()
    born_on: date | None = None
    renal_impairment: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Formulary:
    """The drugs, products and editions that an edition may refer to, by key."""

    drugs: Mapping[str, Drug]
    products: Mapping[str, Product]
    editions: Mapping[str, ProtocolEdition] = field(default_factory=dict)

    def products_of(self, drug: str) -> tuple[Product, ...]:
        return tuple(product for product in self.products.values() if product.drug == drug)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The values in force of an edition's choices."""

    choices: tuple[Choice, ...]
    values: Mapping[str, str]

    def text(self, name: str) -> str | None:
        if name in self.values:
            return self.values[name]
        return next((choice.default for choice in self.choices if choice.name == name), None)

    def number(self, value: Value | None) -> Decimal | None:
        """The number a value stands for; None where nobody has entered one."""
        if value is None:
            return None
        if value.choice is None:
            return value.number
        text = self.text(value.choice)
        return None if text is None else Decimal(text)

    def whole(self, value: Value | None) -> int | None:
        number = self.number(value)
        return None if number is None else int(number)

    def holds(self, given: Given | None) -> bool:
        return given is None or self.text(given.choice) == given.equals


def active_parts(
    edition: ProtocolEdition, *, details: CourseDetails, formulary: Formulary
) -> tuple[ProtocolEdition, ...]:
    """The edition itself, or the editions of a combination that its choices ask for."""
    if not edition.parts:
        return (edition,)
    settings = Settings(choices=edition.choices, values=details.choices)
    return tuple(formulary.editions[part.protocol] for part in edition.parts if settings.holds(part.given))


def all_parts(edition: ProtocolEdition, *, formulary: Formulary) -> tuple[ProtocolEdition, ...]:
    """The edition, and every edition it may combine."""
    return (edition, *(formulary.editions[part.protocol] for part in edition.parts))


def choices_of(edition: ProtocolEdition, *, formulary: Formulary) -> tuple[Choice, ...]:
    """Every choice of an edition and of its parts, each once."""
    parts = all_parts(edition, formulary=formulary)
    found = {choice.name: choice for part in parts for choice in part.choices}
    return tuple(found.values())


def conditions_of(edition: ProtocolEdition, *, formulary: Formulary) -> tuple[Condition, ...]:
    return tuple(
        condition for part in all_parts(edition, formulary=formulary) for condition in part.conditions
    )


def drugs_of(edition: ProtocolEdition, *, formulary: Formulary) -> tuple[str, ...]:
    """The drugs of an edition and of its parts, in the order in which they are first given."""
    steps = (
        step
        for part in all_parts(edition, formulary=formulary)
        for phase in part.phases
        for step in phase.steps
    )
    return tuple(dict.fromkeys(step.drug for step in steps))
