"""Record: a short form that says what the value means for this child before it is saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from clinic.measures import KG
from ispath.dashboard.desk import page, render, saved
from ispath.dashboard.forms.record import FORMS, RecordForm
from ispath.dashboard.forms.right_child import FIELD as FIRST_NAME
from ispath.dashboard.forms.right_child import ask_first_name
from ispath.dashboard.forms.second import second_person
from ispath.dashboard.pages.acting import filled
from ispath.dashboard.pages.recording import VERBS, entry_of, said
from ispath.dashboard.pages.trails import child_trail
from ispath.dashboard.reading.head import Head, child_or_404, head_of
from ispath.dashboard.reading.levels import pressure_level, weight_level
from ispath.dashboard.reading.meaning import Meaning, meaning_of
from ispath.dashboard.reading.phone import phones
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from clinic.models import Enrolment
    from ispath.dashboard.desk import Desk

# A refusal that a reason and a second person can answer.
ANSWERED_BY_TWO = frozenset({"unlikely-value", "second-person-needed", "second-person-unknown"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One form being filled in for one child."""

    desk: Desk
    head: Head
    enrolment: Enrolment
    kind: str
    title: str
    make: type[RecordForm]

    def form(self, request: HttpRequest, *, two: bool = False) -> RecordForm:
        """Make the form of this request."""
        now = timezone.localtime(self.desk.now).replace(second=0, microsecond=0)
        initial = {"happened_at": now, "happened_on": self.desk.today, "on": self.desk.today}
        form = filled(request, self.make, initial=initial)
        form.ask_for_second_person(wanted=two or "true_because" in request.POST)
        ask_first_name(form, self.head)
        return form

    def verb(self, request: HttpRequest, typed: Mapping[str, Any]) -> Callable[[], Any]:
        """Return the one call that writes what was typed."""
        write, translate = VERBS[self.kind]
        entry = entry_of(typed, second=second_person(request, self.desk, typed))
        known = {name: value for name, value in said(typed).items() if name != FIRST_NAME}
        values = translate(known)
        return lambda: write(
            enrolment=self.enrolment, entry=entry, by=self.desk.actor, now=self.desk.now, **values
        )

    def meaning(self, verb: Callable[[], Any], typed: Mapping[str, Any]) -> Meaning:
        """Ask what saving would change."""
        level, tone, source = self._level(typed)
        return meaning_of(self.enrolment, verb, level=level, tone=tone, level_source=source, kind=self.kind)

    def _level(self, typed: Mapping[str, Any]) -> tuple[str, str, str]:
        if self.kind == "blood-pressure":
            on = self.enrolment.clinic.local_date(typed["happened_at"])
            return pressure_level(self.enrolment, typed, on)
        if self.kind == "weight":
            return (*weight_level(self.enrolment, typed["value"] * KG[typed["unit"]]), "")
        return "", "info", ""


def recording_for(desk: Desk, uid: UUID, kind: str) -> Recording:
    """Find the child, the enrolment and the form, or say that there is no such page."""
    patient = child_or_404(desk, uid)
    head = head_of(desk, patient)
    if kind not in FORMS or kind not in VERBS or head.enrolment is None:
        message = "There is no such form for this child."
        raise Http404(message)
    title, make = FORMS[kind]
    return Recording(desk=desk, head=head, enrolment=head.enrolment, kind=kind, title=title, make=make)


@page
def record_page(request: HttpRequest, desk: Desk, uid: UUID, kind: str) -> HttpResponse:
    """Show, weigh and save one record."""
    recording = recording_for(desk, uid, kind)
    form = recording.form(request)
    if request.method != "POST":
        return _shown(request, recording, form)
    if not form.is_valid():
        return _shown(request, recording, form, status=422)
    try:
        verb = recording.verb(request, form.cleaned_data)
        meaning = recording.meaning(verb, form.cleaned_data)
        if request.POST.get("do") == "meaning" or (meaning.emergency and "confirmed" not in request.POST):
            return _shown(request, recording, form, meaning=meaning)
        fact = verb()
    except Refusal as refusal:
        form = recording.form(request, two=refusal.code in ANSWERED_BY_TWO)
        form.is_valid()
        form.refuse(refusal)
        return _shown(request, recording, form, status=422)
    return _saved(request, recording, meaning, fact)


def _saved(request: HttpRequest, recording: Recording, meaning: Meaning, fact: Any) -> HttpResponse:
    told = [f"{recording.title} of {recording.head.patient.given_names}."]
    told += [f"Raised: {line}." for line in meaning.raised]
    if meaning.verdict:
        told.append(f"The answer now: {meaning.verdict}.")
    told += [f"Done: {line}." for line in meaning.done]
    saved(request, " ".join(told))
    return HttpResponseRedirect(
        f"{reverse('admin:child', args=[recording.head.patient.uid])}#fact-{fact.uid}"
    )


@page
def meaning_fragment(request: HttpRequest, desk: Desk, uid: UUID, kind: str) -> HttpResponse:
    """Say what the value means while it is typed; nothing is saved."""
    recording = recording_for(desk, uid, kind)
    form = recording.form(request)
    context: dict[str, Any] = {"head": recording.head, "live": True}
    if form.is_valid():
        try:
            verb = recording.verb(request, form.cleaned_data)
            context["meaning"] = recording.meaning(verb, form.cleaned_data)
            context["phones"] = phones(recording.enrolment.clinic, desk.now)
        except Refusal as refusal:
            context["refusal"] = refusal
    return render(request, "dashboard/parts/meaning.html", context)


def _shown(
    request: HttpRequest,
    recording: Recording,
    form: RecordForm,
    *,
    meaning: Meaning | None = None,
    status: int = 200,
) -> HttpResponse:
    patient = recording.head.patient
    context = {
        "title": f"{recording.title}: {patient}",
        "act_title": f"Record: {recording.title}",
        "trail": child_trail(patient),
        "head": recording.head,
        "form": form,
        "kind": recording.kind,
        "meaning": meaning,
        "phones": phones(recording.enrolment.clinic, recording.desk.now)
        if meaning and meaning.emergency
        else None,
        "back": reverse("admin:child", args=[patient.uid]),
        "submit": "Save",
    }
    return render(request, "dashboard/record.html", context, status=status)
