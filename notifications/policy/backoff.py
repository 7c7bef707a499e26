"""How long to wait before another attempt, and when to stop and tell a person instead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Waits between attempts at one letter; after the last of them it is a dead letter that a nurse sees."""

    waits: tuple[timedelta, ...]

    @property
    def attempts(self) -> int:
        """How many attempts are made in all."""
        return len(self.waits) + 1

    @property
    def whole(self) -> timedelta:
        """How long a letter is tried in all."""
        return sum(self.waits, timedelta())


# A letter that can wait is tried for a day; an urgent one must reach another person within the hour instead.
ROUTINE = Patience(waits=tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 360, 360)))
URGENT = Patience(waits=tuple(timedelta(minutes=m) for m in (1, 2, 5, 10, 20)))
# The server itself being away says nothing about a letter: such waits use up none of its attempts.
SERVER_AWAY_WAITS = tuple(timedelta(seconds=s) for s in (10, 20, 40, 80, 160, 300))


def next_attempt(
    *, made: int, now: datetime, patience: Patience, since: datetime | None = None
) -> datetime | None:
    """When to try again after `made` attempts; None when the letter is dead and a person takes over.

    `since`: the first attempt, where the server that took the letter may have tried for days by itself.
    """
    if made < 1:
        raise ValueError("an attempt must have been made before the next is planned")
    if made > len(patience.waits) or (since is not None and now - since > patience.whole):
        return None
    return now + patience.waits[made - 1]


def when_server_returns(*, refusals_in_a_row: int, now: datetime) -> datetime:
    """When to knock again at a server that is away: soon at first, then every five minutes for ever."""
    return now + SERVER_AWAY_WAITS[min(max(refusals_in_a_row, 1), len(SERVER_AWAY_WAITS)) - 1]
