"""Protocols and pathways: read an edition, clone it, edit the draft, see the difference, sign it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms as django_forms
from django.forms.models import fields_for_model
from django.http import HttpResponseRedirect
from django.urls import reverse

from clinic.models import Membership
from ispath.dashboard.desk import page, refused, render, saved
from ispath.dashboard.forms.base import WardForm, day_field, text_field
from ispath.dashboard.pages.acting import act, filled
from ispath.dashboard.reading import editions as reading
from protocols import changes, drafting, editing, models, signing
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse

    from ispath.dashboard.desk import Desk

State = models.Edition.State
# The verbs ask again; a page offers nobody what would be refused.
_WHO = {
    "sign": signing.MAY_SIGN_SECOND,
    "in-force": signing.MAY_PUBLISH,
    "retire": signing.MAY_PUBLISH,
}
_TONES = {"draft": "warn", "checked": "info", "signed": "info", "in_force": "good", "retired": ""}


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)


@page
def protocols_page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """List the protocols and their editions."""
    rows = models.ProtocolEdition.objects.select_related("protocol").order_by("protocol__key", "-pk")
    context = {"title": "Protocols", "groups": _grouped(rows, lambda row: row.protocol.name)}
    return render(request, "dashboard/editions.html", context)


@page
def pathways_page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """List the pathways and their editions."""
    rows = models.PathwayEdition.objects.select_related("pathway").order_by("pathway__key", "-pk")
    context = {"title": "Pathways", "groups": _grouped(rows, lambda row: row.pathway.title)}
    return render(request, "dashboard/editions.html", context)


def _grouped(rows: Any, name: Any) -> list[tuple[str, list[Any]]]:
    groups: dict[str, list[Any]] = {}
    for row in rows:
        row.tone = _TONES.get(row.state, "")
        groups.setdefault(name(row), []).append(row)
    return list(groups.items())


def _trail(edition: reading.Edition) -> list[tuple[str, str]]:
    if isinstance(edition, models.ProtocolEdition):
        return [("Protocols", reverse("admin:editions"))]
    return [("Pathways", reverse("admin:pathways"))]


@page
def edition_page(request: HttpRequest, desk: Desk, uid: UUID) -> HttpResponse:
    """Show all an edition says, with sources; and what can be done with it."""
    edition = reading.edition_or_404(uid)
    context = {
        "title": reading.name_of(edition),
        "trail": _trail(edition),
        "edition": edition,
        "tone": _TONES.get(edition.state, ""),
        "sections": reading.sections_of(edition),
        "is_draft": edition.state == State.DRAFT and bool(desk.roles & set(signing.MAY_DRAFT)),
        "moves_courses": isinstance(edition, models.ProtocolEdition),
        "acts": [act for act in _acts(edition) if desk.roles & set(_WHO.get(act[0], signing.MAY_DRAFT))],
        "roles": _roles(desk),
    }
    return render(request, "dashboard/edition.html", context)


def _roles(desk: Desk) -> list[str]:
    return sorted(role for role in desk.roles if role in signing.MAY_SIGN_SECOND)


def _acts(edition: reading.Edition) -> list[tuple[str, str]]:
    match edition.state:
        case State.DRAFT:
            return [("check", "Check: close it to editing"), ("discard", "Discard the draft")]
        case State.CHECKED:
            return [("sign", "Sign"), ("reopen", "Open to editing again"), ("clone", "Clone")]
        case State.SIGNED:
            return [("in-force", "Put in force"), ("clone", "Clone"), ("retire", "Retire")]
        case State.IN_FORCE:
            return [("clone", "Clone"), ("retire", "Retire")]
    return [("clone", "Clone")]


class ReasonForm(WardForm):
    """Why a draft is written."""

    reason = text_field("Why this edition is written", long=True)


class SignForm(WardForm):
    """In which role one signs."""

    role = django_forms.ChoiceField(label="I sign as", choices=Membership.Role.choices)
    read = django_forms.BooleanField(label="I read the whole edition and the difference to the one before.")


class DayForm(WardForm):
    """From which day."""

    on = day_field("From")


class AskForm(WardForm):
    """Only asks."""


FORMS: dict[str, tuple[str, type[WardForm], str]] = {
    "clone": ("Clone", ReasonForm, "A draft with the same content, for you to edit. Nothing else changes."),
    "check": (
        "Check",
        AskForm,
        "All mistakes are listed, or the edition closes to editing and can be signed.",
    ),
    "reopen": ("Open to editing again", AskForm, "A first signature becomes void."),
    "discard": ("Discard the draft", AskForm, "The draft is deleted."),
    "sign": (
        "Sign",
        SignForm,
        "Two different people sign. After the second signature nothing in it ever changes.",
    ),
    "in-force": (
        "Put in force",
        DayForm,
        "New courses can start on it. Nobody who runs on another edition moves.",
    ),
    "retire": ("Retire", DayForm, "No new course starts on it. Courses that run on it run on."),
}


def _do(request: HttpRequest, desk: Desk, edition: Any, key: str, typed: Mapping[str, Any]) -> str:
    by, now = _user(request), desk.now
    match key:
        case "clone":
            clone = drafting.clone_edition(edition, reason=typed["reason"], by=by, now=now)
            return f"Draft {clone.number} is written: edit it below Protocols."
        case "check":
            signing.check_edition(edition, by=by, now=now)
        case "reopen":
            signing.reopen_edition(edition, by=by)
        case "discard":
            drafting.discard_draft(edition, by=by)
        case "sign":
            signing.sign_edition(edition, role=typed["role"], by=by, now=now)
        case "in-force":
            signing.put_in_force(edition, on=typed["on"], by=by, now=now)
        case "retire":
            signing.retire(edition, on=typed["on"], by=by, now=now)
    return f"{reading.name_of(edition)}: {FORMS[key][0].lower()}, done."


@page
def edition_act(request: HttpRequest, desk: Desk, uid: UUID, key: str) -> HttpResponse:
    """Take one step in the life of an edition."""
    edition = reading.edition_or_404(uid)
    title, make, consequence = FORMS.get(key, FORMS["clone"])
    form = filled(request, make, initial={"on": desk.today})
    if key == "sign":
        form.fields["role"].choices = [(role, role) for role in _roles(desk)]  # type: ignore[attr-defined]
    is_list = key in {"discard", "clone"}
    back = _trail(edition)[0][1] if is_list else reverse("admin:edition", args=[uid])
    context = {
        "title": f"{title}: {reading.name_of(edition)}",
        "trail": [*_trail(edition), (reading.name_of(edition), reverse("admin:edition", args=[uid]))],
        "consequence": consequence,
        "consequence_tone": "info",
        "submit": title,
        "danger": key in {"discard", "retire"},
    }
    return act(
        request,
        form=form,
        verb=lambda typed: _do(request, desk, edition, key, typed),
        back=back,
        context=context,
    )


@page
def difference_page(request: HttpRequest, desk: Desk, uid: UUID) -> HttpResponse:
    """Show what an edition says otherwise than the one it was cloned from: in words, and in calendars."""
    edition = reading.edition_or_404(uid)
    before = edition.cloned_from
    changed = None
    if before is not None:
        changed = changes.what_changes(before, edition, examples=reading.examples())
    context = {
        "title": f"What changes: {reading.name_of(edition)}",
        "trail": [*_trail(edition), (reading.name_of(edition), reverse("admin:edition", args=[uid]))],
        "edition": edition,
        "before": before,
        "changed": changed,
    }
    return render(request, "dashboard/difference.html", context)


def _row_form(request: HttpRequest, row: Any, model: Any) -> WardForm:
    columns = editing.editable_columns(model)
    made = fields_for_model(model, fields=columns)
    form_class: type[WardForm] = type("RowForm", (WardForm,), dict(made))
    initial = {name: getattr(row, name) for name in columns} if row is not None else {}
    return filled(request, form_class, initial=initial)


@page
def row_page(request: HttpRequest, desk: Desk, uid: UUID, place: str) -> HttpResponse:
    """Change or remove one row of a draft."""
    edition = reading.edition_or_404(uid)
    row, shape = reading.row_at(edition, place)
    back = reverse("admin:edition", args=[uid])
    if request.method == "POST" and request.POST.get("do") == "remove":
        editing.remove_row(row, by=_user(request))
        saved(request, "The row is removed.")
        return HttpResponseRedirect(back)
    form = _row_form(request, row, shape.model)

    def verb(typed: Mapping[str, Any]) -> str:
        columns = {name: value for name, value in typed.items() if name != "once"}
        editing.change_row(row, columns=columns, by=_user(request))
        return "The row is changed."

    context = {
        "title": f"{shape.model._meta.verbose_name}: {row}".capitalize(),
        "trail": [*_trail(edition), (reading.name_of(edition), back)],
        "intro": "The change is in the draft only. It counts when two people have signed.",
    }
    return act(request, form=form, verb=verb, back=back, template="dashboard/row.html", context=context)


@page
def row_add(request: HttpRequest, desk: Desk, uid: UUID, place: str) -> HttpResponse:
    """Add a row at the end of its kind."""
    edition = reading.edition_or_404(uid)
    *higher, kind = place.split(".")
    above: Any = edition
    shapes = reading.shapes_of(edition)
    if higher:
        above, shape_above = reading.row_at(edition, ".".join(higher))
        shapes = shape_above.below
    if kind not in shapes:
        return refused(request, Refusal("There is no such kind of row here."), status=404)
    model = shapes[kind].model
    form = _row_form(request, None, model)

    def verb(typed: Mapping[str, Any]) -> str:
        columns = {name: value for name, value in typed.items() if name != "once"}
        editing.add_row(model, above=above, columns=columns, by=_user(request))
        return "The row is added."

    back = reverse("admin:edition", args=[uid])
    context = {
        "title": f"Add: {model._meta.verbose_name}",
        "trail": [*_trail(edition), (reading.name_of(edition), back)],
        "submit": "Add the row",
    }
    return act(request, form=form, verb=verb, back=back, context=context)
