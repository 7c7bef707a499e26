#!/usr/bin/env python3
"""One door to everything a developer does: python3 dev.py COMMAND. Needs Python 3.11 and nothing else.

setup    make .venv from the pinned requirements (the other commands do it by themselves)
run      the whole service on this machine; Ctrl-C stops it
test     the test suite; further words go to pytest
check    format, lint, types, contracts, migrations, settings, docs, then the tests
docs     write the generated pages again
audit    ask for known security holes in what is pinned
lock     pin requirements*.in again into requirements*.txt
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
PINS = ROOT / "requirements-dev.txt"
COMMANDS = {
    "setup": ["-c", "print('.venv is ready.')"],
    "run": ["-m", "devstack.run"],
    "test": ["-m", "pytest", "-n", "2"],
    "check": ["-m", "devstack.check"],
    "docs": ["-m", "devstack.papers"],
    "audit": [
        "-m",
        "pip_audit",
        "--require-hashes",
        "--disable-pip",
        "--strict",
        "-r",
        "requirements-dev.txt",
    ],
    "lock": ["-m", "devstack.lock"],
}


def say(sentence: str) -> None:
    print(f"dev: {sentence}", file=sys.stderr, flush=True)


def stamp() -> str:
    """What .venv was built from: this Python, the folder (a moved .venv does not work), the pins."""
    return f"{sys.version!r} {VENV.resolve()}\n{hashlib.sha256(PINS.read_bytes()).hexdigest()}\n"


def quiet(command: list[str]) -> bool:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        say(f"{' '.join(command[:6])} … failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.returncode == 0


def make_venv() -> None:
    try:
        import ensurepip  # noqa: F401, PLC0415  Debian leaves it out of python3
        import venv  # noqa: PLC0415
    except ImportError:
        sys.exit("dev: this Python cannot make virtual environments. Type: apt install python3-venv")
    say("making .venv from the pinned requirements (about half a minute, once) …")
    venv.EnvBuilder(clear=VENV.is_dir() and not VENV.is_symlink(), with_pip=True).create(VENV.resolve())


def install() -> None:
    """Install by uv, which is quick; where it cannot (a mirror only pip knows), by pip. Hashes either way."""
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "-q", "--require-hashes"]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as only_uv:
        text = PINS.read_text().split("\nuv==", 1)[1]
        only_uv.write("uv==" + text.split("\n    #", 1)[0])
        only_uv.flush()
        # --system-certs: behind a proxy with a certificate of its own, this machine knows it
        uv = [str(VENV / "bin" / "uv"), "pip", "sync", "-q", "--system-certs", "--require-hashes"]
        by_uv = quiet([*pip, "-r", only_uv.name]) and quiet([*uv, "--python", str(PYTHON), str(PINS)])
    if not by_uv and not quiet([*pip, "-r", str(PINS)]):
        sys.exit(
            "dev: could not install the requirements. The lines above say why; it needs a package index once."
        )


def ensure_venv() -> None:
    with PINS.open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two commands at once: the second waits for the first
        made_from = VENV / "made-from"
        old, new = made_from.read_text() if made_from.is_file() else "", stamp()
        if old == new and PYTHON.exists():
            return
        if old.split("\n")[0] != new.split("\n")[0] or not PYTHON.exists():
            make_venv()
        install()
        made_from.write_text(new)


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036  the reader may have any Python
        sys.exit(f"dev: Python 3.11 or newer is needed, this is {sys.version.split()[0]}.")
    command, *rest = sys.argv[1:] or ["help"]
    if command not in COMMANDS:
        print(__doc__)
        sys.exit(0 if command in {"help", "-h", "--help"} else 2)
    os.chdir(ROOT)
    try:
        ensure_venv()
    except KeyboardInterrupt:
        sys.exit("\ndev: stopped; the next command begins .venv anew.")
    os.environ["PATH"] = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    os.execv(PYTHON, [str(PYTHON), *COMMANDS[command], *rest])  # noqa: S606  the arguments are ours


if __name__ == "__main__":
    main()
