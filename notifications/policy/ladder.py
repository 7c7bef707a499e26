"""Which rung of a ladder stands now, which were passed over, and when to look again.

A ladder is data: rungs of the pathway edition, each a level, a role and a moment. It is never stepped by
matching a day exactly: it is asked what stands at this moment, so that a missed night, a month without
power or a ladder started late all lead to the same rung.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One nudge, its moment already worked out. Rungs of one level go together, to several roles."""

    key: str
    level: int
    at: datetime
    role: str
    urgency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a ladder says at a moment: what to send now, what was overtaken, when to look again."""

    now: tuple[Rung, ...] = ()
    overtaken: tuple[Rung, ...] = ()
    next_at: datetime | None = None


def standing(
    rungs: Sequence[Rung], *, said: int | None, parked_until: datetime | None, now: datetime
) -> Standing:
    """What to send at `now`; `said` is the highest level already sent.

    An acknowledgement parks the ladder until its own moment; after that it goes on one level higher than
    it stood, whether or not that level's own moment has come. Levels that came and were never said are
    overtaken: a reader gets "late", not "upcoming", "due" and "late" in one morning.
    """
    if parked_until is not None and now < parked_until:
        return Standing(next_at=parked_until)
    floor = -1 if said is None else said
    level = max((rung.level for rung in rungs if rung.at <= now), default=floor)
    if parked_until is not None:
        level = max(level, min((rung.level for rung in rungs if rung.level > floor), default=floor))
    return Standing(
        now=tuple(rung for rung in rungs if rung.level == level > floor),
        overtaken=tuple(rung for rung in rungs if floor < rung.level < level),
        next_at=min((rung.at for rung in rungs if rung.level > level), default=None),
    )
