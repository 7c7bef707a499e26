"""Sending a dead or returned letter again, after a person has mended what was wrong.

The row stays the same, so its Message-ID and its links do too. Whether the letter is still true is asked
again when it goes, as for every letter.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from clinic.models import Actor
from clinic.roles import require
from clinic.workitems import settle_items
from notifications.models import Delivery
from notifications.readers import address_of
from protocols.refusal import Refusal

State = Delivery.State
NOT_RECEIVED = (State.DEAD, State.BOUNCED)
UNDER_WAY = (State.WAITING, State.READY, State.CLAIMED)


class NotReturned(Refusal):
    """A letter that neither died nor came back."""

    code = "letter-not-returned"


class StillNoAddress(Refusal):
    """A reader who still cannot be written to."""

    code = "still-no-address"


@transaction.atomic
def send_again(*, delivery: Delivery, by: Actor, now: datetime) -> Delivery:
    """Put a letter that was not received back into the outbox. Twice is once.

    A letter that gathered others is not sent as it was: each of those it held goes back by itself.
    """
    rows = Delivery.objects.select_related("clinic", "reader__user", "reader__contact")
    row = rows.select_for_update(of=("self",)).get(pk=delivery.pk)
    require(actor=by, permission="clinic.change_workitem", clinic=row.clinic)
    if row.state in UNDER_WAY:
        return row
    if row.state not in NOT_RECEIVED:
        raise NotReturned("This letter did not come back, so it is not sent again.")
    if not address_of(row.reader):
        raise StillNoAddress(
            "This reader still has no address that works. Correct and confirm it, or name another contact."
        )
    which = Q(parcel=row) if row.letter == "digest" else Q(pk=row.pk)
    Delivery.objects.filter(which, state__in=NOT_RECEIVED).update(
        state=State.WAITING,
        why="",
        parcel=None,
        routine_on=None,
        attempts_made=0,
        claims=0,
        send_at=now,
        sent_at=None,
        settled_at=None,
    )
    settle_items(clinic=row.clinic, cause=f"delivery/{row.uid}", because="sent again", by=by, now=now)
    row.refresh_from_db()
    return row
