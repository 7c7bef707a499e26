"""PostgreSQL and Valkey for one run of the tests: in memory, forgetful, private, gone afterwards.

Each run has its own, so several checkouts can be tested at once. They are started by the process that reads
the test settings first; pytest-xdist's workers inherit the addresses.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from devstack import processes, surroundings
from devstack.servers import Postgres, Valkey

FOLDER, SOCKETS = "ISPATH_TEST_FOLDER", "ISPATH_TEST_SOCKETS"
ROOMY = 1 << 30


def memory_folder() -> Path:
    """Shared memory where there is a gigabyte left, else the ordinary temporary folder."""
    shared = Path("/dev/shm")  # noqa: S108  a folder of our own is made in it
    roomy = shared.is_dir() and os.access(shared, os.W_OK) and shutil.disk_usage(shared).free > ROOMY
    return shared if roomy else Path(tempfile.gettempdir())


def sweep_up(parent: Path) -> None:
    """Remove what a killed run left behind; its folder carries its process number."""
    for left in parent.glob(f"ispath-test-{os.getuid()}-*"):
        number = left.name.split("-")[3]
        if number.isdecimal() and not Path(f"/proc/{number}").exists():
            shutil.rmtree(left, ignore_errors=True)


def database_server() -> Postgres:
    """The PostgreSQL of this run of the tests, in whichever process of it we are."""
    folder = Path(os.environ[FOLDER])
    return Postgres(folder / "postgres", Path(os.environ[SOCKETS]), folder / "postgres.log", forgetful=True)


def own_redis() -> str:
    """Each of pytest-xdist's workers has a Redis database to itself, to fill and to empty."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    return surroundings.redis_url(Path(os.environ[SOCKETS]), int(worker) + 1)


def start() -> None:
    """Start the test servers unless a parent process has, and put their addresses into the environment."""
    if FOLDER in os.environ:
        return
    parent = memory_folder()
    sweep_up(parent)
    sweep_up(Path(tempfile.gettempdir()))
    folder = Path(tempfile.mkdtemp(prefix=f"ispath-test-{os.getuid()}-{os.getpid()}-", dir=parent))
    sockets = Path(tempfile.mkdtemp(prefix=f"ispath-test-{os.getuid()}-{os.getpid()}-"))
    os.environ.update({FOLDER: str(folder), SOCKETS: str(sockets)})
    started: list[tuple[subprocess.Popen[bytes], Postgres | Valkey]] = []
    owner_process = os.getpid()

    def clean_up() -> None:
        if os.getpid() != owner_process:  # a forked child leaves them alone
            return
        for child, server in reversed(started):
            processes.stop(child, server.stop_signal)
        for path in (folder, sockets):
            shutil.rmtree(path, ignore_errors=True)

    atexit.register(clean_up)
    postgres = database_server()
    valkey = Valkey(folder / "valkey", sockets, folder / "valkey.log", forgetful=True)
    started.extend((server.start(), server) for server in (postgres, valkey))
    os.environ.update(surroundings.development())
    os.environ.update(
        {
            "DATABASE_URL": surroundings.postgres_url(sockets, surroundings.APP),
            "DATABASE_OWNER_URL": surroundings.postgres_url(sockets, surroundings.OWNER),
            "DATABASE_ROLE": "owner",  # creates the test database; tests/conftest.py then steps down
            "REDIS_URL": surroundings.redis_url(sockets),
            "MAIL_CATCHER_FOLDER": "",
            "LETTERS_WAIT": "true",
            "BASE_URL": "https://ispath.test",
            "ALLOWED_HOSTS": "127.0.0.1,localhost,ispath.test,testserver",
            "DEBUG": "false",
        }
    )
