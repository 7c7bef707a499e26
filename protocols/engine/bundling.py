"""Fewest visits: days on which several open checks can be done at once. Shown to people, never imposed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from protocols.engine.plan import CheckState
from protocols.engine.workdays import EVERY_DAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from protocols.engine.plan import Check
    from protocols.engine.workdays import WorkingCalendar

OPEN = frozenset({CheckState.UPCOMING, CheckState.DUE, CheckState.OVERDUE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One day, and the keys of the checks that can be done on it."""

    on: date
    checks: tuple[str, ...]


class Reach(NamedTuple):
    """The days on which one check can be done: from the first to the last open day of its window."""

    last: date
    first: date
    key: str


def bundle(
    checks: Iterable[Check], as_of: date, workdays: WorkingCalendar = EVERY_DAY, until: date | None = None
) -> tuple[Visit, ...]:
    """The fewest visits that keep every open check inside its window, each as late as it may be.

    An overdue check asks for the first open day. `until` leaves out what opens later.
    """
    reaches = sorted(
        reach
        for check in checks
        if check.bundles and check.state in OPEN and (until is None or check.opens_on <= until)
        for reach in _reach(check, as_of, workdays)
    )
    visits: list[Visit] = []
    while reaches:
        on = reaches[0].last
        together = [reach for reach in reaches if reach.first <= on]
        visits.append(Visit(on=on, checks=tuple(reach.key for reach in together)))
        reaches = [reach for reach in reaches if reach.first > on]
    return tuple(visits)


def _reach(check: Check, as_of: date, workdays: WorkingCalendar) -> Iterator[Reach]:
    """The open days of a check's window from today on; a window without one asks for its last day all the
    same.
    """
    first, last = max(check.opens_on, as_of), max(check.due_on, as_of)
    if check.due_on < as_of:
        soonest = workdays.at_or_after(as_of)
        yield Reach(soonest, as_of, check.key)
        return
    day = last
    while day > first and not workdays.is_open(day):
        day -= timedelta(days=1)
    yield Reach(day if workdays.is_open(day) else last, first, check.key)
