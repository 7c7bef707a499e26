"""Measured values that ask for something: which number of which observation a rule looks at."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from protocols.engine import facts as f
from protocols.engine.spans import shift

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from protocols.engine.known import Known
    from protocols.engine.pathway import MonitoringRule, Span

Measured = tuple[f.Fact, Decimal]
HUNDRED = Decimal(100)


def out_of_range(rule: MonitoringRule, known: Known) -> Iterator[tuple[f.Fact, str]]:
    """Each observation whose value reaches the rule's limit, with the value in words."""
    for fact, value in MEASURES[rule.measure](rule, known):
        high = rule.at_least is not None and value >= rule.at_least
        low = rule.below is not None and value < rule.below
        if high or low:
            yield fact, f"{rule.measure.replace('-', ' ')} {round(value, 1).normalize():f}"


def _glucose(_rule: MonitoringRule, known: Known) -> Iterator[Measured]:
    return ((x, Decimal(x.mg_dl)) for x in known.of(f.Glucose) if x.mg_dl is not None)


def _urine(_rule: MonitoringRule, known: Known) -> Iterator[Measured]:
    return ((x, Decimal(x.urine_plus)) for x in known.of(f.Glucose) if x.urine_plus is not None)


def _potassium(_rule: MonitoringRule, known: Known) -> Iterator[Measured]:
    return ((x, x.potassium) for x in known.of(f.Electrolytes) if x.potassium is not None)


def _stool(_rule: MonitoringRule, known: Known) -> Iterator[Measured]:
    return ((x, Decimal(int(x.blood))) for x in known.of(f.Stool))


def _weight(rule: MonitoringRule, known: Known) -> Iterator[Measured]:
    """Each weight as a change in percent: a gain from the lowest, a loss from the highest of the days
    before.
    """
    weights = known.of(f.Weight)
    for n, weight in enumerate(weights):
        before = [x.grams for x in weights[:n] if _within(x.on, weight.on, rule.lookback)]
        if before:
            base = min(before) if rule.at_least is not None else max(before)
            yield weight, HUNDRED * (weight.grams - base) / base


def _within(on: date, day: date, lookback: Span | None) -> bool:
    return lookback is None or shift(on, lookback) >= day


MEASURES: dict[str, Callable[[MonitoringRule, Known], Iterator[Measured]]] = {
    "glucose-mg-dl": _glucose,
    "urine-glucose-plus": _urine,
    "potassium-mmol-l": _potassium,
    "stool-blood": _stool,
    "weight-change-percent": _weight,
}
MEASURED_BY: dict[str, frozenset[type[f.Fact]]] = {
    "glucose-mg-dl": frozenset({f.Glucose}),
    "urine-glucose-plus": frozenset({f.Glucose}),
    "potassium-mmol-l": frozenset({f.Electrolytes}),
    "stool-blood": frozenset({f.Stool}),
    "weight-change-percent": frozenset({f.Weight}),
}
