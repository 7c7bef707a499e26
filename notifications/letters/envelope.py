"""Putting a letter into its envelope: text first, HTML beside it, dates for the calendar, headers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from notifications import ics, links
from notifications.letterhead import Letterhead
from notifications.letters import LETTERS
from notifications.letters.letter import Letter
from notifications.models import Delivery
from notifications.stillwanted import Circumstances

MOST_DATES = 20


def compose(one: Circumstances, *, address: str, house: Letterhead) -> EmailMultiAlternatives:
    """The whole mail for one delivery, ready to be handed over. The same rows give the same mail."""
    delivery = one.delivery
    letter = written(one, house)
    link = act_link(delivery, house)
    words = _words(one, letter, house, link=link)
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=render_to_string(f"letters/{letter.template}.txt", words),
        from_email=house.sender,
        to=[address],
        headers=_headers(delivery, house, link=link),
    )
    message.metadata = {"delivery": str(delivery.uid)}  # type: ignore[attr-defined]  # for a provider's reports
    message.track_opens = message.track_clicks = False  # type: ignore[attr-defined]
    message.attach_alternative(render_to_string(f"letters/{letter.template}.html", words), "text/html")
    for entry in _dates(one, address=address, house=house):
        message.attach(
            f"{entry.check_uid}.ics",
            ics.calendar(entry, domain=house.message_id_domain),
            f"text/calendar; method={ics.method(entry)}; charset=utf-8",
        )
    return message


def written(one: Circumstances, house: Letterhead) -> Letter:
    """The letter that tells how things stand now."""
    return LETTERS[one.letter or one.delivery.letter](one, house)


def act_link(delivery: Delivery, house: Letterhead) -> str:
    """Where the reader answers."""
    return f"{house.base_url}/letters/{links.token_of(delivery, keys=house.link_keys)}/"


def stop_link(link: str) -> str:
    """Where the reader says how else to be told. Nothing is switched off silently there."""
    return f"{link}stop/"


def _words(one: Circumstances, letter: Letter, house: Letterhead, *, link: str) -> dict[str, Any]:
    delivery = one.delivery
    return {
        **letter.words,
        "subject": letter.subject,
        "about_check": delivery.cause_kind == "check",
        "link": link if letter.has_link else "",
        "stop_link": stop_link(link),
        "phone": delivery.clinic.phone,
        "role": delivery.role,
        "reference": reference(delivery),
        "lines": [_line(item, house) for item in one.enclosed if not item.why_not],
    }


def _line(item: Circumstances, house: Letterhead) -> Mapping[str, str]:
    letter = written(item, house)
    return {
        "text": letter.line,
        "link": act_link(item.delivery, house) if letter.has_link else "",
        "reference": reference(item.delivery),
    }


def reference(delivery: Delivery) -> str:
    """A word both sides can name on the phone. It says nothing about the child to anybody else."""
    digits = delivery.uid.hex[:8].upper()
    return f"{digits[:4]}-{digits[4:]}"


def _headers(delivery: Delivery, house: Letterhead, *, link: str) -> dict[str, str]:
    return {
        "Message-ID": house.message_id(delivery.uid),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "List-Unsubscribe": f"<{stop_link(link)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _dates(one: Circumstances, *, address: str, house: Letterhead) -> list[ics.CalendarDate]:
    with_date = [item for item in (one, *one.enclosed) if item.calendar is not None and not item.why_not]
    return [_date(item, address=address, house=house) for item in with_date[:MOST_DATES]]


def _date(item: Circumstances, *, address: str, house: Letterhead) -> ics.CalendarDate:
    entry = item.calendar
    if entry is None:
        raise ValueError("this letter puts nothing into a calendar")
    letter = written(item, house)
    return ics.CalendarDate(
        check_uid=entry.check_uid,
        sequence=entry.sequence,
        on=entry.on,
        title="A check for the clinic is due",
        text=f"{letter.line} Reference {reference(item.delivery)}.",
        link=act_link(item.delivery, house),
        organizer=house.sender_address,
        attendee=address,
        written_at=item.delivery.created_at,
        cancelled=entry.cancelled,
    )
