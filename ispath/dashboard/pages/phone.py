"""The phone bar: on every page, the child and what one needs to say, within a second."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispath.dashboard.desk import page, render
from ispath.dashboard.reading.phone import found, is_enough

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from ispath.dashboard.desk import Desk


@page
def phone_answers(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Answer the bar: a fragment below it, or a page of its own where no script runs."""
    query = request.GET.get("q", "").strip()
    enough = is_enough(query)
    context = {
        "title": "Find a child",
        "phone_query": query,
        "enough": enough,
        "answers": found(desk, query) if enough else (),
    }
    fragment = request.headers.get("HX-Request") == "true"
    return render(
        request, "dashboard/parts/phone_answers.html" if fragment else "dashboard/phone.html", context
    )
