"""The battlefield: real PostgreSQL, Valkey, mail sink, workers and beat, each a process to be killed."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from devstack import processes, surroundings, template
from devstack.servers import Postgres, Valkey

FLUSH = "import os, redis; redis.Redis.from_url(os.environ['REDIS_URL']).flushall()"
ROOT = Path(__file__).resolve().parent.parent


@dataclass(slots=True, kw_only=True)
class Field:
    """Everything that runs, by name, and how to start it again."""

    folder: Path
    sockets: Path
    env: dict[str, str]
    postgres: Postgres
    valkey: Valkey
    smtp_port: int
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    kills: Counter[str] = field(default_factory=Counter)

    @property
    def took(self) -> Path:
        """The sink's list of what it took."""
        return self.folder / "took.tsv"

    def start_sink(self, *, slow: float = 0.0, trouble: bool = False, plain: bool = False) -> None:
        """Start the mail sink and wait until it listens."""
        command = ["-m", "benchmarks.mail_sink", "--port", str(self.smtp_port), "--took", str(self.took)]
        command += ["--slow", str(slow), *(["--trouble"] if trouble else []), *(["--plain"] if plain else [])]
        self._start("sink", command)
        for _ in range(200):
            with socket.socket() as line:
                if line.connect_ex(("127.0.0.1", self.smtp_port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError("the mail sink does not listen")

    def start_worker(self, name: str) -> None:
        """Start one Celery worker with one process."""
        command = [
            "-m",
            "celery",
            "-A",
            "benchmarks.app",
            "worker",
            "-c",
            "1",
            "-l",
            "error",
            "-n",
            f"{name}@here",
        ]
        self._start(name, [*command, "--without-gossip", "--without-mingle"])

    def start_beat(self) -> None:
        """Start beat, forgetting when it last ran."""
        Path("/tmp/ispath-benchmark-beat").unlink(missing_ok=True)  # noqa: S108
        self._start("beat", ["-m", "celery", "-A", "benchmarks.app", "beat", "-l", "error"])

    def kill(self, name: str) -> None:
        """SIGKILL, with everything it started."""
        child = self.running.pop(name)
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        self.kills[name.rstrip("0123456789")] += 1

    def kill_valkey(self) -> None:
        """Forget everything, die at once, and come back empty."""
        subprocess.run(
            [sys.executable, "-c", FLUSH],
            env=self.env, check=True,
        )  # fmt: skip
        self.kill("valkey")
        self.running["valkey"] = self.valkey.start()

    def restart_postgres(self) -> None:
        """Cut every session off at once (immediate shutdown, as if it had crashed), and recover."""
        child = self.running.pop("postgres")
        child.send_signal(signal.SIGQUIT)
        child.wait()
        self.kills["postgres"] += 1
        self.running["postgres"] = self.postgres.start()

    def stop(self, *names: str) -> None:
        """End some processes in good order."""
        for name in names:
            processes.stop(self.running.pop(name), signal.SIGTERM)

    def _start(self, name: str, command: list[str]) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = processes.start(
                [sys.executable, "-W", "ignore", *command], env=self.env, output=log, folder=ROOT
            )


@contextmanager
def battlefield(*, forgetful: bool = False) -> Iterator[Field]:
    """Servers of this run alone, migrated and empty; nothing of it is left afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="ispath-fire-"))
    sockets = Path(tempfile.mkdtemp(prefix="ispath-fs-"))
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        smtp_port = line.getsockname()[1]
    env = {
        **os.environ,
        **surroundings.development(),
        "DATABASE_URL": surroundings.postgres_url(sockets, surroundings.APP),
        "DATABASE_OWNER_URL": surroundings.postgres_url(sockets, surroundings.OWNER),
        "REDIS_URL": surroundings.redis_url(sockets),
        "EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}",
        "MAIL_CATCHER_FOLDER": "",
        "LETTERS_WAIT": "true",
        "LOG_LEVEL": "ERROR",
        "DEBUG": "false",
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
    }
    one = Field(
        folder=folder,
        sockets=sockets,
        env=env,
        postgres=Postgres(folder / "postgres", sockets, folder / "postgres.log", forgetful=forgetful),
        valkey=Valkey(folder / "valkey", sockets, folder / "valkey.log", forgetful=True),
        smtp_port=smtp_port,
    )
    try:
        one.running["postgres"] = one.postgres.start()
        one.running["valkey"] = one.valkey.start()
        template.make(one.postgres)
        one.postgres.psql("postgres", f"DROP DATABASE {surroundings.DATABASE}")
        one.postgres.psql(
            "postgres",
            f"CREATE DATABASE {surroundings.DATABASE} TEMPLATE {template.NAME} OWNER {surroundings.OWNER}",
        )
        os.environ.update(env)
        yield one
    finally:
        order = sorted(one.running, key=lambda name: name in {"postgres", "valkey"})
        for name in order:
            processes.stop(one.running[name], signal.SIGINT if name == "postgres" else signal.SIGKILL)
        shutil.rmtree(sockets, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)
