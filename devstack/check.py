"""make check: every convention that a machine can see, then the tests. Runs all of it, reports at the end."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field

from devstack import surroundings

PYTHON = sys.executable
MANAGE = [PYTHON, "-W", "ignore", "manage.py"]
PRODUCTION = {
    "DEBUG": "false",
    "BASE_URL": "https://ispath.example.org",
    "ALLOWED_HOSTS": "ispath.example.org",
    "SECRET_KEY": "Zq7kfXw2TtJc9bLr0uVnYg5sPa1hDe8mGi3oKxCyBvNzMQ4WlRjEfUHd6TpSIA",
    "LINK_SIGNING_KEY": "Wm2sBv8nKc4xLz6pQd1rTf9yHg3jUe7aNi5oZqXwCuGkRb0tVhYlPjDfSeMAaI",
    "LOG_FORMAT": "json",
    "MAIL_CATCHER_FOLDER": "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    name: str
    command: list[str]
    env: dict[str, str] = field(default_factory=dict)


STEPS = (
    Step(name="lint", command=["ruff", "check", "."]),
    Step(name="format", command=["ruff", "format", "--check", "."]),
    Step(name="types", command=["mypy"]),
    Step(name="import contracts", command=["lint-imports", "--no-cache"]),
    Step(name="Django's own checks", command=[*MANAGE, "check", "--fail-level", "WARNING"]),
    Step(
        name="checks for production",
        command=[*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
        env=PRODUCTION,
    ),
    Step(name="migrations", command=[*MANAGE, "makemigrations", "--check", "--dry-run"]),
    Step(name="papers in step", command=[PYTHON, "-m", "devstack.papers", "--check"]),
    Step(name="tests", command=[PYTHON, "-m", "pytest", "--cov", "--cov-report="]),
    Step(name="coverage", command=["coverage", "report", "--fail-under=95"]),
    Step(
        name="coverage of the engine",
        command=["coverage", "report", "--include=protocols/engine/*", "--fail-under=100"],
    ),
)


def run(step: Step) -> tuple[bool, float]:
    print(f"\n== {step.name}: {' '.join(step.command).replace(PYTHON, 'python')}", flush=True)
    began = time.monotonic()
    done = subprocess.run(step.command, cwd=surroundings.ROOT, env={**os.environ, **step.env}, check=False)
    return done.returncode == 0, time.monotonic() - began


def main() -> int:
    results = {step.name: run(step) for step in STEPS}
    print("\n== summary")
    for name, (fine, seconds) in results.items():
        print(f"  {'ok    ' if fine else 'FAILED'}  {name} ({seconds:.1f} s)")
    failures = sum(1 for fine, _ in results.values() if not fine)
    print("make check: all is well." if not failures else f"make check: {failures} of {len(results)} failed.")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
