"""fhir-kit-client, installed once into var/npm where node and npm are there and the registry answers."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from django.conf import settings

PACKAGE = "fhir-kit-client@2.0.3"


def fhir_kit_client() -> Path | None:
    """The node_modules folder that holds it, or None."""
    folder = Path(settings.BASE_DIR) / "var" / "npm"
    modules = folder / "node_modules"
    if (modules / "fhir-kit-client").exists():
        return modules
    if shutil.which("node") is None or shutil.which("npm") is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text('{"private": true}')
    install = ["npm", "install", PACKAGE, "--no-audit", "--no-fund", "--ignore-scripts", "--silent"]
    try:
        done = subprocess.run(install, cwd=folder, capture_output=True, timeout=120, check=False)
    except subprocess.TimeoutExpired:
        return None
    return modules if done.returncode == 0 and (modules / "fhir-kit-client").exists() else None
