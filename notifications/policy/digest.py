"""Which letters that wait for one reader go out together, and which go alone and at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from notifications.policy.hours import Hours, next_allowed, next_digest


class Urgency(StrEnum):
    """How soon a letter must go. The words of the pathway's rules are read into these by `pace_of`."""

    ROUTINE = "routine"
    URGENT = "urgent"
    EMERGENCY = "emergency"


# The pathway speaks of review, info, high, critical...; a letter knows only how long it may wait.
PACE = {
    "info": Urgency.ROUTINE,
    "routine": Urgency.ROUTINE,
    "review": Urgency.ROUTINE,
    "high": Urgency.URGENT,
    "urgent": Urgency.URGENT,
    "critical": Urgency.URGENT,
    "emergency": Urgency.EMERGENCY,
}
# Time in which a person who typed a mistake can take a letter back.
UNDO_TIME = timedelta(minutes=10)


def pace_of(urgency: str) -> Urgency:
    """The pace of a rule's urgency; a word nobody taught us is urgent rather than forgotten."""
    return PACE.get(urgency, Urgency.URGENT)


def send_at(*, pace: Urgency, now: datetime, hours: Hours, from_calendar: bool) -> datetime:
    """When a letter written at `now` may go.

    An emergency goes at once, at any hour. An urgent one waits for the end of the quiet hours and no longer.
    A routine one waits the ten minutes in which it can be undone, then for the reader's hours and working
    days; one that the calendar wrote (nobody typed anything) waits for the digest of the day.
    """
    match pace:
        case Urgency.EMERGENCY:
            return now
        case Urgency.URGENT:
            return next_allowed(now, hours, working_days_only=False)
        case Urgency.ROUTINE if from_calendar:
            return next_digest(now, hours)
        case Urgency.ROUTINE:
            return next_allowed(now + UNDO_TIME, hours, working_days_only=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A letter that has come due: whom it is for, about which clinic's children, and how urgent."""

    uid: UUID
    reader: int
    clinic: int
    pace: Urgency
    after_outage: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """Letters that travel in one mail. A parcel of one travels as itself."""

    reader: int
    clinic: int
    pace: Urgency
    letters: tuple[UUID, ...]


def parcels(waiting: Iterable[Waiting]) -> tuple[Parcel, ...]:
    """Group what is due now. Letters of one reader, clinic and pace that are due together travel together.

    An emergency always travels alone. What waited out an outage travels in one parcel, whatever its pace but
    an emergency's: neither silence nor a flood. The order is that of the letters, so that the same rows give
    the same parcels.
    """
    groups: dict[tuple[object, ...], list[Waiting]] = {}
    for letter in waiting:
        together: object = "after an outage" if letter.after_outage else letter.pace
        alone = letter.uid if letter.pace is Urgency.EMERGENCY else None
        groups.setdefault((letter.reader, letter.clinic, together, alone), []).append(letter)
    return tuple(
        Parcel(
            reader=letters[0].reader,
            clinic=letters[0].clinic,
            pace=_most_urgent(letters),
            letters=tuple(one.uid for one in letters),
        )
        for letters in groups.values()
    )


def _most_urgent(letters: Iterable[Waiting]) -> Urgency:
    paces = {one.pace for one in letters}
    return next(pace for pace in (Urgency.EMERGENCY, Urgency.URGENT, Urgency.ROUTINE) if pace in paces)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch in which nothing was looked at."""

    since: datetime
    until: datetime


def gap_between(*, last_seen: datetime | None, now: datetime, longest_silence: timedelta) -> Gap | None:
    """The outage that ends now, if the last sign of life is older than is usual."""
    if last_seen is None or now - last_seen <= longest_silence:
        return None
    return Gap(since=last_seen, until=now)
