"""Validate FHIR R4 resources, one JSON a line on standard input, with google-fhir-r4.

Runs in an environment of its own, as that library wants an old protobuf. Prints every mistake, and ends with
1 if there is one.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from typing import Any

from google.fhir.r4 import json_format

MODULES = {
    "PlanDefinition": "plan_definition",
    "CarePlan": "care_plan",
    "MedicationRequest": "medication_request",
    "ServiceRequest": "service_request",
    "DiagnosticReport": "diagnostic_report",
    "DetectedIssue": "detected_issue",
    "OperationOutcome": "operation_outcome",
    "CapabilityStatement": "capability_statement",
    "Bundle": "bundle_and_contained_resource",
}


def message_of(name: str) -> Any:
    """The protocol buffer class of a resource type."""
    module = MODULES.get(name, name.lower())
    return getattr(import_module(f"google.fhir.r4.proto.core.resources.{module}_pb2"), name)


def main() -> int:
    """Read, validate, count."""
    wrong = right = 0
    for line in sys.stdin:
        name = json.loads(line)["resourceType"]
        try:
            json_format.json_fhir_string_to_proto(line, message_of(name))
        except Exception as error:  # noqa: BLE001 - whatever it dislikes is to be shown
            wrong += 1
            print(f"{name}: {error}: {line[:200]}")
        else:
            right += 1
    print(f"{right} right, {wrong} wrong")
    return 1 if wrong or not right else 0


if __name__ == "__main__":
    sys.exit(main())
