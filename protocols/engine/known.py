"""What is known on one evening: facts in the order they became known, with corrections and repeats merged.

A fact and its corrections share a **root**, the id of the first of them: what was raised for a fact stays
tied to its root when the fact is corrected. An EEG delivered again under the same accession is the same
EEG.
"""

from __future__ import annotations

from bisect import insort
from typing import TYPE_CHECKING, TypeVar

from protocols.engine.facts import Eeg, Fact, Facts, Voided

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

F = TypeVar("F", bound=Fact)


def in_order_known(facts: Facts) -> list[tuple[date, Fact]]:
    """Each fact once, with the day it takes effect, in an order that does not depend on delivery.

    A fact takes effect when it is known, but not before it happened, and a correction not before what it
    corrects. A correction that moves a fact to a day ahead takes the old day back at once.
    """
    by_id = {fact.id: fact for fact in facts.facts}
    placed: dict[str, tuple[date, int]] = {}

    def place(fact: Fact) -> tuple[date, int]:
        if fact.id not in placed:
            day, depth = max(fact.known_on, fact.on), 0
            corrected = by_id.get(fact.corrects) if fact.corrects else None
            if corrected is not None and corrected is not fact:
                placed[fact.id] = (day, depth)  # a correction that corrects itself in a circle ends here
                earlier, depth_before = place(corrected)
                day, depth = max(day, earlier), depth_before + 1
            placed[fact.id] = (day, depth)
        return placed[fact.id]

    coming = [(*place(fact), fact.on, fact.id, fact) for fact in by_id.values()]
    for fact in by_id.values():
        if fact.corrects is not None and fact.on > fact.known_on:
            taken_back = Voided(id=fact.id, on=fact.known_on, known_on=fact.known_on, corrects=fact.corrects)
            day = max(fact.known_on, *(placed[n][0] for n in (fact.corrects,) if n in placed))
            coming.append((day, placed[fact.id][1], fact.known_on, fact.id, taken_back))
    coming.sort(key=lambda entry: entry[:4])
    return [(entry[0], entry[4]) for entry in coming]


def _order(fact: Fact) -> tuple[date, str, date, str]:
    return (fact.on, fact.at.isoformat() if fact.at else "", fact.known_on, fact.id)


class Known:
    """The facts that hold on one evening, by type, in the order they happened."""

    __slots__ = ("_accessions", "_by_type", "_current", "_facts", "_roots", "_since")

    def __init__(self) -> None:
        self._by_type: dict[type[Fact], list[Fact]] = {}
        self._current: dict[str, Fact] = {}
        self._roots: dict[str, str] = {}
        self._accessions: dict[str, str] = {}
        self._facts: dict[str, Fact] = {}
        self._since: dict[str, date] = {}

    def learn(self, facts: Iterable[Fact]) -> set[type[Fact]]:
        """Take facts in; returns the types of facts whose picture changed."""
        changed: set[type[Fact]] = set()
        for fact in facts:
            changed |= self._learn(fact)
        return changed

    def of(self, kind: type[F]) -> list[F]:
        """The facts of one type that hold, oldest first."""
        return self._by_type.get(kind, [])  # type: ignore[return-value]

    def root_of(self, fact: Fact) -> str:
        """The id of the first version of this fact."""
        return self.root_named(fact.id)

    def root_named(self, fact_id: str) -> str:
        """The id of the first version of a fact, by the id of any of its versions."""
        return self._roots.get(fact_id, fact_id)

    def received_on(self, fact: Fact) -> date:
        """The day since which this fact has been known as it now stands."""
        return self._since[self.root_of(fact)]

    def known_on(self, fact_id: str) -> date:
        """The day a fact became known, whether or not it still holds."""
        return self._facts[fact_id].known_on

    def _learn(self, fact: Fact) -> set[type[Fact]]:
        root = self._root_for(fact)
        self._roots[fact.id] = root
        self._facts[fact.id] = fact
        before = self._current.pop(root, None)
        changed = set()
        if before is not None:
            self._by_type[type(before)].remove(before)
            changed.add(type(before))
        if isinstance(fact, Voided):
            return changed
        if before is None or _content(before) != _content(fact):
            self._since[root] = fact.known_on
        self._current[root] = fact
        insort(self._by_type.setdefault(type(fact), []), fact, key=_order)
        changed.add(type(fact))
        return changed

    def _root_for(self, fact: Fact) -> str:
        if fact.corrects is not None:
            return self._roots.get(fact.corrects, fact.corrects)
        if isinstance(fact, Eeg) and fact.accession:
            return self._accessions.setdefault(fact.accession, fact.id)
        return fact.id


_NOT_CONTENT = frozenset(
    {"id", "known_on", "corrects", "by", "at", "detail", "note", "limb", "position", "device", "cuff"}
)


def _content(fact: Fact) -> tuple[object, ...]:
    return (type(fact), *(getattr(fact, name) for name in _field_names(type(fact))))


def _field_names(kind: type[Fact]) -> list[str]:
    return [name for name in kind.__dataclass_fields__ if name not in _NOT_CONTENT]
