"""From a provider's report to a receipt. Whatever the provider, anymail gives it one shape.

The report is only kept here. It is read by the sending round, so that one that comes before its letter is
settled waits for it; and if it cannot be kept the provider hears an error and reports again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest

from notifications.models import Receipt
from notifications.policy.answers import ENHANCED, may_pass
from notifications.receipts import keep

log = logging.getLogger(__name__)

Kind = Receipt.Kind
KINDS = {
    "delivered": Kind.DELIVERED,
    "deferred": Kind.DEFERRED,
    "bounced": Kind.BOUNCED,
    "rejected": Kind.BOUNCED,
    "failed": Kind.BOUNCED,
    "complained": Kind.COMPLAINED,
    "unsubscribed": Kind.OPTED_OUT,
}
# What a provider calls a bounce may pass (mailbox full, grey list); these do not.
FOR_GOOD = frozenset({"invalid", "bounced", "blocked", "spam", "unsubscribed"})
# How Postmark, Brevo and SendGrid call a bounce whose cause may pass.
SOFT = frozenset({("Type", "SoftBounce"), ("event", "soft_bounce"), ("type", "blocked")})


def take_report(sender: object, event: Any, esp_name: str, **more: object) -> None:
    """Keep one report of a provider. Openings and clicks are not asked for, and not kept."""
    kind = KINDS.get(event.event_type)
    if kind is None:
        return
    attached = event.metadata if isinstance(event.metadata, dict) else {}
    message_id = str(attached.get("delivery") or event.message_id or "")
    if not message_id:
        return
    keep(
        kind=kind,
        permanent=kind is Kind.BOUNCED and is_for_good(event),
        provider=esp_name.lower(),
        report_id=str(event.event_id or digest_of(event, message_id)),
        message_id=message_id,
        address=str(event.recipient or ""),
        now=datetime.now(tz=UTC),
    )


def is_for_good(event: Any) -> bool:
    """Whether a letter that came back would come back again: by the provider's word, else by the status."""
    said = event.esp_event if isinstance(event.esp_event, dict) else {}
    if any(said.get(key) == word for key, word in SOFT):
        return False
    if ENHANCED.search(answered := str(event.mta_response or "")):
        return not may_pass(answered)
    return event.reject_reason in FOR_GOOD


def digest_of(event: Any, message_id: str) -> str:
    """An id for a report whose provider gives none: the same report gives the same id."""
    words = f"{event.event_type}|{event.timestamp}|{message_id}|{event.recipient}"
    return sha256(words.encode()).hexdigest()


def refuse_the_unreadable(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 400 to what no provider says: anymail reads a report as if it always had the right shape."""

    @wraps(view)
    def read(request: HttpRequest, **parts: object) -> HttpResponse:
        try:
            return view(request, **parts)
        except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
            log.exception("report_not_read")
            return HttpResponseBadRequest("This is not a report as the provider writes it.")

    return read
