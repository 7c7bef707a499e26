"""Letters about a child: to whom, when, and what came of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from notifications.models import Delivery

if TYPE_CHECKING:
    from datetime import datetime

    from clinic.models import Patient

_TONES = {"sent": "good", "bounced": "stop", "dead": "stop", "waiting": "info", "ready": "info"}
MOST = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One letter in a line."""

    text: str
    state: str
    tone: str
    at: datetime
    to: str


def letters_about(patient: Patient) -> list[Letter]:
    """Return the newest letters about a child."""
    rows = Delivery.objects.filter(enrolment__patient=patient).select_related("reader")
    return [
        Letter(
            text=row.letter.replace("_", " ").replace("-", " "),
            state=row.get_state_display(),
            tone=_TONES.get(row.state, ""),
            at=row.sent_at or row.send_at,
            to=f"{row.reader.name}{f' ({row.role})' if row.role else ''}",
        )
        for row in rows.order_by("-send_at", "-pk")[:MOST]
    ]
