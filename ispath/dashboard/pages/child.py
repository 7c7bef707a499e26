"""The child: where we are, what is asked, what was seen, and why; the way to everything one can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse

from ispath.dashboard.desk import page, render
from ispath.dashboard.forms.record import record_kinds
from ispath.dashboard.pages.trails import children_trail
from ispath.dashboard.reading.charts import pressure_chart, timeline_chart
from ispath.dashboard.reading.checks import checks_of
from ispath.dashboard.reading.courses import courses_of
from ispath.dashboard.reading.escalations import escalations_of
from ispath.dashboard.reading.facts import records_of
from ispath.dashboard.reading.head import child_or_404, head_of
from ispath.dashboard.reading.letters import letters_about
from ispath.dashboard.reading.merging import merges_of
from ispath.dashboard.reading.referrals import referrals_of
from ispath.dashboard.reading.team import history_of, team_of
from ispath.dashboard.reading.verdicts import verdicts_of

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from ispath.dashboard.desk import Desk


@page
def child_page(request: HttpRequest, desk: Desk, uid: UUID) -> HttpResponse:
    """Show one child."""
    patient = child_or_404(desk, uid)
    if patient.replaced_by is not None:
        messages.info(request, f"The record you asked for was merged: {patient} goes on here.")
        return HttpResponseRedirect(reverse("admin:child", args=[patient.replaced_by.uid]))
    records = records_of(patient)
    waiting, closed = checks_of(patient, desk.today)
    courses = courses_of(patient, desk.today)
    escalations = escalations_of(patient)
    head = head_of(desk, patient)
    context = {
        "title": str(patient),
        "trail": children_trail(),
        "head": head,
        "today": desk.today,
        "kinds": record_kinds(),
        "courses": courses,
        "current": [course for course in courses if course.is_current],
        "waiting": waiting,
        "closed": closed,
        "verdicts": verdicts_of(patient, head.enrolment),
        "escalations": escalations,
        "referrals": referrals_of(patient),
        "team": team_of(patient),
        "records": records,
        "merges": merges_of(patient),
        "history": history_of(patient),
        "letters": letters_about(patient),
        "timeline": timeline_chart(courses, records, escalations, today=desk.today),
        "pressure": pressure_chart(patient, head.enrolment, today=desk.today),
        "can": {
            "plan": desk.may("clinic.plan_course"),
            "decide": desk.may("clinic.decide_dose"),
            "waive": desk.may("clinic.waive_check"),
            "enrol": desk.may("clinic.enrol"),
            "merge": desk.may("clinic.merge"),
            "letters": desk.may("clinic.change_workitem"),
        },
    }
    return render(request, "dashboard/child.html", context)
