"""A child comes onto the clinic's books: enrolled, described, with earlier treatment and its people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse

from clinic import careteam, children, enrolment, recording
from clinic.entries import Entry
from clinic.models import CareTeamMember, Contact, Patient, PriorTreatment
from ispath.dashboard.desk import page, saved
from ispath.dashboard.forms.enrol import ChildForm, EnrolForm, MemberForm, PriorForm
from ispath.dashboard.pages.acting import act, filled
from ispath.dashboard.pages.trails import child_trail, children_trail
from ispath.dashboard.reading.head import child_or_404, enrolment_of, head_of
from ispath.dashboard.reading.team import team_of
from protocols.models import Drug

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from clinic.models import Enrolment
    from ispath.dashboard.desk import Desk

CHILD = tuple(name for name in ChildForm.base_fields if name != "once")


def _alike(desk: Desk, typed: Mapping[str, Any]) -> list[Patient]:
    said = Patient(**{name: typed[name] for name in CHILD})
    return list(children.lookalikes(said, actor=desk.actor)[:8])


@transaction.atomic
def _enrol(desk: Desk, typed: Mapping[str, Any]) -> Patient:
    who: dict[str, Any] = {"by": desk.actor, "now": desk.now}
    child = children.register_child(
        clinic=desk.clinic,
        identifiers=[(typed["mrn_system"], typed["mrn"])],
        **{name: typed[name] for name in CHILD},
        **who,
    )
    row = enrolment.enrol(patient=child, clinic=desk.clinic, **who)
    if typed["diagnosed_on"]:
        recording.record_diagnosis(
            enrolment=row,
            entry=Entry(happened_on=typed["diagnosed_on"]),
            onset_on=typed["onset_on"],
            etiology=typed["etiology"],
            hypsarrhythmia_at_baseline=typed["hypsarrhythmia_at_baseline"],
            **who,
        )
    recording.record_finding(
        enrolment=row,
        entry=Entry(happened_on=desk.today),
        lesion=typed["lesion"],
        metabolic_or_degenerative=typed["metabolic_or_degenerative"],
        **who,
    )
    return child


@page
def enrol_page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Enrol a child; a look-alike is shown, and asked about, before anything is written."""
    form = filled(request, EnrolForm, initial={"mrn_system": desk.clinic.mrn_system})
    look_alikes: list[Patient] = []
    enrolled: list[Patient] = []

    def verb(typed: Mapping[str, Any]) -> str:
        look_alikes.extend(_alike(desk, typed))
        if look_alikes and not typed["another_child"]:
            raise children.LooksAlike(
                "Another child has the same surname, birth date or household. Compare names below; if it "
                "is another child, say so and save again.",
                field="another_child",
            )
        enrolled.append(_enrol(desk, typed))
        return f"{enrolled[0]} is enrolled. Start a course, or add the pediatrician."

    context: dict[str, Any] = {
        "title": "Enrol a child",
        "trail": children_trail(),
        "submit": "Enrol",
        "alike": look_alikes,
    }
    answer = act(request, form=form, verb=verb, back="", template="dashboard/enrol.html", context=context)
    if enrolled:
        return HttpResponseRedirect(reverse("admin:child", args=[enrolled[0].uid]))
    return answer


def _enrolled(desk: Desk, patient: Patient) -> Enrolment:
    row = enrolment_of(desk, patient)
    if row is None:
        message = "This child is not enrolled at your clinic."
        raise Http404(message)
    return row


@page
def details_page(request: HttpRequest, desk: Desk, uid: UUID) -> HttpResponse:
    """Put names, birth date, sex or gestation right."""
    patient = child_or_404(desk, uid)
    form = filled(request, ChildForm, initial={name: getattr(patient, name) for name in CHILD})

    def verb(typed: Mapping[str, Any]) -> str:
        changes = {name: typed[name] for name in CHILD}
        children.change_child(
            patient=patient, clinic=desk.clinic, changes=changes, by=desk.actor, now=desk.now
        )
        return "The child's details are changed; the plan follows them."

    context = {
        "title": f"Details: {patient}",
        "act_title": "Names, birth, family",
        "trail": child_trail(patient),
        "head": head_of(desk, patient),
        "consequence": "Age and sex decide blood pressure limits and checks: the plan is reviewed anew. "
        "What imaging or tests found is recorded as a finding.",
        "consequence_tone": "info",
    }
    return act(request, form=form, verb=verb, back=reverse("admin:child", args=[uid]), context=context)


@page
def prior_page(request: HttpRequest, desk: Desk, uid: UUID) -> HttpResponse:
    """Record a treatment from elsewhere; it counts as it would have here."""
    patient = child_or_404(desk, uid)
    form = filled(request, PriorForm)
    drugs = list(Drug.objects.order_by("name"))
    form.fields["drug"].choices = [("", "another drug"), *((row.key, row.name) for row in drugs)]  # type: ignore[attr-defined]

    def verb(typed: Mapping[str, Any]) -> str:
        names = ("drug_text", "last_dose_on", "dose_text", "adequate", "outcome", "given_at")
        recording.record(
            PriorTreatment,
            enrolment=_enrolled(desk, patient),
            entry=Entry(
                happened_on=typed["happened_on"],
                detail=typed["detail"],
                source_system="form",
                source_value=typed["once"],
            ),
            values={name: typed[name] for name in names}
            | {"drug": next((row for row in drugs if row.key == typed["drug"]), None)},
            by=desk.actor,
            now=desk.now,
        )
        return "The earlier treatment is recorded."

    context = {
        "title": f"Earlier treatment: {patient}",
        "act_title": "Earlier treatment elsewhere",
        "intro": "A drug that failed elsewhere counts as failed here: it may lead to the referral.",
        "trail": child_trail(patient),
        "head": head_of(desk, patient),
    }
    return act(request, form=form, verb=verb, back=reverse("admin:child", args=[uid]), context=context)


@page
def team_page(request: HttpRequest, desk: Desk, uid: UUID) -> HttpResponse:
    """Show and change who is around the child."""
    patient = child_or_404(desk, uid)
    here = reverse("admin:team", args=[uid])
    if request.method == "POST" and request.POST.get("do") in {"confirm", "off"}:
        saved(request, _quick(request, desk, patient))
        return HttpResponseRedirect(here)
    form = filled(request, MemberForm)

    def verb(typed: Mapping[str, Any]) -> str:
        more = {name: typed[name] for name in ("practice", "email", "phone", "language")}
        with transaction.atomic():
            who: dict[str, Any] = {"by": desk.actor, "now": desk.now}
            contact = careteam.add_contact(clinic=desk.clinic, name=typed["name"], **more, **who)
            careteam.add_to_team(
                patient=patient, clinic=desk.clinic, contact=contact, role=typed["role"], **who
            )
        return f"{typed['name']} is on the team. Confirm the address before its first use."

    context = {
        "title": f"Care team: {patient}",
        "act_title": "Care team",
        "trail": child_trail(patient),
        "head": head_of(desk, patient),
        "team": team_of(patient),
        "submit": "Add to the team",
    }
    return act(request, form=form, verb=verb, back=here, template="dashboard/team.html", context=context)


def _quick(request: HttpRequest, desk: Desk, patient: Patient) -> str:
    """Confirm an address, or take somebody off the team."""
    members = CareTeamMember.objects.filter(patient=patient, ended_on=None).select_related("contact__clinic")
    member = next((one for one in members if str(one.uid) == request.POST.get("member")), None)
    if member is None:
        message = "There is nobody like this on the team."
        raise Http404(message)
    if request.POST["do"] == "confirm":
        contact: Contact = careteam.confirm_address(contact=member.contact, by=desk.actor, now=desk.now)
        return f"The address of {contact.name} is confirmed: letters go there from now on."
    careteam.take_off_team(member=member, by=desk.actor, now=desk.now)
    return f"{member.contact.name} is no longer on the team."
