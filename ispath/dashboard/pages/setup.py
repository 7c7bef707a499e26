"""This clinic: its zone and working days, holidays, cover rota, people and roles, the pathway in use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse

from clinic import actors, enrolment, setting_up
from clinic.models import Clinic, CoverShift, Holiday, Membership, PathwayAdoption
from clinic.roles import require
from ispath.dashboard.desk import page, render, saved
from ispath.dashboard.forms import setup as forms
from ispath.dashboard.pages.acting import filled
from protocols.models import PathwayEdition
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest, HttpResponse

    from ispath.dashboard.desk import Desk
    from ispath.dashboard.forms.base import WardForm

COLUMNS = tuple(name for name in forms.ClinicForm.base_fields if name != "once")


class NobodyOfThatName(Refusal):
    """No log-in of that name."""

    code = "user-not-found"


def _clinic(desk: Desk, typed: Mapping[str, Any]) -> str:
    changes = {name: typed[name] for name in COLUMNS}
    setting_up.change_clinic(clinic=desk.clinic, changes=changes, by=desk.actor, now=desk.now)
    return "The clinic's data are changed; every child is reviewed by the next sweep."


def _holiday(desk: Desk, typed: Mapping[str, Any]) -> str:
    row = setting_up.add_holiday(
        clinic=desk.clinic, on=typed["on"], name=typed["name"], by=desk.actor, now=desk.now
    )
    return f"{row.on:%-d %b %Y} is a holiday."


def _cover(desk: Desk, typed: Mapping[str, Any]) -> str:
    said = {name: typed[name] for name in ("starts_at", "ends_at", "name", "phone", "email")}
    row = setting_up.add_cover(clinic=desk.clinic, **said, by=desk.actor, now=desk.now)
    return f"{row.name} answers."


def _person(desk: Desk, typed: Mapping[str, Any]) -> str:
    require(actor=desk.actor, permission="clinic.add_membership", clinic=desk.clinic)
    user = User.objects.filter(username=typed["username"], is_active=True).first()
    if user is None:
        raise NobodyOfThatName(
            "There is no log-in of that name. Check the spelling, or ask the operator to make one.",
            field="username",
        )
    actor = actors.actor_for_user(user)
    actors.join_clinic(actor=actor, clinic=desk.clinic, role=typed["role"], by=desk.actor, now=desk.now)
    return f"{actor.name} is {typed['role']} here."


def _adopt(desk: Desk, typed: Mapping[str, Any]) -> str:
    edition = PathwayEdition.objects.get(uid=typed["edition"])
    enrolment.adopt_pathway(
        clinic=desk.clinic, pathway_edition=edition, from_on=typed["from_on"], by=desk.actor, now=desk.now
    )
    return "New children follow this edition. Nobody already enrolled moves."


def _editions(desk: Desk) -> list[tuple[str, str]]:
    rows = PathwayEdition.objects.in_force(desk.today).select_related("pathway")
    return [(str(row.uid), f"{row.title}, edition {row.number}") for row in rows]


def _forms(request: HttpRequest, desk: Desk) -> dict[str, tuple[WardForm, Callable[..., str]]]:
    asked = request.POST.get("do", "")

    def form(key: str, make: type[WardForm], **kwargs: Any) -> WardForm:
        if key == asked:
            return filled(request, make, **kwargs)
        return make(auto_id=f"id_{key}_%s", **kwargs)

    now = {name: getattr(desk.clinic, name) for name in COLUMNS}
    found: dict[str, tuple[WardForm, Callable[..., str]]] = {}
    if desk.may("clinic.change_clinic"):
        found["clinic"] = form("clinic", forms.ClinicForm, initial=now), _clinic
        found["holiday"] = form("holiday", forms.HolidayForm), _holiday
        found["cover"] = form("cover", forms.CoverForm), _cover
        found["person"] = form("person", forms.PersonForm), _person
    if desk.may("clinic.add_pathwayadoption"):
        initial = {"from_on": desk.today}
        found["adopt"] = form("adopt", forms.AdoptForm, editions=_editions(desk), initial=initial), _adopt
    return found


@page
def setup_page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show the clinic's set-up; a lead changes it here."""
    here = reverse("admin:clinic-setup")
    if request.method == "POST" and request.POST.get("do") in _QUICK:
        saved(request, _QUICK[request.POST["do"]](desk, request.POST.get("row", "")))
        return HttpResponseRedirect(here)
    found = _forms(request, desk)
    form, verb = found.get(request.POST.get("do", ""), (None, None))
    if form is not None and verb is not None and form.is_valid():
        try:
            saved(request, verb(desk, form.cleaned_data))
            return HttpResponseRedirect(here)
        except Refusal as refusal:
            form.refuse(refusal)
    return _shown(request, desk, {key: one for key, (one, _verb) in found.items()})


def _shown(request: HttpRequest, desk: Desk, found: Mapping[str, WardForm]) -> HttpResponse:
    shifts = CoverShift.objects.filter(clinic=desk.clinic, ends_at__gt=desk.now).order_by("starts_at")
    people = Membership.objects.filter(clinic=desk.clinic, ended_at=None).select_related("actor__user")
    adopted = PathwayAdoption.objects.filter(clinic=desk.clinic).select_related("pathway_edition")
    context = {
        "title": "This clinic",
        "clinic": desk.clinic,
        "clinics": desk.clinics,
        "working_days": [name for number, name in forms.WEEKDAYS if number in desk.clinic.working_days],
        "holidays": Holiday.objects.filter(clinic=desk.clinic, on__gte=desk.today).order_by("on"),
        "shifts": shifts,
        "covered": any(shift.starts_at <= desk.now for shift in shifts),
        "people": people.order_by("actor__name", "actor_id", "role"),
        "adoptions": adopted.order_by("-from_on"),
        "forms": found,
        "today": desk.today,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "dashboard/setup.html", context, status=status)


def _one(rows: Any, key: str) -> Any:
    row = rows.filter(uid=key).first() if len(key) == len(str(Clinic().uid)) else None
    if row is None:
        message = "There is no such row."
        raise Http404(message)
    return row


def _no_holiday(desk: Desk, key: str) -> str:
    row = _one(Holiday.objects.filter(clinic=desk.clinic).select_related("clinic"), key)
    setting_up.remove_holiday(holiday=row, by=desk.actor, now=desk.now)
    return "The day is a working day again."


def _no_cover(desk: Desk, key: str) -> str:
    row = _one(CoverShift.objects.filter(clinic=desk.clinic).select_related("clinic"), key)
    setting_up.end_cover(shift=row, by=desk.actor, now=desk.now)
    return "The shift is off the rota."


def _no_person(desk: Desk, key: str) -> str:
    require(actor=desk.actor, permission="clinic.add_membership", clinic=desk.clinic)
    row = _one(Membership.objects.filter(clinic=desk.clinic, ended_at=None).select_related("actor"), key)
    actors.leave_clinic(membership=row, by=desk.actor, now=desk.now)
    return f"{row.actor.name} is no longer {row.role} here."


_QUICK: dict[str, Callable[[Desk, str], str]] = {
    "no-holiday": _no_holiday,
    "no-cover": _no_cover,
    "no-person": _no_person,
}


@page
def choose_clinic(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Work at another of one's clinics."""
    key = request.POST.get("clinic", "")
    if request.method == "POST" and any(one.key == key for one in desk.clinics):
        request.session["clinic"] = key
    return HttpResponseRedirect(reverse("admin:index"))
