"""The dose calendar of a course, day by day, as the course stands now."""

from __future__ import annotations

from typing import Any

from clinic.calendars import calendar_of, formulary_for
from clinic.models import Course
from protocols.calendars.answer import Answer
from protocols.calendars.as_json import as_tree
from protocols.engine.judging import judged_on
from protocols.engine.totals import totals_of
from protocols.engine.warnings_of import warnings_of


def calendar_tree(course: Course) -> dict[str, Any]:
    """The calendar in the shape of the dose_calendar command."""
    calendar = calendar_of(course)
    formulary = formulary_for(course.protocol_edition)
    answer = Answer(
        calendar=calendar,
        choices=dict(course.choices),
        totals=totals_of(calendar),
        judged=judged_on(calendar),
        warnings=warnings_of(calendar, formulary=formulary),
    )
    return dict(as_tree(answer))
