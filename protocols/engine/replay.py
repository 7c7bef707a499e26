"""The replay: one evening after another, on which something became known or a deadline passed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.engine.escalations import EVALUATORS, dependencies_of, may_rise
from protocols.engine.known import in_order_known
from protocols.engine.ledger import Ledger
from protocols.engine.picture import Picture
from protocols.engine.policy import policy_of

if TYPE_CHECKING:
    from datetime import date

    from protocols.engine.facts import Fact, Facts
    from protocols.engine.pathway import PathwayEdition
    from protocols.engine.policy import Rule
    from protocols.engine.workdays import WorkingCalendar


class Replay:
    """One child's history under one pathway, played forward. `advance` may be called for later and later
    days.
    """

    def __init__(self, pathway: PathwayEdition, facts: Facts, workdays: WorkingCalendar) -> None:
        self._policy = policy_of(pathway)
        self._coming = in_order_known(facts)
        self._next = 0
        self._wakes: dict[str, date | None] = {}
        self._dependencies = dependencies_of(self._policy)
        self.ledger = Ledger()
        self.picture = Picture(self._policy, facts.child, workdays, self.ledger)

    def advance(self, as_of: date) -> Picture:
        """Play every evening up to `as_of` on which something can change; returns the picture of that
        evening.
        """
        day = self._next_day()
        while day is not None and day <= as_of:
            self._evening(day)
            day = self._next_day()
        self.picture.turn_to(as_of, [])
        return self.picture

    def wakes_on(self) -> date | None:
        """The next day on which a rule can change by itself."""
        ahead = [day for day in self._wakes.values() if day is not None]
        return min(ahead, default=None)

    def waits_for(self) -> list[tuple[date, Fact]]:
        """The facts that are known and lie ahead, each with the day on which it takes effect."""
        return [(day, fact) for day, fact in self._coming[self._next :] if fact.known_on <= self.picture.day]

    def picture_with(self, ahead: list[Fact]) -> Picture:
        """Another picture of this evening, in which facts that lie ahead hold already."""
        picture = Picture(self._policy, self.picture.child, self.picture.workdays, self.ledger)
        picture.turn_to(self.picture.day, [*(fact for _, fact in self._coming[: self._next]), *ahead])
        return picture

    def _next_day(self) -> date | None:
        learned = self._coming[self._next][0] if self._next < len(self._coming) else None
        woken = self.wakes_on() if self._next else None
        return min((day for day in (learned, woken) if day is not None), default=None)

    def _evening(self, day: date) -> None:
        changed = self.picture.turn_to(day, self._learned_by(day))
        ended, handing_over = self.picture.ended(), self.picture.handing_over()
        self.ledger.changed.clear()
        for rule in self._policy.rules:
            if self._must_ask(rule, changed, day):
                self._ask(rule, day, may_rise=may_rise(rule, ended, handing_over))

    def _learned_by(self, day: date) -> list[Fact]:
        first = self._next
        while self._next < len(self._coming) and self._coming[self._next][0] <= day:
            self._next += 1
        return [fact for _, fact in self._coming[first : self._next]]

    def _must_ask(self, rule: Rule, changed: set[type[Fact]], day: date) -> bool:
        wake = self._wakes.get(rule.code)
        if wake is not None and wake <= day:
            return True
        kinds, rules = self._dependencies[rule.code]
        if not kinds.isdisjoint(changed):
            return True
        return bool(rules) and not rules.isdisjoint(self.ledger.changed)

    def _ask(self, rule: Rule, day: date, *, may_rise: bool) -> None:
        self.picture.woken_on = None
        found = list(EVALUATORS[rule.row.trigger](rule, self.picture))
        self.ledger.take(rule.code, found, day, may_rise=may_rise)
        self._wakes[rule.code] = self.picture.woken_on
