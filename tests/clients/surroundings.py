"""Clients and validators that cannot live among our own packages: pinned with hashes, put once into var/.

`python -m tests.clients.surroundings` prepares them. The tests do it by themselves; where no registry answers
they are left out, and say so loudly, as a test that was left out proves nothing. With CI=true they fail.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import pytest

HERE = Path(__file__).resolve().parent
VAR = HERE.parent.parent / "var" / "clients"
PATIENCE = 300


class MissingError(Exception):
    """What is missing here, and why."""


def google_fhir() -> Path:
    """A Python that has google-fhir-r4."""
    lock = HERE / "google_fhir" / "requirements.txt"
    folder = VAR / "google-fhir"
    python = folder / "bin" / "python"
    if not _is_made_from(folder, lock):
        shutil.rmtree(folder, ignore_errors=True)
        _run([sys.executable, "-m", "venv", str(folder)])
        _run([str(python), "-m", "pip", "-q", "install", "--require-hashes", "-r", str(lock)])
        _stamp(folder, lock)
    return python


def node_modules() -> Path:
    """The node_modules folder that holds the packages of npm/package-lock.json."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise MissingError("node and npm are not installed")
    lock = HERE / "npm" / "package-lock.json"
    folder = VAR / "npm"
    if not _is_made_from(folder, lock):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for file in ("package.json", "package-lock.json"):
            shutil.copy(HERE / "npm" / file, folder)
        _run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"], folder)
        _stamp(folder, lock)
    return folder / "node_modules"


def leave_out(missing: MissingError) -> NoReturn:
    """Skip the test where somebody works without a registry; fail it where its result is relied on."""
    sentence = f"{missing}. Nothing was proved by this test."
    if os.environ.get("CI") == "true":
        pytest.fail(sentence)
    pytest.skip(sentence)


def _is_made_from(folder: Path, lock: Path) -> bool:
    stamp = folder / "made-from"
    return stamp.is_file() and stamp.read_text() == _digest(lock)


def _stamp(folder: Path, lock: Path) -> None:
    (folder / "made-from").write_text(_digest(lock))


def _digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def _run(command: Sequence[str], folder: Path = HERE) -> None:
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=PATIENCE)
    except (subprocess.SubprocessError, OSError) as error:
        said = str(getattr(error, "stderr", "") or error).strip()[-400:]
        raise MissingError(f"{' '.join(command[:4])} … failed: {said}") from error


if __name__ == "__main__":
    google_fhir()
    node_modules()
