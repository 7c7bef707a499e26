"""The dose calendar for the family, on paper: a date and a dose a day, in words that do not hurt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clinic import calendars
from clinic.treatment import calendar_is_void
from ispath.dashboard.desk import page, render
from ispath.dashboard.pages.course import course_or_404
from ispath.dashboard.reading.calendars import view_of

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from ispath.dashboard.desk import Desk


@page
def family_paper(request: HttpRequest, desk: Desk, uid: UUID, course: UUID) -> HttpResponse:
    """Show the calendar to print; one that no longer fits the strength in hand is not handed out."""
    patient, _head, row = course_or_404(desk, uid, course)
    calendar, formulary = calendars.laid_out(row)
    last = row.last_dose_on
    cells = view_of(calendar, formulary, {}).cells
    context = {
        "title": f"Dose calendar: {patient.given_names}",
        "patient": patient,
        "course": row,
        "clinic": row.enrolment.clinic,
        "days": [cell for cell in cells if cell.on and (last is None or cell.on <= last)],
        "is_void": calendar_is_void(row),
        "is_draft": row.status == row.Status.DRAFT,
    }
    return render(request, "dashboard/family_paper.html", context)
