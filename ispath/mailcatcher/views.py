"""Pages of the mail catcher. They exist only where MAIL_CATCHER_FOLDER is set; a trial asks for a log-in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.admin.views.decorators import staff_member_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from ispath.mailcatcher import folder
from ispath.mailcatcher.folder import Letter

MOST = 200


def closed_to_strangers(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """On a developer's machine anybody may look; elsewhere the letters' links are for staff alone."""
    for_staff = staff_member_required(view)

    @wraps(view)
    def choose(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs) if settings.DEBUG else for_staff(request, *args, **kwargs)

    return choose


def letter_or_404(key: str) -> Letter:
    letter = folder.find(Path(settings.MAIL_CATCHER_FOLDER), key)
    if letter is None:
        raise Http404("No such letter: it may have been removed from the folder.")
    return letter


@require_GET
@closed_to_strangers
def letters(request: HttpRequest) -> HttpResponse:
    found = list(folder.newest(Path(settings.MAIL_CATCHER_FOLDER), MOST))
    return render(request, "mailcatcher/letters.html", {"letters": found, "most": MOST})


@require_GET
@closed_to_strangers
def letter(request: HttpRequest, key: str) -> HttpResponse:
    return render(request, "mailcatcher/letter.html", {"letter": letter_or_404(key)})


@require_GET
@closed_to_strangers
@xframe_options_sameorigin
@csp_replace(  # type: ignore[arg-type]  # a letter may show itself: no script, nothing from outside
    {"default-src": [NONE], "style-src": [UNSAFE_INLINE], "img-src": ["data:"], "frame-ancestors": ["'self'"],
     "script-src": [NONE]}
)  # fmt: skip
def html(_request: HttpRequest, key: str) -> HttpResponse:
    # a link opens beside the frame, where it may do what it does for its reader
    return HttpResponse('<base target="_blank">' + letter_or_404(key).html)


@require_GET
@closed_to_strangers
def attachment(_request: HttpRequest, key: str, number: int) -> HttpResponse:
    attachments = letter_or_404(key).attachments
    if number >= len(attachments):
        raise Http404("This letter has no such attachment.")
    one = attachments[number]
    disposition = content_disposition_header(as_attachment=True, filename=one.name) or "attachment"
    headers = {"Content-Disposition": disposition}
    return HttpResponse(one.content, content_type="application/octet-stream", headers=headers)


@require_GET
@closed_to_strangers
def raw(_request: HttpRequest, key: str) -> HttpResponse:
    return HttpResponse(letter_or_404(key).message.as_bytes(), content_type="text/plain; charset=utf-8")
