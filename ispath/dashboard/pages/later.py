"""Pages that follow in the next change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispath.dashboard.desk import page, render

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from ispath.dashboard.desk import Desk


@page
def editions(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Say that the page is not there yet."""
    return render(request, "dashboard/later.html", {"title": "Not there yet"})
