"""What an edition would change for each child who runs on another one, and accepting it for one child."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import Http404
from django.urls import reverse

from clinic import moving, staying
from ispath.dashboard.desk import page, render
from ispath.dashboard.forms.base import WardForm, text_field
from ispath.dashboard.pages.acting import act, filled
from ispath.dashboard.pages.course import course_or_404
from ispath.dashboard.pages.trails import child_trail
from ispath.dashboard.reading import editions as reading
from ispath.dashboard.words import day
from protocols.models import ProtocolEdition

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from ispath.dashboard.desk import Desk


class AcceptForm(WardForm):
    """A named prescriber accepts the calendar that is shown."""

    prescriber = text_field("Prescriber who accepts it")
    from_on = forms.DateField(widget=forms.HiddenInput)
    digest = forms.CharField(widget=forms.HiddenInput)


def _edition_or_404(uid: UUID) -> ProtocolEdition:
    edition = reading.edition_or_404(uid)
    if not isinstance(edition, ProtocolEdition):
        message = "A pathway moves no course."
        raise Http404(message)
    return edition


@page
def moves_page(request: HttpRequest, desk: Desk, uid: UUID) -> HttpResponse:
    """List the children whose running course this edition would change, and how. Nothing is written."""
    edition = _edition_or_404(uid)
    name = reading.name_of(edition)
    moves = list(moving.preview_moves(edition, actor=desk.actor, now=desk.now))
    context = {
        "title": f"Who would change: {name}",
        "trail": [("Protocols", reverse("admin:editions")), (name, reverse("admin:edition", args=[uid]))],
        "edition": edition,
        "moves": [move for move in moves if move.changes or move.missing],
        "same": [move for move in moves if not move.changes and not move.missing],
        "ahead": staying.moves_ahead(edition, actor=desk.actor, now=desk.now),
    }
    return render(request, "dashboard/moves.html", context)


class TakeBackForm(WardForm):
    """An accepted edition is taken back, with a reason."""

    why = text_field("Why it is taken back", long=True, max_length=300)


@page
def take_back_page(request: HttpRequest, desk: Desk, uid: UUID, move: UUID) -> HttpResponse:
    """Take an accepted edition back before its first day; the course stays on the one it was on."""
    edition = _edition_or_404(uid)
    ahead = staying.moves_ahead(edition, actor=desk.actor, now=desk.now)
    row = next((each for each in ahead if each.uid == move), None)
    if row is None:
        message = "No move to this edition is waiting for its day."
        raise Http404(message)
    patient, head, course = course_or_404(desk, row.course.patient.uid, row.course.uid)

    def verb(typed: Mapping[str, Any]) -> str:
        staying.take_back_move(move=row, why=typed["why"], by=desk.actor, now=desk.now)
        return "The course stays on the edition it was on. Teach the family its calendar again."

    context = {
        "title": f"Take back edition {edition.number}: {patient}",
        "act_title": f"Accepted for {day(row.from_on)} by {row.prescriber}",
        "consequence": "No dose of it has been given. The course goes on as before it was accepted.",
        "trail": child_trail(patient),
        "head": head,
        "submit": "Take it back",
        "course": course,
    }
    back = reverse("admin:edition-moves", args=[uid])
    return act(request, form=filled(request, TakeBackForm), verb=verb, back=back, context=context)


@page
def accept_page(request: HttpRequest, desk: Desk, uid: UUID, course: UUID, edition: UUID) -> HttpResponse:
    """Show what an edition would change for one child; a named prescriber accepts it."""
    patient, head, row = course_or_404(desk, uid, course)
    chosen = _edition_or_404(edition)
    move = moving.preview_move(row, chosen, from_on=moving.tomorrow(row, now=desk.now))
    shown: dict[str, Any] = {"from_on": move.from_on, "digest": move.digest}
    form = filled(request, AcceptForm, initial=shown)

    def verb(typed: Mapping[str, Any]) -> str:
        moving.accept_edition(
            course=row,
            edition=chosen,
            from_on=typed["from_on"],
            digest=typed["digest"],
            prescriber=typed["prescriber"],
            by=desk.actor,
            now=desk.now,
        )
        return f"The course goes on by edition {chosen.number} from {day(typed['from_on'])}."

    back = reverse("admin:edition-moves", args=[edition])
    context = {
        "title": f"Accept edition {chosen.number}: {patient}",
        "act_title": f"{row.protocol_edition} → edition {chosen.number}",
        "consequence": f"From {day(move.from_on)} the doses below are given. Days before stay as they were.",
        "trail": child_trail(patient),
        "head": head,
        "move": move,
        "submit": "Accept for this child",
    }
    return act(request, form=form, verb=verb, back=back, template="dashboard/move.html", context=context)
