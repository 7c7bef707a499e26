"""Where a line of the worklist is answered that no record form answers: a decision, a referral, a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from clinic.models import Referral, WorkItem
from protocols.engine.pathway import Observes

if TYPE_CHECKING:
    from uuid import UUID

    from ispath.dashboard.desk import Desk

_OF_THE_REFERRAL = frozenset({Observes.REFERRAL_STEP, Observes.REFERRAL_OUTCOME})
_LETTERS = "Look at the letters that did not arrive"
_ABOUT_LETTERS = frozenset(
    {WorkItem.Kind.BOUNCE, WorkItem.Kind.DEAD_LETTER, WorkItem.Kind.COMPLAINT, WorkItem.Kind.OPT_OUT}
)
# What is done with the course that an item is about: doing it takes the item off the list.
_COURSE_ACTS: dict[str, tuple[str, str]] = {
    WorkItem.Kind.TEACH_AGAIN: ("taught", "Record that the family was taught"),
    WorkItem.Kind.WEIGHT_CHANGED: ("weight", "Decide about the new weight"),
}


def open_referrals(desk: Desk) -> dict[int, UUID]:
    """Return the referral under way of each child of the clinic."""
    rows = Referral.objects.open().filter(enrolment__clinic=desk.clinic)
    return dict(rows.values_list("patient_id", "uid"))


def page_of_check(row: dict[str, Any], referrals: dict[int, UUID]) -> str:
    """Return the page that answers a check; nothing where it is answered on the child's page."""
    if row["observes"] == Observes.DOSE_DECISION and row["of_course"]:
        return reverse("admin:course-act", args=[row["child"], row["of_course"], "decide"])
    referral = referrals.get(row["patient_pk"]) if row["observes"] in _OF_THE_REFERRAL else None
    return reverse("admin:referral", args=[referral]) if referral else ""


def page_of_item(item: WorkItem) -> str:
    """Return the page on which an item is looked at; a draft is checked on its own."""
    if item.kind == WorkItem.Kind.CALENDAR_CHECK and item.patient:
        return reverse("admin:course-check", args=[item.patient.uid, item.subject_uid])
    return reverse("admin:item", args=[item.uid])


def where_it_is_done(item: WorkItem) -> tuple[str, str]:
    """Return, in words, the page on which what an item asks for is done, and its address; or nothing."""
    if item.kind in _ABOUT_LETTERS:
        return _LETTERS, reverse("admin:letters")
    if item.kind in _COURSE_ACTS and item.patient:
        key, words = _COURSE_ACTS[item.kind]
        return words, reverse("admin:course-act", args=[item.patient.uid, item.subject_uid, key])
    return "", ""
