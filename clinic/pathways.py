"""What a pathway edition says about its checks: what each observes, and how much its lateness weighs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.engine.pathway import Trigger, Urgency

if TYPE_CHECKING:
    from collections.abc import Mapping

    from protocols.engine.pathway import PathwayEdition

LIGHTEST_FIRST = tuple(Urgency)
STEP = 10  # room between two urgencies, for what a clinic may want to put between them


def weight(urgency: Urgency) -> int:
    """Return the place of an urgency on the worklist: the heaviest has the lowest number."""
    return STEP * (len(LIGHTEST_FIRST) - 1 - LIGHTEST_FIRST.index(urgency))


def observed(pathway: PathwayEdition) -> Mapping[str, str]:
    """Return what satisfies each check, in the engine's word."""
    return {rule.code: rule.observes.value for rule in pathway.monitoring_rules}


def lateness(pathway: PathwayEdition) -> Mapping[str, Urgency]:
    """Return how urgent each check is once it is late: what its heaviest escalation rule says."""
    found: dict[str, Urgency] = {}
    for rule in pathway.escalation_rules:
        if rule.trigger is not Trigger.CHECK_LATE:
            continue
        for name in (parameter.value for parameter in rule.parameters if isinstance(parameter.value, str)):
            found[name] = max(rule.urgency, found.get(name, Urgency.INFO), key=LIGHTEST_FIRST.index)
    return found
