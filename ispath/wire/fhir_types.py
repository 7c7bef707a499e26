"""The FHIR types that are served: scopes name them, on the REST side too."""

from __future__ import annotations

FHIR_TYPES = (
    "Patient",
    "Condition",
    "CarePlan",
    "MedicationRequest",
    "Task",
    "ServiceRequest",
    "Observation",
    "DiagnosticReport",
    "Flag",
    "DetectedIssue",
    "Communication",
    "Practitioner",
    "Organization",
    "PlanDefinition",
    "Group",
)
