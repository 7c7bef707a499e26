"""The schemathesis command, as the guide says it: the whole schema, every check, a server that runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.clients.conftest import Sandbox, no_idle_connections, sandbox

__all__ = ["no_idle_connections", "sandbox"]

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_schemathesis_finds_nothing(
    sandbox: Sandbox, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.API_REQUESTS_PER_MINUTE = 1_000_000
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", None)  # its lines close when it ends
    program = Path(sys.executable).parent / "schemathesis"
    command = [str(program), "--config-file", str(ROOT / "docs/ehr/schemathesis.toml")]
    command += ["run", f"{sandbox.card['rest_url']}/openapi.json", "--max-examples", "20"]
    command += ["--phases", "examples,coverage,stateful", "--generation-deterministic"]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "CARD": str(sandbox.card_path)}

    done = subprocess.run(
        command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=280, check=False
    )

    assert done.returncode == 0, done.stdout[-6000:]
    links = re.search(r"API Links: +(\d+) covered", done.stdout)
    assert links is not None
    assert int(links[1]) > 0
