"""What has been raised so far in a replay: every rise of every rule, with its withdrawal and its
resolution.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from protocols.engine.plan import CalendarStep


class Finding(NamedTuple):
    """A rule's condition, met for one cause; `settled` names the facts that have answered it, `None` if none
    has.

    An empty tuple is an answer too: time or another rule settled it. `brief` conditions rise even when the
    answer is known on the same day.
    """

    key: str
    sentence: str
    facts: tuple[str, ...]
    steps: tuple[CalendarStep, ...] = ()
    settled: tuple[str, ...] | None = None
    brief: bool = False


@dataclass(slots=True, kw_only=True)
class Rise:
    """One rise of one rule. `key` is the cause, with a number when the same cause rose again."""

    rule: str
    cause: str
    key: str
    raised_on: date
    finding: Finding
    withdrawn_on: date | None = None
    resolved_on: date | None = None
    resolved_by: tuple[str, ...] = ()

    @property
    def stands(self) -> bool:
        """Neither withdrawn nor resolved."""
        return self.withdrawn_on is None and self.resolved_on is None


class Ledger:
    """Every rise so far, by rule."""

    __slots__ = ("_by_rule", "_newest", "changed")

    def __init__(self) -> None:
        self._by_rule: dict[str, list[Rise]] = {}
        self._newest: dict[tuple[str, str], Rise] = {}
        self.changed: set[str] = set()

    def of(self, rule: str) -> Sequence[Rise]:
        """Every rise of a rule, oldest first."""
        return self._by_rule.get(rule, ())

    def of_any(self, rules: Sequence[str]) -> list[Rise]:
        """Every rise of several rules, oldest first."""
        found = [rise for rule in rules for rise in self.of(rule)]
        return sorted(found, key=lambda rise: (rise.raised_on, rules.index(rise.rule), rise.key))

    def everything(self) -> list[Rise]:
        """Every rise of every rule."""
        return [rise for rises in self._by_rule.values() for rise in rises]

    def take(self, rule: str, findings: Sequence[Finding], day: date, *, may_rise: bool) -> None:
        """Compare what a rule finds today with what it found before: raise, resolve, withdraw."""
        met = {finding.key: finding for finding in findings}
        for rise in self.of(rule):
            if rise.withdrawn_on is None and self._newest[rule, rise.cause] is rise:
                self._follow(rise, met.get(rise.cause), day)
        if may_rise:
            for cause, finding in met.items():
                self._raise(rule, cause, finding, day)

    def _follow(self, rise: Rise, finding: Finding | None, day: date) -> None:
        if finding is None:
            rise.withdrawn_on = day
            self.changed.add(rise.rule)
        elif finding.settled is not None and rise.resolved_on is None:
            rise.resolved_on, rise.resolved_by = day, finding.settled
            self.changed.add(rise.rule)

    def _raise(self, rule: str, cause: str, finding: Finding, day: date) -> None:
        newest = self._newest.get((rule, cause))
        answered = finding.settled is not None
        if newest is not None and newest.withdrawn_on is None and (newest.stands or answered):
            return
        if answered and not finding.brief:
            return
        rises = self._by_rule.setdefault(rule, [])
        again = sum(1 for rise in rises if rise.cause == cause)
        key = cause if not again else f"{cause}#{again + 1}"
        rise = Rise(rule=rule, cause=cause, key=key, raised_on=day, finding=finding)
        if finding.settled is not None:
            rise.resolved_on, rise.resolved_by = day, finding.settled
        rises.append(rise)
        self._newest[rule, cause] = rise
        self.changed.add(rule)
