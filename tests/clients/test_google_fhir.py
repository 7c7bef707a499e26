"""Every served resource is right by google-fhir-r4, too, which knows which references and codes R4 allows."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from ispath.fhir.served import KINDS
from tests.fhir.conftest import Get, Ward, ehr, get, ward

__all__ = ["ehr", "get", "ward"]

PACKAGE = "google-fhir-r4==0.11.0"


def own_environment() -> Path | None:
    """A Python with google-fhir-r4 in var/, made once; None where it cannot be installed."""
    folder = Path(settings.BASE_DIR) / "var" / "google-fhir"
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        commands = (
            [sys.executable, "-m", "venv", str(folder)],
            [str(python), "-m", "pip", "-q", "install", PACKAGE],
        )
        try:
            for command in commands:
                subprocess.run(command, check=True, capture_output=True, timeout=240)
        except (subprocess.SubprocessError, OSError):
            return None
        (folder / "ready").touch()
    return python


@pytest.mark.slow
@pytest.mark.django_db
def test_every_served_resource_is_right_by_googles_rules(get: Get, ward: Ward) -> None:
    python = own_environment()
    if python is None:
        pytest.skip("google-fhir-r4 cannot be installed here")
    bundles = [get(f"/fhir/{name}").json() for name in KINDS]
    bundles += [get(f"/fhir/Patient/{ward.patient.uid}/$everything").json(), get("/fhir/metadata").json()]
    bundles.append(get("/fhir/Patient/none").json())
    lines = "\n".join(json.dumps(bundle) for bundle in bundles) + "\n"

    script = Path(__file__).parent / "google_fhir.py"
    done = subprocess.run(
        [str(python), str(script)], input=lines, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
