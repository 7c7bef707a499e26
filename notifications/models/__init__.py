"""The rows that are the truth about letters: what is to be said, to whom, and what came of it."""

from __future__ import annotations

from notifications.models.answers import LinkCode, LinkUse
from notifications.models.delivery import Attempt, Delivery
from notifications.models.health import MailServer, Outage
from notifications.models.ladder import CalendarEntry, Ladder
from notifications.models.receipt import Receipt

__all__ = (
    "Attempt",
    "CalendarEntry",
    "Delivery",
    "Ladder",
    "LinkCode",
    "LinkUse",
    "MailServer",
    "Outage",
    "Receipt",
)
