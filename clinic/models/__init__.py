"""The rows of the clinic, one module for each part of the ward's work."""

from __future__ import annotations

from clinic.models.actors import Actor, Membership
from clinic.models.base import Record, Row
from clinic.models.children import (
    Certainty,
    Condition,
    Etiology,
    Lesion,
    Patient,
    PatientIdentifier,
    PatientMerge,
)
from clinic.models.courses import (
    CalendarTaught,
    Course,
    CourseFact,
    CourseStart,
    CourseStop,
    Dispensed,
    DoseChange,
    DoseDecision,
    Hold,
    HoldEnd,
    MissedDose,
    Outcome,
    PriorTreatment,
    StopReason,
)
from clinic.models.decisions import Decision, FamilyTold
from clinic.models.enrolments import Enrolment, EnrolmentStep, PathwayAdoption
from clinic.models.erasing import Erasure
from clinic.models.fact import Fact, Via
from clinic.models.observations import (
    BloodPressure,
    Diagnosis,
    Eeg,
    Exposure,
    Finding,
    Investigation,
    Measurement,
    SpasmReport,
    Symptom,
    Therapy,
    Vaccine,
    VisionExam,
)
from clinic.models.places import Clinic, CoverShift, Holiday
from clinic.models.plan import (
    Check,
    Escalation,
    EscalationStep,
    ResponseAssessment,
    Waiver,
)
from clinic.models.referrals import Referral, ReferralReason, ReferralStep
from clinic.models.team import CareTeamMember, Contact
from clinic.models.timeline import SweepHeartbeat, TimelineEntry
from clinic.models.work import ContactAttempt, WorkItem

__all__ = [
    "Actor",
    "BloodPressure",
    "CalendarTaught",
    "CareTeamMember",
    "Certainty",
    "Check",
    "Clinic",
    "Condition",
    "Contact",
    "ContactAttempt",
    "Course",
    "CourseFact",
    "CourseStart",
    "CourseStop",
    "CoverShift",
    "Decision",
    "Diagnosis",
    "Dispensed",
    "DoseChange",
    "DoseDecision",
    "Eeg",
    "Enrolment",
    "EnrolmentStep",
    "Erasure",
    "Escalation",
    "EscalationStep",
    "Etiology",
    "Exposure",
    "Fact",
    "FamilyTold",
    "Finding",
    "Hold",
    "HoldEnd",
    "Holiday",
    "Investigation",
    "Lesion",
    "Measurement",
    "Membership",
    "MissedDose",
    "Outcome",
    "PathwayAdoption",
    "Patient",
    "PatientIdentifier",
    "PatientMerge",
    "PriorTreatment",
    "Record",
    "Referral",
    "ReferralReason",
    "ReferralStep",
    "ResponseAssessment",
    "Row",
    "SpasmReport",
    "StopReason",
    "SweepHeartbeat",
    "Symptom",
    "Therapy",
    "TimelineEntry",
    "Vaccine",
    "Via",
    "VisionExam",
    "Waiver",
    "WorkItem",
]
