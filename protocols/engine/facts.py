"""What is known about one child, as frozen values.

Each fact has an id, the day it happened (`on`), the day it became known (`known_on`) and sometimes the
moment (`at`). A correction is a fact of the same type that names the one it replaces in `corrects`;
`Voided` takes one back. Facts carry no names, only ids and findings.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from protocols.engine.pathway import DrugClass, Sex


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """What does not change with a visit. `etiology` is text and triggers nothing; findings do."""

    id: str
    sex: Sex | None = None
    born_on: date | None = None
    gestation_days: int | None = None
    etiology: str = ""
    baseline_hypsarrhythmia: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What every fact has. `via` and `by` are ids for the chain, never names."""

    id: str
    on: date
    known_on: date
    at: datetime | None = None
    corrects: str | None = None
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voided(Fact):
    """Takes back the fact named in `corrects`: entered in error."""


# --- treatment --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosed(Fact):
    """Infantile spasms were diagnosed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatmentStart(Fact):
    """First dose of a first-line drug. `course` ties its facts together (the fact's own id when empty)."""

    drug: str
    drug_class: DrugClass
    course: str = ""
    planned_last_dose: date | None = None
    adequate: bool = True
    taper_on: date | None = None
    conditional_step_on: date | None = None
    note: str = ""


class StopReason(StrEnum):
    """Why a course stopped."""

    COMPLETED = "completed"
    NO_RESPONSE = "no_response"
    INTOLERANCE = "intolerance"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatmentStop(Fact):
    """Last dose of a drug; the newest running course of the drug when `course` is empty."""

    drug: str
    reason: StopReason
    course: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetDoseReached(Fact):
    """The course reached its target dose."""

    course: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaperStarted(Fact):
    """The course's taper began."""

    course: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LastDosePlanned(Fact):
    """The planned last dose moved, by a prescriber."""

    course: str
    last_dose: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold(Fact):
    """The drug was not given from `on` to `until`, both included; `until` is None while the hold runs."""

    course: str
    until: date | None = None


class DoseLost(StrEnum):
    """How a dose was lost."""

    MISSED = "missed"
    VOMITED = "vomited"


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedDose(Fact):
    """A dose that was missed or vomited."""

    course: str
    how: DoseLost = DoseLost.MISSED
    doses: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseDecided(Fact):
    """A named prescriber decided a conditional step."""

    course: str
    taken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialJudged(Fact):
    """A person signed whether a course was an adequate trial."""

    course: str
    adequate: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorTreatment(Fact):
    """A first-line drug given before, elsewhere; `failed` and `adequate` are None when nobody knows."""

    drug: str
    drug_class: DrugClass
    failed: bool | None = None
    adequate: bool | None = None
    ended_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TherapyStart(Fact):
    """Another therapy: a diet, another anti-seizure medicine."""

    therapy: str


# --- spasms and EEG ---------------------------------------------------------------------------------------


class SpasmStatus(StrEnum):
    """How far a report of spasms has been looked at."""

    REPORTED = "reported"
    AWAITED = "awaited"
    CONFIRMED = "confirmed"
    NOT_A_SPASM = "not-a-spasm"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpasmReport(Fact):
    """Spasms somebody saw. Only a confirmed report counts for the response."""

    status: SpasmStatus = SpasmStatus.CONFIRMED
    clusters: int | None = None
    per_cluster: int | None = None
    asymmetric: bool | None = None
    asleep: bool | None = None
    video: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyAsked(Fact):
    """Somebody asked the family about spasms; `none_seen` for the time up to `on`."""

    none_seen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Eeg(Fact):
    """An EEG.

    A finding is None while it is unknown; `improved` is a person's comparison with the baseline.
    """

    hypsarrhythmia: bool | None = None
    spasms_recorded: bool | None = None
    sleep: bool | None = None
    minutes: int | None = None
    based: int | None = None
    accession: str = ""
    report_pending: bool = False
    improved: bool | None = None


# --- observations -----------------------------------------------------------------------------------------


class Arm(StrEnum):
    """Where blood pressure was measured."""

    RIGHT_ARM = "right-arm"
    LEFT_ARM = "left-arm"
    LEG = "leg"


class Calmness(StrEnum):
    """The infant's state during a reading."""

    CALM = "calm"
    ASLEEP = "asleep"
    CRYING = "crying"


@dataclass(frozen=True, slots=True, kw_only=True)
class BloodPressure(Fact):
    """A reading in mmHg."""

    sbp: int
    dbp: int | None = None
    symptomatic: bool = False
    detail: str = ""
    limb: Arm | None = None
    position: str = ""
    calmness: Calmness | None = None
    device: str = ""
    cuff: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight(Fact):
    """Body weight in grams."""

    grams: int
    clinic_scale: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Length(Fact):
    """Body length in centimetres."""

    cm: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Glucose(Fact):
    """Glucose in mg/dL, or a urine strip."""

    mg_dl: int | None = None
    urine_plus: int | None = None
    method: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Electrolytes(Fact):
    """Potassium and sodium in mmol/L."""

    potassium: Decimal | None = None
    sodium: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stool(Fact):
    """Occult blood in the stool."""

    blood: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Fact):
    """A planned telephone call to the family; only one that reached somebody satisfies a check."""

    reached: bool


class VisionResult(StrEnum):
    """What the eye exam found. An exam that was not possible keeps the clock, with its limitation."""

    NO_ABNORMALITY_DETECTED = "no_abnormality_detected"
    ABNORMAL = "abnormal"
    NOT_POSSIBLE = "not_possible"


@dataclass(frozen=True, slots=True, kw_only=True)
class VisionExam(Fact):
    """An eye exam, by any method."""

    result: VisionResult
    method: str = ""


class LesionStatus(StrEnum):
    """What imaging says about a focal or hemispheric lesion. The first two are not `none`."""

    NOT_IMAGED = "not-imaged"
    PENDING = "pending"
    NONE = "none"
    PRESENT = "present"


class DiseaseStatus(StrEnum):
    """Metabolic or degenerative disease."""

    CONFIRMED = "confirmed"
    SUSPECTED = "suspected"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding(Fact):
    """What was found about the cause; each part is None when this finding does not speak of it."""

    lesion: LesionStatus | None = None
    metabolic: DiseaseStatus | None = None
    detail: str = ""


class Sign(StrEnum):
    """Signs that ask for a same-day call on a hormone or after it, without fever."""

    VOMITING = "vomiting"
    LETHARGY = "lethargy"
    POOR_FEEDING = "poor-feeding"
    WEIGHT_LOSS = "weight-loss"
    HYPOTENSION = "hypotension"


@dataclass(frozen=True, slots=True, kw_only=True)
class Symptom(Fact):
    """A symptom; `vabam_suspect` when it may be vigabatrin's change on MRI."""

    detail: str = ""
    temp_c: Decimal | None = None
    vabam_suspect: bool = False
    signs: frozenset[Sign] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure(Fact):
    """Contact with an infection."""

    agent: str
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VaccineScheduled(Fact):
    """A vaccine was booked for a day."""

    live: bool
    name: str
    planned_on: date


# --- referral and persons ---------------------------------------------------------------------------------


class ReferralStepKind(StrEnum):
    """The steps of a referral for surgical evaluation."""

    SENT = "sent"
    RECEIVED = "received"
    SEEN = "seen"
    OUTCOME = "outcome"
    DECLINED = "declined"
    SECOND_OPINION = "second-opinion"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralStep(Fact):
    """One step of the referral."""

    step: ReferralStepKind
    to: str = ""
    detail: str = ""


class ReviewVerdict(StrEnum):
    """What a person decided about the response."""

    RESPONDER = "responder"
    NON_RESPONDER = "non_responder"


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanReview(Fact):
    """A person reviewed.

    `rule` names the escalation rule it answers, empty answers every review that stands.
    """

    rule: str = ""
    outcome: str = ""
    verdict: ReviewVerdict | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Fact):
    """A person decided."""

    surgery_first_line: bool = False
    next_therapy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver(Fact):
    """A person set a check aside, with a reason, until `expires_on` (None.

    For good). `check` is a check's key.
    """

    check: str
    reason: str
    expires_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyClosed(Fact):
    """A clinician closed a safety item: `recovery confirmed` for the adrenal window, by check code."""

    check: str
    course: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged(Fact):
    """Somebody took an escalation on.

    `result_on` parks its ladder until that day (booked, result follows).
    """

    rule: str
    cause: str
    result_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenTo(Fact):
    """Somebody was spoken to about an escalation, in person or by telephone."""

    rule: str
    cause: str


# --- where the child is -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferOut(Fact):
    """Care was handed over; the sending clinic keeps the checks until the other accepts."""

    to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferAccepted(Fact):
    """The receiving clinic took the child over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Death(Fact):
    """The child died. Unconfirmed reports are not facts of this type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWithdrawn(Fact):
    """The family withdrew."""

    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactLost(Fact):
    """The family cannot be reached. Nothing stops."""

    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailBounced(Fact):
    """A letter came back. The clinic's concern; it changes no plan."""

    recipient: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One child and everything known, in any order."""

    child: Child
    facts: tuple[Fact, ...] = ()
