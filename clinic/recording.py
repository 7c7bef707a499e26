"""What was seen is written down: one verb for each kind. Each leads to a review of the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.db import transaction

from clinic.entries import Entry, day_of, lock, refuse_before_birth, write
from clinic.measures import kept
from clinic.models import (
    BloodPressure,
    Condition,
    Diagnosis,
    Eeg,
    Exposure,
    Fact,
    Finding,
    Investigation,
    Measurement,
    Outcome,
    PriorTreatment,
    SpasmReport,
    Symptom,
    Therapy,
    Vaccine,
    VisionExam,
)
from clinic.review import review_enrolment
from clinic.timeline import Kind, tell
from clinic.weighing import ask_about_doses
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from decimal import Decimal

    from clinic.models import Actor, Enrolment
    from protocols.models import Drug

F = TypeVar("F", bound=Fact)


class NothingSaid(Refusal):
    """A form came without what it is about."""

    code = "nothing-said"


@transaction.atomic
def record(
    model: type[F],
    *,
    enrolment: Enrolment,
    entry: Entry,
    by: Actor,
    now: datetime,
    values: Mapping[str, Any],
    permission: str = "",
    kind: Kind = Kind.FACT_RECORDED,
) -> F:
    """Write one fact, tell the timeline, review the plan: all of it or nothing. Twice is once."""
    locked = lock(enrolment)
    row, new = write(
        model, enrolment=locked, entry=entry, by=by, now=now, values=values, permission=permission
    )
    if new:
        tell(kind, about=row, enrolment=locked, by=by, now=now)
        review_enrolment(enrolment=locked, by=by, now=now)
    return row


def record_blood_pressure(
    *,
    enrolment: Enrolment,
    entry: Entry,
    by: Actor,
    now: datetime,
    systolic: int,
    diastolic: int | None = None,
    symptomatic: bool = False,
    arm: str = "",
    position: str = "",
    state: str = "",
    device: str = "",
    cuff: str = "",
) -> BloodPressure:
    """Record one reading in mmHg."""
    values = {
        "systolic": systolic,
        "diastolic": diastolic,
        "symptomatic": symptomatic,
        "arm": arm,
        "position": position,
        "state": state,
        "device": device,
        "cuff": cuff,
    }
    return record(BloodPressure, enrolment=enrolment, entry=entry, by=by, now=now, values=values)


def record_eeg(
    *,
    enrolment: Enrolment,
    entry: Entry,
    by: Actor,
    now: datetime,
    hypsarrhythmia: bool | None = None,
    spasms_recorded: bool | None = None,
    sleep: bool | None = None,
    minutes: int | None = None,
    based: int | None = None,
    accession: str = "",
    lateralised: str = "",
    improved: bool | None = None,
    report: str = Eeg.Report.FINAL,
) -> Eeg:
    """Record one EEG, or that one was recorded whose report is pending."""
    if report == Eeg.Report.FINAL and hypsarrhythmia is None and spasms_recorded is None and based is None:
        raise NothingSaid(
            "A reported EEG says something about hypsarrhythmia, recorded spasms or the BASED score. "
            "Fill in one of them, or say that the report is pending.",
            field="hypsarrhythmia",
        )
    values = {
        "report": report,
        "hypsarrhythmia": hypsarrhythmia,
        "spasms_recorded": spasms_recorded,
        "sleep": sleep,
        "minutes": minutes,
        "based": based,
        "accession": accession,
        "lateralised": lateralised,
        "improved": improved,
    }
    return record(Eeg, enrolment=enrolment, entry=entry, by=by, now=now, values=values)


def record_vision_exam(
    *,
    enrolment: Enrolment,
    entry: Entry,
    by: Actor,
    now: datetime,
    result: str,
    method: str = "",
    examiner: str = "",
) -> VisionExam:
    """Record one eye exam. An abnormal one asks a person; it never stops a drug."""
    values = {"result": result, "method": method, "examiner": examiner}
    return record(VisionExam, enrolment=enrolment, entry=entry, by=by, now=now, values=values)


def record_spasms(
    *,
    enrolment: Enrolment,
    entry: Entry,
    by: Actor,
    now: datetime,
    status: str,
    clusters: int | None = None,
    spasms_per_cluster: int | None = None,
    waking: str = "",
    side: str = "",
    video: bool = False,
    told_by: str = "",
    none_since_on: date | None = None,
) -> SpasmReport:
    """Record what the family told, "asked, none seen" included. Only a confirmed spasm counts as one."""
    if none_since_on is not None:
        refuse_before_birth(none_since_on, patient=enrolment.patient, field="none_since_on")
    values = {
        "status": status,
        "clusters": clusters,
        "spasms_per_cluster": spasms_per_cluster,
        "waking": waking,
        "side": side,
        "video": video,
        "told_by": told_by,
        "none_since_on": none_since_on,
    }
    return record(SpasmReport, enrolment=enrolment, entry=entry, by=by, now=now, values=values)


def record_weight(
    *, enrolment: Enrolment, entry: Entry, by: Actor, now: datetime, kg: Decimal, source: str = ""
) -> Measurement:
    """Record a weight in kg. It changes no dose until a prescriber accepts it."""
    said = {"kind": Measurement.Kind.WEIGHT, "value": kg, "unit": "kg", "source": source}
    return record_measured(said, enrolment=enrolment, entry=entry, by=by, now=now)


@transaction.atomic
def record_measured(
    said: Mapping[str, Any], *, enrolment: Enrolment, entry: Entry, by: Actor, now: datetime
) -> Measurement:
    """Record a measurement in the unit it is kept in; a new weight asks about doses."""
    row = record(Measurement, enrolment=enrolment, entry=entry, by=by, now=now, values=said)
    if row.kind == Measurement.Kind.WEIGHT:
        ask_about_doses(row, enrolment=enrolment, by=by, now=now)
    return row


def record_measurement(
    *,
    enrolment: Enrolment,
    entry: Entry,
    by: Actor,
    now: datetime,
    kind: str,
    value: Decimal | None = None,
    unit: str = "",
    result: str = "",
    method: str = "",
    source: str = "",
) -> Measurement:
    """Record another measurement, in a unit or in the words that are read for its kind."""
    if value is None and not result:
        raise NothingSaid("Give the value, or the result in a word.", field="value")
    said = {
        "kind": kind,
        "value": value,
        "unit": unit,
        "result": result,
        "method": method,
        "source": source,
    }
    return record_measured(kept(said), enrolment=enrolment, entry=entry, by=by, now=now)


def record_symptom(
    *,
    enrolment: Enrolment,
    entry: Entry,
    by: Actor,
    now: datetime,
    temperature_c: Decimal | None = None,
    signs: tuple[str, ...] = (),
    vigabatrin_mri_suspected: bool = False,
) -> Symptom:
    """Record a symptom: fever, signs of an adrenal crisis, a suspicion of MRI toxicity."""
    if temperature_c is None and not signs and not vigabatrin_mri_suspected and not entry.detail:
        raise NothingSaid("Say what the child had.", field="detail")
    values = {
        "temperature_c": temperature_c,
        "signs": list(signs),
        "vigabatrin_mri_suspected": vigabatrin_mri_suspected,
    }
    return record(Symptom, enrolment=enrolment, entry=entry, by=by, now=now, values=values)


def record_exposure(
    *, enrolment: Enrolment, entry: Entry, by: Actor, now: datetime, agent: str, kind: str = ""
) -> Exposure:
    """Record a contact with an infectious disease."""
    values = {"agent": agent, "kind": kind}
    return record(Exposure, enrolment=enrolment, entry=entry, by=by, now=now, values=values)


def record_vaccine(
    *,
    enrolment: Enrolment,
    entry: Entry,
    by: Actor,
    now: datetime,
    name: str,
    live: bool,
    on: date,
    status: str = Vaccine.Status.SCHEDULED,
    for_household: bool = False,
) -> Vaccine:
    """Record a vaccine that is planned for a day, or was given."""
    refuse_before_birth(on, patient=enrolment.patient, field="on")
    values = {"name": name, "live": live, "on": on, "status": status, "for_household": for_household}
    return record(Vaccine, enrolment=enrolment, entry=entry, by=by, now=now, values=values)


def record_therapy(
    *,
    enrolment: Enrolment,
    entry: Entry,
    by: Actor,
    now: datetime,
    therapy: str,
    status: str = Therapy.Status.STARTED,
) -> Therapy:
    """Record another therapy: a diet, another drug, an operation."""
    values = {"therapy": therapy, "status": status}
    return record(Therapy, enrolment=enrolment, entry=entry, by=by, now=now, values=values)


def record_investigation(
    *,
    enrolment: Enrolment,
    entry: Entry,
    by: Actor,
    now: datetime,
    kind: str,
    status: str,
    result: str = "",
) -> Investigation:
    """Record a test the referral packet asks for, or that it is pending."""
    values = {"kind": kind, "status": status, "result": result}
    return record(Investigation, enrolment=enrolment, entry=entry, by=by, now=now, values=values)


def record_prior_treatment(
    *,
    enrolment: Enrolment,
    entry: Entry,
    by: Actor,
    now: datetime,
    drug: Drug | None = None,
    drug_text: str = "",
    last_dose_on: date | None = None,
    dose_text: str = "",
    adequate: bool | None = None,
    outcome: str = Outcome.UNKNOWN,
    given_at: str = "",
) -> PriorTreatment:
    """Record a drug given elsewhere; a failed one counts as if it had failed here."""
    if drug is None and not drug_text.strip():
        raise NothingSaid("Name the drug.", field="drug")
    if last_dose_on is not None and entry.happened_on is not None and last_dose_on < entry.happened_on:
        raise NothingSaid(
            "The last dose cannot be before the first. Correct the dates.", field="last_dose_on"
        )
    values = {
        "drug": drug,
        "drug_text": drug_text.strip(),
        "last_dose_on": last_dose_on,
        "dose_text": dose_text,
        "adequate": adequate,
        "outcome": outcome,
        "given_at": given_at,
    }
    return record(PriorTreatment, enrolment=enrolment, entry=entry, by=by, now=now, values=values)


@transaction.atomic
def record_finding(
    *,
    enrolment: Enrolment,
    entry: Entry,
    by: Actor,
    now: datetime,
    lesion: str = "",
    metabolic_or_degenerative: str = "",
) -> Finding:
    """Record what imaging, genetics or metabolic tests say about the cause."""
    if not lesion and not metabolic_or_degenerative:
        raise NothingSaid("Say what was found: about a lesion, or about a metabolic disease.", field="lesion")
    said = {"lesion": lesion, "metabolic_or_degenerative": metabolic_or_degenerative}
    row = record(Finding, enrolment=enrolment, entry=entry, by=by, now=now, values=said)
    keep_condition(enrolment=enrolment, by=by, now=now, values={k: v for k, v in said.items() if v})
    return row


@transaction.atomic
def record_diagnosis(
    *,
    enrolment: Enrolment,
    entry: Entry,
    by: Actor,
    now: datetime,
    onset_on: date | None = None,
    etiology: str = "",
    hypsarrhythmia_at_baseline: bool | None = None,
) -> Diagnosis:
    """Record that infantile spasms were diagnosed; the clock to the first course starts here."""
    day = day_of(entry, enrolment=enrolment, now=now)
    if onset_on is not None:
        refuse_before_birth(onset_on, patient=enrolment.patient, field="onset_on")
        if onset_on > day:
            raise NothingSaid("The first spasm cannot be later than the diagnosis.", field="onset_on")
    said = {
        "onset_on": onset_on,
        "etiology": etiology,
        "hypsarrhythmia_at_baseline": hypsarrhythmia_at_baseline,
    }
    row = record(Diagnosis, enrolment=enrolment, entry=entry, by=by, now=now, values=said)
    kept = {name: value for name, value in said.items() if value not in {None, ""}}
    keep_condition(enrolment=enrolment, by=by, now=now, values={**kept, "diagnosed_on": day})
    return row


def keep_condition(*, enrolment: Enrolment, by: Actor, now: datetime, values: Mapping[str, Any]) -> None:
    """Show the newest word about the disease on the child's condition."""
    Condition.objects.update_or_create(
        patient_id=enrolment.patient_id,
        defaults={**values, "changed_at": now, "changed_by": by},
        create_defaults={
            **values,
            "created_at": now,
            "created_by": by,
            "changed_at": now,
            "changed_by": by,
        },
    )
