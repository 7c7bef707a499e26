"""What a person typed survives the end of the session: kept at log-in, shown again, saved only by the person.

A form carries a signed note of who typed it. When it arrives without a session, its content waits in the new,
anonymous session; after the log-in it is shown again, to the same person only. Nothing is saved by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core import signing
from django.http import QueryDict

if TYPE_CHECKING:
    from django.http import HttpRequest

NOTE = "typed_by"
_SESSION_KEY = "kept_form"
_SALT = "ispath.dashboard.kept-form"
_OLDEST_SECONDS = 24 * 60 * 60
_LARGEST = 20_000


def note_for(user_pk: Any) -> str:
    """Sign who is typing, for the hidden field of a form."""
    return signing.dumps(str(user_pk), salt=_SALT)


def _typist(note: str) -> str:
    try:
        return str(signing.loads(note, salt=_SALT, max_age=_OLDEST_SECONDS))
    except signing.BadSignature:
        return ""


def keep(request: HttpRequest) -> None:
    """Keep a form that arrived without a session; anything without a valid note is dropped."""
    if (
        request.method != "POST"
        or request.headers.get("HX-Request")
        or not _typist(request.POST.get(NOTE, ""))
    ):
        return
    content = request.POST.copy()
    for secret in ("csrfmiddlewaretoken", "confirmed"):
        content.pop(secret, None)
    encoded = content.urlencode()
    if len(encoded) <= _LARGEST:
        request.session[_SESSION_KEY] = {"path": request.path, "content": encoded}


def is_waiting(request: HttpRequest) -> bool:
    """Whether a form waits for its person to log in."""
    return _SESSION_KEY in request.session


def restore(request: HttpRequest) -> None:
    """Put a kept form back on its own page, for the person who typed it; for anybody else it is gone."""
    waiting = request.session.get(_SESSION_KEY)
    if not waiting or request.method != "GET" or waiting["path"] != request.path:
        return
    del request.session[_SESSION_KEY]
    content = QueryDict(waiting["content"])
    if _typist(content.get(NOTE, "")) != str(request.user.pk):
        return
    request.kept_content = content  # type: ignore[attr-defined]
    messages.warning(
        request, "Your session had ended. What you typed is below; it is not saved yet. Check it and save it."
    )
