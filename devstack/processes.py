"""Child processes that never outlive us: not after Ctrl-C, a closed terminal, or a SIGKILL of the parent."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000
NOBODY = 65534
_libc = ctypes.CDLL(None, use_errno=True)


def die_with(parent: int, with_signal: signal.Signals) -> None:
    """Ask the kernel to signal this process when the parent ends (Linux; elsewhere nothing happens)."""
    if hasattr(_libc, "prctl"):
        _libc.prctl(PR_SET_PDEATHSIG, with_signal, 0, 0, 0)
        if os.getppid() != parent:  # it ended before we asked
            os._exit(1)


def become_nobody() -> None:
    """PostgreSQL refuses root, so root enters a user namespace in which it is called nobody.

    Files stay root's own: no new user, no chown, and it works inside a private home folder. Where the kernel
    refuses namespaces (some containers), the process really becomes nobody; see servers.Postgres.prepare.
    """
    uid, gid = os.getuid(), os.getgid()
    if _libc.unshare(CLONE_NEWUSER) != 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        return
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{NOBODY} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{NOBODY} {gid} 1")


def namespaces_work() -> bool:
    child = os.fork()
    if child == 0:
        os._exit(0 if _libc.unshare(CLONE_NEWUSER) == 0 else 1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def start(
    command: list[str],
    *,
    env: Mapping[str, str] | None = None,
    output: int | IO[bytes] | None = None,
    never_root: bool = False,
    end_with: signal.Signals = signal.SIGTERM,
    folder: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, so that the terminal's Ctrl-C reaches only the supervisor."""
    parent = os.getpid()

    def in_child() -> None:
        if never_root and os.getuid() == 0:
            become_nobody()
        die_with(parent, end_with)

    return subprocess.Popen(
        command,
        env=None if env is None else dict(env),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        start_new_session=True,
        preexec_fn=in_child,  # noqa: PLW1509  no threads run yet in the child
        cwd=folder,
    )


def stop(child: subprocess.Popen[bytes], with_signal: signal.Signals, patience: float = 8) -> None:
    """End a child and whatever it started; the last word is SIGKILL to its whole session."""
    if child.poll() is None:
        child.send_signal(with_signal)
        try:
            child.wait(patience)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
