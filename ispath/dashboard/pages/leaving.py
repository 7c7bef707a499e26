"""A child leaves the clinic's books: transferred with acknowledgement, withdrawn, lost, finished, or dead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.urls import reverse

from clinic import deaths, enrolment
from clinic.models import Clinic
from ispath.dashboard.desk import page, render
from ispath.dashboard.forms import enrol as forms
from ispath.dashboard.forms.base import WardForm
from ispath.dashboard.pages.acting import act, filled
from ispath.dashboard.pages.trails import child_trail
from ispath.dashboard.reading.head import child_or_404, enrolment_of, head_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from clinic.models import Enrolment
    from ispath.dashboard.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One way in or out."""

    title: str
    form: type[WardForm]
    verb: Callable[[Desk, Enrolment, Mapping[str, Any]], object]
    said: str
    consequence: str
    states: tuple[str, ...] = ("active", "lost")


def _who(desk: Desk) -> dict[str, Any]:
    return {"by": desk.actor, "now": desk.now}


def _clinic(uid: str) -> Clinic | None:
    return Clinic.objects.filter(uid=uid).first() if uid else None


STEPS: dict[str, Step] = {
    "transfer": Step(
        title="Offer to another clinic",
        form=forms.TransferForm,
        verb=lambda desk, row, typed: enrolment.offer_transfer(
            enrolment=row, to_clinic=_clinic(typed["to_clinic"]), to=typed["to"], **_who(desk)
        ),
        said="The transfer is offered. This clinic owns the checks until it is accepted.",
        consequence="Your clinic keeps every check, and reminders go on, until the other side accepts.",
    ),
    "accepted": Step(
        title="The other clinic accepted",
        form=forms.AcceptedForm,
        verb=lambda desk, row, typed: enrolment.accept_transfer(
            enrolment=row, accepted_by=typed["accepted_by"], **_who(desk)
        ),
        said="The child is handed over.",
        consequence="From now on the other side owns the checks. The child stays readable here.",
    ),
    "call-off": Step(
        title="Call the transfer off",
        form=forms.WhyForm,
        verb=lambda desk, row, typed: enrolment.call_off_transfer(
            enrolment=row, why=typed["detail"], **_who(desk)
        ),
        said="The transfer is called off.",
        consequence="The child stays with your clinic.",
    ),
    "withdraw": Step(
        title="The family withdraws",
        form=forms.WhyForm,
        verb=lambda desk, row, typed: enrolment.withdraw(enrolment=row, detail=typed["detail"], **_who(desk)),
        said="The withdrawal is recorded. Safety items of a hormone stay open.",
        consequence="Checks and letters stop. Fever, exposure, vaccine, taper, adrenal items stay open until "
        "a named person closes them.",
    ),
    "lost": Step(
        title="Contact lost",
        form=forms.WhyForm,
        verb=lambda desk, row, typed: enrolment.lose_contact(
            enrolment=row, detail=typed["detail"], **_who(desk)
        ),
        said="Contact lost. The child stays on the list.",
        consequence="Nothing stops: the child stays on the list until the family is reached.",
    ),
    "found": Step(
        title="Contact found again",
        form=forms.EmptyForm,
        verb=lambda desk, row, _typed: enrolment.find_contact(enrolment=row, **_who(desk)),
        said="The family was reached again.",
        consequence="The child is followed as before.",
        states=("lost",),
    ),
    "complete": Step(
        title="Follow-up finished",
        form=forms.EmptyForm,
        verb=lambda desk, row, _typed: enrolment.complete(enrolment=row, **_who(desk)),
        said="The follow-up is finished.",
        consequence="It is refused while something is missed, open or unknown.",
    ),
    "death-reported": Step(
        title="A death was reported",
        form=forms.DeathForm,
        verb=lambda desk, row, typed: deaths.report_death(
            enrolment=row, died_on=typed["died_on"], **_who(desk)
        ),
        said="All letters are stopped. A person confirms or takes the report back.",
        consequence="All letters stop at once. Nothing else changes until a person confirms.",
        states=("active", "lost", "withdrawn"),
    ),
    "death-confirmed": Step(
        title="Confirm the death",
        form=forms.DeathForm,
        verb=lambda desk, row, typed: deaths.confirm_death(
            enrolment=row, died_on=typed["died_on"], **_who(desk)
        ),
        said="The death is confirmed; the plan has ended.",
        consequence="The plan ends. It can be taken back if it was wrong.",
        states=("active", "lost", "withdrawn"),
    ),
    "death-reversed": Step(
        title="The report of a death was wrong",
        form=forms.WhyForm,
        verb=lambda desk, row, typed: deaths.reverse_death(enrolment=row, why=typed["detail"], **_who(desk)),
        said="The report is taken back; the plan runs on.",
        consequence="Letters go again, and the plan runs on.",
        states=("active", "lost", "withdrawn", "deceased"),
    ),
}


def _possible(row: Enrolment) -> list[tuple[str, Step]]:
    """Return the steps this enrolment can take now; the verbs ask again."""
    offer = enrolment.offer_of(row)
    reported = row.sending_paused_at is not None
    possible = {
        "transfer": offer is None,
        "accepted": offer is not None and offer.other_clinic_id is None,
        "call-off": offer is not None,
        "lost": row.state == row.State.ACTIVE,
        "death-reported": not reported,
        "death-reversed": reported or row.state == row.State.DECEASED,
    }
    return [
        (key, step) for key, step in STEPS.items() if row.state in step.states and possible.get(key, True)
    ]


@page
def enrolment_steps(request: HttpRequest, desk: Desk, uid: UUID) -> HttpResponse:
    """Choose how the child leaves or stays."""
    patient = child_or_404(desk, uid)
    head = head_of(desk, patient)
    context = {
        "title": f"Transfer, withdrawal, death: {patient}",
        "act_title": "Transfer, withdrawal, lost contact, death",
        "trail": child_trail(patient),
        "head": head,
        "steps": _possible(head.enrolment) if head.enrolment else [],
    }
    return render(request, "dashboard/leaving.html", context)


@page
def enrolment_step(request: HttpRequest, desk: Desk, uid: UUID, step: str) -> HttpResponse:
    """Take one step: it says what will happen, and asks."""
    patient = child_or_404(desk, uid)
    row = enrolment_of(desk, patient)
    chosen = STEPS.get(step)
    if row is None or chosen is None:
        message = "There is no such step for this child."
        raise Http404(message)

    def verb(typed: Mapping[str, Any]) -> str:
        chosen.verb(desk, row, typed)
        return chosen.said

    context = {
        "title": f"{chosen.title}: {patient}",
        "act_title": chosen.title,
        "consequence": chosen.consequence,
        "trail": child_trail(patient),
        "head": head_of(desk, patient),
        "submit": chosen.title,
        "danger": True,
    }
    form = filled(request, chosen.form)
    if "to_clinic" in form.fields:
        others = Clinic.objects.exclude(pk=row.clinic_id).order_by("name")
        named = [("", "none of these"), *((str(one.uid), one.name) for one in others)]
        form.fields["to_clinic"].choices = named  # type: ignore[attr-defined]
    return act(request, form=form, verb=verb, back=reverse("admin:child", args=[uid]), context=context)
