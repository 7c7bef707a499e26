"""Which tables can be looked at, in the groups of the page "Rows and history"."""

from __future__ import annotations

from django.apps import apps
from django.contrib import admin

from ispath.dashboard.admins.reading import RowsAdmin

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "The child",
        (
            "clinic.Patient",
            "clinic.PatientIdentifier",
            "clinic.Enrolment",
            "clinic.EnrolmentStep",
            "clinic.CareTeamMember",
            "clinic.TimelineEntry",
        ),
    ),
    (
        "Treatment",
        (
            "clinic.Course",
            "clinic.CourseStart",
            "clinic.CourseStop",
            "clinic.DoseDecision",
            "clinic.DoseChange",
            "clinic.Hold",
            "clinic.MissedDose",
            "clinic.Dispensed",
            "clinic.CalendarTaught",
            "clinic.PriorTreatment",
        ),
    ),
    (
        "What was seen",
        (
            "clinic.BloodPressure",
            "clinic.Eeg",
            "clinic.VisionExam",
            "clinic.SpasmReport",
            "clinic.Measurement",
            "clinic.Symptom",
            "clinic.Exposure",
            "clinic.Vaccine",
            "clinic.Finding",
            "clinic.Investigation",
            "clinic.ContactAttempt",
        ),
    ),
    (
        "What follows",
        (
            "clinic.Check",
            "clinic.Waiver",
            "clinic.ResponseAssessment",
            "clinic.Escalation",
            "clinic.EscalationStep",
            "clinic.Referral",
            "clinic.ReferralReason",
            "clinic.ReferralStep",
            "clinic.Decision",
            "clinic.FamilyTold",
            "clinic.WorkItem",
        ),
    ),
    (
        "The clinic",
        ("clinic.Clinic", "clinic.Contact", "clinic.Holiday", "clinic.CoverShift", "clinic.Membership"),
    ),
    ("The library", ("protocols.Drug", "protocols.Product", "protocols.Source")),
    ("Machine clients", ("smart.ApiClient",)),
)

for _group, labels in GROUPS:
    for label in labels:
        admin.site.register(apps.get_model(label), RowsAdmin)
