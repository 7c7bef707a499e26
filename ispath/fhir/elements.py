"""Small pieces that resources are made of."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from ispath.fhir.answers import Resource, instant
from ispath.fhir.narrative import narrative

# The name space of our own codes and identifiers: a name, not an address of this installation.
OURS = "https://ispath.example/fhir"
SNOMED = "http://snomed.info/sct"
LOINC = "http://loinc.org"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
UCUM = "http://unitsofmeasure.org"
HPO = "http://human-phenotype-ontology.org"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"


def resource(type_name: str, row: Any, **elements: Any) -> Resource:
    """A resource of a row that says its version; elements without a value are left out."""
    said = {name: value for name, value in elements.items() if value not in (None, "", [], {})}
    return {
        "resourceType": type_name,
        "id": str(row.uid),
        "meta": meta(row),
        "text": narrative(type_name, said),
        **said,
    }


def meta(row: Any) -> Resource:
    """Version and last change; where the family was not told yet, a label that keeps it out of portals."""
    content: Resource = {"versionId": str(row.fhir_version), "lastUpdated": instant(row.fhir_changed)}
    if getattr(row, "family_was_told", True) is False:
        label = coding(f"{TERMINOLOGY}/v3-ActCode", "NOPAT", "no disclosure to patient, family or caregivers")
        content["security"] = [label]
        content["tag"] = [coding(f"{OURS}/CodeSystem/tag", "not-for-portal", "Family not told yet")]
    return content


def coding(system: str, code: str, display: str | None = None) -> Resource:
    """A code of a system."""
    content = {"system": system, "code": code}
    return {**content, "display": display} if display else content


def concept(text: str, *codings: Resource) -> Resource:
    """A concept in words, with codes where one was verified."""
    content: Resource = {"coding": list(codings)} if codings else {}
    return {**content, "text": text} if text else content


def our_code(table: str, code: str, display: str | None = None) -> Resource:
    """A code of one of our own code systems."""
    return coding(f"{OURS}/CodeSystem/{table}", code, display)


def reference(type_name: str, uid: uuid.UUID | str, display: str | None = None) -> Resource:
    """A reference to a resource that we serve."""
    content = {"reference": f"{type_name}/{uid}"}
    return {**content, "display": display} if display else content


def references_in(node: Any) -> list[str]:
    """Every literal reference in a resource, in the order in which they stand there."""
    if isinstance(node, list):
        return [found for item in node for found in references_in(item)]
    if isinstance(node, dict):
        own = [node["reference"]] if isinstance(node.get("reference"), str) else []
        return own + [found for item in node.values() for found in references_in(item)]
    return []


def subject_of(row: Any) -> Resource:
    """The child a row is about; the surviving record where two were merged."""
    child = row.patient
    is_merged = child.replaced_by_id is not None and getattr(row, "was_merged", True)
    return reference("Patient", child.replaced_by.uid if is_merged else child.uid)


def identifier(table: str, value: object) -> Resource:
    """One of our own identifiers."""
    return {"system": f"{OURS}/sid/{table}", "value": str(value)}


def period(start: date | datetime | None, end: date | datetime | None) -> Resource:
    """A stretch of time; an empty end is open."""
    bounds = {"start": _written(start), "end": _written(end)}
    return {name: value for name, value in bounds.items() if value is not None}


def _written(value: date | datetime | None) -> str | None:
    if value is None:
        return None
    return instant(value) if isinstance(value, datetime) else value.isoformat()


def day_or_moment(row: Any) -> str:
    """When a fact happened: the moment where one is known, else the day."""
    return instant(row.happened_at) if row.happened_at else row.happened_on.isoformat()
