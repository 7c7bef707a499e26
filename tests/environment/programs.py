"""Start a program as a person would, read what it says, and see what it leaves behind."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SETTING_NAMES = (
    *("ISPATH_TEST_", "DATABASE_", "REDIS_", "EMAIL_", "MAIL_", "BASE_URL", "ALLOWED_", "DEBUG", "SECRET"),
    *("LINK_", "DEFAULT_FROM", "LOG_", "PORT", "DJANGO_SETTINGS"),
)


def bare_environment(**more: str) -> dict[str, str]:
    """This process's environment without what the tests put into it."""
    return {name: value for name, value in os.environ.items() if not name.startswith(SETTING_NAMES)} | more


def wait_until(true: Callable[[], object], seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"waited {seconds:.0f} seconds in vain: {what}"
        time.sleep(0.1)


def processes_with(mark: str) -> list[str]:
    """Command lines of living processes whose environment or command line holds `mark`."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and int(folder.name) != os.getpid():
            with suppress(OSError):
                text = (folder / "environ").read_bytes() + (folder / "cmdline").read_bytes()
                state = (folder / "stat").read_text().rsplit(")", 1)[1].split()[0]
                if mark.encode() in text and state != "Z":
                    found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


class Program:
    """A child in a session of its own; everything it prints is kept."""

    def __init__(self, command: list[str], env: dict[str, str]) -> None:
        self.lines: list[str] = []
        self.child = subprocess.Popen(
            command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True,
        )  # fmt: skip
        threading.Thread(target=self.read, daemon=True).start()

    def read(self) -> None:
        assert self.child.stdout is not None
        with self.child.stdout as lines:
            self.lines.extend(lines)

    @property
    def said(self) -> str:
        return "".join(self.lines)

    def close_terminal(self) -> None:
        """Whatever it prints from now on fails."""
        assert self.child.stdout is not None
        with open(os.devnull, "rb") as nothing:  # noqa: PTH123  a device, not a path of ours
            os.dup2(nothing.fileno(), self.child.stdout.fileno())

    def kill(self) -> None:
        """For a test that failed half way: the supervisor's children end with it."""
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                self.child.wait(30)
            self.child.kill()

    def wait_for(self, words: str, seconds: float = 240) -> None:
        wait_until(lambda: words in self.said or self.child.poll() is not None, seconds, words)
        assert words in self.said, f"it ended without saying {words!r}:\n{self.said[-3000:]}"

    def send(self, number: signal.Signals) -> None:
        self.child.send_signal(number)

    def end(self, seconds: float = 30) -> int:
        return self.child.wait(seconds)
