"""The calls in docs/ehr are run as they stand, against a running server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from clinic.models import Enrolment
from protocols.models import PathwayEdition
from tests.clients.conftest import Sandbox
from tests.clients.surroundings import MissingError, leave_out, node_modules
from tests.factories import ward as library

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

ROOT = Path(settings.BASE_DIR)
_BLOCK = re.compile(r"^```(bash|python|javascript)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[tuple[str, str]]:
    """Each block of a language in the guide, with the page it stands on."""
    return [
        (page.name, code)
        for page in sorted((ROOT / "docs" / "ehr").glob("*.md"))
        for kind, code in _BLOCK.findall(page.read_text())
        if kind == language
    ]


def surroundings(sandbox: Sandbox) -> dict[str, str]:
    token = run([sys.executable, "docs/ehr/get_token.py", str(sandbox.card_path)], dict(os.environ)).strip()
    return {
        **os.environ,
        "ISPATH": sandbox.url,
        "CARD": str(sandbox.card_path),
        "TOKEN": token,
        "PYTHONPATH": str(ROOT),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }


def run(command: list[str], env: dict[str, str], folder: Path = ROOT) -> str:
    done = subprocess.run(
        command, env=env, cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done.stdout


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_every_curl_call_of_the_guide_answers(sandbox: Sandbox) -> None:
    env = surroundings(sandbox)
    library.load()
    pathway = PathwayEdition.objects.get(pathway__key="iess-first-line")
    Enrolment.objects.update(pathway_edition=pathway)

    assert len(blocks("bash")) >= 8
    for page, code in blocks("bash"):
        said = run(["bash", "-e", "-o", "pipefail", "-c", code], env)
        assert "OperationOutcome" not in said, page


def test_the_python_of_the_guide_reads_the_child(sandbox: Sandbox) -> None:
    ((_, code),) = blocks("python")

    said = run([sys.executable, "-c", code], surroundings(sandbox))

    assert said.count("overdue") == 5
    assert said.endswith("1 course(s)\n")


def test_the_javascript_of_the_guide_reads_the_child(sandbox: Sandbox, tmp_path: Path) -> None:
    try:
        modules = node_modules()
    except MissingError as missing:
        leave_out(missing)
    ((_, code),) = blocks("javascript")
    (tmp_path / "guide.mjs").write_text(code)
    (tmp_path / "node_modules").symlink_to(modules)

    said = run(["node", "guide.mjs"], surroundings(sandbox), folder=tmp_path)

    assert said.splitlines() == ["1 escalation(s) stand", "not-found"]
