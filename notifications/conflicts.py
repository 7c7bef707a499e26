"""Two transactions in each other's way, or a line that was cut: nobody's fault, and gone at the next try."""

from __future__ import annotations

from psycopg import InterfaceError, OperationalError
from psycopg.errors import (
    AdminShutdown,
    CannotConnectNow,
    CrashShutdown,
    DeadlockDetected,
    SerializationFailure,
)

GIVEN_UP = (AdminShutdown, CannotConnectNow, CrashShutdown, DeadlockDetected, SerializationFailure)


def will_pass(error: Exception) -> bool:
    """Whether PostgreSQL gave a transaction up for another's sake, or went away: it waits for the next round.

    A line that was cut brings no code with it.
    """
    cause = error.__cause__
    cut_off = isinstance(cause, OperationalError) and cause.sqlstate is None
    return cut_off or isinstance(cause, (*GIVEN_UP, InterfaceError))
