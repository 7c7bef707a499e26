"""Letters: what did not arrive, and what to do about it; what waits, and may still be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from ispath.dashboard.desk import page, render, saved
from ispath.dashboard.reading.undelivered import GROUPS, letter_of, letters_of, line_of
from notifications.sending_again import send_again
from notifications.taking_back import take_back_answer
from notifications.undoing import undo

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from ispath.dashboard.desk import Desk
    from notifications.models import Delivery

PER_PAGE = 100


@page
def letters_page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """List the letters of the clinic; those that did not arrive first of all."""
    state = request.GET.get("state", "")
    state = state if state in GROUPS else ""
    shown = Paginator(letters_of(desk, state), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "Letters",
        "lines": [line_of(row) for row in shown],
        "shown": shown,
        "state": state,
        "query": "",
        "groups": [(key, title) for key, (title, _states) in GROUPS.items()],
        "group": GROUPS[state][0],
        "may": desk.may("clinic.change_workitem"),
    }
    return render(request, "dashboard/letters.html", context)


def _letter_or_404(desk: Desk, uid: UUID) -> Delivery:
    row = letter_of(desk, uid)
    if row is None:
        message = "There is no such letter at your clinic."
        raise Http404(message)
    return row


def _back(request: HttpRequest) -> HttpResponse:
    to = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(to, allowed_hosts=None)
    return HttpResponseRedirect(to if safe else reverse("admin:letters"))


@require_POST
@page
def letter_again(request: HttpRequest, desk: Desk, uid: UUID) -> HttpResponse:
    """Put a letter that did not arrive into the outbox again."""
    row = _letter_or_404(desk, uid)
    send_again(delivery=row, by=desk.actor, now=desk.now)
    saved(request, f"The letter to {row.reader.name} goes again, if what it says is still true.")
    return _back(request)


@require_POST
@page
def letter_undo(request: HttpRequest, desk: Desk, uid: UUID) -> HttpResponse:
    """Take a letter back that still waits."""
    row = _letter_or_404(desk, uid)
    undo(delivery=row, by=desk.actor, now=desk.now)
    saved(request, f"The letter to {row.reader.name} is taken back: it does not go.")
    return _back(request)


@require_POST
@page
def answer_undo(request: HttpRequest, desk: Desk, uid: UUID) -> HttpResponse:
    """Take back what a reader answered by a slip; what it stopped goes on."""
    row = _letter_or_404(desk, uid)
    take_back_answer(delivery=row, by=desk.actor, now=desk.now)
    saved(request, f"The answer of {row.reader.name} is taken back: reminders go on as if it had not come.")
    return _back(request)
