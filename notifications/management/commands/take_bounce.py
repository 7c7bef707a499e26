"""Read a bounce that came back as mail, from standard input: for an alias or a fetched mailbox."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.core.management.base import BaseCommand

from notifications.dsn import bounces_in
from notifications.models import Receipt
from notifications.receipts import keep


class Command(BaseCommand):
    """manage.py take_bounce < MAIL."""

    help = "Keep the bounces that a mail on standard input reports (RFC 3464). Any other mail is left alone."

    def handle(self, *_: Any, **__: Any) -> None:
        """Keep what the mail reports."""
        raw = sys.stdin.buffer.read()
        found = bounces_in(raw)
        for bounce in found:
            keep(
                kind=Receipt.Kind.BOUNCED if bounce.final else Receipt.Kind.DEFERRED,
                permanent=bounce.permanent,
                provider="dsn",
                report_id=sha256(raw + bounce.address.encode()).hexdigest(),
                message_id=bounce.message_id,
                address=bounce.address,
                now=datetime.now(tz=UTC),
            )
        self.stdout.write(f"{len(found)} bounces kept")
