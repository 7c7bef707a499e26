"""What is about a child: the condition every such type shares, and how a patient is named in a search."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from clinic.access import children_visible_to, enrolments_visible_to
from clinic.models import Actor
from ispath.fhir.filters import NOTHING, Asked, Filter, as_uid, reference
from ispath.fhir.registry import references_at
from ispath.fhir.values import parse_reference, split_values

PATIENT = reference("patient", "The child; a record that was merged is found under the surviving one")
# The same by its other name in R4: a client that writes `subject` must not be answered with every child.
CHILD = (PATIENT, reference("subject", "The same as patient"))
INCLUDE_PATIENT = {"patient": references_at("subject"), "subject": references_at("subject")}


def of_visible_children(rows: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
    """Rows about children that the actor may see."""
    return rows.filter(patient__in=children_visible_to(actor))


def of_visible_enrolments(rows: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
    """Rows of plans that the actor's clinics follow."""
    return rows.filter(enrolment__in=enrolments_visible_to(actor))


def by_patient(path: str = "patient") -> Filter:
    """A reference to a child, under whichever of its merged records it is named."""

    def condition(asked: Asked) -> Q:
        ids = [
            parse_reference(one, type_name="Patient", base=asked.base) for one in split_values(asked.value)
        ]
        uids = [uid for uid in map(as_uid, ids) if uid is not None]
        if not uids:
            return NOTHING
        return Q(**{f"{path}__uid__in": uids}) | Q(**{f"{path}__replaced_by__uid__in": uids})

    return condition


def of_child(path: str) -> dict[str, Filter]:
    """The filters of both names."""
    return {"patient": by_patient(path), "subject": by_patient(path)}


OF_CHILD = of_child("patient")
