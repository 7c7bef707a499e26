"""The dose of a day: what is given today, what changes next, and what a named prescriber has to decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clinic.models import Course
from clinic.nextpart import waits_for_verdict
from ispath.dashboard.words import day, humane
from protocols.engine.dosing import State
from protocols.engine.words import day_words, stretches_of, todays_dose

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from clinic.calendars import LaidOut
    from protocols.engine.course import Formulary
    from protocols.engine.dosing import Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """A conditional dose step, or a next part, that waits for a named prescriber."""

    say: str
    text: str
    act: str = "decide"


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseNow:
    """Today's dose and the next change of a course, each with its source; empty where nobody can say."""

    today_text: str = ""
    today_source: str = ""
    today_day: int | None = None
    phase: str = ""
    next_change: str = ""
    next_source: str = ""
    undecided: tuple[Undecided, ...] = ()


def dose_now(course: Course, laid: LaidOut, today: date, sources: Mapping[int, str]) -> DoseNow:
    """Say what is given today, and what changes next; `sources` by treatment day."""
    calendar, formulary = laid
    now = todays_dose(calendar, on=today, formulary=formulary)
    later = next((one for one in stretches_of(calendar, formulary=formulary) if one.first_on > today), None)
    active = course.status == Course.Status.ACTIVE
    given = now if active else None
    return DoseNow(
        today_text=humane(given.text) if given else "",
        today_source=sources.get(given.day, "") if given else "",
        today_day=now.day if now else None,
        phase=now.phase if now else "",
        next_change=f"{day(later.first_on)} (treatment day {later.first_day}): {later.text}" if later else "",
        next_source=sources.get(later.first_day, "") if later else "",
        undecided=(*_undecided(calendar, formulary, today), *_waiting(calendar, today)) if active else (),
    )


def _waiting(calendar: Calendar, today: date) -> tuple[Undecided, ...]:
    """Say that the calendar ends where the verdict decides how it goes on."""
    if not waits_for_verdict(calendar):
        return ()
    last = calendar.days[-1]
    when = "today" if last.on <= today else f"by {day(last.on)}"
    text = f"After {day(last.on)} (treatment day {last.day}) the course goes on as the verdict decides."
    return (Undecided(say=f"Prescriber decides the next part {when}.", text=text, act="next-part"),)


def _undecided(calendar: Calendar, formulary: Formulary, today: date) -> tuple[Undecided, ...]:
    waiting = [one for one in calendar.days if one.state is State.UNDECIDED]
    if not waiting:
        return ()
    first = waiting[0]
    when = "today" if first.on <= today else f"from {day(first.on)}"
    return (
        Undecided(
            say=f"Prescriber decides the dose {when}.",
            text=f"From {day(first.on)} (treatment day {first.day}) the protocol has two ways. "
            f"{humane(day_words(first, formulary=formulary, named=False))}",
        ),
    )
