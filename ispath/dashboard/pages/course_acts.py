"""What is decided and done with a running course: one table of acts, each a form and a verb."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.urls import reverse

from clinic import courses, nextpart, treatment
from clinic.calendars import laid_out
from clinic.entries import Entry
from clinic.models import Measurement
from clinic.weighing import doses_by
from ispath.dashboard.desk import page
from ispath.dashboard.forms import course as forms
from ispath.dashboard.forms.base import WardForm
from ispath.dashboard.forms.course import weight_words
from ispath.dashboard.pages.acting import act, filled
from ispath.dashboard.pages.course import course_or_404
from ispath.dashboard.pages.trails import child_trail
from ispath.dashboard.reading.doses import dose_now
from ispath.dashboard.reading.same_child import same_child
from ispath.dashboard.words import day
from protocols.models import Product

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from clinic.models import Course
    from ispath.dashboard.desk import Desk
    from protocols.engine.comparing import Change

Typed = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing done with a course."""

    title: str
    form: type[WardForm]
    verb: Callable[[Desk, Course, Mapping[str, Any]], str]
    more: Callable[[Course], Typed] = lambda _course: {}
    consequence: str = ""
    danger: bool = False
    submit: str = "Save"
    template: str = "dashboard/act.html"
    permission: str = ""


def _who(desk: Desk) -> Typed:
    return {"by": desk.actor, "now": desk.now}


def _entry(typed: Mapping[str, Any]) -> Entry:
    return Entry(
        happened_on=typed["happened_on"],
        detail=typed.get("detail", ""),
        source_system="form",
        source_value=typed["once"],
    )


def _steps(course: Course) -> Typed:
    rows = course.protocol_edition.dosecondition_rows.filter(drug=course.drug).order_by("position")
    return {"steps": [(row.key, row.question) for row in rows]}


def _decide(desk: Desk, course: Course, typed: Mapping[str, Any]) -> str:
    said = {name: typed[name] for name in ("step_key", "taken", "from_on", "prescriber")}
    treatment.decide_dose(course=course, **said, **_who(desk))
    return f"The dose is decided by {typed['prescriber']}, from {day(typed['from_on'])}."


def _ways(course: Course) -> Typed:
    return {"ways": nextpart.ways(course)}


def _next_part(desk: Desk, course: Course, typed: Mapping[str, Any]) -> str:
    said = {name: typed[name] for name in ("verdict", "prescriber")}
    nextpart.decide_next_part(course=course, **said, **_who(desk))
    return f"The next part is decided by {typed['prescriber']}. A drug that begins with it waits as a draft."


def _weights(course: Course) -> Typed:
    rows = Measurement.objects.filter(
        patient__in=same_child(course.patient), kind="weight", corrected_by_row=None, entered_in_error=False
    )
    return {"weights": list(rows.order_by("-happened_on", "-pk")[:5])}


def _differences(course: Course, form: forms.AcceptWeightForm) -> list[tuple[str, tuple[Change, ...]]]:
    """Return, for each weight to choose from, which doses it would change from the day it was taken."""
    return [(weight_words(row), doses_by(row, course=course)) for row in form.weights]


def _weight(desk: Desk, course: Course, typed: Mapping[str, Any]) -> str:
    row = Measurement.objects.get(uid=typed["measurement"], patient__in=same_child(course.patient))
    treatment.accept_weight(
        course=course, measurement=row, from_on=typed["from_on"], prescriber=typed["prescriber"], **_who(desk)
    )
    return f"Doses follow the new weight from {day(typed['from_on'])}."


def _hold(desk: Desk, course: Course, typed: Mapping[str, Any]) -> str:
    said = {name: typed[name] for name in ("from_on", "until_on", "detail")}
    treatment.hold_course(course=course, **said, **_who(desk))
    return f"On hold from {day(typed['from_on'])}."


def _resume(desk: Desk, course: Course, typed: Mapping[str, Any]) -> str:
    treatment.resume_course(course=course, on=typed["on"], **_who(desk))
    return f"Given again from {day(typed['on'])}."


def _missed(desk: Desk, course: Course, typed: Mapping[str, Any]) -> str:
    treatment.miss_dose(
        course=course, entry=_entry(typed), kind=typed["kind"], doses=typed["doses"], **_who(desk)
    )
    return "The missed dose is recorded."


def _products(course: Course) -> Typed:
    rows = Product.objects.filter(drug=course.drug).order_by("name")
    return {"products": [(row.key, row.name) for row in rows]}


def _dispensed(desk: Desk, course: Course, typed: Mapping[str, Any]) -> str:
    treatment.dispense(
        course=course,
        entry=_entry(typed),
        product=Product.objects.get(key=typed["product"], drug=course.drug),
        strength_text=typed["strength_text"],
        quantity_text=typed["quantity_text"],
        **_who(desk),
    )
    return "What the pharmacy gave is recorded."


def _taught(desk: Desk, course: Course, typed: Mapping[str, Any]) -> str:
    treatment.teach_calendar(course=course, entry=_entry(typed), taught_to=typed["taught_to"], **_who(desk))
    return f"The calendar was taught to {typed['taught_to']}."


def _stop(desk: Desk, course: Course, typed: Mapping[str, Any]) -> str:
    said = {name: typed[name] for name in ("last_dose_on", "reason", "abrupt_because", "detail")}
    treatment.stop_course(course=course, **said, **_who(desk))
    return f"{course.drug.name} ended with the dose of {day(typed['last_dose_on'])}."


def _drop(desk: Desk, course: Course, _typed: Mapping[str, Any]) -> str:
    courses.drop_draft(course=course, **_who(desk))
    return "The draft is dropped."


ACTS: dict[str, Act] = {
    "decide": Act(
        title="Dose decided by the prescriber",
        form=forms.DecideForm,
        verb=_decide,
        more=_steps,
        permission="clinic.decide_dose",
    ),
    "next-part": Act(
        title="Next part decided by the prescriber",
        form=forms.NextPartForm,
        permission="clinic.decide_dose",
        verb=_next_part,
        more=_ways,
        submit="Decide the next part",
        consequence="A drug that begins with it becomes a draft; it starts when a colleague has checked it.",
    ),
    "weight": Act(
        title="Dose by a new weight",
        form=forms.AcceptWeightForm,
        permission="clinic.decide_dose",
        verb=_weight,
        more=_weights,
        submit="Dose by this weight",
        template="dashboard/course_weight.html",
        consequence="The calendar changes from the day below. Print it anew and teach the family.",
    ),
    "hold": Act(
        title="Hold the drug",
        submit="Hold the drug",
        form=forms.HoldForm,
        permission="clinic.decide_dose",
        verb=_hold,
        consequence="Nothing is given on these days; the calendar does not shift.",
    ),
    "resume": Act(
        title="Give the drug again", form=forms.ResumeForm, verb=_resume, submit="Give the drug again"
    ),
    "missed": Act(title="Dose missed or vomited", form=forms.MissedForm, verb=_missed),
    "dispensed": Act(
        title="Dispensed by the pharmacy",
        form=forms.DispensedForm,
        verb=_dispensed,
        more=_products,
        consequence="Another strength voids the printed calendar until the family has been taught again.",
    ),
    "taught": Act(title="Family taught the calendar", form=forms.TaughtForm, verb=_taught),
    "stop": Act(
        title="Stop the course",
        submit="Stop the course",
        form=forms.StopForm,
        verb=_stop,
        consequence="The course ends with the dose of the day below. Safety items of a hormone stay open.",
        danger=True,
    ),
    "drop": Act(
        title="Drop the draft",
        submit="Drop the draft",
        form=forms.DropForm,
        verb=_drop,
        consequence="The draft is put away.",
        danger=True,
    ),
}


def _open_question(course: Course, act_key: str, desk: Desk) -> str:
    """Say what a prescriber has to decide, where that is what the form is about."""
    if act_key not in {"decide", "next-part"}:
        return ""
    open_now = dose_now(course, laid_out(course), desk.today, {}).undecided
    return next((one.text for one in open_now if one.act == act_key), "")


@page
def course_act(request: HttpRequest, desk: Desk, uid: UUID, course: UUID, act_key: str) -> HttpResponse:
    """Do one thing with a course."""
    if act_key not in ACTS:
        message = "There is no such act."
        raise Http404(message)
    patient, head, row = course_or_404(desk, uid, course)
    chosen = ACTS[act_key]
    initial = dict.fromkeys(("from_on", "on", "happened_on", "last_dose_on"), desk.today)
    form = filled(request, chosen.form, initial=initial, **chosen.more(row))
    context = {
        "title": f"{chosen.title}: {patient}",
        "act_title": f"{chosen.title}: {row.drug.name}",
        "intro": f"{row.protocol_edition.name}, first dose {day(row.start_on)}. "
        f"{_open_question(row, act_key, desk)}",
        "not_yours": bool(chosen.permission) and not desk.may(chosen.permission),
        "consequence": chosen.consequence,
        "danger": chosen.danger,
        "submit": chosen.submit,
        "differences": _differences(row, form) if isinstance(form, forms.AcceptWeightForm) else (),
        "trail": child_trail(patient),
        "head": head,
    }
    back = reverse("admin:child", args=[uid])
    return act(
        request,
        form=form,
        verb=lambda typed: chosen.verb(desk, row, typed),
        back=back,
        template=chosen.template,
        context=context,
    )
