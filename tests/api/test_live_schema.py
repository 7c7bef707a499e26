"""The schemathesis command, as anybody would run it: every check, its stateful phase, a running server."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from docs.ehr.get_token import get_token
from tests.clients.conftest import Sandbox, no_idle_connections, sandbox

__all__ = ["no_idle_connections", "sandbox"]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_schemathesis_finds_nothing(sandbox: Sandbox, settings: Any, tmp_path: Path) -> None:
    settings.API_REQUESTS_PER_MINUTE = 1_000_000
    program = Path(sys.executable).parent / "schemathesis"
    command = [str(program), "run", f"{sandbox.card['rest_url']}/openapi.json", "--checks", "all"]
    command += ["-H", f"Authorization: Bearer {get_token(sandbox.card)}", "--suppress-health-check", "all"]
    command += ["--max-examples", "3", "--phases", "coverage,stateful", "--generation-deterministic"]
    # Every corner of nine kinds of observations takes minutes; test_schema draws some of them.
    command += ["--exclude-path", "/api/v1/observations"]

    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=280, check=False)

    assert done.returncode == 0, done.stdout[-6000:]
    links = re.search(r"API Links: +(\d+) covered", done.stdout)
    assert links is not None
    assert int(links[1]) > 0
