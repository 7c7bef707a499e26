"""What most systems do: one Celery task for each letter, which sends and then marks. To compare with."""

from __future__ import annotations

from datetime import UTC, datetime

from celery import shared_task

from notifications.letterhead import read_letterhead
from notifications.letters.envelope import compose
from notifications.models import Delivery
from notifications.readers import address_of
from notifications.stillwanted import look_again


@shared_task
def send_one_letter(*, delivery_id: int) -> None:
    """Load, render, connect, send, mark."""
    now = datetime.now(tz=UTC)
    (one,) = look_again([delivery_id], now=now)
    compose(one, address=address_of(one.delivery.reader), house=read_letterhead()).send()
    Delivery.objects.filter(pk=delivery_id).update(state=Delivery.State.SENT, sent_at=now, settled_at=now)
