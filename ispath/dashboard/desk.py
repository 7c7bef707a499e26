"""Who sits at the desk: read once for each request, the only place of the dashboard that reads the clock."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, cast
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import render as render_template
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from clinic.access import clinics_of
from clinic.actors import actor_for_user
from clinic.roles import PERMISSIONS
from ispath.dashboard import kept_forms
from ispath.dashboard.frame import in_frame
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse

    from clinic.models import Actor, Clinic

P = ParamSpec("P")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The person, the clinic chosen, and the moment of this request."""

    actor: Actor
    clinics: tuple[Clinic, ...]
    clinic: Clinic
    roles: frozenset[str]
    now: datetime

    @property
    def today(self) -> date:
        """The day it is at the clinic."""
        return self.clinic.local_date(self.now)

    @property
    def clinic_names(self) -> str:
        """The clinic for the head of the navigation."""
        return self.clinic.name

    @property
    def role_words(self) -> str:
        """The roles in words."""
        return ", ".join(sorted(self.roles)) or "no role at this clinic"

    @property
    def may_merge(self) -> bool:
        """Whether this person may join two records of one child."""
        return self.may("clinic.merge")

    def may(self, permission: str) -> bool:
        """Whether a role at this clinic carries a permission; the verb asks again."""
        return any(permission in PERMISSIONS.get(role, ()) for role in self.roles)


def desk_for(request: HttpRequest) -> Desk | None:
    """Read who sits at the desk; None for a person without a clinic."""
    actor = actor_for_user(cast("User", request.user))
    clinics = tuple(clinics_of(actor).order_by("name"))
    if not clinics:
        return None
    chosen = request.session.get("clinic")
    clinic = next((one for one in clinics if one.key == chosen), clinics[0])
    roles = frozenset(actor.memberships.filter(clinic=clinic, ended_at=None).values_list("role", flat=True))
    return Desk(actor=actor, clinics=clinics, clinic=clinic, roles=roles, now=timezone.now())


def render(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render a page inside the frame of the admin site, at once, while the clinic's zone is active."""
    from ispath.dashboard.site import site  # noqa: PLC0415 - the site imports the pages

    return render_template(request, template, {**site.each_context(request), **context}, status=status)


def refused(request: HttpRequest, refusal: Refusal, *, status: int = 409) -> HttpResponse:
    """Show an expected "no" that no form could show: what happened, why, and the way back."""
    context = {"title": "This was not done", "refusal": refusal, "back": request.META.get("HTTP_REFERER", "")}
    return render(request, "dashboard/refused.html", context, status=status)


def page(
    view: Callable[Concatenate[HttpRequest, Desk, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Make a view of a page: logged in, at a clinic, in its zone, refusals shown once.

    A form sent after the session ended is kept and comes back after the log-in.
    """

    @never_cache
    @in_frame
    @wraps(view)
    def answered(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not (request.user.is_active and request.user.is_staff):
            kept_forms.keep(request)
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        desk = desk_for(request)
        if desk is None:
            return render(
                request, "dashboard/no_clinic.html", {"title": "You belong to no clinic yet"}, status=403
            )
        request.desk = desk  # type: ignore[attr-defined]
        with timezone.override(ZoneInfo(desk.clinic.zone)):
            kept_forms.restore(request)
            try:
                return view(request, desk, *args, **kwargs)
            except Refusal as refusal:
                return refused(request, refusal)

    return answered


def saved(request: HttpRequest, sentence: str) -> None:
    """Tell the person what was saved, on the next page."""
    messages.success(request, sentence)
