"""The closed list of event types: how each becomes a fact, and which keys of its data are known."""

from __future__ import annotations

from typing import Any

from protocols.engine import facts as f
from protocols.engine.pathway import DrugClass
from protocols.timelines.keys import Keys


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


def keys(*names: str) -> frozenset[str]:
    return frozenset(names)


TYPES: dict[str, tuple[Any, frozenset[str]]] = {
    "med_start": (_med_start, keys("drug", "class", "planned_last_dose", "adequate", "detail")),
    "med_stop": (_med_stop, keys("drug", "reason")),
    "spasm": (lambda d, at: f.SpasmReport(**at, clusters=d.whole("clusters")), keys("clusters")),
    "eeg": (_eeg, keys("hypsarrhythmia", "spasms_recorded", "sleep", "minutes", "based", "accession")),
    "bp": (_bp, keys("sbp", "dbp", "symptomatic", "detail")),
    "weight": (lambda d, at: f.Weight(**at, grams=d.whole("grams", must=True) or 0), keys("grams")),
    "glucose": (
        lambda d, at: f.Glucose(**at, mg_dl=d.whole("mg_dl"), method=d.text("method")),
        keys("mg_dl", "method"),
    ),
    "vision_exam": (_vision, keys("result", "method", "detail")),
    "finding": (_finding, keys("focal_or_hemispheric_lesion", "metabolic_or_degenerative", "detail")),
    "therapy_start": (lambda d, at: f.TherapyStart(**at, therapy=d.text("therapy")), keys("therapy")),
    "referral_sent": (_referral(f.ReferralStepKind.SENT), keys("to")),
    "referral_declined": (_referral(f.ReferralStepKind.DECLINED), keys("by", "detail")),
    "human_review": (lambda d, at: f.HumanReview(**at, outcome=d.text("outcome")), keys("by", "outcome")),
    "decision": (
        lambda d, at: f.Decision(
            **at,
            surgery_first_line=bool(d.flag("surgery_first_line")),
            next_therapy=d.text("next_therapy"),
        ),
        keys("by", "surgery_first_line", "next_therapy"),
    ),
    "symptom": (_symptom, keys("detail", "temp_c", "vabam_suspect")),
    "exposure": (
        lambda d, at: f.Exposure(**at, agent=d.text("agent", must=True), kind=d.text("kind")),
        keys("agent", "kind"),
    ),
    "vaccine_scheduled": (_vaccine, keys("live", "name", "on")),
    "transfer_out": (lambda d, at: f.TransferOut(**at, to=d.text("to")), keys("to")),
    "transfer_accepted": (lambda _d, at: f.TransferAccepted(**at), keys("by")),
    "death": (lambda _d, at: f.Death(**at), keys()),
    "consent_withdrawn": (lambda d, at: f.ConsentWithdrawn(**at, detail=d.text("detail")), keys("detail")),
    "contact_lost": (lambda d, at: f.ContactLost(**at, detail=d.text("detail")), keys("detail")),
    "email_bounce": (
        lambda d, at: f.EmailBounced(**at, recipient=d.text("recipient")),
        keys("recipient"),
    ),
}
CORRECTION = "correction"
CORRECTION_KEYS = keys("corrects", "replace")
EVENT_KEYS = keys("at", "known_at", "id", "type", "data")
