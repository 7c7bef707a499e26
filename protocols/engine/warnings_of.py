"""All warnings of a calendar, the gravest first, and what must be entered before a course can start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from protocols.engine.course import Formulary, conditions_of
from protocols.engine.course_warnings import course_warnings
from protocols.engine.dose_warnings import dose_warnings
from protocols.engine.dosing import Calendar, dose_calendar
from protocols.engine.reweighing import over_maximum
from protocols.engine.stopping import abrupt_end
from protocols.engine.terms import Verdict
from protocols.engine.warning import BLOCKING, DoseWarning, in_order


def warnings_of(calendar: Calendar, *, formulary: Formulary) -> tuple[DoseWarning, ...]:
    """Every warning once: the gravest first, then by day."""
    end = abrupt_end(calendar, formulary=formulary)
    return in_order(
        (
            *(() if end is None else (end,)),
            *course_warnings(calendar, formulary=formulary),
            *dose_warnings(calendar, formulary=formulary),
            *over_maximum(calendar, formulary=formulary),
        )
    )


def what_must_be_entered_first(calendar: Calendar, *, formulary: Formulary) -> tuple[DoseWarning, ...]:
    """The warnings a course cannot start with: doses nobody knows, splits nobody entered.

    Where the course waits for a verdict, both of its ways must be known: the verdict comes too late to ask.
    """
    calendars = [calendar, *_by_verdict(calendar, formulary=formulary)]
    found = (warning for one in calendars for warning in warnings_of(one, formulary=formulary))
    return in_order(warning for warning in found if warning.code in BLOCKING)


def what_a_decision_would_lack(calendar: Calendar, *, formulary: Formulary) -> tuple[DoseWarning, ...]:
    """What the clinic had better enter before a conditional step is taken: it blocks no start."""
    known = set(what_must_be_entered_first(calendar, formulary=formulary))
    lacking: set[DoseWarning] = set()
    for condition in conditions_of(calendar.edition, formulary=formulary):
        decisions = {condition.key: condition.from_day, **calendar.details.decisions}
        details = replace(calendar.details, decisions=decisions)
        taken = dose_calendar(calendar.edition, details=details, formulary=formulary)
        lacking |= set(what_must_be_entered_first(taken, formulary=formulary))
    return in_order(lacking - known)


def _by_verdict(calendar: Calendar, *, formulary: Formulary) -> Iterator[Calendar]:
    """The ways a course can go on from an open verdict."""
    if any(part.layout.waiting is not None for part in calendar.parts):
        for verdict in Verdict:
            details = replace(calendar.details, verdict=verdict)
            yield dose_calendar(calendar.edition, details=details, formulary=formulary)
