"""What must hold of an edition before anybody signs it: every reference leads somewhere, every day has a row.

All mistakes are found at once, each with the path down to its row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal, InvalidOperation

from protocols.engine.citing import Cited, Mark
from protocols.engine.course import Formulary
from protocols.engine.formulary import Drug, Product
from protocols.engine.mistakes import Mistake
from protocols.engine.number_checking import number_mistakes
from protocols.engine.phase_checking import phase_mistakes
from protocols.engine.regimen import Choice, DoseStep, ProtocolEdition
from protocols.engine.terms import Given, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """What the rows of an edition may refer to."""

    formulary: Formulary
    sources: Collection[str]


def mistakes_in_edition(
    edition: ProtocolEdition, *, formulary: Formulary, sources: Collection[str]
) -> tuple[Mistake, ...]:
    """Every mistake of an edition; empty where it may be signed."""
    return (
        *_whole(edition, formulary=formulary),
        *_citations(edition, sources=sources),
        *_named_rows(edition, formulary=formulary),
        *_choice_mistakes(edition, formulary=formulary),
        *phase_mistakes(edition, formulary=formulary),
        *number_mistakes(edition),
    )


def mistakes_in_drug(
    drug: Drug, products: tuple[Product, ...], *, sources: Collection[str]
) -> tuple[Mistake, ...]:
    """Every mistake of a drug and its products."""
    found = [mistake.inside("drug") for mistake in _citations(drug, sources=sources)]
    for position, product in enumerate(products):
        here = f"products[{position}]"
        found += [mistake.inside(here) for mistake in _citations(product, sources=sources)]
        if product.drug != drug.key:
            found.append(Mistake(path=f"{here}.drug", sentence=f"this file is about {drug.key}"))
        if product.strength <= 0 or product.step <= 0:
            found.append(Mistake(path=here, sentence="strength and step must be more than 0"))
    return tuple(found)


def rows_in(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Every frozen row inside a row, with its path."""
    if isinstance(value, tuple):
        for position, item in enumerate(value):
            yield from rows_in(item, f"{path}[{position}]")
    elif is_dataclass(value):
        yield path, value
        for field in fields(value):
            here = f"{path}.{field.name}" if path else field.name
            yield from rows_in(getattr(value, field.name), here)


def _whole(edition: ProtocolEdition, *, formulary: Formulary) -> Iterator[Mistake]:
    if bool(edition.phases) is bool(edition.parts):
        yield Mistake(
            path="phases", sentence="an edition has phases of its own or combines parts: one of the two"
        )
    for position, part in enumerate(edition.parts):
        if part.protocol not in formulary.editions:
            known = ", ".join(formulary.editions)
            sentence = f"no protocol {part.protocol}; known: {known}"
            yield Mistake(path=f"parts[{position}].protocol", sentence=sentence)


def _citations(row: object, *, sources: Collection[str]) -> Iterator[Mistake]:
    for path, inner in rows_in(row):
        match inner:
            case Cited(mark=Mark.VERIFIED | Mark.SECONDARY, source=None):
                yield Mistake(path=path, sentence="what was read (V, V2) names its source")
            case Cited(source=str(source)) if source not in sources:
                yield Mistake(path=path, sentence=f"no source {source} in the list of sources")
            case DoseStep(cited=()) | Product(cited=()):
                yield Mistake(path=path, sentence="this row has numbers: cite where they come from")
            case _:
                pass


def _named_rows(edition: ProtocolEdition, *, formulary: Formulary) -> Iterator[Mistake]:
    """Drugs, choices and conditions that rows name must be there."""
    parts = [formulary.editions[p.protocol] for p in edition.parts if p.protocol in formulary.editions]
    choices = {choice.name for one in (edition, *parts) for choice in one.choices}
    conditions = {condition.key for condition in edition.conditions}
    for path, row in rows_in(edition):
        drug = getattr(row, "drug", None)
        if drug is not None and drug not in formulary.drugs:
            yield Mistake(
                path=f"{path}.drug", sentence=f"no drug {drug}; known: {', '.join(formulary.drugs)}"
            )
        match row:
            case Value(number=None, choice=None) | Value(number=Decimal(), choice=str()):
                yield Mistake(path=path, sentence="a number or a choice: exactly one of the two")
            case Value(choice=str(name)) | Given(choice=name) if name not in choices:
                yield Mistake(path=path, sentence=f"no choice {name}; known: {', '.join(sorted(choices))}")
            case DoseStep(condition=str(key)) if key not in conditions:
                yield Mistake(path=f"{path}.condition", sentence=f"no condition {key} in this edition")
            case _:
                pass


def _choice_mistakes(edition: ProtocolEdition, *, formulary: Formulary) -> Iterator[Mistake]:
    names = [choice.name for choice in edition.choices]
    for position, choice in enumerate(edition.choices):
        here = f"choices[{position}]"
        if names.count(choice.name) > 1:
            yield Mistake(path=f"{here}.name", sentence="two choices have this name")
        if bool(choice.allowed) is (choice.minimum is not None and choice.maximum is not None):
            yield Mistake(path=here, sentence="list the allowed values, or give a minimum and a maximum")
        elif choice.default is not None and not may_be(choice, choice.default):
            yield Mistake(path=f"{here}.default", sentence=f"allowed here: {allowed_words(choice)}")
    known = {choice.name: choice for choice in edition.choices}
    for path, row in rows_in(edition):
        if isinstance(row, Given) and row.choice in known and not may_be(known[row.choice], row.equals):
            sentence = f"{row.choice} can be {allowed_words(known[row.choice])}"
            yield Mistake(path=f"{path}.equals", sentence=sentence)


def may_be(choice: Choice, text: str) -> bool:
    """The choice allows this value."""
    if choice.allowed:
        return text in {allowed.value for allowed in choice.allowed}
    try:
        number = Decimal(text)
    except InvalidOperation:
        return False
    if not number.is_finite() or (choice.whole and number != number.to_integral_value()):
        return False
    low, high = choice.minimum, choice.maximum
    return low is not None and high is not None and low <= number <= high


def allowed_words(choice: Choice) -> str:
    """What a choice allows, for a sentence."""
    unit = f" {choice.unit}" if choice.unit else ""
    if choice.allowed:
        return " or ".join(allowed.value for allowed in choice.allowed) + unit
    whole = "whole numbers " if choice.whole else ""
    return f"{whole}{choice.minimum} to {choice.maximum}{unit}"
