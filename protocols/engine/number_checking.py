"""What must hold of the numbers in an edition's rows, and of every value a choice may put in their place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation

from protocols.engine.mistakes import Mistake
from protocols.engine.regimen import Choice, DoseStep, ProtocolEdition
from protocols.engine.terms import Value


def number_mistakes(edition: ProtocolEdition) -> Iterator[Mistake]:
    """Amounts, counts and intervals are more than 0; what is counted is whole."""
    choices = {choice.name: choice for choice in edition.choices}
    for number, phase in enumerate(edition.phases):
        here = f"phases[{number}]"
        yield from _counted(phase.length.count, f"{here}.length.count", choices)
        for position, step in enumerate(phase.steps):
            yield from _of_step(step, f"{here}.steps[{position}]", choices)
    for position, maximum in enumerate(edition.maxima):
        if maximum.amount <= 0:
            yield Mistake(path=f"maxima[{position}].amount", sentence="a maximum is more than 0")
    for position, condition in enumerate(edition.conditions):
        days = (condition.asked_on_day, condition.from_day, condition.to_day or condition.from_day)
        if not 1 <= days[0] <= days[1] <= days[2]:
            sentence = "asked on a day of the course, taken from that day or later, up to a day not before"
            yield Mistake(path=f"conditions[{position}]", sentence=sentence)


def _of_step(step: DoseStep, here: str, choices: Mapping[str, Choice]) -> Iterator[Mistake]:
    yield from _positive(step.amount, f"{here}.amount", choices)
    yield from _counted(step.times, f"{here}.times", choices)
    if step.ramp is not None:
        yield from _positive(step.ramp.start, f"{here}.ramp.start", choices)
        yield from _positive(step.ramp.by, f"{here}.ramp.by", choices)
        yield from _counted(step.ramp.every_days, f"{here}.ramp.every_days", choices)


def _positive(value: Value | None, path: str, choices: Mapping[str, Choice]) -> Iterator[Mistake]:
    if any(number is None or number <= 0 for number in _numbers(value, choices)):
        yield Mistake(path=path, sentence="this is a number more than 0")


def _counted(value: Value | None, path: str, choices: Mapping[str, Choice]) -> Iterator[Mistake]:
    numbers = _numbers(value, choices)
    if any(n is None or n < 1 or n != n.to_integral_value() for n in numbers) or _may_be_part(value, choices):
        yield Mistake(path=path, sentence="this is a whole number, 1 or more")


def _numbers(value: Value | None, choices: Mapping[str, Choice]) -> list[Decimal | None]:
    """The number, or the listed values and bounds of the choice that sets it; None is no number."""
    if value is None:
        return []
    if value.choice is None:
        return [value.number]
    choice = choices.get(value.choice)
    if choice is None:
        return []
    bounds = [bound for bound in (choice.minimum, choice.maximum) if bound is not None]
    return [*(_number(allowed.value) for allowed in choice.allowed), *bounds]


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _may_be_part(value: Value | None, choices: Mapping[str, Choice]) -> bool:
    """The choice is a range that is not of whole numbers."""
    choice = choices.get(value.choice) if value is not None and value.choice is not None else None
    return choice is not None and not choice.allowed and not choice.whole
