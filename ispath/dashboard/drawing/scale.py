"""From values to places on paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of days drawn from `left` to `right`."""

    first: date
    last: date
    left: float
    right: float

    def x(self, on: date) -> float:
        """Return the place of a day; days outside stick to the edge."""
        whole = max(1, (self.last - self.first).days)
        share = min(1.0, max(0.0, (on - self.first).days / whole))
        return round(self.left + share * (self.right - self.left), 1)

    def ticks(self, wanted: int = 9) -> tuple[date, ...]:
        """Return at most about `wanted` days at even whole weeks."""
        whole = max(1, (self.last - self.first).days)
        step = next(
            days for days in (1, 2, 7, 14, 28, 56, 84, 168, 364, 728, 10**6) if whole / days <= wanted
        )
        start = self.first if step < 7 else self.first + timedelta(days=-self.first.weekday() % 7)  # noqa: PLR2004
        count = max(0, (self.last - start).days) // step + 1
        return tuple(start + timedelta(days=step * number) for number in range(count))


@dataclass(frozen=True, slots=True, kw_only=True)
class Height:
    """A range of values drawn from `bottom` up to `top`."""

    low: float
    high: float
    top: float
    bottom: float

    def y(self, value: float) -> float:
        """Return the height of a value; values outside stick to the edge."""
        share = min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))
        return round(self.bottom - share * (self.bottom - self.top), 1)

    def ticks(self, step: int) -> tuple[int, ...]:
        """Return the round values inside the range."""
        start = int(-(-self.low // step) * step)
        return tuple(range(start, int(self.high) + 1, step))
