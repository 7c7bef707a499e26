"""Exact quantities: decimals with room to spare, body surface area, and rounding to a measurable step.

Arithmetic carries more digits than it answers with: an answer that only misses a round number by the guard
digits is that round number, so that a tie is a tie and a cap that is hit exactly is not passed.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from enum import StrEnum

WORKING = Context(prec=70)
ANSWERING = Context(prec=50)
PRINTING = Context(prec=30)

MOSTELLER_DIVISOR = Decimal(3600)  # cm x kg per m4: the formula's constant, not a setting


class Direction(StrEnum):
    """Which way a quantity goes to the step."""

    HALF_UP = "half-up"
    DOWN = "down"
    UP = "up"


_MODES = {Direction.HALF_UP: ROUND_HALF_UP, Direction.DOWN: ROUND_FLOOR, Direction.UP: ROUND_CEILING}


def settled(value: Decimal) -> Decimal:
    """The value as an answer: guard digits dropped."""
    return ANSWERING.plus(value)


def times(*factors: Decimal) -> Decimal:
    product = Decimal(1)
    for factor in factors:
        product = WORKING.multiply(product, factor)
    return product


def divided(value: Decimal, by: Decimal) -> Decimal:
    return WORKING.divide(value, by)


def added(*values: Decimal) -> Decimal:
    total = Decimal(0)
    for value in values:
        total = WORKING.add(total, value)
    return total


def less(value: Decimal, taken: Decimal) -> Decimal:
    return WORKING.subtract(value, taken)


def passes(value: Decimal, limit: Decimal) -> bool:
    """More than the limit, guard digits aside."""
    return settled(value) > settled(limit)


def body_surface_area(*, weight_kg: Decimal, length_cm: Decimal) -> Decimal:
    """Mosteller: sqrt(kg x cm / 3600), in m2, never rounded beforehand (source S3)."""
    return WORKING.sqrt(divided(times(weight_kg, length_cm), MOSTELLER_DIVISOR))


def to_step(value: Decimal, *, step: Decimal, direction: Direction) -> Decimal:
    """The value in whole steps, written with the step's decimals."""
    steps = settled(divided(value, step)).to_integral_value(rounding=_MODES[direction])
    return times(steps, step).quantize(step)


def whole_containers(amount: Decimal, *, holds: Decimal) -> int:
    """How many containers must be opened for an amount."""
    return int(settled(divided(amount, holds)).to_integral_value(rounding=ROUND_CEILING))


def error_pct(*, given: Decimal, wanted: Decimal) -> Decimal:
    """By how much of the wanted amount the given one differs, in percent to three decimals."""
    return divided(times(less(given, wanted), Decimal(100)), wanted).quantize(Decimal("0.001"), ROUND_HALF_UP)


def exact_text(value: Decimal) -> str:
    """The value in plain digits: an exact number as it is, an endless one to thirty digits."""
    text = format(PRINTING.plus(settled(value)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def short_text(value: Decimal, *, decimals: int) -> str:
    """The value for people: at most so many decimals, no idle zeros."""
    text = format(value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
