"""The migrated, empty database that every test database is copied from.

Migrating from nothing takes half a minute of computing; reading what it led to takes a second. So the result
is kept as SQL in var/, under a name made from everything it depends on, and migrated anew when that changes.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

from devstack import surroundings
from devstack.servers import Postgres, Trouble

NAME = "ispath_template"
PACKAGES = ("protocols", "clinic", "notifications", "ispath")


def depends_on() -> list[Path]:
    root = surroundings.ROOT
    migrations = [path for package in PACKAGES for path in (root / package).rglob("migrations/**/*")]
    own = [*(root / "ispath" / "database").rglob("*.py"), root / "requirements.txt", Path(__file__)]
    return sorted(path for path in (*migrations, *own) if path.is_file() and path.suffix != ".pyc")


def kept() -> Path:
    digest = hashlib.sha256()
    for path in depends_on():
        digest.update(f"{path.relative_to(surroundings.ROOT)}\0".encode() + path.read_bytes())
    return surroundings.VAR / f"test-template-{digest.hexdigest()[:16]}.sql"


def migrate(server: Postgres) -> None:
    env = {
        **os.environ,
        "DATABASE_URL": surroundings.postgres_url(server.sockets, surroundings.APP, NAME),
        "DATABASE_OWNER_URL": surroundings.postgres_url(server.sockets, surroundings.OWNER, NAME),
        "DJANGO_SETTINGS_MODULE": "ispath.settings",  # not the tests' own, which would start servers again
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", "migrate", "--no-input", "--verbosity=0"],
        cwd=surroundings.ROOT, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise Trouble(f"The migrations do not work:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")


def keep(server: Postgres, target: Path) -> None:
    half = target.with_suffix(f".{os.getpid()}")
    where = ["-U", "postgres", "-h", str(server.sockets)]
    dump = [str(server.programs / "pg_dump"), *where, "-f", str(half), NAME]
    subprocess.run(dump, check=True, capture_output=True)
    for old in surroundings.VAR.glob("test-template-*.sql"):
        old.unlink(missing_ok=True)
    half.rename(target)


def fill(server: Postgres) -> None:
    target = kept()
    if target.exists():
        server.psql_file(NAME, target)
        return
    say = "Migrating a database for the tests to copy (once after each change of a migration) …"
    print(say, file=sys.stderr, flush=True)
    migrate(server)
    surroundings.VAR.mkdir(exist_ok=True)
    keep(server, target)


def make(server: Postgres) -> None:
    """Create the template in a test server, unless another test process has."""
    with server.log.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = server.log.with_suffix(".template-is-there")
        if not done.exists():
            server.psql("postgres", f"CREATE DATABASE {NAME} OWNER {surroundings.OWNER}")
            fill(server)
            done.touch()
