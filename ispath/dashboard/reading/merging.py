"""Two records side by side: what each says, what would move, and why they cannot become one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from clinic.children import MOVES_ALONG, lookalikes, refuse_impossible_merge
from clinic.models import Course, Enrolment, PatientMerge
from ispath.dashboard.reading.facts import records_of
from ispath.dashboard.words import count, day, language
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from clinic.models import Patient
    from ispath.dashboard.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One thing both records say."""

    what: str
    kept: str
    gone: str

    @property
    def differs(self) -> bool:
        """Whether a person has to look."""
        return self.kept != self.gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Merging:
    """What would happen, before it does."""

    kept: Patient
    gone: Patient
    lines: tuple[Compared, ...]
    moves: tuple[str, ...]
    refusal: Refusal | None


def _said(patient: Patient) -> dict[str, str]:
    condition = getattr(patient, "condition", None)
    enrolments = Enrolment.objects.filter(patient=patient).select_related("clinic").order_by("pk")
    courses = Course.objects.filter(patient=patient).select_related("drug").order_by("start_on")
    courses = courses.exclude(status=Course.Status.DROPPED)
    team = patient.care_team.filter(ended_on=None).select_related("contact").order_by("pk")
    weeks = patient.gestation_weeks
    return {
        "Family name": patient.family_name,
        "First names": patient.given_names,
        "Born": day(patient.birth_date),
        "Sex": str(patient.get_sex_display()),
        "Gestation": f"{weeks} weeks and {count(patient.gestation_days, 'day')}" if weeks else "not known",
        "Language": language(patient.language),
        "Household": patient.household or "not entered",
        "Record numbers": ", ".join(row.value for row in patient.identifiers.order_by("pk")) or "none",
        "Cause": condition.etiology_text or str(condition.get_etiology_display())
        if condition
        else "not known",
        "MRI": str(condition.get_lesion_display()) if condition else "not known",
        "Followed": "; ".join(
            f"{row.clinic.name}, {row.get_state_display()} since {day(row.enrolled_on)}" for row in enrolments
        )
        or "nowhere",
        "Courses": "; ".join(
            f"{row.drug.name} from {day(row.start_on)}, {row.get_status_display()}" for row in courses
        )
        or "none",
        "Care team": "; ".join(f"{row.contact.name} ({row.get_role_display()})" for row in team) or "nobody",
    }


def merging_of(kept: Patient, gone: Patient) -> Merging:
    """Compare two records and say what a merge would do; nothing is written."""
    says, other = _said(kept), _said(gone)
    records = records_of(gone)
    counted = ((model, model._default_manager.filter(patient=gone).count()) for model in MOVES_ALONG)
    moves = [
        count(number, str(model._meta.verbose_name), str(model._meta.verbose_name_plural))
        for model, number in counted
        if number
    ]
    lines = [Compared(what=what, kept=says[what], gone=other[what]) for what in says]
    lines.append(
        Compared(
            what="Records", kept=count(len(records_of(kept)), "record"), gone=count(len(records), "record")
        )
    )
    return Merging(kept=kept, gone=gone, lines=tuple(lines), moves=tuple(moves), refusal=_refusal(kept, gone))


def _refusal(kept: Patient, gone: Patient) -> Refusal | None:
    try:
        refuse_impossible_merge(kept, gone)
    except Refusal as refusal:
        return refusal
    return None


def could_be_the_same(desk: Desk, patient: Patient) -> list[Patient]:
    """Return the records this one could be a double of: same surname, birth date or household."""
    return list(lookalikes(patient, actor=desk.actor)[:20])


def merges_of(patient: Patient) -> list[Any]:
    """Return the merges into this child, newest first."""
    rows = PatientMerge.objects.filter(survivor=patient).select_related("replaced", "created_by")
    return list(rows.order_by("-pk"))
