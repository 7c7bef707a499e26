"""The referral packet: what the surgery program asks for, what is there, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ispath.dashboard.reading.courses import courses_of
from ispath.dashboard.reading.facts import records_of
from ispath.dashboard.reading.names import URGENCY_WORDS
from ispath.dashboard.words import day, humane, language

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from clinic.models import Patient, Referral
    from ispath.dashboard.reading.facts import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the packet; without lines it is missing, and `hint` says how to get it."""

    title: str
    lines: tuple[str, ...]
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """All parts."""

    parts: tuple[Part, ...]

    @property
    def total(self) -> int:
        """How many parts there are."""
        return len(self.parts)

    @property
    def missing(self) -> tuple[str, ...]:
        """What is not there."""
        return tuple(part.title for part in self.parts if not part.lines)


def _records(records: Iterable[Record], keep: Callable[[Record], bool], most: int = 8) -> tuple[str, ...]:
    found = [record for record in records if not record.struck and keep(record)]
    return tuple(_line(record) for record in found[:most])


def _line(record: Record) -> str:
    detail = f". {record.detail}" if record.detail else ""
    return f"{day(record.on)}: {record.title}, {record.text}{detail}"


def _kind(name: str) -> Callable[[Record], bool]:
    return lambda record: record.kind == name


def _investigated(*words: str) -> Callable[[Record], bool]:
    return lambda record: record.kind == "investigation" and any(word in record.text for word in words)


def _reasons(referral: Referral) -> tuple[str, ...]:
    lines = []
    for reason in referral.reasons.all():
        urgency = URGENCY_WORDS.get(reason.escalation.urgency, "") if reason.escalation else ""
        withdrawn = " (its basis was withdrawn)" if reason.basis_withdrawn_on else ""
        sentence = humane(reason.chain.get("sentence") or reason.rule)
        lines.append(f"{sentence} Rule {reason.rule}, {day(reason.joined_on)}. {urgency}{withdrawn}".strip())
    return tuple(lines)


def _dates(patient: Patient, first: date | None) -> tuple[str, ...]:
    condition = getattr(patient, "condition", None)
    lines = []
    if condition and condition.onset_on:
        lines.append(f"First spasm {day(condition.onset_on)}")
    if condition and condition.diagnosed_on:
        lines.append(f"Diagnosis {day(condition.diagnosed_on)}")
    if first:
        lines.append(f"First treatment here {day(first)}")
    return tuple(lines)


def _trials(patient: Patient, records: Iterable[Record], today: date) -> tuple[tuple[str, ...], date | None]:
    courses = courses_of(patient, today)
    lines = [
        f"{course.drug}, {course.protocol}, from {day(course.start_on)}, {course.dosed_for}: "
        f"{course.status_words}"
        for course in courses
    ]
    lines += _records(records, lambda record: record.kind in {"priortreatment", "coursestop", "therapy"})
    starts = [course.start_on for course in courses if not course.is_draft]
    return tuple(lines), min(starts, default=None)


def packet_of(patient: Patient, referral: Referral, *, today: date) -> Packet:
    """Collect the packet in the order in which a surgery program reads it."""
    records = records_of(patient)
    trials, first = _trials(patient, records, today)
    team = list(patient.care_team.filter(ended_on=None).select_related("contact"))
    parts = (
        ("Reason and rule", _reasons(referral), "Write down the reason."),
        (
            "Dates: first spasm, diagnosis, first treatment",
            _dates(patient, first),
            "Enter them under the child.",
        ),
        ("Each drug trial", trials, "Enter earlier treatment from elsewhere."),
        ("EEG reports, with raw files on request", _records(records, _kind("eeg")), "Record the EEGs."),
        (
            "Side of the spasms",
            _records(records, lambda r: r.kind == "spasmreport" and "more on" in r.text),
            "Ask the family whether one side does more.",
        ),
        (
            "MRI, epilepsy protocol, with images",
            _records(records, lambda r: _investigated("MRI")(r) or r.kind == "finding"),
            "Order it, or record that it is pending.",
        ),
        ("FDG-PET", _records(records, _investigated("FDG-PET")), "Only if done."),
        (
            "Genetics, pending included",
            _records(records, _investigated("genetics")),
            "Record it, or that it is pending.",
        ),
        (
            "Metabolic screen, pending included",
            _records(records, _investigated("metabolic screen")),
            "Record it, or that it is pending.",
        ),
        (
            "Development, scores with dates",
            _records(records, _investigated("developmental")),
            "Record a score.",
        ),
        ("Eye exams", _records(records, _kind("visionexam")), "Record the exams."),
        (
            "Blood pressure and side effects",
            _records(records, lambda r: r.kind in {"bloodpressure", "symptom"}),
            "None recorded.",
        ),
        ("Family's wishes, interpreter", _family(patient), "Ask the family."),
        (
            "Contact",
            tuple(
                f"{row.contact.name}, {row.get_role_display()}, {row.contact.phone}".rstrip(", ")
                for row in team
            ),
            "Enter the care team.",
        ),
    )
    return Packet(
        parts=tuple(Part(title=title, lines=tuple(lines), hint=hint) for title, lines, hint in parts)
    )


def _family(patient: Patient) -> tuple[str, ...]:
    interpreter = "an interpreter is needed" if patient.needs_interpreter else "no interpreter needed"
    return (f"{language(patient.language)}, {interpreter}",)
