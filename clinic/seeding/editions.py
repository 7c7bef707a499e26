"""The shipped editions, signed by two demo people so that the synthetic clinic can work with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User

from protocols import drafting, editing, signing
from protocols import models as protocol_rows

if TYPE_CHECKING:
    import datetime as dt

    from clinic.models import Clinic

FIRST, SECOND = "pathway@demo.example", "neurologist@demo.example"


def put_in_force(clinic: Clinic, *, now: dt.datetime) -> None:
    """Sign what the library ships and nobody has signed, and put it in force. Twice is once."""
    lead, neurologist = (User.objects.get(username=name) for name in (FIRST, SECOND))
    on = now.astimezone(ZoneInfo(clinic.zone)).date()
    for table in (protocol_rows.ProtocolEdition, protocol_rows.PathwayEdition):
        unsigned: Any = table.objects
        for edition in unsigned.filter(state=table.State.CHECKED, origin=table.Origin.SHIPPED).order_by("pk"):
            once = signing.sign_edition(edition, role="pathway lead", by=lead, now=now)
            both = signing.sign_edition(once, role="neurologist", by=neurologist, now=now)
            signing.put_in_force(both, on=on, by=lead, now=now)
    draft_what_the_clinic_enters(by=lead, now=now)


def draft_what_the_clinic_enters(*, by: User, now: dt.datetime) -> None:
    """A draft that enters what no source gives: how 40 mg a day are divided. Twice is once."""
    editions: Any = protocol_rows.ProtocolEdition.objects.filter(protocol__key="prednisolone-ukiss")
    if editions.count() > 1:
        return
    reason = "Enter how 40 mg a day are divided, as the demo clinic's pharmacist wants it."
    draft = drafting.clone_edition(editions.get(), reason=reason, by=by, now=now)
    split = protocol_rows.Choice.objects.get(edition=draft, name="times_at_40_mg")
    editing.change_row(split, columns={"default": "4"}, by=by)
