"""Condition: the diagnosis as it stands."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from clinic.models import Actor, Condition
from ispath.fhir.answers import Resource, instant
from ispath.fhir.compartment import CHILD, INCLUDE_PATIENT, OF_CHILD, of_visible_children
from ispath.fhir.elements import SNOMED, TERMINOLOGY, coding, concept, resource, subject_of
from ispath.fhir.filters import EVERYTHING, by_codes, token
from ispath.fhir.past import recorded_past
from ispath.fhir.registry import Kind, Source
from ispath.fhir.versions import recorded

_CATEGORY = f"{TERMINOLOGY}/condition-category"
_CLINICAL = f"{TERMINOLOGY}/condition-clinical"
_VERIFICATION = f"{TERMINOLOGY}/condition-ver-status"
_INFANTILE_SPASMS = "28055006"


def _rows(actor: Actor) -> QuerySet[Any]:
    return recorded(of_visible_children(Condition.objects.all(), actor))


def _load(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("patient__replaced_by")


def to_condition(row: Any) -> Resource:
    """The diagnosis as a problem on the list."""
    return resource(
        "Condition",
        row,
        clinicalStatus={"coding": [coding(_CLINICAL, "active")]},
        verificationStatus={"coding": [coding(_VERIFICATION, "confirmed")]},
        category=[{"coding": [coding(_CATEGORY, "problem-list-item", "Problem List Item")]}],
        code=concept("Infantile epileptic spasms", coding(SNOMED, _INFANTILE_SPASMS)),
        subject=subject_of(row),
        onsetDateTime=row.onset_on.isoformat() if row.onset_on else None,
        recordedDate=row.diagnosed_on.isoformat() if row.diagnosed_on else instant(row.created_at),
        note=[{"text": words} for words in _notes(row)],
    )


def _notes(row: Any) -> list[str]:
    cause = row.etiology_text or row.get_etiology_display()
    return [
        f"Cause: {cause}",
        f"Imaging: {row.get_lesion_display()}",
        f"Metabolic or degenerative disease: {row.get_metabolic_or_degenerative_display()}",
    ]


CONDITION = Kind(
    name="Condition",
    parameters=(
        *CHILD,
        token("category", "problem-list-item"),
        token("code", "SNOMED CT 28055006"),
        token("clinical-status", "active"),
    ),
    sources=(
        Source(
            rows=_rows,
            load=_load,
            to_resource=to_condition,
            filters={
                **OF_CHILD,
                "category": by_codes({"problem-list-item": EVERYTHING}, system=_CATEGORY),
                "code": by_codes({_INFANTILE_SPASMS: EVERYTHING}, system=SNOMED),
                "clinical-status": by_codes({"active": EVERYTHING}, system=_CLINICAL),
            },
            versions=recorded_past(),
        ),
    ),
    includes=INCLUDE_PATIENT,
)
