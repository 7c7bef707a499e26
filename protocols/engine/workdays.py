"""The clinic's working days and holidays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

ALL_WEEKDAYS = frozenset(range(7))


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingCalendar:
    """Which days the clinic is open: weekdays as `date.weekday()` numbers (Monday is 0), and holidays."""

    weekdays: frozenset[int] = ALL_WEEKDAYS
    holidays: frozenset[date] = frozenset()

    def is_open(self, day: date) -> bool:
        """Whether the clinic works on `day`."""
        return day.weekday() in self.weekdays and day not in self.holidays

    def at_or_before(self, day: date) -> date:
        """The last open day not after `day`; the day itself when the clinic never opens."""
        return self._towards(day, -1)

    def at_or_after(self, day: date) -> date:
        """The first open day not before `day`; the day itself when the clinic never opens."""
        return self._towards(day, 1)

    def plus_open_days(self, day: date, count: int) -> date:
        """The day that is `count` open days after `day`."""
        for _ in range(count):
            day = self.at_or_after(day + timedelta(days=1))
        return day

    def _towards(self, day: date, step: int) -> date:
        for distance in range(len(ALL_WEEKDAYS) * _WEEKS_SEARCHED):
            candidate = day + timedelta(days=step * distance)
            if self.is_open(candidate):
                return candidate
        return day


_WEEKS_SEARCHED = 5
EVERY_DAY = WorkingCalendar()
