"""Two records that are one child: found, set side by side, and joined by a person who compared them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django import forms
from django.http import Http404
from django.urls import reverse

from clinic import children
from ispath.dashboard.desk import page, render
from ispath.dashboard.forms.base import WardForm, choice_field, text_field
from ispath.dashboard.pages.acting import act, filled
from ispath.dashboard.pages.trails import child_trail
from ispath.dashboard.reading import merging as reading
from ispath.dashboard.reading.head import child_or_404, head_of
from ispath.dashboard.reading.phone import is_enough, named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from clinic.models import Patient
    from ispath.dashboard.desk import Desk

THIS, OTHER = "this", "other"


class MergeForm(WardForm):
    """Which record stays, why they are one, and that somebody compared them."""

    stays = choice_field("Which record stays", ((THIS, ""), (OTHER, "")), initial=THIS)
    reason = text_field("Why they are one child", long=True, max_length=300)
    compared = forms.BooleanField(label="I compared names, birth date and record numbers: it is one child.")
    whole: ClassVar[tuple[str, ...]] = ("stays", "compared")


@page
def choose_page(request: HttpRequest, desk: Desk, uid: UUID) -> HttpResponse:
    """Choose the other record: look-alikes first, and a search for the rest."""
    patient = child_or_404(desk, uid)
    query = request.GET.get("q", "").strip()
    found = [one for one in named(desk, query) if one.pk != patient.pk] if is_enough(query) else []
    context = {
        "title": f"Two records of one child: {patient}",
        "act_title": "Two records of one child",
        "trail": child_trail(patient),
        "head": head_of(desk, patient),
        "alike": reading.could_be_the_same(desk, patient),
        "found": found,
        "query": query,
    }
    return render(request, "dashboard/merge_choose.html", context)


@page
def merge_page(request: HttpRequest, desk: Desk, uid: UUID, other: UUID) -> HttpResponse:
    """Show both records side by side and what would happen; join them when a person says so."""
    patient, second = child_or_404(desk, uid), child_or_404(desk, other)
    if patient.pk == second.pk:
        message = "These are the same record."
        raise Http404(message)
    form = filled(request, MergeForm)
    stays: Any = form.fields["stays"]
    stays.choices = [(THIS, _named(patient)), (OTHER, _named(second))]
    kept, gone = (second, patient) if form["stays"].value() == OTHER else (patient, second)

    def verb(typed: Mapping[str, Any]) -> str:
        children.merge_children(
            survivor=kept,
            replaced=gone,
            clinic=desk.clinic,
            reason=typed["reason"],
            by=desk.actor,
            now=desk.now,
        )
        return f"The two records are one child now: {kept}. The old record leads here."

    context = {
        "title": f"Merge two records: {patient}",
        "act_title": "Merge two records of one child",
        "trail": [*child_trail(patient), ("Two records", reverse("admin:merge", args=[uid]))],
        "head": head_of(desk, patient),
        "merging": reading.merging_of(patient, second),
        "consequence": "What points at the record that goes moves to the one that stays; its facts are read "
        "under both; its page leads to the one that stays, and the plan is reviewed anew. There is no button "
        "that takes it back.",
        "submit": "Merge the two records",
        "danger": True,
    }
    back = reverse("admin:child", args=[kept.uid])
    return act(request, form=form, verb=verb, back=back, template="dashboard/merge.html", context=context)


def _named(patient: Patient) -> str:
    numbers = ", ".join(row.value for row in patient.identifiers.order_by("pk"))
    return f"{patient}, {numbers or 'no record number'}"
