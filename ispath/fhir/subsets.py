"""A part of a resource (`_summary`, `_elements`), marked SUBSETTED so that nobody takes it for the whole."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ispath.fhir.answers import Resource, to_json
from ispath.fhir.elements import TERMINOLOGY, coding
from ispath.wire.problems import ProblemError

_WAYS = ("true", "text", "data", "count", "false")
_ELEMENT = re.compile(r"[a-z][A-Za-z]*(\[x\])?")
_CHOICES = ("deceased", "onset", "medication", "occurrence", "effective", "value", "identified")
_SUBSETTED = coding(f"{TERMINOLOGY}/v3-ObservationValue", "SUBSETTED", "subsetted")
_ALWAYS = frozenset({"resourceType", "id", "meta"})
# Of the elements that are served, those which R4 calls the summary, mandatory, or modifying the rest.
_SUMMARY = {
    "Patient": "identifier active name gender birthDate deceasedBoolean managingOrganization link",
    "Condition": "clinicalStatus verificationStatus code subject onsetDateTime recordedDate",
    "CarePlan": "identifier instantiatesCanonical status intent category title subject period created author "
    "addresses",
    "MedicationRequest": "status intent medicationCodeableConcept subject authoredOn requester basedOn",
    "Task": "basedOn groupIdentifier status statusReason businessStatus intent code focus for lastModified "
    "requester owner",
    "ServiceRequest": "identifier basedOn status intent category priority code subject occurrencePeriod "
    "authoredOn requester performer reasonCode reasonReference",
    "Observation": "identifier status code subject effectiveDateTime issued valueQuantity valueString "
    "valueCodeableConcept component",
    "DiagnosticReport": "identifier status category code subject effectiveDateTime issued performer",
    "Flag": "identifier status category code subject period author",
    "DetectedIssue": "identifier status code severity patient identifiedDateTime implicated",
    "Communication": "identifier status statusReason subject",
    "Practitioner": "identifier active name telecom",
    "Organization": "identifier active name",
    "PlanDefinition": "url version name title type status date description effectivePeriod",
    "Group": "identifier active type actual name quantity managingEntity",
}
_MANDATORY = {
    "Condition": "subject",
    "CarePlan": "status intent subject",
    "MedicationRequest": "status intent medicationCodeableConcept subject",
    "Task": "status intent",
    "ServiceRequest": "status intent subject",
    "Observation": "status code",
    "DiagnosticReport": "status code",
    "Flag": "status code subject",
    "DetectedIssue": "status",
    "Communication": "status",
    "PlanDefinition": "status",
    "Group": "type actual",
}
_MODIFYING = {
    "Patient": "active deceasedBoolean link",
    "Condition": "clinicalStatus verificationStatus",
    "Organization": "active",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subset:
    """What is wanted of each resource: the whole, unless one of the two says otherwise."""

    summary: str = "false"
    elements: tuple[str, ...] = ()

    def of(self, body: bytes) -> bytes:
        """The resource in JSON, cut."""
        if self.summary == "false" and not self.elements:
            return body
        whole: Resource = json.loads(body)
        kept = {name: value for name, value in whole.items() if self._keeps(whole["resourceType"], name)}
        tags = [*whole["meta"].get("tag", ()), _SUBSETTED]
        return to_json(kept | {"meta": whole["meta"] | {"tag": tags}})

    def _keeps(self, type_name: str, name: str) -> bool:
        if name in _ALWAYS or name in _MANDATORY.get(type_name, "").split():
            return True
        if self.elements:
            wanted = name in self.elements or _choice_of(name) in self.elements
            return wanted or name in _MODIFYING.get(type_name, "").split()
        match self.summary:
            case "true":
                return name in _SUMMARY[type_name].split()
            case "text":
                return name == "text"
            case _:
                return name != "text"


WHOLE = Subset()


def _choice_of(name: str) -> str | None:
    return next((one for one in _CHOICES if name.startswith(one) and name[len(one) :][:1].isupper()), None)


def narrowed(subset: Subset, name: str, value: str) -> Subset:
    """The subset with one parameter more, `_summary` or `_elements`."""
    if name == "_summary":
        if value not in _WAYS:
            raise ProblemError("bad-parameter", f"_summary is one of {', '.join(_WAYS)}.", field=name)
        changed = replace(subset, summary=value)
    else:
        names = [one.strip() for one in value.split(",")]
        if not all(_ELEMENT.fullmatch(one) for one in names):
            sentence = "_elements are names of elements of the resource with commas between: status,code."
            raise ProblemError("bad-parameter", sentence, field=name)
        changed = replace(subset, elements=tuple(one.removesuffix("[x]") for one in names))
    if changed.elements and changed.summary != "false":
        sentence = "_summary and _elements each say what to leave out. Send one of them."
        raise ProblemError("bad-parameter", sentence, field=name)
    return changed


def subset_for_one(pairs: Iterable[tuple[str, str]]) -> Subset:
    """What a read asks for of its one resource."""
    subset = WHOLE
    for name, value in pairs:
        if name in ("_summary", "_elements") and value:
            subset = narrowed(subset, name, value)
    if subset.summary == "count":
        raise ProblemError("bad-parameter", "_summary=count counts what a search finds.", field="_summary")
    return subset
