"""The narrative of a resource: what a person sees where a program understands nothing else of it."""

from __future__ import annotations

from decimal import Decimal
from html import escape
from typing import Any

from ispath.fhir.answers import Resource, number

_SAID = {
    "Patient": "name gender birthDate identifier",
    "Condition": "code clinicalStatus onsetDateTime",
    "CarePlan": "title status period",
    "MedicationRequest": "medicationCodeableConcept status intent dosageInstruction",
    "Task": "code status businessStatus restriction",
    "ServiceRequest": "code status intent reasonCode occurrencePeriod",
    "Observation": "code status valueQuantity valueString valueCodeableConcept component effectiveDateTime",
    "DiagnosticReport": "code status conclusion effectiveDateTime",
    "Flag": "code status period",
    "DetectedIssue": "code status severity identifiedDateTime detail",
    "Communication": "category status sent",
    "Practitioner": "name",
    "Organization": "name",
    "PlanDefinition": "title version status description",
    "Group": "name quantity",
    "CapabilityStatement": "title status description",
}

# How an element that has elements itself is said: the first of these that it has, and what stands between.
_INNER = (
    ("", ("text",)),
    ("", ("coding",)),
    ("", ("display",)),
    ("", ("period",)),
    (", ", ("family", "given")),
    (" to ", ("start", "end")),
    (" ", ("value", "unit")),
    (" ", ("code", "valueQuantity")),
)


def narrative(type_name: str, elements: Resource) -> Resource:
    """The elements of a resource in words, none of which stands there only."""
    words = [_words(elements[name]) for name in _SAID[type_name].split() if name in elements]
    said = escape("; ".join([type_name, *words]))
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml"><p>{said}</p></div>'}


def _words(value: Any) -> str:
    match value:
        case list():
            return ", ".join(map(_words, value))
        case dict():
            known = (one for one in _INNER if any(name in value for name in one[1]))
            between, names = next(known, ("", ()))
            return between.join(_words(value[name]) for name in names if name in value)
        case Decimal():
            return str(number(value))
        case _:
            return str(value)
