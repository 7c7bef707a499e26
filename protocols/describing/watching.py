"""What a pathway watches, in words a clinician can check: a line for each monitoring rule."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from protocols.describing.tables import markdown_table
from protocols.engine.pathway import AppliesTo, Basis, MonitoringRule, PathwayEdition, Span, Until, Window
from protocols.engine.spans import words

UNTIL = {Until.LAST_DOSE: "until the last dose", Until.TAPER_START: "until the taper starts", Until.NEVER: ""}


def basis_words(basis: Basis) -> str:
    """Where a number comes from: V R12 (why)."""
    source = f" {basis.source}" if basis.source else ""
    note = f" ({basis.note})" if basis.note else ""
    return f"{basis.mark}{source}{note}"


def watching_table(pathway: PathwayEdition, *, applies_to: Collection[AppliesTo]) -> list[str]:
    """The monitoring rules for some drug classes, for the episode or for the child."""
    rows: list[tuple[str, ...]] = [
        (rule.code, rule.name, "; ".join(_when(rule)), str(rule.who), basis_words(rule.basis))
        for rule in pathway.monitoring_rules
        if rule.applies_to in applies_to
    ]
    return markdown_table(("Check", "What", "When", "Who", "Basis"), rows) if rows else []


def _when(rule: MonitoringRule) -> Iterator[str]:
    narrowed = ", ".join(filter(None, (rule.level, rule.agent, _limits(rule))))
    anchor = f"the {str(rule.anchor).replace('-', ' ')}{f' ({narrowed})' if narrowed else ''}"
    for window in rule.windows:
        yield _window(window, anchor)
    if rule.longest_gap is not None:
        first = "" if rule.windows else f"{anchor} and then "
        yield f"at most {words(rule.longest_gap)} after {first}the last one"
    if UNTIL[rule.until]:
        yield UNTIL[rule.until]
    if rule.held_days_extend:
        yield "days on hold extend it"
    if rule.answers:
        yield f"answers {', '.join(rule.answers)}"


def _limits(rule: MonitoringRule) -> str:
    """The values that open a check: glucose mg dl at least 201, weight change percent below 0 in 14 days."""
    said = [
        f"{name} {limit}"
        for name, limit in (("at least", rule.at_least), ("below", rule.below))
        if limit is not None
    ]
    within = f" in {words(rule.lookback)}" if rule.lookback is not None else ""
    return f"{rule.measure.replace('-', ' ')} {' or '.join(said)}{within}" if said else ""


def _window(window: Window, anchor: str) -> str:
    due = f"due {_after(window.due)} {anchor}"
    if window.closes is not None:
        return f"{due}, accepted from {_after(window.opens)} to {_after(window.closes)} it"
    return due if window.opens == window.due else f"{due}, open from {_after(window.opens)} it"


def _after(span: Span) -> str:
    if span.count == 0:
        return "on the day of"
    if span.count < 0:
        return f"{words(replace(span, count=-span.count))} before"
    return f"{words(span)} after"
