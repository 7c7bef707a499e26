"""The queue of escalations, and one escalation: why, what is asked, and what a person did about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from clinic import deciding, escalation
from clinic.access import enrolments_visible_to
from clinic.entries import Entry
from clinic.models import Escalation
from ispath.dashboard.desk import page, render, saved
from ispath.dashboard.forms.escalations import AcknowledgeForm, ActForm, DecisionForm, DeclineForm, SpokeForm
from ispath.dashboard.forms.record import record_kinds
from ispath.dashboard.pages.acting import filled
from ispath.dashboard.pages.trails import child_trail
from ispath.dashboard.reading.chain import facts_behind
from ispath.dashboard.reading.escalations import escalation_lines
from ispath.dashboard.reading.facts import records_of
from ispath.dashboard.reading.head import head_of
from ispath.dashboard.reading.names import AT_ONCE
from ispath.dashboard.reading.phone import phones
from ispath.dashboard.reading.team import team_of
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from ispath.dashboard.desk import Desk
    from ispath.dashboard.forms.base import WardForm

PER_PAGE = 100


@page
def escalations_page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """List the escalations, the most urgent first."""
    state = request.GET.get("state", "")
    rows = Escalation.objects.filter(enrolment__clinic=desk.clinic)
    rows = rows.filter(state=state) if state in Escalation.State.values else rows.open()
    shown = Paginator(rows.by_urgency().select_related("patient", "assigned_to"), PER_PAGE)
    here = shown.get_page(request.GET.get("page"))
    context = {
        "title": "Escalations",
        "lines": escalation_lines(here),
        "shown": here,
        "state": state,
        "states": Escalation.State.choices,
        "query": "",
        "today": desk.today,
    }
    return render(request, "dashboard/escalations.html", context)


def _acknowledge(desk: Desk, row: Escalation, typed: Mapping[str, Any]) -> str:
    escalation.acknowledge(
        escalation=row, result_on=typed["until_on"], reason=typed["reason"], by=desk.actor, now=desk.now
    )
    return "Acknowledged. It stays open until it is done."


def _speak(desk: Desk, row: Escalation, typed: Mapping[str, Any]) -> str:
    escalation.speak(
        escalation=row, spoke_to=typed["spoke_to"], at=typed["spoke_at"], by=desk.actor, now=desk.now
    )
    return f"You spoke to {typed['spoke_to']}."


def _act(desk: Desk, row: Escalation, typed: Mapping[str, Any]) -> str:
    escalation.act(escalation=row, reason=typed["reason"], by=desk.actor, now=desk.now)
    return "What was done is recorded."


def _decide(desk: Desk, row: Escalation, typed: Mapping[str, Any]) -> str:
    deciding.record_decision(
        enrolment=row.enrolment,
        entry=Entry(happened_on=desk.today, source_system="form", source_value=typed["once"]),
        kind="next_therapy" if typed["next_therapy"] else "human_review",
        decided_by=typed["decided_by"],
        outcome=typed["outcome"],
        next_therapy=typed["next_therapy"],
        escalation=row,
        by=desk.actor,
        now=desk.now,
    )
    return "The decision is recorded."


def _decline(desk: Desk, row: Escalation, typed: Mapping[str, Any]) -> str:
    escalation.decline(escalation=row, reason=typed["reason"], by=desk.actor, now=desk.now)
    return "Declined. The reason stays with it."


ACTS: tuple[tuple[str, str, str, type[WardForm], Callable[..., str], str], ...] = (
    (
        "acknowledge",
        "Acknowledge",
        "I have seen it and take care of it. It stays open.",
        AcknowledgeForm,
        _acknowledge,
        "clinic.acknowledge",
    ),
    (
        "speak",
        "Spoke to somebody",
        "An emergency stays open until it says who was spoken to, and when.",
        SpokeForm,
        _speak,
        "clinic.acknowledge",
    ),
    ("act", "Acted on", "What was done. This closes it.", ActForm, _act, "clinic.act_on_escalation"),
    (
        "decide",
        "A specialist decided",
        "The decision under the name of the person who took it.",
        DecisionForm,
        _decide,
        "clinic.add_decision",
    ),
    (
        "decline",
        "Decline with a reason",
        "Nothing is done, and why. This closes it; the reason stays.",
        DeclineForm,
        _decline,
        "clinic.act_on_escalation",
    ),
)


def escalation_or_404(desk: Desk, uid: UUID) -> Escalation:
    """Return an escalation of a child this person may see."""
    rows = Escalation.objects.filter(enrolment__in=enrolments_visible_to(desk.actor))
    joined = ("patient__condition", "enrolment__clinic", "acknowledged_by", "assigned_to")
    row = rows.select_related(*joined).filter(uid=uid).first()
    if row is None:
        message = "There is no such escalation at your clinic."
        raise Http404(message)
    return row


def _in_order(row: Escalation) -> list[Any]:
    """What one can do, the first thing first: an emergency waits for a voice before anything else."""
    waits = row.urgency in AT_ONCE and not row.spoke_to
    return sorted(ACTS, key=lambda act: waits and act[0] != "speak")


def _forms(request: HttpRequest, desk: Desk) -> dict[str, WardForm]:
    now = timezone.localtime(desk.now).replace(second=0, microsecond=0)
    asked = request.POST.get("act", "")
    return {
        key: filled(request, form)
        if key == asked
        else form(initial={"spoke_at": now}, auto_id=f"id_{key}_%s")
        for key, _title, _hint, form, _verb, permission in ACTS
        if desk.may(permission)
    }


@page
def escalation_page(request: HttpRequest, desk: Desk, uid: UUID) -> HttpResponse:
    """Show one escalation; take what a person did about it."""
    row = escalation_or_404(desk, uid)
    forms = _forms(request, desk)
    asked = request.POST.get("act", "")
    if request.method == "POST" and asked in forms and forms[asked].is_valid():
        verb = next(verb for key, _title, _hint, _form, verb, _permission in ACTS if key == asked)
        try:
            saved(request, verb(desk, row, forms[asked].cleaned_data))
            return HttpResponseRedirect(reverse("admin:escalation", args=[row.uid]))
        except Refusal as refusal:
            forms[asked].refuse(refusal)
    return _shown(request, desk, row, forms)


def _shown(request: HttpRequest, desk: Desk, row: Escalation, forms: Mapping[str, WardForm]) -> HttpResponse:
    line = escalation_lines([row])[0]
    context = {
        "title": f"{line.title}: {row.patient}",
        "trail": [*child_trail(row.patient), ("Escalations", reverse("admin:escalations"))],
        "head": head_of(desk, row.patient),
        "line": line,
        "told": [str(to.get("role", "")) if isinstance(to, dict) else str(to) for to in row.recipients],
        "steps": row.steps.select_related("recorded_by").order_by("pk"),
        "facts_known": facts_behind(line.reason, records_of(row.patient)),
        "acts": [
            (key, title, hint, forms[key]) for key, title, hint, *_rest in _in_order(row) if key in forms
        ],
        "phones": phones(row.enrolment.clinic, desk.now) if line.is_open and row.urgency in AT_ONCE else None,
        "team": team_of(row.patient),
        "kinds": record_kinds(),
        "today": desk.today,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "dashboard/escalation.html", context, status=status)
