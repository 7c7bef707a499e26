"""All warnings of a calendar, in the order of their days."""

from __future__ import annotations

from protocols.engine.course import Formulary
from protocols.engine.course_warnings import course_warnings
from protocols.engine.dose_warnings import dose_warnings
from protocols.engine.dosing import Calendar
from protocols.engine.reweighing import over_maximum
from protocols.engine.stopping import abrupt_end
from protocols.engine.warning import BLOCKING, DoseWarning, in_order


def warnings_of(calendar: Calendar, *, formulary: Formulary) -> tuple[DoseWarning, ...]:
    """Every warning once, by day."""
    end = abrupt_end(calendar, formulary=formulary)
    return in_order(
        (
            *course_warnings(calendar, formulary=formulary),
            *dose_warnings(calendar, formulary=formulary),
            *over_maximum(calendar, formulary=formulary),
            *(() if end is None else (end,)),
        )
    )


def what_must_be_entered_first(calendar: Calendar, *, formulary: Formulary) -> tuple[DoseWarning, ...]:
    """The warnings a course cannot start with: doses nobody knows, splits nobody entered."""
    warnings = warnings_of(calendar, formulary=formulary)
    return tuple(warning for warning in warnings if warning.code in BLOCKING)
