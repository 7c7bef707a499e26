"""The events of one timeline: plain facts, and corrections merged onto what they correct."""

from __future__ import annotations

from datetime import date
from typing import Any

from protocols.engine import facts as f
from protocols.timelines.event_types import CORRECTION, CORRECTION_KEYS, EVENT_KEYS, TYPES, keys
from protocols.timelines.keys import Keys, Reading

REPLACE_KEYS = keys("at", "data")


class Events:
    """The events of one timeline, read in two steps: each by itself, then corrections onto their events."""

    def __init__(self, events: list[object], path: str, reading: Reading) -> None:
        self._path = path
        self._reading = reading
        self._trees: dict[str, dict[str, Any]] = {}
        self._newest: dict[str, str] = {}
        self._events = [
            (f"{path}.events[{n}]", tree) for n, event in enumerate(events) if (tree := self._tree(event, n))
        ]

    def _tree(self, event: object, n: int) -> dict[str, Any] | None:
        path = f"{self._path}.events[{n}]"
        if not isinstance(event, dict) or not isinstance(event.get("data", {}), dict):
            self._reading.wrong(path, "an event is wanted here: at, type, data")
            return None
        self._reading.unknown_keys(path, event, EVENT_KEYS)
        kind = event.get("type")
        if kind != CORRECTION and (not isinstance(kind, str) or kind not in TYPES):
            known = ", ".join((*TYPES, CORRECTION))
            self._reading.wrong(f"{path}.type", f"unknown type {kind!r}; known: {known}")
            return None
        name = Keys(event, path, self._reading).text("id") or f"event-{n + 1:03d}"
        tree = {**event, "data": event.get("data", {}), "id": name}
        return self._placed(name, tree, path)

    def _placed(self, name: str, tree: dict[str, Any], path: str) -> dict[str, Any] | None:
        """The event under its id; the same event delivered again is one event."""
        first = self._trees.setdefault(name, tree)
        if first is tree:
            return tree
        if _without_known(first) != _without_known(tree):
            self._reading.wrong(f"{path}.id", f"the id {name} stands here for two different events")
        return None

    def facts(self) -> list[f.Fact]:
        """Every fact, corrections in the order they became known."""
        plain = [self._fact(path, tree, tree) for path, tree in self._events if tree["type"] != CORRECTION]
        corrections = [(path, tree) for path, tree in self._events if tree["type"] == CORRECTION]
        corrections.sort(key=lambda item: str(item[1].get("known_at") or item[1].get("at")))
        found = [self._correction(path, tree) for path, tree in corrections]
        return [*plain, *(fact for fact in found if fact is not None)]

    def _correction(self, path: str, tree: dict[str, Any]) -> f.Fact | None:
        data = tree["data"]
        self._reading.unknown_keys(f"{path}.data", data, CORRECTION_KEYS)
        root, replace = self._root(data.get("corrects")), data.get("replace")
        if root is None:
            self._reading.wrong(f"{path}.data.corrects", f"there is no event {data.get('corrects')!r}")
            return None
        if not isinstance(replace, dict) or not isinstance(replace.get("data", {}), dict):
            self._reading.wrong(f"{path}.data.replace", "what to replace is wanted here: at, data")
            return None
        self._reading.unknown_keys(f"{path}.data.replace", replace, REPLACE_KEYS)
        target = self._trees[root]
        merged = {**target, **replace, "data": {**target["data"], **replace.get("data", {})}}
        self._trees[root] = merged
        fact = self._fact(path, merged, tree, corrects=self._newest.get(root, root))
        self._newest[root] = str(tree["id"])
        return fact

    def _root(self, name: object) -> str | None:
        """The event a correction is about; correcting a correction is correcting its event."""
        for _ in self._trees:
            tree = self._trees.get(name) if isinstance(name, str) else None
            if tree is None or not isinstance(name, str):
                return None
            if tree["type"] != CORRECTION:
                return name
            name = tree["data"].get("corrects")
        return None

    def _fact(
        self, path: str, tree: dict[str, Any], said: dict[str, Any], corrects: str | None = None
    ) -> f.Fact:
        build, known = TYPES[tree["type"]]
        on = Keys(tree, path, self._reading).day("at", must=True)
        said_keys = Keys(said, path, self._reading)
        said_on = on if said is tree else said_keys.day("at", must=True)
        known_on = said_keys.day("known_at") or said_on
        self._reading.unknown_keys(f"{path}.data", tree["data"], known)
        days = {"on": on or date.min, "known_on": known_on or date.min}
        at = {"id": said["id"], "corrects": corrects, **days}
        fact: f.Fact = build(Keys(tree["data"], f"{path}.data", self._reading), at)
        return fact


def _without_known(tree: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in tree.items() if key != "known_at"}
