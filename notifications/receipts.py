"""What comes back: bounces and complaints, kept as they came and read when their letter is known.

A receipt may arrive before the worker has written down that the letter went. It is kept, and looked at again
until its letter is settled: nothing is answered with "not found" and forgotten.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from notifications.models import Attempt, Delivery, Receipt
from notifications.undeliverable import came_back_for_now, not_received

Kind = Receipt.Kind
State = Delivery.State
AT_ONCE = 200
MOST_WAITING = 20_000
# A provider that reports about letters we never sent is no reason to look for them for ever.
LOOK_FOR = timedelta(days=7)


def keep(
    *,
    kind: str,
    permanent: bool,
    provider: str,
    report_id: str,
    message_id: str,
    address: str,
    now: datetime,
) -> Receipt:
    """Keep a report exactly once, whatever is known of its letter."""
    receipt, _ = Receipt.objects.get_or_create(
        provider=provider,
        report_id=_fit(report_id, "report_id"),
        defaults={
            "kind": kind,
            "permanent": permanent,
            "message_id": _fit(message_id.strip("<>"), "message_id"),
            "address": _fit(address, "address"),
            "received_at": now,
        },
    )
    return receipt


def _fit(said: str, column: str) -> str:
    """What a stranger says, as its column can hold it: what is refused would be reported for ever."""
    readable = said.encode("utf-8", "replace").decode().replace("\0", "")
    return readable[: getattr(Receipt._meta.get_field(column), "max_length", None)]


def handle_waiting(*, now: datetime) -> int:
    """Read the receipts nobody has read; return how many were settled.

    Only those whose letter is settled are looked at one by one: any number of reports about letters that are
    not ours blocks nobody.
    """
    waiting = Receipt.objects.filter(handled_at=None)
    oldest = waiting.order_by("received_at", "pk").values_list("pk", "message_id")
    names = dict(oldest[:MOST_WAITING])
    known = _letters_named(set(names.values()))
    ours = [pk for pk, name in names.items() if name in known][:AT_ONCE]
    settled = sum(_handle(pk, now=now) for pk in ours)
    waiting.filter(received_at__lt=now - LOOK_FOR).exclude(pk__in=ours).update(handled_at=now)
    return settled


def _letters_named(names: set[str]) -> set[str]:
    """Of the ids in receipts those of letters that are settled: our own ids, and the providers'."""
    ours = {name: uid for name in names if (uid := _uid_in(name)) is not None}
    settled = Delivery.objects.filter(uid__in=ours.values()).exclude(state=State.CLAIMED)
    known = set(settled.values_list("uid", flat=True))
    by_provider = Attempt.objects.filter(provider_id__in=names - set(ours) - {""})
    found = {name for name, uid in ours.items() if uid in known}
    return found | set(by_provider.values_list("provider_id", flat=True))


def _uid_in(name: str) -> UUID | None:
    try:
        return UUID(name.partition("@")[0])
    except ValueError:
        return None


@transaction.atomic
def _handle(pk: int, *, now: datetime) -> bool:
    receipt = Receipt.objects.select_for_update(skip_locked=True).filter(pk=pk, handled_at=None).first()
    if receipt is None:
        return False
    delivery = _delivery_of(receipt)
    if delivery is None or delivery.state == State.CLAIMED:
        return False
    Receipt.objects.filter(pk=pk).update(handled_at=now, delivery=delivery)
    if receipt.kind == Kind.BOUNCED and not receipt.permanent:
        came_back_for_now(delivery=delivery, now=now)
    elif why := _not_received_because(receipt):
        _came_back(delivery, why=why, now=now)
    return True


def _not_received_because(receipt: Receipt) -> str:
    match receipt.kind:
        case Kind.BOUNCED:
            return "bounced"
        case Kind.COMPLAINED:
            return "complained"
        case Kind.OPTED_OUT:
            return "opted-out"
        case _:
            return ""


def _came_back(delivery: Delivery, *, why: str, now: datetime) -> None:
    """A letter that was read and called unwanted was received: only a bounce undoes "sent"."""
    if why == "bounced":
        row = Delivery.objects.filter(pk=delivery.pk)
        row.filter(state=State.SENT).update(state=State.BOUNCED, why=why)
        tried = row.filter(state=State.READY, attempts_made__gt=0)
        tried.update(state=State.DEAD, why=why, settled_at=now)
    not_received(delivery=delivery, why=why, now=now)


def _delivery_of(receipt: Receipt) -> Delivery | None:
    """By our own Message-ID, else by the provider's id of the letter."""
    rows = Delivery.objects.select_related("reader__contact", "clinic", "enrolment__patient")
    if (uid := _uid_in(receipt.message_id)) is not None:
        return rows.filter(uid=uid).first()
    attempts = Attempt.objects.filter(~Q(provider_id=""), provider_id=receipt.message_id)
    return rows.filter(pk__in=attempts.values("delivery")).first()
