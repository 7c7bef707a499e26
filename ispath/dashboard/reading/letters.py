"""Letters about a child: to whom, when, and what came of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import FilteredRelation, Prefetch, Q

from clinic.models import Check
from ispath.dashboard.words import day
from notifications.models import Delivery, LinkUse

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from clinic.models import Patient
    from ispath.dashboard.desk import Desk

LETTER_TONES = {"sent": "good", "bounced": "stop", "dead": "stop", "waiting": "info", "ready": "info"}
MOST = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """An answer that was taken back: by whom, and when."""

    answer: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One letter in a line."""

    text: str
    state: str
    tone: str
    at: datetime
    to: str
    uid: UUID
    may_be_undone: bool
    may_go_again: bool
    answer_may_be_undone: bool
    slips: tuple[Slip, ...]


def last_reminders(desk: Desk) -> dict[UUID, str]:
    """Return the last reminder of each open check and its fate, in one query."""
    waiting = Check.objects.unsatisfied().filter(enrolment__clinic=desk.clinic).values("uid")
    rows = Delivery.objects.filter(clinic=desk.clinic, cause_kind="check", cause_uid__in=waiting)
    rows = rows.annotate(standing=FilteredRelation("link_uses", condition=Q(link_uses__undone_at=None)))
    newest = rows.order_by("cause_uid", "-send_at", "-pk").distinct("cause_uid")
    words = dict(Delivery.State.choices)
    return {
        cause: f"Last reminder {at:%-d %b}: {_answer(answer, booked) or words.get(state, state)}."
        for cause, state, at, answer, booked in newest.values_list(
            "cause_uid", "state", "send_at", "standing__answer", "standing__booked_for"
        )
    }


def _answer(answer: str | None, booked_for: date | None) -> str:
    """Write what the reader answered by the link; an answer says more than an arrival."""
    if not answer:
        return ""
    if booked_for is not None:
        return f"answered: booked for {day(booked_for)}"
    return f"answered: {LinkUse.Answer(answer).label}"


def letters_about(patient: Patient) -> list[Letter]:
    """Return the newest letters about a child."""
    rows = Delivery.objects.filter(enrolment__patient=patient).select_related("reader")
    answers = Prefetch("link_uses", LinkUse.objects.select_related("undone_by").order_by("pk"))
    return [_letter(row) for row in rows.prefetch_related(answers).order_by("-send_at", "-pk")[:MOST]]


def _letter(row: Delivery) -> Letter:
    answers = list(row.link_uses.all())
    standing = next((use for use in answers if use.undone_at is None), None)
    return Letter(
        text=row.letter.replace("_", " ").replace("-", " "),
        state=_answer(standing.answer, standing.booked_for) if standing else row.get_state_display(),
        tone=LETTER_TONES.get(row.state, ""),
        at=row.sent_at or row.send_at,
        to=f"{row.reader.name}{f' ({row.role})' if row.role else ''}",
        uid=row.uid,
        may_be_undone=row.state == Delivery.State.WAITING and row.pace != Delivery.Pace.EMERGENCY,
        may_go_again=row.state in {Delivery.State.DEAD, Delivery.State.BOUNCED},
        answer_may_be_undone=standing is not None and standing.answer != LinkUse.Answer.ENTERED,
        slips=tuple(
            Slip(answer=_answer(use.answer, use.booked_for), at=use.undone_at, by=use.undone_by.name)
            for use in answers
            if use.undone_at and use.undone_by
        ),
    )
