"""The shipped editions, signed by two demo people so that the synthetic clinic can work with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User

from protocols import models as protocol_rows
from protocols import signing

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
