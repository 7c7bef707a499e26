"""make run as a newcomer meets it: it says where to look, and Ctrl-C leaves nothing behind."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from devstack import ports
from tests.environment.programs import ROOT, Program, bare_environment, processes_with, wait_until

pytestmark = pytest.mark.slow

RUN = [sys.executable, "-m", "devstack.run"]


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that the stories of this module share, so that only the first one starts from nothing."""
    return tmp_path_factory.mktemp("var")


@pytest.fixture
def env(var: Path) -> dict[str, str]:
    return bare_environment(ISPATH_VAR=str(var), PORT=str(ports.free_from(18_000)), ISPATH_SEED_CHILDREN="12")


@pytest.fixture
def running(env: dict[str, str], var: Path) -> Iterator[Program]:
    program = Program(RUN, env)
    try:
        program.wait_for("ispath is up")
        yield program
    finally:
        program.kill()
        print(program.said)  # pytest shows it where a story failed
    wait_until(lambda: not processes_with(str(var)), 20, "no process is left")


def get(env: dict[str, str], path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{env['PORT']}{path}", timeout=10) as answer:
        return str(answer.read().decode())


def tried(command: list[str], env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False
    )


def test_it_says_where_to_look_and_ctrl_c_twice_leaves_nothing(
    running: Program, env: dict[str, str], var: Path
) -> None:
    assert get(env, "/healthz") == "alive\n"
    assert "log in" in get(env, "/admin/login/").lower()
    assert "Caught letters" in get(env, "/mail-catcher/")
    assert f"http://127.0.0.1:{env['PORT']}/" in running.said
    assert "nurse@demo.example" in running.said

    again = tried(RUN, env)
    assert again.returncode == 1
    assert "runs already" in again.stdout

    second_terminal = tried([sys.executable, "manage.py", "migrate", "--check"], env)
    assert second_terminal.returncode == 0, second_terminal.stderr

    running.send(signal.SIGINT)
    running.send(signal.SIGINT)
    assert running.end() == 0
    assert "everything has stopped" in running.said
    assert processes_with(str(var)) == []


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGHUP])
def test_a_killed_supervisor_or_a_closed_terminal_leaves_nothing(
    running: Program, var: Path, end: signal.Signals
) -> None:
    if end == signal.SIGHUP:
        running.close_terminal()
    running.send(end)
    running.end()

    wait_until(lambda: not processes_with(str(var)), 20, "the children end too")


def test_a_taken_port_is_said_and_not_fought(env: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", int(env["PORT"]))):
        done = tried(RUN, env)

    assert done.returncode == 1
    assert f"Port {env['PORT']} is taken by another program. Type PORT=" in done.stdout


def test_a_command_without_a_database_says_what_to_type(env: dict[str, str]) -> None:
    done = tried([sys.executable, "manage.py", "migrate"], env)

    assert done.returncode == 1
    assert "Type make run in another terminal" in done.stderr
    assert "Traceback" not in done.stderr
