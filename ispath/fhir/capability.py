"""The CapabilityStatement, printed from the registry of what is served."""

from __future__ import annotations

from collections.abc import Iterable

from ispath.fhir.answers import Resource
from ispath.fhir.filters import Parameter
from ispath.fhir.narrative import narrative
from ispath.fhir.registry import Kind
from ispath.fhir.search import EVERYWHERE

# The day this page last changed its meaning; a clock here would make every answer a new version.
_WRITTEN_ON = "2026-11-20"
_TITLE = "ispath FHIR R4, reading"
_DESCRIPTION = "Treatment courses, checks, escalations and referrals in infantile spasms."
_OAUTH_URIS = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
_SECURITY_SERVICE = "http://terminology.hl7.org/CodeSystem/restful-security-service"


def capability_statement(*, kinds: Iterable[Kind], base: str, token_url: str) -> Resource:
    """What this server does, no more and no less."""
    said = {"title": _TITLE, "status": "active", "description": _DESCRIPTION}
    return {
        "resourceType": "CapabilityStatement",
        "id": "ispath",
        "text": narrative("CapabilityStatement", said),
        **said,
        "url": f"{base}/metadata",
        "version": "1",
        "name": "IspathCapabilityStatement",
        "date": _WRITTEN_ON,
        "publisher": "ispath",
        "kind": "instance",
        "software": {"name": "ispath"},
        "implementation": {"description": "ispath", "url": base},
        "fhirVersion": "4.0.1",
        "format": ["json", "application/fhir+json"],
        "rest": [
            {
                "mode": "server",
                "documentation": "Read only. Unknown search parameters are left out, and refused with "
                "Prefer: handling=strict. Results are shaped by _count, _sort, _total, _include, _summary "
                "and _elements; the last two also for a read.",
                "security": _security(token_url),
                "resource": [_resource(kind) for kind in kinds],
            }
        ],
    }


def _security(token_url: str) -> Resource:
    return {
        "extension": [{"url": _OAUTH_URIS, "extension": [{"url": "token", "valueUri": token_url}]}],
        "cors": False,
        "service": [
            {
                "coding": [
                    {"system": _SECURITY_SERVICE, "code": "SMART-on-FHIR", "display": "SMART-on-FHIR"}
                ],
                "text": "SMART Backend Services: private_key_jwt, client_credentials",
            }
        ],
        "description": "SMART Backend Services with RS384 or ES384; the token endpoint is in the extension.",
    }


def _resource(kind: Kind) -> Resource:
    resource: Resource = {
        "type": kind.name,
        "interaction": [{"code": code} for code in ("read", "vread", "history-instance", "search-type")],
        "versioning": "versioned",
        # What is computed anew each time, from many rows, has its present version only.
        "readHistory": all(source.versions is not None for source in kind.sources),
        "updateCreate": False,
        "conditionalRead": "full-support",
    }
    if kind.includes:
        resource["searchInclude"] = [f"{kind.name}:{name}" for name in kind.includes]
    resource["searchParam"] = [_parameter(one) for one in (*EVERYWHERE, *kind.parameters)]
    if kind.name == "Patient":
        definition = "http://hl7.org/fhir/OperationDefinition/Patient-everything"
        resource["operation"] = [{"name": "everything", "definition": definition}]
    return resource


def _parameter(parameter: Parameter) -> Resource:
    return {"name": parameter.name, "type": parameter.kind, "documentation": parameter.means}
