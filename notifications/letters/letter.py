"""What a letter function returns, and the few words all letters share.

No letter holds a name, a birth date, a record number, a drug, a diagnosis or a value: not in the subject, the
body, a header or a link. What is due is said in general words; who it is about is shown only behind the link.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from notifications.letterhead import Letterhead
    from notifications.stillwanted import Circumstances

# What is to be done, in words that tell an outsider nothing about the illness or its treatment.
GENERAL_WORDS = {
    "blood-pressure": "a blood pressure check",
    "weight": "a weight check",
    "length": "a length check",
    "glucose": "a routine test",
    "electrolytes": "a routine test",
    "stool": "a routine test",
    "vision": "an eye examination",
    "eeg": "a recording at the hospital",
    "imaging": "a scan",
    "call": "a phone call to the family",
    "contact": "a phone call to the family",
}
ANY_CHECK = "a check"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter before it is put into its envelope. `line` is how it reads inside another letter."""

    subject: str
    line: str
    template: str
    words: Mapping[str, Any] = field(default_factory=dict)
    has_link: bool = True


LetterFunction = Callable[["Circumstances", "Letterhead"], Letter]


def in_words(day: date | str) -> str:
    """A date as people read it, weekday first: Monday 23 November 2026."""
    on = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{on:%A} {on.day} {on:%B %Y}"


def short(day: date | str) -> str:
    """A date for a subject line: Mon 23 Nov."""
    on = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{on:%a} {on.day} {on:%b}"


def what(one: Circumstances) -> str:
    """What is to be done, in general words."""
    return GENERAL_WORDS.get(one.delivery.data.get("observes", ""), ANY_CHECK)


def day_of(one: Circumstances, name: str) -> date | str:
    """A date as it stands now, else as it stood when the letter was written."""
    return one.dates.get(name) or one.delivery.data[name]


def sentence(text: str) -> str:
    """The same words at the start of a sentence."""
    return text[:1].upper() + text[1:]
