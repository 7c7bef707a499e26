"""The list of children: nobody drops out of it; who left is still found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.db.models import Count, Min, Q

from clinic.access import enrolments_visible_to
from clinic.models import Enrolment
from ispath.dashboard.desk import page, render
from ispath.dashboard.reading.today import running_drugs

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from ispath.dashboard.desk import Desk

PER_PAGE = 50


@page
def children_page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """List the children of the clinic, those followed now first."""
    state = request.GET.get("state", "active")
    query = request.GET.get("q", "").strip()
    rows = enrolments_visible_to(desk.actor).filter(clinic=desk.clinic)
    rows = rows.filter(state=state) if state in Enrolment.State.values else rows
    for word in query.replace(",", " ").split():
        rows = rows.filter(
            Q(patient__family_name__istartswith=word)
            | Q(patient__given_names__istartswith=word)
            | Q(patient__identifiers__value__istartswith=word)
        )
    late = Q(checks__state="overdue")
    rows = rows.annotate(
        late=Count("checks", filter=late, distinct=True), oldest=Min("checks__due_on", filter=late)
    )
    rows = rows.select_related("patient__condition", "pathway_edition__pathway").prefetch_related(
        "patient__identifiers"
    )
    shown = Paginator(rows.order_by("patient__family_name", "patient__given_names", "pk"), PER_PAGE)
    drugs = running_drugs(desk)
    here = shown.get_page(request.GET.get("page"))
    lines = [(row, drugs.get(row.patient_id, ())) for row in here]
    context = {
        "title": "Children",
        "shown": here,
        "lines": lines,
        "state": state,
        "states": Enrolment.State.choices,
        "query": query,
        "today": desk.today,
    }
    return render(request, "dashboard/children.html", context)
