"""What was typed wrong, or on the wrong child, is put right by a new row; the old one stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms as django_forms
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from clinic import correcting, deciding
from clinic.access import enrolments_visible_to
from clinic.entries import Entry
from clinic.models import Enrolment, Fact
from ispath.dashboard.desk import page
from ispath.dashboard.forms.base import WardForm, choice_field, text_field
from ispath.dashboard.forms.escalations import ToldForm
from ispath.dashboard.forms.record import FORMS, UNLIKELY, RecordForm
from ispath.dashboard.forms.right_child import FIELD as FIRST_NAME
from ispath.dashboard.forms.right_child import ask_first_name
from ispath.dashboard.pages.acting import act, filled
from ispath.dashboard.pages.recording import HOUSEKEEPING, VERBS
from ispath.dashboard.pages.trails import child_trail
from ispath.dashboard.reading.facts import KINDS, MEASUREMENT_FORMS
from ispath.dashboard.reading.head import child_or_404, head_of
from ispath.dashboard.reading.same_child import same_child
from ispath.dashboard.words import day

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from clinic.models import Patient
    from ispath.dashboard.desk import Desk

_MODELS = {model._meta.model_name: (model, title, words, form) for model, title, words, form in KINDS}


def _fact_or_404(patient: Patient, model: str, uid: UUID) -> tuple[Fact, str, str]:
    """Return the fact, its form and its words."""
    if model not in _MODELS:
        message = "There is no such record."
        raise Http404(message)
    kind, _title, words, form = _MODELS[model]
    fact: Any = kind._default_manager.filter(patient__in=same_child(patient), uid=uid).first()
    key = MEASUREMENT_FORMS.get(fact.kind, "") if fact and form == "measurement" else form
    if fact is None or not key:
        message = "There is no such record of this child, or it is corrected elsewhere."
        raise Http404(message)
    return fact, key, words(fact)


def _enrolment(desk: Desk, patient: Patient) -> Enrolment:
    rows = enrolments_visible_to(desk.actor).filter(patient=patient).select_related("clinic", "patient")
    row = max(rows, key=lambda one: (one.state in Enrolment.OPEN_STATES, one.pk), default=None)
    if row is None:
        message = "This child is not enrolled at your clinic."
        raise Http404(message)
    return row


def _typed(value: Any) -> Any:
    return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


def _initial(fact: Any, form: WardForm) -> dict[str, Any]:
    said = {name: getattr(fact, name) for name in form.fields if hasattr(fact, name)}
    choices = {
        name for name, field in form.fields.items() if isinstance(field, django_forms.TypedChoiceField)
    }
    said = {name: _typed(value) if name in choices else value for name, value in said.items()}
    moment = fact.happened_at or timezone.make_aware(
        timezone.datetime.combine(fact.happened_on, timezone.datetime.min.time())  # type: ignore[attr-defined]
    )
    return {**said, "happened_at": timezone.localtime(moment), "happened_on": fact.happened_on}


def _correcting(base: type[RecordForm]) -> type[WardForm]:
    """Add to a record form the reason of a correction, and the way to take the record back."""
    why = text_field("Why it was wrong", long=True, max_length=300)
    label = "Take it back altogether: it never happened"
    take_back = django_forms.BooleanField(required=False, label=label)
    whole = (*base.whole, "why", "take_back")
    return type("CorrectForm", (base,), {"why": why, "take_back": take_back, "whole": whole})


@page
def correct_page(request: HttpRequest, desk: Desk, uid: UUID, model: str, fact: UUID) -> HttpResponse:
    """Write the right value beside the wrong one, with the reason; or take the record back."""
    patient = child_or_404(desk, uid)
    head = head_of(desk, patient)
    row, key, words = _fact_or_404(patient, model, fact)
    title, base = FORMS[key]
    make = _correcting(base)
    form = filled(request, make, initial=_initial(row, make()))
    for name in UNLIKELY:
        form.fields.pop(name, None)
    ask_first_name(form, head)

    def verb(typed: Mapping[str, Any]) -> str:
        enrolment = _enrolment(desk, patient)
        who = {"by": desk.actor, "now": desk.now, "why": typed["why"]}
        if typed["take_back"]:
            correcting.take_back(fact=row, enrolment=enrolment, **who)
            return f"{title}: taken back. The old entry stays, struck through."
        known = {n: v for n, v in typed.items() if n not in {*HOUSEKEEPING, FIRST_NAME, "why", "take_back"}}
        changes = VERBS[key][1](known)
        kept = {n: v for n, v in _as_columns(changes).items() if n in correcting.says(row)}
        entry = Entry(happened_at=typed.get("happened_at"), detail=typed.get("detail", ""))
        on = typed.get("happened_on") or (
            enrolment.clinic.local_date(typed["happened_at"]) if typed.get("happened_at") else None
        )
        correcting.correct(fact=row, enrolment=enrolment, changes=kept, happened_on=on, entry=entry, **who)
        return f"{title}: corrected. The old entry stays, struck through."

    context = {
        "title": f"Correct: {patient}",
        "act_title": f"Correct: {title}",
        "intro": f"Now: {words}, {day(row.happened_on)}.",
        "consequence": "The old entry stays visible, struck through. Everyone who was told is told of the "
        "correction, and what rested on it is looked at again.",
        "trail": child_trail(patient),
        "head": head,
        "submit": "Save the correction",
    }
    back = f"{reverse('admin:child', args=[uid])}#records"
    return act(request, form=form, verb=verb, back=back, context=context)


def _as_columns(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Say signs as their column holds them."""
    columns = dict(changes)
    if "signs" in columns:
        columns["signs"] = list(columns["signs"])
    return columns


class MoveForm(WardForm):
    """The right child."""

    to = choice_field("The right child", ())
    why = text_field("What went wrong", long=True, max_length=300)
    whole: ClassVar[tuple[str, ...]] = ("to",)


@page
def move_page(request: HttpRequest, desk: Desk, uid: UUID, model: str, fact: UUID) -> HttpResponse:
    """Move a record to the child it belongs to; both histories say so."""
    patient = child_or_404(desk, uid)
    row, key, words = _fact_or_404(patient, model, fact)
    head = head_of(desk, patient)
    rows = enrolments_visible_to(desk.actor).filter(state__in=Enrolment.OPEN_STATES).exclude(patient=patient)
    joined = rows.select_related("patient", "clinic").order_by("patient__family_name", "patient__given_names")
    choices = {str(one.uid): one for one in joined}
    form = filled(request, MoveForm)
    alike = {one.pk for one in head.alike}
    ordered = sorted(choices.values(), key=lambda one: one.patient_id not in alike)
    form.fields["to"].widget = django_forms.Select()
    form.fields["to"].choices = [("", "Choose …")] + [  # type: ignore[attr-defined]
        (str(one.uid), f"{one.patient}, born {one.patient.birth_date:%-d %b %Y}") for one in ordered
    ]
    form.dress("to", form.fields["to"])

    def verb(typed: Mapping[str, Any]) -> str:
        target = choices[typed["to"]]
        correcting.move_to_right_child(
            fact=row,
            enrolment=_enrolment(desk, patient),
            to=target,
            why=typed["why"],
            by=desk.actor,
            now=desk.now,
        )
        return f"Moved to {target.patient}. Both histories say so."

    context = {
        "title": f"Move to the right child: {patient}",
        "act_title": f"Move to the right child: {FORMS[key][0]}",
        "intro": f"{words}, {day(row.happened_on)}.",
        "consequence": "The entry is taken back here, struck through, and written on the other child. "
        "Both plans are reviewed.",
        "trail": child_trail(patient),
        "head": head,
        "submit": "Move it",
        "danger": True,
    }
    back = f"{reverse('admin:child', args=[uid])}#records"
    return act(request, form=form, verb=verb, back=back, context=context)


@page
def told_page(request: HttpRequest, desk: Desk, uid: UUID, kind: str, subject: UUID) -> HttpResponse:
    """Record that the family was told a verdict or a referral."""
    patient = child_or_404(desk, uid)
    rows = patient.assessments if kind == "verdict" else patient.referrals
    if kind not in {"verdict", "referral"} or not rows.filter(uid=subject).exists():
        message = "There is nothing of this kind to tell."
        raise Http404(message)
    form = filled(request, ToldForm, initial={"happened_on": desk.today, "told_by": desk.actor.name})

    def verb(typed: Mapping[str, Any]) -> str:
        deciding.tell_family(
            enrolment=_enrolment(desk, patient),
            entry=Entry(happened_on=typed["happened_on"], source_system="form", source_value=typed["once"]),
            subject_kind=kind,
            subject_uid=subject,
            told_by=typed["told_by"],
            by=desk.actor,
            now=desk.now,
        )
        return f"The family was told by {typed['told_by']}."

    context = {
        "title": f"The family was told: {patient}",
        "act_title": f"The family was told: {kind}",
        "intro": "Until this is recorded, other systems mark it as not for the family's portal.",
        "trail": child_trail(patient),
        "head": head_of(desk, patient),
    }
    return act(request, form=form, verb=verb, back=reverse("admin:child", args=[uid]), context=context)
