"""The letters of a clinic: those that did not arrive, to whom, why; those that wait; what one can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from notifications.models import Delivery

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from ispath.dashboard.desk import Desk

State = Delivery.State
GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "": ("Did not arrive", (State.DEAD, State.BOUNCED)),
    "waiting": ("Still to go", (State.WAITING, State.READY, State.CLAIMED)),
    "sent": ("Sent", (State.SENT, State.JOINED)),
    "not-sent": ("Not sent on purpose", (State.WITHHELD, State.OVERTAKEN, State.UNDONE)),
}
_WHY = {
    "bounced": "It came back.",
    "not-delivered": "It was taken and not delivered: the mailbox is full, or its server was away.",
    "bad-address": "The address does not exist.",
    "complained": "The reader marked it as unwanted.",
    "opted-out": "The reader asked for no more letters.",
    "no-address": "There is no confirmed address.",
    "bad-letter": "The mail server does not take this letter: tell the operator.",
    "try-again": "The mail server put it off too often.",
    "server-away": "The mail server did not answer for too long.",
    "unknown": "Nobody knows whether the mail server took it.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterLine:
    """One letter."""

    row: Delivery
    what: str
    why: str
    at_fault: bool
    may_go_again: bool
    may_be_undone: bool


def letters_of(desk: Desk, group: str) -> QuerySet[Delivery]:
    """Return the letters of the clinic in one of the groups, the newest first."""
    _title, states = GROUPS.get(group, GROUPS[""])
    rows = Delivery.objects.filter(clinic=desk.clinic, state__in=states).exclude(letter="code")
    joined = ("reader__contact", "reader__user", "enrolment__patient", "clinic")
    return rows.select_related(*joined).order_by("-created_at", "-pk")


def line_of(row: Delivery) -> LetterLine:
    """Lay one letter out."""
    contact = row.reader.contact
    return LetterLine(
        row=row,
        what=row.letter.replace("_", " ").replace("-", " ").capitalize(),
        why=_why(row),
        at_fault=contact is not None and contact.address_state != contact.AddressState.OK,
        may_go_again=row.state in {State.DEAD, State.BOUNCED},
        may_be_undone=row.state == State.WAITING and row.pace != Delivery.Pace.EMERGENCY,
    )


def _why(row: Delivery) -> str:
    if row.state not in {State.DEAD, State.BOUNCED}:
        return ""
    key = str(row.why).replace("_", "-")
    return _WHY.get(key, key.replace("-", " ").capitalize() + "." if key else "No reason was noted.")


def letter_of(desk: Desk, uid: Any) -> Delivery | None:
    """Return one letter of this person's clinics."""
    rows = Delivery.objects.filter(clinic__in=desk.clinics, uid=uid)
    return rows.select_related("reader__contact", "enrolment__patient", "clinic").first()
