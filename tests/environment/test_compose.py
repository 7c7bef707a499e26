"""docker-compose.yml, as far as it can be tried without a container engine.

Each service's own command is started as a process, and its own health check asked: it must say no before the
process works, yes while it does, and no again when what it rests on is gone.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from devstack import ports, processes, surroundings, testing
from devstack.servers import Valkey
from ispath import environment
from tests.environment.programs import ROOT, bare_environment, wait_until

pytestmark = pytest.mark.slow

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
SECRETS = {"SECRET_KEY", "LINK_SIGNING_KEY", "POSTGRES_PASSWORD", "OWNER_PASSWORD", "APP_PASSWORD"}


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A broker of its own, so that a test may take it away."""
    server = Valkey(tmp_path / "valkey", tmp_path, tmp_path / "valkey.log", forgetful=True)
    child = server.start()
    yield child
    processes.stop(child, signal.SIGKILL)


@pytest.fixture
def env(tmp_path: Path, transactional_db: None) -> dict[str, str]:
    """What compose would give its services, with the addresses of this machine."""
    sockets = Path(os.environ[testing.SOCKETS])
    database = settings.DATABASES["default"]["NAME"]
    (tmp_path / "tmp").mkdir()
    return bare_environment(
        SECRET_KEY="x" * 60,
        LINK_SIGNING_KEY="y" * 60,
        DATABASE_URL=surroundings.postgres_url(sockets, surroundings.APP, database),
        REDIS_URL=surroundings.redis_url(tmp_path),
        EMAIL_URL="smtp://127.0.0.1:1025",
        DEFAULT_FROM_EMAIL="ispath@localhost",
        BASE_URL="http://localhost:8000",
        ALLOWED_HOSTS="localhost",
        MAIL_CATCHER_FOLDER=str(tmp_path / "mails"),
        HOSTNAME=socket.gethostname(),
        PORT=str(ports.free_from(19_000)),
        TMPDIR=str(tmp_path / "tmp"),
        PATH=f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    )


def here(words: list[str], env: dict[str, str]) -> list[str]:
    """A command of the file with the ports and folders of this machine."""
    for inside, outside in {
        "0.0.0.0:8000": f"127.0.0.1:{env['PORT']}",
        "0.0.0.0:1025": f"127.0.0.1:{env['PORT']}",
        "=/tmp/": f"={env['TMPDIR']}/",
    }.items():
        words = [word.replace(inside, outside) for word in words]
    return words


def is_healthy(service: str, env: dict[str, str]) -> bool:
    kind, *words = SERVICES[service]["healthcheck"]["test"]
    command = ["sh", "-c", words[0].replace("$$", "$")] if kind == "CMD-SHELL" else words
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=False).returncode == 0


@pytest.fixture
def started(env: dict[str, str]) -> Iterator[Any]:
    children: list[subprocess.Popen[bytes]] = []

    def start(service: str) -> subprocess.Popen[bytes]:
        command = here(SERVICES[service]["command"], env)
        children.append(processes.start(command, env=env, output=subprocess.DEVNULL, folder=ROOT))
        return children[-1]

    yield start
    for child in children:
        processes.stop(child, signal.SIGTERM)


@pytest.mark.parametrize("service", ["web", "worker", "beat", "mails"])
@pytest.mark.usefixtures("valkey")
def test_a_service_is_healthy_while_its_command_runs_and_only_then(
    service: str, env: dict[str, str], started: Any
) -> None:
    assert not is_healthy(service, env)

    child = started(service)
    wait_until(lambda: is_healthy(service, env), 120, f"{service} says that it is well")

    processes.stop(child, signal.SIGTERM, patience=30)
    if service != "beat":  # beat's pulse is a file, which grows old within a minute
        assert not is_healthy(service, env)


def test_a_worker_that_has_lost_redis_is_not_healthy(
    env: dict[str, str], started: Any, valkey: subprocess.Popen[bytes]
) -> None:
    started("worker")
    wait_until(lambda: is_healthy("worker", env), 120, "the worker says that it is well")

    processes.stop(valkey, signal.SIGKILL)

    assert not is_healthy("worker", env)


def test_beat_has_no_pulse_where_redis_takes_nothing(env: dict[str, str], started: Any) -> None:
    child = started("beat")

    with pytest.raises(subprocess.TimeoutExpired):
        child.wait(12)

    assert not is_healthy("beat", env)


def test_every_service_that_stays_has_a_health_check_and_none_runs_as_root() -> None:
    for name, service in SERVICES.items():
        if service.get("restart") != "no":
            assert service["healthcheck"]["test"], name
        if "build" in service:
            assert service["user"] == "10001:10001", name


def test_secrets_come_from_the_environment_and_a_missing_one_is_said() -> None:
    text = (ROOT / "docker-compose.yml").read_text()

    for name in SECRETS:
        assert f"${{{name}:?type a" in text


def test_the_services_are_given_settings_that_exist() -> None:
    known = {setting.name for setting in environment.SETTINGS}

    for name in ("web", "worker", "beat", "migrate", "mails"):
        assert set(SERVICES[name]["environment"]) <= known, name
    required = {setting.name for setting in environment.SETTINGS if setting.default is None}
    assert required <= set(SERVICES["web"]["environment"])
