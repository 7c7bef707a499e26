"""Two transactions in each other's way: nobody's fault, and gone at the next try."""

from __future__ import annotations

from psycopg.errors import DeadlockDetected, SerializationFailure


def is_conflict(error: Exception) -> bool:
    """Whether PostgreSQL gave a transaction up for the sake of another. Its work waits for the next round."""
    return isinstance(error.__cause__, DeadlockDetected | SerializationFailure)
