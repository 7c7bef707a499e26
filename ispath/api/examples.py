"""Examples in the schema: what an answer looks like, and documents that the sandbox takes as they stand."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

_CHILD = {"mrn_system": "urn:oid:2.999.10", "mrn": "900003"}
_SEEN = {**_CHILD, "happened_on": "2026-11-19"}


def document(name: str, **said: Any) -> OpenApiExample:
    """A document that may be sent."""
    return OpenApiExample(name, value=said, request_only=True)


SYSTEM_EXAMPLE = OpenApiExample("an authority", value=_CHILD["mrn_system"])
NUMBER_EXAMPLE = OpenApiExample("a record number", value=_CHILD["mrn"])
LOOKUP_EXAMPLE = document("by authority and record number", **_CHILD)

CHILD_EXAMPLE = document(
    "a child of a clinic",
    clinic="harbour",
    family_name="Exampla",
    given_names="Juniper",
    birth_date="2026-05-14",
    sex="f",
    identifiers=[{"system": "urn:oid:2.999.10", "value": "950001"}],
)
COURSE_EXAMPLE = document(
    "prednisolone",
    mrn_system="urn:oid:2.999.10",
    mrn="900001",
    protocol="prednisolone-ukiss",
    start_on="2026-11-23",
    products={"prednisolone": "prednisolone-1mg-ml"},
)
OBSERVATION_EXAMPLES = [
    document(
        "blood pressure",
        kind="blood-pressure",
        **_SEEN,
        systolic=92,
        diastolic=54,
        arm="right-arm",
        identifier={"system": "urn:oid:2.999.77", "value": "FLOW-55120"},
    ),
    document("weight", kind="weight", **_SEEN, kg="7.250"),
    document("glucose", kind="measurement", **_SEEN, what="glucose", value="88", unit="mg/dL"),
    document("spasms, asked by telephone", kind="spasms", **_SEEN, status="reported", clusters=3),
    document("eye examination", kind="vision-exam", **_SEEN, result="no_abnormality_detected"),
    document("EEG", kind="eeg", **_SEEN, hypsarrhythmia=False, sleep=True, minutes=60, accession="EEG-7"),
]

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
