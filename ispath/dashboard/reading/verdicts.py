"""Verdicts as every surface says them: by which definition, what is missing, whether the family was told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Max

from clinic.models import FamilyTold, SpasmReport
from ispath.dashboard.reading.chain import reason_of
from ispath.dashboard.reading.same_child import same_child
from ispath.dashboard.reading.sources import basis_words
from ispath.dashboard.words import day
from protocols import reading as pathways

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from clinic.models import Enrolment, Patient, ResponseAssessment
    from ispath.dashboard.reading.chain import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictLine:
    """A verdict as every surface says it: silence is never success."""

    row: ResponseAssessment
    words: str
    definition: str
    source: str
    tone: str
    missing: tuple[str, ...]
    told: str
    reason: Reason
    stands: bool


VERDICT_WORDS = {
    "responder": ("Responder", "good"),
    "provisional": ("Provisional: the spasm-free time is not over", "info"),
    "non_responder": ("Non-responder", "stop"),
    "cannot_tell": ("Cannot tell", "warn"),
}
MISSING_WORDS = {
    "treatment": "no first-line treatment has started",
    "eeg": "the EEG two weeks after the start",
    "eeg-report": "the report of the EEG",
    "spasm-free-days": "28 spasm-free days",
    "person-decides": "a neurologist decides",
    "spasm-report-confirmed": "whether the reported spasm was one",
    "eeg-comparison": "a person compares the EEGs",
    "adequate-trial": "a person says whether the trial was adequate",
}


def _missing(keys: Iterable[object], patient: Patient) -> tuple[str, ...]:
    """Say what a verdict waits for; silence is said as silence (safety control S1)."""
    words = []
    for key in map(str, keys):
        if key == "family-asked":
            asked = SpasmReport.objects.filter(
                patient__in=same_child(patient),
                status=SpasmReport.Status.NONE_SEEN,
                corrected_by_row=None,
                entered_in_error=False,
            ).aggregate(last=Max("happened_on"))["last"]
            words.append(
                f"not confirmed: family last asked {day(asked)}"
                if asked
                else "not confirmed: family not asked since the last spasm"
            )
        else:
            words.append(MISSING_WORDS.get(key, key.replace("_", " ")))
    return tuple(words)


def _told(rows: dict[UUID, Any], uid: UUID) -> str:
    told = rows.get(uid)
    return (
        f"Family told by {told.told_by} on {told.happened_on:%-d %b %Y}." if told else "Family not told yet."
    )


def _definitions(enrolment: Enrolment | None) -> dict[str, tuple[str, str]]:
    """Return the title of each definition of response, and its source."""
    if enrolment is None:
        return {}
    values = pathways.pathway_values(enrolment.pathway_edition)
    return {one.key: (one.title, basis_words(values, one.basis)) for one in values.definitions}


def verdicts_of(patient: Patient, enrolment: Enrolment | None = None) -> list[VerdictLine]:
    """Return the verdicts, the standing one first."""
    definitions = _definitions(enrolment)
    told = {
        row.subject_uid: row
        for row in FamilyTold.objects.filter(patient__in=same_child(patient), subject_kind="verdict")
    }
    lines = []
    for row in patient.assessments.order_by("-assessed_on", "-pk"):
        words, tone = VERDICT_WORDS.get(row.verdict, (row.verdict, ""))
        lines.append(
            VerdictLine(
                row=row,
                words=words,
                definition=definitions.get(row.definition, (row.definition, ""))[0],
                source=definitions.get(row.definition, ("", ""))[1],
                tone=tone,
                missing=_missing(row.missing, patient) if row.superseded_on is None else (),
                told=_told(told, row.uid),
                reason=reason_of(row.chain),
                stands=row.superseded_on is None,
            )
        )
    return sorted(lines, key=lambda line: not line.stands)
