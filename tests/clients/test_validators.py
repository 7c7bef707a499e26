"""Every served resource is right by validators that others wrote, which know more of R4 than we do."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from ispath.fhir.served import KINDS
from tests.clients.surroundings import HERE, MissingError, google_fhir, leave_out, node_modules
from tests.fhir.conftest import Get, Ward, ehr, get, ward

__all__ = ["ehr", "get", "ward"]

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def everything_served(get: Get, ward: Ward) -> str:
    """Searches, histories, $everything, the statement and a refusal, one a line."""
    bundles = [get(f"/fhir/{name}").json() for name in KINDS]
    bundles += [
        get(f"/fhir/{name}/{one['entry'][0]['resource']['id']}/_history").json()
        for name, one in zip(KINDS, bundles, strict=True)
        if "entry" in one
    ]
    bundles += [get(f"/fhir/Patient/{ward.patient.uid}/$everything").json(), get("/fhir/metadata").json()]
    bundles.append(get("/fhir/Patient/none").json())
    return "\n".join(json.dumps(bundle) for bundle in bundles) + "\n"


def judge(command: Sequence[str | Path], lines: str, folder: Path) -> None:
    done = subprocess.run(command, input=lines, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


def test_every_served_resource_is_right_by_googles_rules(get: Get, ward: Ward) -> None:
    try:
        python = google_fhir()
    except MissingError as missing:
        leave_out(missing)
    judge([python, HERE / "google_fhir" / "validate.py"], everything_served(get, ward), HERE)


def test_every_served_resource_is_right_by_fhir_js(get: Get, ward: Ward) -> None:
    try:
        modules = node_modules()
    except MissingError as missing:
        leave_out(missing)
    script = modules.parent / "validate.cjs"  # node looks for packages beside the script
    script.write_text((HERE / "npm" / "validate.cjs").read_text())
    judge(["node", script], everything_served(get, ward), modules.parent)
