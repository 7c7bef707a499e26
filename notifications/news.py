"""What kinds of news the clinic's timeline holds for readers beyond checks and escalations."""

from __future__ import annotations

from datetime import datetime

from clinic.models import TimelineEntry


def tell_of(entry: TimelineEntry, *, now: datetime) -> None:
    """Write the letters one timeline entry asks for."""
