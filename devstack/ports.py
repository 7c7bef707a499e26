"""Which ports are free on this machine. A taken one is said, not fought."""

from __future__ import annotations

import socket

from devstack.servers import Trouble

LAST = 65535


def is_free(port: int) -> bool:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_from(first: int) -> int:
    return next(port for port in range(first, LAST) if is_free(port))


def web(wanted: str) -> int:
    if not wanted.isdecimal() or not 0 < int(wanted) <= LAST:
        raise Trouble(f"PORT={wanted} is no port. Type for example PORT=8001 make run.")
    if not is_free(int(wanted)):
        other = free_from(int(wanted) + 1)
        raise Trouble(f"Port {wanted} is taken by another program. Type PORT={other} make run.")
    return int(wanted)
