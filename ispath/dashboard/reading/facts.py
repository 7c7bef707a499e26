"""Every fact of a child in one list, the corrected ones struck through and still there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from clinic.models import (
    BloodPressure,
    CalendarTaught,
    ContactAttempt,
    CourseStart,
    CourseStop,
    Decision,
    Diagnosis,
    Dispensed,
    DoseChange,
    DoseDecision,
    Eeg,
    EnrolmentStep,
    EscalationStep,
    Exposure,
    Fact,
    FamilyTold,
    Finding,
    Hold,
    HoldEnd,
    Investigation,
    Measurement,
    MissedDose,
    PriorTreatment,
    ReferralStep,
    SpasmReport,
    Symptom,
    Therapy,
    Vaccine,
    VisionExam,
    Waiver,
)
from ispath.dashboard.reading.same_child import same_child
from ispath.dashboard.words import amount, count, day

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime
    from uuid import UUID

    from clinic.models import Patient


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One fact as a line of the child's records."""

    uid: UUID
    kind: str
    title: str
    on: date
    at: datetime | None
    text: str
    detail: str
    known_at: datetime
    by: str
    via: str
    struck: bool
    why_corrected: str
    corrects: UUID | None
    unlikely: str
    form: str


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _answer(value: bool | None, yes: str, no: str) -> str:  # noqa: FBT001 - a fact's own three answers
    return "" if value is None else yes if value else no


def bp_words(fact: BloodPressure) -> str:
    """Write a reading with what it takes to trust it."""
    low = f"/{fact.diastolic}" if fact.diastolic is not None else ""
    how = _joined(
        fact.get_state_display() if fact.state else "",
        fact.get_arm_display() if fact.arm else "",
        fact.get_position_display() if fact.position else "",
        fact.cuff and f"cuff {fact.cuff}",
        fact.device,
    )
    signs = "; with symptoms" if fact.symptomatic else ""
    return f"{fact.systolic}{low} mmHg{signs}{f' ({how})' if how else ''}"


def eeg_words(fact: Eeg) -> str:
    """Write an EEG; an awaited report is said as that."""
    if fact.report == Eeg.Report.PENDING:
        return "recorded, report pending"
    return _joined(
        _answer(fact.hypsarrhythmia, "hypsarrhythmia", "no hypsarrhythmia"),
        _answer(fact.spasms_recorded, "spasms recorded", "no spasms recorded"),
        f"BASED {fact.based}" if fact.based is not None else "",
        f"{fact.minutes} minutes" if fact.minutes else "",
        _answer(fact.sleep, "with sleep", "without sleep"),
        fact.lateralised,
    )


def spasm_words(fact: SpasmReport) -> str:
    """Write a spasm report."""
    since = f"since {day(fact.none_since_on)}" if fact.none_since_on else ""
    return _joined(
        fact.get_status_display(),
        since,
        count(fact.clusters, "cluster") if fact.clusters else "",
        f"{fact.spasms_per_cluster} per cluster" if fact.spasms_per_cluster else "",
        fact.get_waking_display() if fact.waking else "",
        fact.get_side_display() if fact.side else "",
        "video" if fact.video else "",
        f"told by {fact.told_by}" if fact.told_by else "",
    )


def measured_words(fact: Measurement) -> str:
    """Write a measured value with its unit and where it was measured."""
    value = f"{amount(fact.value)} {fact.unit}".strip() if fact.value is not None else fact.result
    typed = f"typed as {fact.as_typed}" if fact.as_typed and fact.as_typed != value else ""
    return _joined(value, fact.get_source_display() if fact.source else "", fact.method, typed)


def symptom_words(fact: Symptom) -> str:
    """Write a symptom."""
    heat = f"{fact.temperature_c} °C" if fact.temperature_c is not None else ""
    toxicity = "MRI changes from vigabatrin suspected" if fact.vigabatrin_mri_suspected else ""
    return _joined(heat, *(str(kind).replace("_", " ") for kind in fact.signs), toxicity)


def call_words(fact: ContactAttempt) -> str:
    """Write a call."""
    again = f"ask again {day(fact.ask_again_on)}" if fact.ask_again_on else ""
    who = f"spoke to {fact.spoke_to}" if fact.spoke_to else ""
    answers = [f"{key}: {value}" for key, value in fact.answers.items() if value]
    return _joined(f"about {fact.get_about_display()}", fact.get_outcome_display(), who, again, *answers)


# Model, the ward's word, the fact in words, the form that corrects it (empty: a page or verb of its own).
KINDS: tuple[tuple[type[Fact], str, Callable[[Any], str], str], ...] = (
    (BloodPressure, "Blood pressure", bp_words, "blood-pressure"),
    (Eeg, "EEG", eeg_words, "eeg"),
    (SpasmReport, "Spasm report", spasm_words, "spasm-report"),
    (Measurement, "Measurement", measured_words, "measurement"),
    (VisionExam, "Eye exam", lambda f: _joined(f.get_result_display(), f.method, f.examiner), "vision-exam"),
    (Symptom, "Symptom", symptom_words, "symptom"),
    (Exposure, "Exposure", lambda f: _joined(f.agent, f.kind), "exposure"),
    (
        Vaccine,
        "Vaccine",
        lambda f: _joined(f.name, "live" if f.live else "not live", f.get_status_display(), day(f.on)),
        "vaccine",
    ),
    (
        Finding,
        "Finding",
        lambda f: _joined(
            f.get_lesion_display() if f.lesion else "",
            f.metabolic_or_degenerative
            and f"metabolic or degenerative disease {f.get_metabolic_or_degenerative_display()}",
        ),
        "finding",
    ),
    (Diagnosis, "Diagnosis", lambda f: _joined("infantile spasms", f.etiology.replace("_", " ")), ""),
    (
        Investigation,
        "Investigation",
        lambda f: _joined(f.get_kind_display(), f.get_status_display(), f.result),
        "investigation",
    ),
    (Therapy, "Therapy", lambda f: _joined(f.therapy, f.get_status_display()), "therapy"),
    (ContactAttempt, "Call", call_words, "call"),
    (
        PriorTreatment,
        "Earlier treatment",
        lambda f: _joined(str(f.drug or f.drug_text), f.dose_text, f.get_outcome_display(), f.given_at),
        "",
    ),
    (CourseStart, "Course started", lambda f: str(f.course.drug), ""),
    (CourseStop, "Course ended", lambda f: _joined(str(f.course.drug), f.get_reason_display()), ""),
    (
        DoseDecision,
        "Dose decided",
        lambda f: _joined(f.step_key, "taken" if f.taken else "not taken", f"by {f.prescriber}"),
        "",
    ),
    (DoseChange, "Dose changed", lambda f: _joined(f.get_kind_display(), f"by {f.prescriber}"), ""),
    (Hold, "On hold", lambda f: f"until {day(f.until_on)}" if f.until_on else "no end set", ""),
    (HoldEnd, "Hold ended", lambda _f: "given again", ""),
    (MissedDose, "Dose missed", lambda f: _joined(f.get_kind_display(), count(f.doses, "dose")), ""),
    (Dispensed, "Dispensed", lambda f: _joined(str(f.product or ""), f.strength_text, f.quantity_text), ""),
    (CalendarTaught, "Calendar taught", lambda f: _joined(str(f.product or ""), f.taught_to), ""),
    (Waiver, "Waived", lambda f: _joined(f.reason, f"until {day(f.until_on)}" if f.until_on else ""), ""),
    (
        Decision,
        "Decision",
        lambda f: _joined(f.get_kind_display(), f.outcome, f.next_therapy, f"by {f.decided_by}"),
        "",
    ),
    (FamilyTold, "Family told", lambda f: _joined(f.get_subject_kind_display(), f"by {f.told_by}"), ""),
    (
        EscalationStep,
        "Escalation",
        lambda f: _joined(f.get_kind_display(), f.spoke_to and f"to {f.spoke_to}", f.reason),
        "",
    ),
    (ReferralStep, "Referral", lambda f: _joined(f.get_kind_display(), f.party, f.outcome), ""),
    (EnrolmentStep, "Enrolment", lambda f: _joined(f.get_kind_display(), f.other_party), ""),
)

MEASUREMENT_FORMS = {
    "weight": "weight",
    "length": "length",
    "glucose": "glucose",
    "urine_glucose": "urine-glucose",
    "potassium": "electrolytes",
    "sodium": "sodium",
    "stool_blood": "stool",
}


def _form_of(fact: Any, form: str) -> str:
    return MEASUREMENT_FORMS.get(fact.kind, "") if form == "measurement" else form


def _line(fact: Any, title: str, text: str, form: str, struck: set[int]) -> Record:
    why = fact.why_corrected
    return Record(
        uid=fact.uid,
        kind=fact._meta.model_name,
        title=fact.get_kind_display().capitalize() if isinstance(fact, Measurement) else title,
        on=fact.happened_on,
        at=fact.happened_at,
        text="entered in error, taken back" if fact.entered_in_error else text,
        detail=fact.detail,
        known_at=fact.known_at,
        by=fact.recorded_by.name,
        via=fact.get_via_display(),
        struck=fact.pk in struck or fact.entered_in_error,
        why_corrected=why,
        corrects=fact.corrects_id,
        unlikely=f"True because {fact.true_because}; seen by {fact.seconded_by.name} too."
        if fact.true_because
        else "",
        form=_form_of(fact, form),
    )


def records_of(patient: Patient) -> list[Record]:
    """Return every fact of a child, newest first: one query for each kind."""
    found: list[Record] = []
    for model, title, in_words, form in KINDS:
        joins = ["recorded_by", "seconded_by"]
        if any(field.name == "course" for field in model._meta.get_fields()):
            joins.append("course__drug")
        rows = (
            cast("Any", model)
            .objects.filter(patient__in=same_child(patient))
            .select_related(*joins)
            .order_by("-happened_on", "-pk")
        )
        facts = list(rows)
        struck = {fact.corrects_id for fact in facts if fact.corrects_id}
        found += [_line(fact, title, in_words(fact), form, struck) for fact in facts]
    return sorted(found, key=lambda record: (record.on, record.known_at), reverse=True)
