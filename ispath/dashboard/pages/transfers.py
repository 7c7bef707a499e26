"""Children handed over: those offered to this clinic, to be accepted or declined, and those it offers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.urls import reverse

from clinic import enrolment
from clinic.access import transfers_offered_by, transfers_offered_to
from clinic.models import Course
from ispath.dashboard.desk import page, render
from ispath.dashboard.forms.enrol import OfferForm
from ispath.dashboard.pages.acting import act, filled
from ispath.dashboard.words import day

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from ispath.dashboard.desk import Desk


@page
def transfers_page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """List the offers to this clinic, and its own that nobody has accepted yet."""
    context = {
        "title": "Transfers",
        "offered": transfers_offered_to(desk.actor).filter(other_clinic=desk.clinic),
        "ours": transfers_offered_by(desk.actor).filter(clinic=desk.clinic),
        "today": desk.today,
    }
    return render(request, "dashboard/transfers.html", context)


@page
def offer_page(request: HttpRequest, desk: Desk, uid: UUID) -> HttpResponse:
    """Accept a child, or decline with a reason. Until then the child stays the other clinic's."""
    offer = transfers_offered_to(desk.actor).filter(other_clinic=desk.clinic, uid=uid).first()
    if offer is None:
        message = "No such transfer is offered to your clinic."
        raise Http404(message)
    row, child = offer.enrolment, offer.enrolment.patient
    running = Course.objects.running().filter(enrolment=row).select_related("drug").order_by("start_on")
    drugs = ", ".join(f"{course.drug.name} since {day(course.start_on)}" for course in running)
    form = filled(request, OfferForm)

    def verb(typed: Mapping[str, Any]) -> str:
        who: dict[str, Any] = {"by": desk.actor, "now": desk.now}
        if typed["answer"] == "decline":
            enrolment.decline_transfer(enrolment=row, clinic=desk.clinic, why=typed["why"], **who)
            return f"Declined. {row.clinic.name} keeps {child} and is told why."
        enrolment.accept_transfer(enrolment=row, clinic=desk.clinic, **who)
        return f"{child} is followed here from now on: look through team, checks and letters."

    context = {
        "title": f"Transfer: {child}",
        "trail": [("Today", reverse("admin:index")), ("Transfers", reverse("admin:transfers"))],
        "intro": f"{child}, born {day(child.birth_date)}. Offered by {row.clinic.name} on "
        f"{day(offer.happened_on)}{f', {offer.detail}' if offer.detail else ''}. "
        f"Running: {drugs or 'no course'}.",
        "consequence": "If you accept, your clinic owns every check from this moment; running courses and an "
        "open referral come along, and the pathway edition you use applies. If you decline, nothing changes "
        "for the child, and the other clinic reads why.",
        "consequence_tone": "info",
        "submit": "Answer",
    }
    return act(request, form=form, verb=verb, back=reverse("admin:transfers"), context=context)
