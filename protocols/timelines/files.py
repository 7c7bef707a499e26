"""Files of timelines: one, a list, or `scenarios`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from protocols.engine import facts as f
from protocols.engine.mistakes import Mistake
from protocols.engine.pathway import Sex
from protocols.refusal import Refusal
from protocols.timelines.event_types import keys
from protocols.timelines.events import Events
from protocols.timelines.keys import Keys, Reading

TIMELINE_KEYS = keys(
    "id", "title", "tags", "timezone", "patient", "observe_until", "events", "expected", "notes"
)
PATIENT_KEYS = keys("sex", "dob", "etiology", "baseline_eeg")


class TimelinesUnreadable(Refusal):
    """The file cannot be replayed: every mistake in it, each with its path."""

    code = "timelines-unreadable"

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        lines = "\n".join(str(mistake) for mistake in mistakes)
        super().__init__(f"The file has {len(mistakes)} mistake(s); mend them and try again.\n{lines}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """One child's history in a file, and the last day to look at."""

    id: str
    facts: f.Facts
    first_on: date
    observe_until: date


def read_timelines(text: str) -> tuple[list[Timeline], list[Mistake]]:
    """The timelines of a file and the warnings about it. Raises TimelinesUnreadable with every mistake."""
    reading = Reading()
    try:
        tree = json.loads(text, parse_float=Decimal, object_pairs_hook=dict)
    except ValueError as error:
        raise TimelinesUnreadable([Mistake(path="file", sentence=f"this is not JSON: {error}")]) from error
    timelines = [
        timeline
        for path, entry in _entries(tree, reading)
        if (timeline := _timeline(entry, path, reading)) is not None
    ]
    for name in {t.id for t in timelines if sum(other.id == t.id for other in timelines) > 1}:
        reading.wrong("scenarios", f"the id {name} stands here more than once")
    if reading.mistakes:
        raise TimelinesUnreadable(reading.mistakes)
    return timelines, reading.warnings


def _entries(tree: object, reading: Reading) -> list[tuple[str, object]]:
    """A file holds `scenarios`, or a list of timelines, or one timeline."""
    match tree:
        case {"scenarios": list() as scenarios}:
            return [(f"scenarios[{n}]", entry) for n, entry in enumerate(scenarios)]
        case list():
            return [(f"[{n}]", entry) for n, entry in enumerate(tree)]
        case {"events": _}:
            return [("timeline", tree)]
        case _:
            reading.wrong(
                "file", "scenarios, a list of timelines, or one timeline with events is wanted here"
            )
            return []


def _timeline(entry: object, path: str, reading: Reading) -> Timeline | None:
    if not isinstance(entry, dict):
        reading.wrong(path, "a timeline is wanted here: id, patient, observe_until, events")
        return None
    reading.unknown_keys(path, entry, TIMELINE_KEYS)
    asked = Keys(entry, path, reading)
    reading.in_zone(asked.text("timezone"), path)
    name, until = asked.text("id", must=True), asked.day("observe_until", must=True)
    child = _child(entry.get("patient"), name, f"{path}.patient", reading)
    events = entry.get("events")
    if not isinstance(events, list) or not events:
        reading.wrong(f"{path}.events", "a list of at least one event is wanted here")
        return None
    facts = Events(events, path, reading).facts()
    if until is None or reading.mistakes or not facts:
        return None
    first = min(fact.on for fact in facts)
    if until < first:
        reading.wrong(f"{path}.observe_until", f"{until} lies before the first event ({first})")
    return Timeline(
        id=name, facts=f.Facts(child=child, facts=tuple(facts)), first_on=first, observe_until=until
    )


def _child(tree: object, name: str, path: str, reading: Reading) -> f.Child:
    if not isinstance(tree, dict):
        reading.wrong(path, "a patient is wanted here: sex, dob, etiology, baseline_eeg")
        return f.Child(id=name)
    reading.unknown_keys(path, tree, PATIENT_KEYS)
    asked = Keys(tree, path, reading)
    return f.Child(
        id=name,
        sex=asked.word("sex", Sex),
        born_on=asked.day("dob"),
        etiology=asked.text("etiology"),
        baseline_hypsarrhythmia=_baseline(tree.get("baseline_eeg")),
    )


def _baseline(said: object) -> bool | None:
    """Whether there was hypsarrhythmia before treatment, where the file says it as true or false."""
    found = said.get("hypsarrhythmia") if isinstance(said, dict) else said
    return found if isinstance(found, bool) else None
