"""One date for a reader's calendar, as RFC 5545 text.

The UID is that of the check and the SEQUENCE counts its moves: a calendar that gets a higher sequence moves
the entry it has, and one that gets CANCEL removes it. All-day dates carry no zone, so that no clock change
and no traveller can shift them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

LINE_OCTETS = 75


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDate:
    """One check in one reader's calendar."""

    check_uid: UUID
    sequence: int
    on: date
    title: str
    text: str
    link: str
    organizer: str
    attendee: str
    written_at: datetime
    cancelled: bool = False


def calendar(entry: CalendarDate, *, domain: str) -> str:
    """The file to attach: a request to put the date in, to move it, or to take it out."""
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//ispath//reminders//EN",
        f"METHOD:{method(entry)}",
        "BEGIN:VEVENT",
        f"UID:{entry.check_uid}@{domain}",
        f"SEQUENCE:{entry.sequence}",
        f"DTSTAMP:{entry.written_at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{entry.on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{entry.on + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escaped(entry.title)}",
        f"DESCRIPTION:{_escaped(entry.text)}",
        f"URL:{entry.link}",
        f"ORGANIZER:mailto:{entry.organizer}",
        f"ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=FALSE:mailto:{entry.attendee}",
        f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}",
        "TRANSP:TRANSPARENT",
        "CLASS:PRIVATE",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return "".join(_folded(line) + "\r\n" for line in lines)


def method(entry: CalendarDate) -> str:
    """What the file asks of the calendar."""
    return "CANCEL" if entry.cancelled else "REQUEST"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> str:
    """Break a line after 75 octets, never inside a character."""
    parts: list[str] = []
    part = ""
    for character in line:
        if len((part + character).encode()) > LINE_OCTETS - (1 if parts else 0):
            parts.append(part)
            part = ""
        part += character
    return "\r\n ".join([*parts, part])
