"""The calendar of a course with the formulary that names its drugs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clinic.calendars import calendar_of as as_it_stands
from clinic.calendars import formulary_for

if TYPE_CHECKING:
    from clinic.models import Course
    from protocols.engine.course import Formulary
    from protocols.engine.dosing import Calendar


def calendar_of(course: Course) -> tuple[Calendar, Formulary]:
    """Lay out the calendar of a course as it stands."""
    return as_it_stands(course), formulary_for(course.protocol_edition)
