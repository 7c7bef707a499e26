"""Referrals: the list, one referral with its clock and packet, the packet on paper and as PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from clinic.access import enrolments_visible_to
from clinic.entries import Entry
from clinic.models import FamilyTold, Referral
from clinic.referral import step_referral
from ispath.dashboard.desk import page, render
from ispath.dashboard.drawing import packet_pdf
from ispath.dashboard.forms.escalations import ReferralStepForm
from ispath.dashboard.pages.acting import act, filled
from ispath.dashboard.pages.trails import child_trail
from ispath.dashboard.reading.head import head_of
from ispath.dashboard.reading.packet import packet_of
from ispath.dashboard.reading.referrals import referral_lines
from ispath.dashboard.words import day, moment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from django.http import HttpRequest

    from ispath.dashboard.desk import Desk


@page
def referrals_page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """List the referrals of the clinic, those under way first."""
    found = Referral.objects.filter(enrolment__clinic=desk.clinic).select_related("patient")
    rows = referral_lines(list(found.prefetch_related("reasons__escalation").order_by("asked_on", "pk")))
    return render(
        request, "dashboard/referrals.html", {"title": "Referrals", "rows": rows, "today": desk.today}
    )


def referral_or_404(desk: Desk, uid: UUID) -> Referral:
    """Return a referral of a child this person may see."""
    rows = Referral.objects.filter(enrolment__in=enrolments_visible_to(desk.actor), uid=uid)
    row = (
        rows.select_related("patient__condition", "enrolment__clinic")
        .prefetch_related("reasons__escalation")
        .first()
    )
    if row is None:
        message = "There is no such referral at your clinic."
        raise Http404(message)
    return row


def _told(referral: Referral) -> str:
    told = FamilyTold.objects.filter(subject_uid=referral.uid).order_by("-pk").first()
    return (
        f"Told by {told.told_by} on {day(told.happened_on)}." if told else "The family has not been told yet."
    )


@page
def referral_page(request: HttpRequest, desk: Desk, uid: UUID) -> HttpResponse:
    """Show one referral and take its next step."""
    referral = referral_or_404(desk, uid)
    form = filled(request, ReferralStepForm, initial={"happened_on": desk.today})

    def verb(typed: Mapping[str, Any]) -> str:
        entry = Entry(happened_on=typed["happened_on"], source_system="form", source_value=typed["once"])
        step = step_referral(
            referral=referral,
            kind=typed["kind"],
            entry=entry,
            party=typed["party"],
            outcome=typed["outcome"],
            ask_again_on=typed["ask_again_on"],
            by=desk.actor,
            now=desk.now,
        )
        return f"Referral: {step.get_kind_display()} {day(step.happened_on)}."

    context = {
        "title": f"Referral: {referral.patient}",
        "trail": [*child_trail(referral.patient), ("Referrals", reverse("admin:referrals"))],
        "head": head_of(desk, referral.patient),
        "referral": referral,
        "line": referral_lines([referral])[0],
        "packet": packet_of(referral.patient, referral, today=desk.today),
        "steps": referral.steps.select_related("recorded_by").order_by("pk"),
        "told": _told(referral),
        "may_step": desk.may("clinic.step_referral") and referral.state in Referral.OPEN_STATES,
        "today": desk.today,
    }
    back = reverse("admin:referral", args=[referral.uid])
    return act(request, form=form, verb=verb, back=back, template="dashboard/referral.html", context=context)


@page
def referral_paper(request: HttpRequest, desk: Desk, uid: UUID) -> HttpResponse:
    """Show the packet for a printer."""
    referral = referral_or_404(desk, uid)
    context = {
        "title": "Referral packet",
        "head": head_of(desk, referral.patient),
        "referral": referral,
        "packet": packet_of(referral.patient, referral, today=desk.today),
    }
    return render(request, "dashboard/referral_paper.html", context)


@page
def referral_pdf(request: HttpRequest, desk: Desk, uid: UUID) -> HttpResponse:
    """Give the packet as a PDF."""
    referral = referral_or_404(desk, uid)
    patient, clinic = referral.patient, referral.enrolment.clinic
    who = f"{patient.given_names} {patient.family_name}, born {day(patient.birth_date)}"
    numbers = ", ".join(row.value for row in patient.identifiers.all())
    written = packet_pdf.write(
        packet_of(patient, referral, today=desk.today),
        title="Referral for epilepsy surgery evaluation",
        child=f"{who}, record number {numbers}",
        clinic=f"{clinic.name} {clinic.phone}".strip(),
        printed=f"Printed {moment(desk.now)}",
    )
    answer = HttpResponse(written, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="referral-{referral.uid}.pdf"'
    return answer
