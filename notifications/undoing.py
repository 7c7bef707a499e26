"""Taking a letter back while it still waits: ten minutes in which a slip of the keyboard costs nothing."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from clinic.models import Actor
from clinic.roles import require
from notifications.models import Delivery
from protocols.refusal import Refusal


class AlreadyGone(Refusal):
    """A letter that a worker has taken, or that has been sent."""

    code = "letter-already-gone"


class EmergencyStays(Refusal):
    """An emergency that somebody wants to take back."""

    code = "emergency-stays"


@transaction.atomic
def undo(*, delivery: Delivery, by: Actor, now: datetime) -> Delivery:
    """Take a waiting letter back. Twice is once; one that has gone is followed by a correction instead."""
    rows = Delivery.objects.select_related("clinic").select_for_update(of=("self",))
    row = rows.get(pk=delivery.pk)
    require(actor=by, permission="clinic.change_workitem", clinic=row.clinic)
    if row.state == Delivery.State.UNDONE:
        return row
    if row.pace == Delivery.Pace.EMERGENCY:
        raise EmergencyStays("An emergency letter is not taken back. Correct the value; all are told of it.")
    if row.state != Delivery.State.WAITING:
        raise AlreadyGone("This letter has gone already. Correct the value: everyone who was told is told.")
    row.state, row.why, row.settled_at = Delivery.State.UNDONE, f"undone by {by.uid}", now
    row.save(update_fields=["state", "why", "settled_at"])
    return row
