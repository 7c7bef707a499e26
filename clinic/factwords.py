"""What each kind of row says in the engine's words. None: nothing the engine asks about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar

from clinic import models as rows
from clinic.measures import MEASURES, MG_DL
from protocols.engine import facts as engine
from protocols.engine.pathway import DrugClass

Base = dict[str, Any]
Said = tuple[engine.Fact, ...] | None


class Words:
    """The table of translations: a row type, the joins it needs, and a function from row to facts."""

    _table: ClassVar[dict[type[rows.Fact], tuple[Callable[[Any, Base], Said], tuple[str, ...]]]] = {}

    def of(self, model: type[rows.Fact], *joins: str) -> Callable[[Any], Any]:
        """Register the translation of one row type."""

        def keep(function: Callable[[Any, Base], Said]) -> Callable[[Any, Base], Said]:
            self._table[model] = (function, joins)
            return function

        return keep

    def __getitem__(self, model: type[rows.Fact]) -> Callable[[Any, Base], Said]:
        return self._table[model][0]

    def __iter__(self) -> Iterator[tuple[type[rows.Fact], tuple[str, ...]]]:
        return iter([(model, joins) for model, (_, joins) in self._table.items()])


WORDS = Words()


@WORDS.of(rows.Diagnosis)
def diagnosis(_: rows.Diagnosis, base: Base) -> Said:
    return (engine.Diagnosed(**base),)


@WORDS.of(rows.PriorTreatment, "drug")
def prior_treatment(row: rows.PriorTreatment, base: Base) -> Said:
    if row.drug is None:
        return (engine.TherapyStart(**base, therapy=row.drug_text),)
    outcomes = {rows.Outcome.FAILED: True, rows.Outcome.RESPONDED: False}
    adequate = False if row.outcome == rows.Outcome.NOT_TOLERATED else row.adequate
    return (
        engine.PriorTreatment(
            **base,
            drug=row.drug.key,
            drug_class=DrugClass(row.drug.drug_class),
            failed=outcomes.get(rows.Outcome(row.outcome)),
            adequate=adequate,
            ended_on=row.last_dose_on,
        ),
    )


@WORDS.of(rows.CourseStart, "course__drug")
def course_start(row: rows.CourseStart, base: Base) -> Said:
    course = str(row.course.uid)
    start = engine.TreatmentStart(
        **base,
        drug=row.course.drug.key,
        drug_class=DrugClass(row.course.drug.drug_class),
        course=course,
        planned_last_dose=row.planned_last_dose_on,
        adequate=row.adequate is not False,
        taper_on=row.taper_on,
        conditional_step_on=row.dose_decision_on,
    )
    if row.target_dose_on is None:
        return (start,)
    # the calendar brings the child to the target dose on its day, and the fact takes effect on that day
    target = {**base, "id": f"{base['id']}#target", "on": row.target_dose_on, "at": None}
    return start, engine.TargetDoseReached(**target, course=course)


@WORDS.of(rows.CourseStop, "course__drug")
def course_stop(row: rows.CourseStop, base: Base) -> Said:
    known = {word.value for word in engine.StopReason}
    reason = engine.StopReason(row.reason if row.reason in known else "other")
    return (
        engine.TreatmentStop(**base, drug=row.course.drug.key, reason=reason, course=str(row.course.uid)),
    )


@WORDS.of(rows.DoseDecision, "course")
def dose_decision(row: rows.DoseDecision, base: Base) -> Said:
    return (engine.DoseDecided(**base, course=str(row.course.uid), taken=row.taken),)


@WORDS.of(rows.DoseChange, "course")
def dose_change(row: rows.DoseChange, base: Base) -> Said:
    course = str(row.course.uid)
    on = {**base, "on": row.from_on}
    match row.kind:
        case rows.DoseChange.Kind.TAPER:
            return (engine.TaperStarted(**on, course=course),)
        case rows.DoseChange.Kind.TARGET:
            return (engine.TargetDoseReached(**on, course=course),)
        case rows.DoseChange.Kind.LAST_DOSE:
            return (engine.LastDosePlanned(**base, course=course, last_dose=row.from_on),)
        case _:
            return None


@WORDS.of(rows.Hold, "course")
def hold(row: rows.Hold, base: Base) -> Said:
    return (engine.Hold(**base, course=str(row.course.uid), until=row.until_on),)


@WORDS.of(rows.HoldEnd, "course", "hold")
def hold_end(row: rows.HoldEnd, base: Base) -> Said:
    ended = {**base, "on": row.hold.happened_on, "at": None, "corrects": f"hold/{row.hold.uid}"}
    until = row.happened_on - timedelta(days=1)
    return (engine.Hold(**ended, course=str(row.course.uid), until=until),)


@WORDS.of(rows.MissedDose, "course")
def missed_dose(row: rows.MissedDose, base: Base) -> Said:
    vomited = row.kind == rows.MissedDose.Kind.VOMITED
    how = engine.DoseLost.VOMITED if vomited else engine.DoseLost.MISSED
    return (engine.MissedDose(**base, course=str(row.course.uid), how=how, doses=row.doses),)


@WORDS.of(rows.Therapy)
def therapy(row: rows.Therapy, base: Base) -> Said:
    started = row.status == rows.Therapy.Status.STARTED
    return (engine.TherapyStart(**base, therapy=row.therapy),) if started else None


@WORDS.of(rows.SpasmReport)
def spasm_report(row: rows.SpasmReport, base: Base) -> Said:
    if row.status == rows.SpasmReport.Status.NONE_SEEN:
        return (engine.FamilyAsked(**base, none_seen=True),)
    sides = {"left": True, "right": True, "both": False}
    return (
        engine.SpasmReport(
            **base,
            status=engine.SpasmStatus(row.status),
            clusters=row.clusters,
            per_cluster=row.spasms_per_cluster,
            asymmetric=sides.get(row.side),
            asleep=None if not row.waking else row.waking == rows.SpasmReport.Waking.ASLEEP,
            video=row.video,
        ),
    )


@WORDS.of(rows.Eeg)
def eeg(row: rows.Eeg, base: Base) -> Said:
    return (
        engine.Eeg(
            **base,
            hypsarrhythmia=row.hypsarrhythmia,
            spasms_recorded=row.spasms_recorded,
            sleep=row.sleep,
            minutes=row.minutes,
            based=row.based,
            accession=row.accession,
            report_pending=row.report == rows.Eeg.Report.PENDING,
            improved=row.improved,
        ),
    )


@WORDS.of(rows.BloodPressure)
def blood_pressure(row: rows.BloodPressure, base: Base) -> Said:
    return (
        engine.BloodPressure(
            **base,
            sbp=row.systolic,
            dbp=row.diastolic,
            symptomatic=row.symptomatic,
            limb=engine.Arm(row.arm) if row.arm else None,
            position=row.position,
            calmness=engine.Calmness(row.state) if row.state else None,
            device=row.device,
            cuff=row.cuff,
        ),
    )


PLUSES = {word: pluses for pluses, word in enumerate(MEASURES[rows.Measurement.Kind.URINE_GLUCOSE].results)}
MEASURED: dict[str, Callable[[rows.Measurement, Base], Said]] = {
    "weight": lambda row, base: (engine.Weight(**base, grams=grams(row), clinic_scale=on_clinic_scale(row)),),
    "length": lambda row, base: (engine.Length(**base, cm=row.value),) if row.value else None,
    "glucose": lambda row, base: (engine.Glucose(**base, mg_dl=mg_dl(row), method=row.method),),
    "urine_glucose": lambda row, base: (
        engine.Glucose(**base, urine_plus=PLUSES.get(row.result), method="urine"),
    ),
    "potassium": lambda row, base: (engine.Electrolytes(**base, potassium=row.value),),
    "sodium": lambda row, base: (engine.Electrolytes(**base, sodium=row.value),),
    "stool_blood": lambda row, base: (engine.Stool(**base, blood=row.result == "positive"),),
}


@WORDS.of(rows.Measurement)
def measurement(row: rows.Measurement, base: Base) -> Said:
    words = MEASURED.get(row.kind)
    return None if words is None else words(row, base)


def grams(row: rows.Measurement) -> int:
    """Return a weight in grams; the database refuses a weight without a value."""
    return 0 if row.value is None else int(row.value * 1000)


def on_clinic_scale(row: rows.Measurement) -> bool | None:
    """Say whether a weight was taken on a clinic's scale; None where nobody said."""
    return row.source == rows.Measurement.Source.CLINIC if row.source else None


def mg_dl(row: rows.Measurement) -> int | None:
    """Return a glucose value in mg/dL."""
    return None if row.value is None else round(row.value * MG_DL.get(row.unit, Decimal(1)))


@WORDS.of(rows.VisionExam)
def vision_exam(row: rows.VisionExam, base: Base) -> Said:
    if row.result == rows.VisionExam.Result.PENDING:
        return None
    return (engine.VisionExam(**base, result=engine.VisionResult(row.result), method=row.method),)


@WORDS.of(rows.Finding)
def finding(row: rows.Finding, base: Base) -> Said:
    known = {word.value for word in engine.DiseaseStatus}
    metabolic = row.metabolic_or_degenerative
    return (
        engine.Finding(
            **base,
            lesion=engine.LesionStatus(row.lesion) if row.lesion else None,
            metabolic=engine.DiseaseStatus(metabolic) if metabolic in known else None,
        ),
    )


@WORDS.of(rows.Symptom)
def symptom(row: rows.Symptom, base: Base) -> Said:
    return (
        engine.Symptom(
            **base,
            temp_c=row.temperature_c,
            vabam_suspect=row.vigabatrin_mri_suspected,
            signs=frozenset(engine.Sign(sign) for sign in row.signs),
        ),
    )


@WORDS.of(rows.Exposure)
def exposure(row: rows.Exposure, base: Base) -> Said:
    return (engine.Exposure(**base, agent=row.agent, kind=row.kind),)


@WORDS.of(rows.Vaccine)
def vaccine(row: rows.Vaccine, base: Base) -> Said:
    if row.for_household or row.status == rows.Vaccine.Status.CANCELLED:
        return None
    return (engine.VaccineScheduled(**base, live=row.live, name=row.name, planned_on=row.on),)


@WORDS.of(rows.ContactAttempt)
def contact_attempt(row: rows.ContactAttempt, base: Base) -> Said:
    if row.about != rows.ContactAttempt.About.WEEKLY_CALL:
        return None
    return (engine.Call(**base, reached=row.outcome == rows.ContactAttempt.Outcome.REACHED),)


@WORDS.of(rows.ReferralStep)
def referral_step(row: rows.ReferralStep, base: Base) -> Said:
    if row.kind == rows.ReferralStep.Kind.SIGNED:
        return None
    return (engine.ReferralStep(**base, step=engine.ReferralStepKind(row.kind), to=row.party),)


@WORDS.of(rows.Decision, "course")
def decision(row: rows.Decision, base: Base) -> Said:
    kinds = rows.Decision.Kind
    match row.kind:
        case kinds.NEXT_THERAPY:
            surgery = bool(row.surgery_first_line)
            return (engine.Decision(**base, surgery_first_line=surgery, next_therapy=row.next_therapy),)
        case kinds.TRIAL_ADEQUACY if row.course is not None:
            return (engine.TrialJudged(**base, course=str(row.course.uid), adequate=bool(row.adequate)),)
        case kinds.ADRENAL_RECOVERED | kinds.ITEM_CLOSED:
            course = "" if row.course is None else str(row.course.uid)
            return (engine.SafetyClosed(**base, check=row.about, course=course),)
        case _:
            verdict = engine.ReviewVerdict(row.verdict) if row.verdict else None
            return (engine.HumanReview(**base, rule=row.about, outcome=row.outcome, verdict=verdict),)


@WORDS.of(rows.Waiver)
def waiver(row: rows.Waiver, base: Base) -> Said:
    return (engine.Waiver(**base, check=row.check_key, reason=row.reason, expires_on=row.until_on),)


@WORDS.of(rows.EscalationStep, "escalation")
def escalation_step(row: rows.EscalationStep, base: Base) -> Said:
    rule, cause = row.escalation.rule, row.escalation.cause
    kinds = rows.EscalationStep.Kind
    match row.kind:
        case kinds.ACKNOWLEDGED:
            return (engine.Acknowledged(**base, rule=rule, cause=cause, result_on=row.until_on),)
        case kinds.SPOKE:
            return (engine.SpokenTo(**base, rule=rule, cause=cause),)
        case kinds.ACTED | kinds.DECLINED:
            return (engine.HumanReview(**base, rule=rule, outcome=row.reason),)
        case _:
            return None


STEPS: dict[str, Callable[[rows.EnrolmentStep, Base], Said]] = {
    "transfer_out": lambda row, base: (engine.TransferOut(**base, to=row.other_party),),
    "transfer_accepted": lambda _, base: (engine.TransferAccepted(**base),),
    "consent_withdrawn": lambda _, base: (engine.ConsentWithdrawn(**base),),
    "contact_lost": lambda _, base: (engine.ContactLost(**base),),
    "contact_found": lambda _, base: (engine.Call(**base, reached=True),),
    "death_confirmed": lambda _, base: (engine.Death(**base),),
}


@WORDS.of(rows.EnrolmentStep)
def enrolment_step(row: rows.EnrolmentStep, base: Base) -> Said:
    words = STEPS.get(row.kind)
    return None if words is None else words(row, base)
