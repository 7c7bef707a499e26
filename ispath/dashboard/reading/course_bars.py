"""Courses as bars of the timeline: one for each stretch of one dose, with a label as short as a bar."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ispath.dashboard.drawing.timeline import Stretch as Drawn
from protocols.engine.dosing import State
from protocols.engine.words import stretches_of

if TYPE_CHECKING:
    from datetime import date

    from clinic.models import Course
    from protocols.engine.course import Formulary
    from protocols.engine.dosing import Calendar

_DOSE = re.compile(r"[\d.]+ \S+")
_TIMES = {"once": 1, "twice": 2, "three times": 3, "four times": 4}


def bars_of(course: Course, calendar: Calendar, formulary: Formulary, today: date) -> tuple[Drawn, ...]:
    """Return what is drawn of a course; nothing after its last dose."""
    last = course.last_dose_on
    drawn = []
    for stretch in stretches_of(calendar, formulary=formulary):
        if stretch.state not in {State.DOSE, State.UNDECIDED} or (last and stretch.first_on > last):
            continue
        until = min(stretch.last_on, last) if last else stretch.last_on
        drawn.append(
            Drawn(
                start=stretch.first_on,
                until=until,
                text=stretch.text,
                label=_label(stretch.text),
                planned=stretch.first_on > today,
            )
        )
    return tuple(drawn)


def _label(text: str) -> str:
    """Write a dose as a bar can bear it: 10 mg x 4."""
    found = _DOSE.match(text)
    if not found:
        return "?" if text.startswith("not decided") else ""
    times = next((f" × {number}" for words, number in _TIMES.items() if words in text), "")
    return f"{found[0]}{times}"
