"""Filters and tags of the pages: dates in words, badges with a mark, a number with its source."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ispath.dashboard import words
from ispath.dashboard.reading.letters import LETTER_TONES

register = template.Library()

# A mark stands before the colour, so that nobody needs to see the colour.
_MARKS = {"stop": "‼", "warn": "!", "good": "✓", "info": "i", "": "·"}

URGENCY_TONES = {
    "emergency": "stop",
    "critical": "stop",
    "urgent": "stop",
    "high": "warn",
    "medium": "warn",
    "routine": "info",
    "low": "info",
    "info": "info",
}


@register.filter
def day(value: date | datetime | None) -> str:
    """Write a date with its weekday; of a moment, the day in the active zone."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return words.day(value)


@register.filter
def near(value: date, today: date) -> str:
    """Write a date without its year where the year is plain."""
    return words.near_day(value, today)


@register.filter
def moment(value: datetime | None) -> str:
    """Write a moment in the clinic's zone, which the page has activated."""
    return words.moment(timezone.localtime(value)) if value else "no time"


@register.filter
def from_today(value: date | None, today: date) -> str:
    """Say how far a day is from today."""
    return words.distance(value, today) if value else ""


@register.filter
def late(days: int) -> str:
    """Say how late."""
    return words.late(days)


@register.filter
def amount(value: Decimal | None, places: int = 3) -> str:
    """Write a decimal for a person."""
    return words.amount(value, places)


@register.filter
def age_on(born_on: date, today: date) -> str:
    """Write an age."""
    return words.age(born_on, today)


@register.filter
def tone(urgency: str) -> str:
    """Give the tone of an urgency."""
    return URGENCY_TONES.get(str(urgency), "info")


@register.filter
def letter_tone(state: str) -> str:
    """Give the tone of a letter's state."""
    return LETTER_TONES.get(state, "")


@register.filter
def humane(text: str) -> str:
    """Write a sentence of the clinic as a page does."""
    return words.humane(str(text))


@register.filter
def plain(value: str) -> str:
    """Write a code as words."""
    return str(value).replace("_", " ").replace("-", " ")


@register.simple_tag
def badge(text: str, tone: str = "") -> SafeString:
    """A small label whose mark and word say what its colour says."""
    return format_html('<span class="badge {}" data-mark="{}">{}</span>', tone, _MARKS.get(tone, "·"), text)


@register.simple_tag
def sourced(text: str, source: Any, *, stop: bool = True) -> SafeString:
    """A number of the protocol that shows where it comes from, on hover and on focus.

    Where `stop` is false the Tab key passes it by, and the arrow keys of the calendar reach it.
    """
    if not source:
        return format_html("{}", text)
    key = f"src-{uuid4().hex[:10]}"
    return format_html(
        '<span class="src" tabindex="{}" aria-describedby="{}">{}'
        '<span role="tooltip" id="{}">{}</span></span>',
        0 if stop else -1,
        key,
        text,
        key,
        source,
    )


@register.inclusion_tag("dashboard/parts/banner.html")
def banner(tone: str, say: str, text: str = "") -> dict[str, str]:
    """One sentence in a coloured box with a mark and a word."""
    icons = {"stop": "block", "warn": "warning", "good": "check_circle", "info": "info"}
    return {"tone": tone, "say": say, "text": text, "icon": icons.get(tone, "info")}
