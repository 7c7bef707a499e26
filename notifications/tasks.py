"""What Celery carries: nothing but a nudge. Each task finds its own work in the database."""

from __future__ import annotations

from datetime import UTC, datetime

from celery import shared_task

from notifications import rounds
from notifications.letterhead import read_letterhead


def clock() -> datetime:
    """The moment it is. Read here, at the edge, and handed down."""
    return datetime.now(tz=UTC)


@shared_task
def relay() -> None:
    """Turn what happened, and what has come due, into deliveries."""
    rounds.relay_round(clock=clock)


@shared_task
def send_due() -> None:
    """Pack what is due and hand it to the mail server."""
    rounds.send_round(clock=clock, house=read_letterhead())


@shared_task
def weekly() -> None:
    """Write the letters about the week ahead that are not written yet."""
    rounds.weekly_round(clock=clock)
