"""What the schema says of every operation: the problems it may answer with, and examples."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from ispath.api.shapes_of_status import ProblemDetails

_PROBLEM = "application/problem+json"
# Any text that PostgreSQL can hold: a NUL character is the one it cannot.
SEEN = r"[^\s\u0000-\u001f\u007f-\u009f|]"  # a character that is more than a blank
WORD: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[^\\u0000]+$"}


def problems(*statuses: int) -> dict[Any, Any]:
    """The problem responses of an operation; every one of them may refuse the token or the pace."""
    words = {
        400: "A parameter is unknown or impossible.",
        401: "No valid access token.",
        403: "The token's scope is too narrow.",
        404: "Not there, or not for this client.",
        406: "Something else than JSON was asked for.",
        409: "Contradicts what is stored.",
        410: "It was erased, as the law or the family asked.",
        413: "The body is too large.",
        414: "The query is too long.",
        415: "The body is not JSON.",
        422: "A rule refuses this.",
        429: "Too many requests in a minute.",
    }
    return {
        (status, _PROBLEM): OpenApiResponse(ProblemDetails, description=words[status])
        for status in sorted({401, 403, 406, 414, 429, *statuses})
    }


def not_modified() -> dict[Any, Any]:
    """The answer to a caller who holds exactly this already."""
    return {304: OpenApiResponse(description="Nothing changed since the tag in If-None-Match.")}


IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description="The ETag of the answer the caller holds."
)

STATUS_EXAMPLE = OpenApiExample(
    "a child on prednisolone",
    value={
        "as_of": "2026-03-16T07:12:09Z",
        "zone": "America/Chicago",
        "plan_reviewed_at": "2026-03-16T06:00:03Z",
        "stale": False,
        "child": {
            "id": "6f9e4e54-5b1c-4f3e-9f0e-0d6f3c5a1b11",
            "identifiers": [{"system": "urn:oid:2.999.1", "value": "900001"}],
            "replaced_by": None,
        },
        "enrolment": {"state": "active", "pathway": "iess-first-line", "edition": "1"},
        "courses": [
            {
                "id": "0b51b6a6-1df4-4a0c-8f0e-5d2f7b1c9a22",
                "drug": "prednisolone",
                "protocol": "prednisolone-ukiss",
                "edition": "1",
                "state": "active",
                "start_on": "2026-03-02",
                "end_on": "2026-03-30",
                "today": {
                    "day": 15,
                    "phase": "taper",
                    "text": "10 mg by mouth three times daily until 2026-03-20",
                },
            }
        ],
        "checks": {
            "overdue": 1,
            "due": 0,
            "upcoming": 3,
            "next": [
                {
                    "code": "EEG14",
                    "opens_on": "2026-03-15",
                    "due_on": "2026-03-16",
                    "closes_on": "2026-03-19",
                    "state": "due",
                }
            ],
        },
        "verdict": {"value": "cannot_tell", "definition": "west-delphi", "missing": ["eeg"], "final": False},
        "escalations": [],
        "referral": None,
        "links": {
            "fhir": "https://ispath.example.org/fhir/Patient/6f9e4e54-5b1c-4f3e-9f0e-0d6f3c5a1b11",
            "explain": "https://ispath.example.org/api/v1/children/6f9e4e54-5b1c-4f3e-9f0e-0d6f3c5a1b11/explain",
            "dashboard": "https://ispath.example.org/admin/children/6f9e4e54-5b1c-4f3e-9f0e-0d6f3c5a1b11/",
        },
    },
    response_only=True,
)


def closed_documents(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:  # noqa: FBT001 - drf-spectacular's hook
    """Say in the schema that what comes in is needed, and has no fields but those it names."""
    components = result["components"]["schemas"]
    for name, component in components.items():
        if name.endswith("DocumentRequest") or name == "NumberRequest":
            component["additionalProperties"] = False
    for operations in result["paths"].values():
        if "requestBody" in operations.get("post", {}):
            operations["post"]["requestBody"]["required"] = True
    return result
