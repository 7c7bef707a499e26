"""When may this reader be written to? Moments come in and go out in UTC; local time lives only here.

A clock change makes some local times exist twice and others not at all. Both are answered here, once:
of a time that exists twice the first one still ahead is taken; a time that does not exist is read as far
behind the gap as it would have been into it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
# A calendar without a single working day is a mistake in a clinic's set-up; it must not silence its letters.
LONGEST_CLOSURE = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """One reader's hours: an IANA zone, the quiet stretch (may pass midnight), working weekdays, days off."""

    zone: str
    quiet_from: time = time(21)
    quiet_until: time = time(7)
    working_weekdays: frozenset[int] = frozenset({1, 2, 3, 4, 5})  # ISO: Monday is 1
    days_off: frozenset[date] = frozenset()

    def local(self, moment: datetime) -> datetime:
        """The reader's wall clock at a moment."""
        return moment.astimezone(ZoneInfo(self.zone))

    def works_on(self, day: date) -> bool:
        """Whether the reader's practice is open on a date."""
        return day.isoweekday() in self.working_weekdays and day not in self.days_off

    def is_quiet(self, at: time) -> bool:
        """Whether a wall-clock time is inside the quiet stretch, which holds its start and not its end."""
        if self.quiet_from == self.quiet_until:
            return False
        if self.quiet_from < self.quiet_until:
            return self.quiet_from <= at < self.quiet_until
        return at >= self.quiet_from or at < self.quiet_until


def moment_of(day: date, at: time, zone: str, *, after: datetime | None = None) -> datetime:
    """The UTC moment of a wall-clock time; of a time that exists twice, the first one later than `after`."""
    naive = datetime.combine(day, at)
    first = naive.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
    second = naive.replace(tzinfo=ZoneInfo(zone), fold=1).astimezone(UTC)
    twice = second > first
    return second if twice and after is not None and first <= after else first


def next_allowed(moment: datetime, hours: Hours, *, working_days_only: bool) -> datetime:
    """The first moment, not before `moment`, at which a letter that can wait may go."""
    candidate = moment
    while True:
        local = hours.local(candidate)
        closed = (
            working_days_only and not hours.works_on(local.date()) and candidate - moment < LONGEST_CLOSURE
        )
        if not closed and not hours.is_quiet(local.time()):
            return candidate
        day = local.date()
        if closed or (hours.quiet_from > hours.quiet_until and local.time() >= hours.quiet_from):
            day += ONE_DAY
        following = moment_of(day, hours.quiet_until, hours.zone, after=candidate)
        # A zone that drops a whole day, or repeats the hour in which quiet ends, must not stop the search.
        candidate = following if following > candidate else candidate + timedelta(minutes=15)


def next_digest(moment: datetime, hours: Hours, *, at: time = time(8)) -> datetime:
    """The next moment at which the routine letter of the day goes: on a working day, outside quiet hours."""
    day = hours.local(moment).date()
    for _ in range(LONGEST_CLOSURE.days):
        slot = moment_of(day, at, hours.zone)
        if slot >= moment and hours.works_on(hours.local(slot).date()):
            return next_allowed(slot, hours, working_days_only=True)
        day += ONE_DAY
    return next_allowed(moment, hours, working_days_only=True)


def working_day_until(day: date, hours: Hours) -> date:
    """The date itself if it is a working day, else the last one before it."""
    for back in range(LONGEST_CLOSURE.days):
        if hours.works_on(day - back * ONE_DAY):
            return day - back * ONE_DAY
    return day


def working_day_after(day: date, count: int, hours: Hours) -> date:
    """The date `count` working days after a date (0: the date itself, or the next working day)."""
    left = count
    current = day
    horizon = day + timedelta(days=365 + 7 * count)
    while current < horizon:
        if hours.works_on(current) and current > day:
            left -= 1
        if left <= 0 and hours.works_on(current):
            return current
        current += ONE_DAY
    return day + timedelta(days=count)
