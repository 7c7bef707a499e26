"""One example of every letter, from rows that are never saved: for a page to look at, and the papers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from uuid import UUID

from django.core.mail import EmailMultiAlternatives

from clinic.models import Clinic, Enrolment
from notifications.letterhead import Letterhead
from notifications.letters import LETTERS
from notifications.letters.envelope import compose
from notifications.models import CalendarEntry, Delivery
from notifications.stillwanted import Circumstances

HOUSE = Letterhead(
    base_url="https://ispath.example.org",
    sender="ispath <ispath@example.org>",
    message_id_domain="example.org",
    link_keys=(b"for examples only",),
    only_domains=(),
)
DAY = date(2026, 11, 25)
DATES = {"opens_on": date(2026, 11, 22), "due_on": DAY, "closes_on": date(2026, 11, 27), "act_by_on": DAY}
DATA = {
    "observes": "blood-pressure",
    "before_on": "2026-11-23",
    "on": "2026-11-30",
    "until_on": "2027-03-01",
    "told_on": "2026-11-19",
    "asks": ["a blood pressure check", "a weight check", "a routine test"],
    "overdue": 1,
    "due": 2,
    "upcoming": 4,
}
PACES = {"escalation_emergency": "emergency", "code": "emergency", "escalation_raised": "urgent"}


def examples() -> Iterator[tuple[str, EmailMultiAlternatives]]:
    """Each letter by name, as a practice gets it."""
    for number, name in enumerate(LETTERS, start=1):
        yield name, compose(_example(name, number), address="doctor@example.org", house=HOUSE)


def _example(name: str, number: int) -> Circumstances:
    one = _circumstances(name, number)
    if name != "digest":
        return one
    inside = ("check_late", "check_due", "referral_made")
    enclosed = tuple(_circumstances(each, 100 + place) for place, each in enumerate(inside))
    return Circumstances(delivery=one.delivery, letter=name, enclosed=enclosed)


def _circumstances(name: str, number: int) -> Circumstances:
    clinic = Clinic(name="", phone="+1 555 0100", emergency_phone="+1 555 0199", zone="America/Chicago")
    delivery = Delivery(
        uid=UUID(int=(0x1A2B3C00 + number) << 96 | number),
        clinic=clinic,
        enrolment=Enrolment(clinic=clinic),
        reader_id=1,
        role="pediatrician",
        letter=name,
        cause_kind="check" if name.startswith("check") else "news",
        cause_uid=UUID(int=number),
        rung="example",
        pace=PACES.get(name, "routine"),
        created_at=datetime(2026, 11, 20, 14, tzinfo=UTC),
        data=DATA,
    )
    entry = CalendarEntry(check_uid=UUID(int=number), on=DAY, cancelled=name == "check_not_needed")
    return Circumstances(
        delivery=delivery, letter=name, dates=DATES, calendar=entry if name.startswith("check") else None
    )
