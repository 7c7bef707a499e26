"""Short ways of writing a child's history for tests, as the events of a timeline file."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from protocols.engine.pathway import PathwayEdition
from protocols.library_files.pathways import read_pathway_file
from protocols.simulate import simulate
from protocols.timelines import read_timelines

REFERENCE = read_pathway_file("iess-reference")
FIRST_LINE = read_pathway_file("iess-first-line")

Event = dict[str, Any]
ACTH = "ACTH (repository corticotropin)"


def happened(at: str, kind: str, known: str | None = None, name: str | None = None, **data: Any) -> Event:
    event: Event = {"at": at, "type": kind, "data": {key.rstrip("_"): value for key, value in data.items()}}
    if known is not None:
        event["known_at"] = known
    if name is not None:
        event["id"] = name
    return event


def hormone(at: str, until: str | None = "2027-02-01", drug: str = ACTH, **said: Any) -> Event:
    planned = {} if until is None else {"planned_last_dose": until}
    return happened(at, "med_start", drug=drug, class_="hormonal", **planned, **said)


def vigabatrin(at: str, **said: Any) -> Event:
    return happened(at, "med_start", drug="vigabatrin", class_="vigabatrin", **said)


def stopped(at: str, drug: str, reason: str = "completed") -> Event:
    return happened(at, "med_stop", drug=drug, reason=reason)


def pressures(first: str, last: str, every: int = 3, sbp: int = 92, dbp: int = 54) -> list[Event]:
    day, end, found = date.fromisoformat(first), date.fromisoformat(last), []
    while day <= end:
        found.append(happened(day.isoformat(), "bp", sbp=sbp, dbp=dbp))
        day += timedelta(days=every)
    return found


def spasm(at: str, **said: Any) -> Event:
    return happened(at, "spasm", **said)


def clean_eeg(at: str, **said: Any) -> Event:
    found = {"hypsarrhythmia": False, "spasms_recorded": False, "sleep": True, "minutes": 180, "based": 1}
    return happened(at, "eeg", **{**found, **said})


def bad_eeg(at: str, **said: Any) -> Event:
    return clean_eeg(at, **{"hypsarrhythmia": True, "based": 5, **said})


def exam(at: str, **said: Any) -> Event:
    return happened(at, "vision_exam", **{"result": "no_abnormality_detected", **said})


def corrected(at: str, name: str, *, moved_to: str | None = None, **data: Any) -> Event:
    replace: dict[str, Any] = {"data": data}
    if moved_to is not None:
        replace["at"] = moved_to
    return happened(at, "correction", corrects=name, replace=replace)


class Replayed:
    """What came out of a replay, in the shapes that tests compare."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self.answer = answer
        self.verdict: str = answer["verdict"]
        self.response_on: str | None = answer["response_on"]

    @property
    def raised(self) -> list[tuple[str, str]]:
        return [(e["rule"], e["raised_on"]) for e in self.answer["escalations"]]

    @property
    def rules(self) -> list[str]:
        return [e["rule"] for e in self.answer["escalations"]]

    def resolved(self, rule: str) -> str | None:
        found: str | None = next(e["resolved_on"] for e in self.answer["escalations"] if e["rule"] == rule)
        return found

    def withdrawn(self, rule: str) -> str | None:
        found: str | None = next(e["withdrawn_on"] for e in self.answer["escalations"] if e["rule"] == rule)
        return found

    def because(self, rule: str) -> str:
        found: list[str] = next(e["because"] for e in self.answer["escalations"] if e["rule"] == rule)
        return " ".join(found)

    def due(self, day: str, code: str) -> str | None:
        found: str | None = self.answer["due"][day].get(code)
        return found


def replayed(
    *events: Event,
    until: str,
    sex: str = "m",
    dob: str = "2026-06-20",
    pathway: PathwayEdition = REFERENCE,
) -> Replayed:
    timeline = {
        "id": "story",
        "patient": {"sex": sex, "dob": dob, "etiology": "unknown"},
        "observe_until": until,
        "events": list(events),
    }
    return Replayed(simulate(pathway, read_timelines(json.dumps(timeline))[0][0]))
