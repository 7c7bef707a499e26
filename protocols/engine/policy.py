"""A pathway edition made ready for asking: rules by code, parameters by name."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocols.engine.bloodpressure import limits_of
from protocols.engine.pathway import Trigger

if TYPE_CHECKING:
    from protocols.engine.pathway import EscalationRule, MonitoringRule, PathwayEdition, Value

_KEPT = 16
_ready: dict[int, Policy] = {}


class Rule:
    """An escalation rule with its parameters by name."""

    __slots__ = ("code", "given", "late_days", "late_from", "row")

    def __init__(self, row: EscalationRule) -> None:
        self.row = row
        self.code = row.code
        self.given: dict[str, Value] = {parameter.name: parameter.value for parameter in row.parameters}
        self.late_from = next((name for name in self.given if name.startswith("days_after_")), "")
        self.late_days = self.number(self.late_from) if self.late_from else 0

    def number(self, name: str) -> int:
        """A whole number."""
        return int(str(self.given[name]))

    def maybe(self, name: str) -> int | None:
        """A whole number that the rule may leave out."""
        return self.number(name) if name in self.given else None

    def decimal(self, name: str) -> Decimal:
        """An exact number."""
        return Decimal(str(self.given[name]))

    def word(self, name: str) -> str:
        """A word."""
        return str(self.given[name])

    def words(self, name: str) -> tuple[str, ...]:
        """Several words."""
        found = self.given.get(name, ())
        return found if isinstance(found, tuple) else (str(found),)

    def flag(self, name: str) -> bool:
        """Whether something is said and true."""
        return bool(self.given.get(name, False))


_SURGERY = "the question of a surgical evaluation"
_RAISED: dict[Trigger, str] = {
    Trigger.EPISODE_FAILED: "the finding that the treatment has not worked",
    Trigger.FAILED_AFTER_INADEQUATE_TRIAL: "the finding that the treatment has not worked",
    Trigger.SPASM_ON_BOUNDARY: "the last spasm exactly at two weeks",
    Trigger.MECHANISMS_FAILED: _SURGERY,
    Trigger.DRUGS_OF_ONE_MECHANISM_FAILED: _SURGERY,
    Trigger.LESION_AND_FAILURE: _SURGERY,
    Trigger.LESION_RECORDED: _SURGERY,
    Trigger.RELAPSE: "the relapse",
    Trigger.FEVER: "the fever",
}


class Policy:
    """One pathway edition, indexed."""

    def __init__(self, pathway: PathwayEdition) -> None:
        self.pathway = pathway
        self.rules = tuple(Rule(row) for row in pathway.escalation_rules)
        self.by_code = {rule.code: rule for rule in self.rules}
        self.definitions = {definition.key: definition for definition in pathway.definitions}
        self.received_late = next((r for r in self.rules if r.row.trigger is Trigger.BP_RECEIVED_LATE), None)
        self.fever = next((rule for rule in self.rules if rule.row.trigger is Trigger.FEVER), None)
        self.limits = limits_of(pathway.escalation_rules)
        self.targets = {target.key: target.value for target in pathway.targets}
        self.monitoring = pathway.monitoring_rules
        self.checks_by_code: dict[str, list[MonitoringRule]] = {}
        for rule in pathway.monitoring_rules:
            self.checks_by_code.setdefault(rule.code, []).append(rule)

    def called(self, code: str) -> str:
        """Name what a rule raised as a ward does, in words a family may read; the chain has its code."""
        return _RAISED.get(self.by_code[code].row.trigger, f"what rule {code} asked")


def policy_of(pathway: PathwayEdition) -> Policy:
    """The indexed form of a pathway, kept for the editions used last."""
    found = _ready.get(id(pathway))
    if found is None or found.pathway is not pathway:
        if len(_ready) >= _KEPT:
            _ready.clear()
        found = _ready[id(pathway)] = Policy(pathway)
    return found
