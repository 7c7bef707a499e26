"""Start a course: the protocol, the measurements, the whole calendar before saving, a second look."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import Http404
from django.urls import reverse

from clinic import calendars, courses, recording
from clinic.actors import sweep_actor
from clinic.entries import Entry
from clinic.explaining import explain_dose_of
from clinic.models import Course, Measurement
from ispath.dashboard.desk import page, render
from ispath.dashboard.forms.course import CheckCalendarForm, StartForm
from ispath.dashboard.forms.right_child import ask_first_name
from ispath.dashboard.forms.second import second_person
from ispath.dashboard.pages.acting import act, filled
from ispath.dashboard.pages.record import ANSWERED_BY_TWO
from ispath.dashboard.pages.trails import child_trail
from ispath.dashboard.reading.calendars import view_of
from ispath.dashboard.reading.facts import measured_words
from ispath.dashboard.reading.head import child_or_404, head_of
from ispath.dashboard.reading.meaning import meaning_of
from ispath.dashboard.reading.protocol_choice import offered
from ispath.dashboard.reading.same_child import same_child
from ispath.dashboard.reading.sources import citations
from ispath.dashboard.reading.team import team_of
from ispath.dashboard.words import amount, day
from protocols import reading
from protocols.engine.course import choices_of, drugs_of
from protocols.engine.explain import NothingToExplain
from protocols.models import ProtocolEdition
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from clinic.models import Enrolment, Patient
    from ispath.dashboard.desk import Desk
    from ispath.dashboard.reading.head import Head


def _enrolled(desk: Desk, uid: UUID) -> tuple[Patient, Head, Enrolment]:
    patient = child_or_404(desk, uid)
    head = head_of(desk, patient)
    if head.enrolment is None:
        message = "This child is not enrolled at your clinic."
        raise Http404(message)
    return patient, head, head.enrolment


@page
def start_page(request: HttpRequest, desk: Desk, uid: UUID) -> HttpResponse:
    """Choose a protocol; the form for it is the next page."""
    patient, head, enrolment = _enrolled(desk, uid)
    team = team_of(patient)
    context = {
        "title": f"Start a course: {patient}",
        "act_title": "Start a course",
        "trail": child_trail(patient),
        "head": head,
        "offer": offered(enrolment, on=desk.today),
        "running": patient.courses.running().select_related("drug").order_by("start_on"),
        "team": team,
        "has_pediatrician": any(member.role == "pediatrician" for member in team),
    }
    return render(request, "dashboard/course_choose.html", context)


def _edition_or_404(key: str, desk: Desk) -> ProtocolEdition:
    rows = ProtocolEdition.objects.in_force(desk.today).filter(protocol__key=key).select_related("protocol")
    edition: ProtocolEdition | None = rows.first()
    if edition is None:
        message = "No edition of this protocol is in force."
        raise Http404(message)
    return edition


def _newest(head: Head) -> dict[str, Measurement]:
    """Return the last weight and length."""
    rows = Measurement.objects.filter(
        patient__in=same_child(head.patient), corrected_by_row=None, entered_in_error=False
    )
    measured = rows.filter(kind__in=("weight", "length")).order_by("happened_on", "pk")
    return {row.kind: row for row in measured}


def _write_down(desk: Desk, head: Head, enrolment: Enrolment, asked: Mapping[str, Any], entry: Entry) -> None:
    """Record the weight and length that were typed for a course, where they are not the last known ones."""
    newest = _newest(head)
    measured = replace(entry, happened_on=min(asked["start_on"], desk.today))
    who: dict[str, Any] = {"enrolment": enrolment, "entry": measured, "by": desk.actor, "now": desk.now}
    kg, cm = asked["weight_kg"], asked["length_cm"]
    if kg is not None and ("weight" not in newest or newest["weight"].value != kg):
        recording.record_weight(kg=kg, source=Measurement.Source.CLINIC, **who)
    if cm is not None and ("length" not in newest or newest["length"].value != cm):
        recording.record_measurement(
            kind="length", value=cm, unit="cm", source=Measurement.Source.CLINIC, **who
        )


def _form(
    request: HttpRequest, head: Head, edition: ProtocolEdition, desk: Desk, *, two: bool = False
) -> StartForm:
    values = reading.protocol_values(edition)
    formulary = calendars.formulary_for(edition)
    newest = _newest(head)
    form = filled(
        request,
        StartForm,
        values=values,
        drugs=drugs_of(values, formulary=formulary),
        choices=choices_of(values, formulary=formulary),
        formulary=formulary,
        two=two or "true_because" in request.POST,
        initial={
            "start_on": desk.today,
            "weight": _plain(newest.get("weight")),
            "length_cm": _plain(newest.get("length")),
        },
    )
    for name, kind in (("weight", "weight"), ("length_cm", "length")):
        if (row := newest.get(kind)) is not None:
            form.fields[name].help_text = f"Last: {measured_words(row)}, {day(row.happened_on)}."
    ask_first_name(form, head)
    return form


def _plain(row: Measurement | None) -> str:
    return "" if row is None or row.value is None else amount(row.value)


@page
def plan_page(request: HttpRequest, desk: Desk, uid: UUID, key: str) -> HttpResponse:
    """Fill in a course and see the whole calendar; saving makes a draft for the second person."""
    patient, head, enrolment = _enrolled(desk, uid)
    edition = _edition_or_404(key, desk)
    form = _form(request, head, edition, desk)

    def verb(typed: Mapping[str, Any]) -> str:
        entry = Entry(
            true_because=typed.get("true_because", ""), seconded_by=second_person(request, desk, typed)
        )
        asked = form.asked()
        with transaction.atomic():
            _write_down(desk, head, enrolment, asked, entry)
            drafts = courses.plan_course(
                enrolment=enrolment,
                protocol_edition=edition,
                by=desk.actor,
                now=desk.now,
                entry=entry,
                **asked,
            )
        first = day(drafts[0].start_on)
        return f"{edition.name} is planned from {first}. A second person checks the calendar now."

    context: dict[str, Any] = {
        "title": f"{edition.name}: {patient}",
        "act_title": f"Start a course: {edition.name}, edition {edition.number}",
        "trail": [*child_trail(patient), ("Start a course", reverse("admin:course-start", args=[uid]))],
        "head": head,
        "edition": edition,
        "today": desk.today,
        "submit": "Plan this course",
    }
    if request.method == "POST" and form.is_valid():
        context |= _preview(form, enrolment, edition, desk)
    if request.POST.get("do") == "preview":
        return render(request, "dashboard/course_plan.html", {**context, "form": form, "back": _child(uid)})
    if (refusal := context.get("refusal")) is not None and refusal.code in ANSWERED_BY_TWO:
        form = _form(request, head, edition, desk, two=True)
    return act(
        request,
        form=form,
        verb=verb,
        back=_child(uid),
        template="dashboard/course_plan.html",
        context=context,
    )


def _child(uid: UUID) -> str:
    return reverse("admin:child", args=[uid])


def _preview(form: StartForm, enrolment: Enrolment, edition: ProtocolEdition, desk: Desk) -> dict[str, Any]:
    asked = form.asked()
    try:
        planned = courses.preview(enrolment=enrolment, protocol_edition=edition, **asked)
    except Refusal as refusal:
        return {"refusal": refusal}
    shown: dict[str, Any] = {"calendar": view_of(planned.calendar, planned.formulary, citations())}

    def verb() -> None:
        drafts = courses.plan_course(
            enrolment=enrolment, protocol_edition=edition, by=desk.actor, now=desk.now, **asked
        )
        courses.check_calendar(course=drafts[0], digest=planned.digest, by=sweep_actor(), now=desk.now)

    try:
        shown["meaning"] = meaning_of(enrolment, verb)
    except Refusal as refusal:
        shown["refusal"] = refusal
    return shown


@page
def plan_preview(request: HttpRequest, desk: Desk, uid: UUID, key: str) -> HttpResponse:
    """Show the calendar and the checks while the form is filled in; nothing is saved."""
    _patient, head, enrolment = _enrolled(desk, uid)
    edition = _edition_or_404(key, desk)
    form = _form(request, head, edition, desk)
    form.fields.pop("first_name_again", None)
    context: dict[str, Any] = {"head": head, "live": True, "today": desk.today}
    if form.is_valid():
        context |= _preview(form, enrolment, edition, desk)
    else:
        context["awaited"] = [form[name].label for name in form.errors if name in form.fields]
    return render(request, "dashboard/parts/plan_preview.html", context)


def course_or_404(desk: Desk, uid: UUID, course: UUID) -> tuple[Patient, Head, Course]:
    """Return a course of a child this person may see."""
    patient, head, _enrolment = _enrolled(desk, uid)
    joined = ("drug", "product", "protocol_edition__protocol", "enrolment__clinic", "created_by", "patient")
    row = Course.objects.filter(patient=patient, uid=course).select_related(*joined).first()
    if row is None:
        message = "This child has no such course."
        raise Http404(message)
    return patient, head, row


@page
def dose_page(request: HttpRequest, desk: Desk, uid: UUID, course: UUID) -> HttpResponse:
    """Read aloud why the dose of a day is what it is; today where no day is asked for."""
    patient, head, row = course_or_404(desk, uid, course)
    try:
        on = date.fromisoformat(request.GET.get("on", desk.today.isoformat()))
        said = explain_dose_of(row, on=on).paragraph
    except (ValueError, NothingToExplain) as error:
        message = "This course has no such day."
        raise Http404(message) from error
    context = {
        "title": f"Why this dose: {patient}",
        "act_title": f"Why this dose of {row.drug.name}",
        "trail": child_trail(patient),
        "head": head,
        "reason": {"sentence": said},
    }
    return render(request, "dashboard/why.html", context)


@page
def check_page(request: HttpRequest, desk: Desk, uid: UUID, course: UUID) -> HttpResponse:
    """A second person looks at the whole calendar; then the course starts."""
    patient, head, row = course_or_404(desk, uid, course)
    calendar, formulary = calendars.laid_out(row)
    form = filled(request, CheckCalendarForm, initial={"digest": calendars.digest_of(calendar)})

    def verb(typed: Mapping[str, Any]) -> str:
        started = courses.check_calendar(course=row, digest=typed["digest"], by=desk.actor, now=desk.now)
        return f"The calendar is checked: {started[0].drug.name} starts on {day(started[0].start_on)}."

    context = {
        "title": f"Check the calendar: {patient}",
        "act_title": f"Second look: {row.protocol_edition.name}",
        "intro": f"Planned by {row.created_by.name} for {row.drug.name}, first dose {day(row.start_on)}.",
        "consequence": "The course starts with the calendar below, and its checks open.",
        "consequence_tone": "info",
        "trail": child_trail(patient),
        "head": head,
        "course": row,
        "calendar": view_of(calendar, formulary, citations()),
        "today": desk.today,
        "submit": "Checked: start the course",
        "own": row.created_by_id == desk.actor.pk,
    }
    return act(
        request,
        form=form,
        verb=verb,
        back=_child(uid),
        template="dashboard/course_check.html",
        context=context,
    )
