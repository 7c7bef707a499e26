"""An example of every letter, as text and as HTML. Only where a mail catcher runs: in a trial."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from notifications.letters.examples import examples


@require_safe
def all_letters(request: HttpRequest) -> HttpResponse:
    """Every letter's subject and text, with its HTML beside it."""
    letters = [{"name": name, "subject": one.subject, "text": one.body} for name, one in examples()]
    return render(request, "acknowledge/examples.html", {"letters": letters})


@require_safe
def one_letter(request: HttpRequest, name: str) -> HttpResponse:
    """One letter's HTML, as a mail program shows it."""
    for found, one in examples():
        if found == name:
            return HttpResponse(str(one.alternatives[0][0]))
    raise Http404(f"there is no letter {name}")
