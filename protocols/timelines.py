"""Patient timelines as files: JSON to facts, every mistake with its path, a warning for each unknown key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar

from protocols.engine import facts as f
from protocols.engine.mistakes import Mistake
from protocols.engine.pathway import DrugClass, Sex
from protocols.refusal import Refusal

Word = TypeVar("Word", bound=StrEnum)
Tree = Mapping[str, Any]


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


class Reading:
    """What has been found while a file is read."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []
        self.warnings: list[Mistake] = []

    def wrong(self, path: str, sentence: str) -> None:
        self.mistakes.append(Mistake(path=path, sentence=sentence))

    def unknown_keys(self, path: str, tree: Tree, known: frozenset[str]) -> None:
        for key in tree:
            if key not in known:
                self.warnings.append(Mistake(path=f"{path}.{key}", sentence="unknown key, not used"))


class Keys:
    """One event's data: asks for keys by name and kind, and notes what is wrong or missing."""

    def __init__(self, tree: Tree, path: str, reading: Reading) -> None:
        self._tree = tree
        self._path = path
        self._reading = reading

    def _value(self, name: str, kind: type | tuple[type, ...], wanted: str, *, must: bool) -> Any:
        value = self._tree.get(name)
        if value is None:
            if must:
                self._reading.wrong(f"{self._path}.{name}", f"{wanted} is missing")
            return None
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self._reading.wrong(f"{self._path}.{name}", f"{wanted} is wanted here, not {value!r}")
            return None
        return value

    def text(self, name: str, *, must: bool = False) -> str:
        return self._value(name, str, "text", must=must) or ""

    def flag(self, name: str) -> bool | None:
        found: bool | None = self._value(name, bool, "true or false", must=False)
        return found

    def whole(self, name: str, *, must: bool = False) -> int | None:
        value: int | None = self._value(name, int, "a whole number", must=must)
        return value

    def number(self, name: str) -> Decimal | None:
        value = self._value(name, (int, Decimal), "a number", must=False)
        return None if value is None else Decimal(value)

    def day(self, name: str, *, must: bool = False) -> date | None:
        value = self._value(name, str, "a date like 2027-01-04", must=must)
        if value is None:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            self._reading.wrong(f"{self._path}.{name}", f"{value!r} is not a date like 2027-01-04")
            return None

    def word(self, name: str, kind: type[Word], *, must: bool = False) -> Word | None:
        value = self._value(name, str, f"one of {', '.join(kind)}", must=must)
        if value is None:
            return None
        if value not in set(kind):
            self._reading.wrong(f"{self._path}.{name}", f"{value!r} is not one of {', '.join(kind)}")
            return None
        return kind(value)


# --- event types ------------------------------------------------------------------------------------------


def _med_start(d: Keys, at: dict[str, Any]) -> f.Fact:
    adequate = d.flag("adequate")
    return f.TreatmentStart(
        **at,
        drug=d.text("drug", must=True),
        drug_class=d.word("class", DrugClass, must=True) or DrugClass.HORMONAL,
        planned_last_dose=d.day("planned_last_dose"),
        adequate=adequate is not False,
        note=d.text("detail"),
    )


def _med_stop(d: Keys, at: dict[str, Any]) -> f.Fact:
    reason = d.word("reason", f.StopReason) or f.StopReason.OTHER
    return f.TreatmentStop(**at, drug=d.text("drug", must=True), reason=reason)


def _eeg(d: Keys, at: dict[str, Any]) -> f.Fact:
    return f.Eeg(
        **at,
        hypsarrhythmia=d.flag("hypsarrhythmia"),
        spasms_recorded=d.flag("spasms_recorded"),
        sleep=d.flag("sleep"),
        minutes=d.whole("minutes"),
        based=d.whole("based"),
        accession=d.text("accession"),
    )


def _bp(d: Keys, at: dict[str, Any]) -> f.Fact:
    return f.BloodPressure(
        **at,
        sbp=d.whole("sbp", must=True) or 0,
        dbp=d.whole("dbp"),
        symptomatic=bool(d.flag("symptomatic")),
        detail=d.text("detail"),
    )


def _vision(d: Keys, at: dict[str, Any]) -> f.Fact:
    result = d.word("result", f.VisionResult, must=True) or f.VisionResult.NOT_POSSIBLE
    return f.VisionExam(**at, result=result, method=d.text("method"))


def _finding(d: Keys, at: dict[str, Any]) -> f.Fact:
    lesion = d.flag("focal_or_hemispheric_lesion")
    statuses = {None: None, True: f.LesionStatus.PRESENT, False: f.LesionStatus.NONE}
    return f.Finding(
        **at,
        lesion=statuses[lesion],
        metabolic=d.word("metabolic_or_degenerative", f.DiseaseStatus),
        detail=d.text("detail"),
    )


def _vaccine(d: Keys, at: dict[str, Any]) -> f.Fact:
    planned = d.day("on", must=True) or at["on"]
    return f.VaccineScheduled(**at, live=bool(d.flag("live")), name=d.text("name"), planned_on=planned)


def _symptom(d: Keys, at: dict[str, Any]) -> f.Fact:
    suspect = bool(d.flag("vabam_suspect"))
    return f.Symptom(**at, detail=d.text("detail"), temp_c=d.number("temp_c"), vabam_suspect=suspect)


def _referral(step: f.ReferralStepKind) -> Any:
    return lambda d, at: f.ReferralStep(**at, step=step, to=d.text("to"), detail=d.text("detail"))


def _keys(*names: str) -> frozenset[str]:
    return frozenset(names)


TYPES: dict[str, tuple[Any, frozenset[str]]] = {
    "med_start": (_med_start, _keys("drug", "class", "planned_last_dose", "adequate", "detail")),
    "med_stop": (_med_stop, _keys("drug", "reason")),
    "spasm": (lambda d, at: f.SpasmReport(**at, clusters=d.whole("clusters")), _keys("clusters")),
    "eeg": (_eeg, _keys("hypsarrhythmia", "spasms_recorded", "sleep", "minutes", "based", "accession")),
    "bp": (_bp, _keys("sbp", "dbp", "symptomatic", "detail")),
    "weight": (lambda d, at: f.Weight(**at, grams=d.whole("grams", must=True) or 0), _keys("grams")),
    "glucose": (
        lambda d, at: f.Glucose(**at, mg_dl=d.whole("mg_dl"), method=d.text("method")),
        _keys("mg_dl", "method"),
    ),
    "vision_exam": (_vision, _keys("result", "method", "detail")),
    "finding": (_finding, _keys("focal_or_hemispheric_lesion", "metabolic_or_degenerative", "detail")),
    "therapy_start": (lambda d, at: f.TherapyStart(**at, therapy=d.text("therapy")), _keys("therapy")),
    "referral_sent": (_referral(f.ReferralStepKind.SENT), _keys("to")),
    "referral_declined": (_referral(f.ReferralStepKind.DECLINED), _keys("by", "detail")),
    "human_review": (lambda d, at: f.HumanReview(**at, outcome=d.text("outcome")), _keys("by", "outcome")),
    "decision": (
        lambda d, at: f.Decision(
            **at,
            surgery_first_line=bool(d.flag("surgery_first_line")),
            next_therapy=d.text("next_therapy"),
        ),
        _keys("by", "surgery_first_line", "next_therapy"),
    ),
    "symptom": (_symptom, _keys("detail", "temp_c", "vabam_suspect")),
    "exposure": (
        lambda d, at: f.Exposure(**at, agent=d.text("agent", must=True), kind=d.text("kind")),
        _keys("agent", "kind"),
    ),
    "vaccine_scheduled": (_vaccine, _keys("live", "name", "on")),
    "transfer_out": (lambda d, at: f.TransferOut(**at, to=d.text("to")), _keys("to")),
    "transfer_accepted": (lambda _d, at: f.TransferAccepted(**at), _keys("by")),
    "death": (lambda _d, at: f.Death(**at), _keys()),
    "consent_withdrawn": (lambda d, at: f.ConsentWithdrawn(**at, detail=d.text("detail")), _keys("detail")),
    "contact_lost": (lambda d, at: f.ContactLost(**at, detail=d.text("detail")), _keys("detail")),
    "email_bounce": (
        lambda d, at: f.EmailBounced(**at, recipient=d.text("recipient")),
        _keys("recipient"),
    ),
}
CORRECTION = "correction"
_CORRECTION_KEYS = _keys("corrects", "replace")
_EVENT_KEYS = _keys("at", "known_at", "id", "type", "data")
_TIMELINE_KEYS = _keys(
    "id", "title", "tags", "timezone", "patient", "observe_until", "events", "expected", "notes"
)
_PATIENT_KEYS = _keys("sex", "dob", "etiology", "baseline_eeg")


# --- files ------------------------------------------------------------------------------------------------


def read_timelines(text: str) -> tuple[list[Timeline], list[Mistake]]:
    """The timelines of a file and the warnings about it. Raises TimelinesUnreadable with every mistake."""
    reading = Reading()
    try:
        tree = json.loads(text, parse_float=Decimal, object_pairs_hook=dict)
    except (json.JSONDecodeError, InvalidOperation) as error:
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
    reading.unknown_keys(path, entry, _TIMELINE_KEYS)
    keys = Keys(entry, path, reading)
    name, until = keys.text("id", must=True), keys.day("observe_until", must=True)
    child = _child(entry.get("patient"), name, f"{path}.patient", reading)
    events = entry.get("events")
    if not isinstance(events, list) or not events:
        reading.wrong(f"{path}.events", "a list of at least one event is wanted here")
        return None
    facts = _Events(events, path, reading).facts()
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
    reading.unknown_keys(path, tree, _PATIENT_KEYS)
    keys = Keys(tree, path, reading)
    return f.Child(
        id=name, sex=keys.word("sex", Sex), born_on=keys.day("dob"), etiology=keys.text("etiology")
    )


class _Events:
    """The events of one timeline: plain facts, and corrections merged onto what they correct."""

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
        self._reading.unknown_keys(path, event, _EVENT_KEYS)
        kind = event.get("type")
        if kind != CORRECTION and (not isinstance(kind, str) or kind not in TYPES):
            known = ", ".join((*TYPES, CORRECTION))
            self._reading.wrong(f"{path}.type", f"unknown type {kind!r}; known: {known}")
            return None
        name = Keys(event, path, self._reading).text("id") or f"event-{n + 1:03d}"
        if name in self._trees:
            self._reading.wrong(f"{path}.id", f"the id {name} stands here more than once")
        tree = {**event, "data": event.get("data", {}), "id": name}
        self._trees[name] = tree
        return tree

    def facts(self) -> list[f.Fact]:
        """Every fact, corrections in the order they became known."""
        plain = [self._fact(path, tree, tree) for path, tree in self._events if tree["type"] != CORRECTION]
        corrections = [(path, tree) for path, tree in self._events if tree["type"] == CORRECTION]
        corrections.sort(key=lambda item: str(item[1].get("known_at") or item[1].get("at")))
        found = [*plain, *(self._correction(path, tree) for path, tree in corrections)]
        return [fact for fact in found if fact is not None]

    def _correction(self, path: str, tree: dict[str, Any]) -> f.Fact | None:
        data = tree["data"]
        self._reading.unknown_keys(f"{path}.data", data, _CORRECTION_KEYS)
        root, replace = data.get("corrects"), data.get("replace")
        target = self._trees.get(root) if isinstance(root, str) else None
        if target is None or not isinstance(root, str):
            self._reading.wrong(f"{path}.data.corrects", f"there is no event {root!r}")
            return None
        if not isinstance(replace, dict) or not isinstance(replace.get("data", {}), dict):
            self._reading.wrong(f"{path}.data.replace", "what to replace is wanted here: at, data")
            return None
        self._reading.unknown_keys(f"{path}.data.replace", replace, _keys("at", "data"))
        merged = {**target, **replace, "data": {**target["data"], **replace.get("data", {})}}
        if target["type"] == CORRECTION:
            self._reading.wrong(f"{path}.data.corrects", f"{root} is itself a correction; name the event")
            return None
        self._trees[root] = merged
        fact = self._fact(path, merged, tree, corrects=self._newest.get(root, root))
        self._newest[root] = str(tree["id"])
        return fact

    def _fact(
        self, path: str, tree: dict[str, Any], said: dict[str, Any], corrects: str | None = None
    ) -> f.Fact | None:
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
