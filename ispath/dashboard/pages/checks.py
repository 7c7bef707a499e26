"""About one check: somebody was called, it is waived, it is given to somebody, and why it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.urls import reverse

from clinic import waiving, workitems
from clinic.access import enrolments_visible_to
from clinic.entries import Entry
from clinic.models import Actor, Check, ContactAttempt, WorkItem
from ispath.dashboard.desk import page, render
from ispath.dashboard.forms.checks import AssignForm, CalledForm, CloseForm, WaiveForm
from ispath.dashboard.pages.acting import act, filled
from ispath.dashboard.pages.trails import child_trail
from ispath.dashboard.reading.answering import where_it_is_done
from ispath.dashboard.reading.chain import facts_behind, reason_of
from ispath.dashboard.reading.facts import records_of
from ispath.dashboard.reading.head import head_of
from ispath.dashboard.reading.names import check_words
from ispath.dashboard.words import day, humane

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from ispath.dashboard.desk import Desk


def check_or_404(desk: Desk, uid: UUID) -> Check:
    """Return a check of a child this person may see."""
    rows = Check.objects.filter(enrolment__in=enrolments_visible_to(desk.actor))
    row = rows.select_related("patient__condition", "enrolment__clinic").filter(uid=uid).first()
    if row is None:
        message = "There is no such check at your clinic."
        raise Http404(message)
    return row


def _what(check: Check) -> str:
    return check_words(check.observes, check.name, check.code)


def _context(desk: Desk, check: Check, title: str) -> dict[str, Any]:
    return {
        "title": f"{title}: {check.patient}",
        "act_title": f"{title}: {_what(check)}",
        "intro": f"Due {day(check.due_on)}; window {day(check.opens_on)} to {day(check.closes_on)}.",
        "trail": child_trail(check.patient),
        "head": head_of(desk, check.patient),
    }


@page
def called(request: HttpRequest, desk: Desk, uid: UUID) -> HttpResponse:
    """Record a call about a check, and when to ask again."""
    check = check_or_404(desk, uid)
    form = filled(request, CalledForm)

    def verb(typed: Mapping[str, Any]) -> str:
        attempt = waiving.record_call(
            enrolment=check.enrolment,
            entry=Entry(
                happened_at=desk.now, detail=typed["detail"], source_system="form", source_value=typed["once"]
            ),
            outcome=typed["outcome"],
            about=ContactAttempt.About.CHECK,
            spoke_to=typed["spoke_to"],
            check=check,
            ask_again_on=typed["ask_again_on"],
            by=desk.actor,
            now=desk.now,
        )
        again = f" Ask again {day(attempt.ask_again_on)}." if attempt.ask_again_on else ""
        return f"Call about {_what(check)}: {attempt.get_outcome_display()}.{again}"

    return act(
        request, form=form, verb=verb, back=reverse("admin:index"), context=_context(desk, check, "Called")
    )


@page
def waive(request: HttpRequest, desk: Desk, uid: UUID) -> HttpResponse:
    """Set a check aside for a reason, until a day."""
    check = check_or_404(desk, uid)
    form = filled(request, WaiveForm)

    def verb(typed: Mapping[str, Any]) -> str:
        waiving.waive_check(
            check=check, reason=typed["reason"], until_on=typed["until_on"], by=desk.actor, now=desk.now
        )
        return f"{_what(check)} is waived until {day(typed['until_on'])}."

    context = {
        **_context(desk, check, "Waive"),
        "submit": "Waive it",
        "danger": True,
        "consequence": "Reminders about this check stop. It stays on the child's page with your reason "
        "and name, and it is asked for again after the day below. Only a neurologist waives the deciding "
        "EEG or the referral.",
    }
    back = reverse("admin:child", args=[check.patient.uid])
    return act(request, form=form, verb=verb, back=back, context=context)


def people_of(desk: Desk) -> list[tuple[str, str]]:
    """Return who works at this clinic, to choose from."""
    rows = Actor.objects.filter(memberships__clinic=desk.clinic, memberships__ended_at=None, kind="user")
    return [(str(row.uid), row.name) for row in rows.distinct().order_by("name")]


@page
def assign(request: HttpRequest, desk: Desk, uid: UUID) -> HttpResponse:
    """Give a check to somebody, or back to everybody."""
    check = check_or_404(desk, uid)
    people = people_of(desk)
    form = filled(request, AssignForm, people=people, initial={"to": str(desk.actor.uid)})

    def verb(typed: Mapping[str, Any]) -> str:
        to = Actor.objects.filter(uid=typed["to"]).first() if typed["to"] else None
        waiving.assign(row=check, to=to, by=desk.actor, now=desk.now)
        return f"{_what(check)} is assigned to {to.name if to else 'the whole clinic'}."

    context = {**_context(desk, check, "Assign"), "submit": "Assign"}
    return act(request, form=form, verb=verb, back=reverse("admin:index"), context=context)


@page
def why(request: HttpRequest, desk: Desk, uid: UUID) -> HttpResponse:
    """Show the whole chain behind a check."""
    check = check_or_404(desk, uid)
    reason = reason_of(check.chain)
    context = {
        **_context(desk, check, "Why"),
        "check": check,
        "reason": reason,
        "facts_known": facts_behind(reason, records_of(check.patient)),
    }
    return render(request, "dashboard/why.html", context)


@page
def item(request: HttpRequest, desk: Desk, uid: UUID) -> HttpResponse:
    """Show a work item, and take it off the list with a word about what was done."""
    row = (
        WorkItem.objects.filter(uid=uid, clinic__in=desk.clinics).select_related("patient__condition").first()
    )
    if row is None:
        message = "There is no such item on your clinic's list."
        raise Http404(message)
    form = filled(request, CloseForm)

    def verb(typed: Mapping[str, Any]) -> str:
        workitems.close_item(item=row, by=desk.actor, now=desk.now, because=typed["because"])
        return f"{row.get_kind_display().capitalize()}: taken off the list."

    context = {
        "title": row.get_kind_display().capitalize(),
        "act_title": row.get_kind_display().capitalize(),
        "intro": f"{humane(row.text)} On the list since {row.created_at:%-d %b %Y}, "
        f"due {day(row.due_on)}.".strip(),
        "trail": child_trail(row.patient) if row.patient else [("Today", reverse("admin:index"))],
        "head": head_of(desk, row.patient) if row.patient else None,
        "submit": "Done: take it off the list",
        "related": where_it_is_done(row),
    }
    return act(request, form=form, verb=verb, back=reverse("admin:index"), context=context)
