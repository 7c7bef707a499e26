"""A new weight: would it change a dose? Then a prescriber is asked; the calendar never changes by itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from clinic import calendars
from clinic.models import Course, WorkItem
from clinic.workitems import open_item
from protocols.engine.comparing import difference
from protocols.engine.course import Reweigh
from protocols.engine.days import treatment_day
from protocols.engine.dosing import dose_calendar

if TYPE_CHECKING:
    from datetime import datetime

    from clinic.models import Actor, Enrolment, Measurement
    from protocols.engine.comparing import Change


def ask_about_doses(weight: Measurement, *, enrolment: Enrolment, by: Actor, now: datetime) -> None:
    """Put a question on the list for each running course whose doses a new weight would change."""
    running = Course.objects.running().filter(patient=enrolment.patient_id)
    for course in running.select_related("protocol_edition__protocol").order_by("pk"):
        if not doses_by(weight, course=course):
            continue
        open_item(
            clinic=enrolment.clinic,
            patient_id=enrolment.patient_id,
            kind=WorkItem.Kind.WEIGHT_CHANGED,
            cause=f"course/{course.uid}",
            subject=course,
            due_on=enrolment.clinic.local_date(now),
            by=by,
            now=now,
        )


def doses_by(weight: Measurement, *, course: Course) -> tuple[Change, ...]:
    """Return what a weight would change in a course's calendar from the day it was taken."""
    calendar, formulary = calendars.laid_out(course)
    details = calendar.details
    if weight.value is None or weight.value == details.weight_kg:
        return ()
    day = max(1, treatment_day(start_on=details.start_on, on=weight.happened_on))
    reweighs = (*details.reweighs, Reweigh(day=day, weight_kg=weight.value))
    plain = dose_calendar(calendar.edition, details=details, formulary=formulary)
    after = dose_calendar(calendar.edition, details=replace(details, reweighs=reweighs), formulary=formulary)
    return difference(plain, after, formulary=formulary)
