"""One form, one verb, and back: what every page that changes something does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.http import HttpResponseRedirect

from ispath.dashboard.desk import render, saved
from ispath.dashboard.forms.base import WardForm
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest, HttpResponse


F = TypeVar("F", bound=WardForm)


def filled(request: HttpRequest, make: Callable[..., F], **kwargs: Any) -> F:
    """Make the form of this request: as sent, as kept over a log-in, or empty."""
    if request.method == "POST":
        return make(request.POST, **kwargs)
    kept = getattr(request, "kept_content", None)
    if kept is not None:
        kwargs["initial"] = {**kwargs.get("initial", {}), **_values(kept)}
    return make(**kwargs)


def _values(kept: Any) -> dict[str, Any]:
    return {key: values if len(values) > 1 else values[0] for key, values in kept.lists() if values}


def act(
    request: HttpRequest,
    *,
    form: WardForm,
    verb: Callable[[Mapping[str, Any]], str],
    back: str,
    template: str = "dashboard/act.html",
    context: Mapping[str, Any],
) -> HttpResponse:
    """Show the form; when it is sent and right, call the verb, say what it said, and go back.

    A refusal is shown with its code and sentence above what was typed, and nothing is lost.
    """
    if request.method == "POST" and form.is_valid():
        try:
            sentence = verb(form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            saved(request, sentence)
            return HttpResponseRedirect(back)
    status = 422 if request.method == "POST" else 200
    return render(request, template, {"form": form, "back": back, **context}, status=status)
