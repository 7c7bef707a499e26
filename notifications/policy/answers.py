"""What a mail server's answer means for the letter, for the address and for the server.

RFC 5321 says 4xx is "try again" and 5xx is "do not"; RFC 3463 adds what it is about. Only an answer about
the mailbox condemns an address: a refusal of the sender or of the content says nothing about the reader.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
CLOSING = 421
ABOUT_AUTHENTICATION = frozenset({454, 530, 534, 535, 538})
ABOUT_THE_MAILBOX = frozenset({550, 551, 553})
# x.2.2 (mailbox full) may pass; the others of class 1 and 2 do not.
ENHANCED_BAD_ADDRESS = frozenset({(1, 0), (1, 1), (1, 2), (1, 3), (1, 6), (1, 10), (2, 1), (2, 0)})
# Of what is reported as failed for good these may pass: mailbox or mail system full, line busy, waited
# for too long.
ENHANCED_MAY_PASS = frozenset({(2, 2), (3, 1), (4, 5), (4, 7)})
TEMPORARY_CODES = range(400, 500)
PERMANENT_CODES = range(500, 600)


class Stage(StrEnum):
    """How far the conversation had come."""

    CONNECT = "connect"
    SENDER = "sender"
    RECIPIENT = "recipient"
    DATA = "data"


class Meaning(StrEnum):
    """What follows from an answer."""

    TRY_AGAIN = "try-again"
    BAD_ADDRESS = "bad-address"
    BAD_LETTER = "bad-letter"
    SERVER_AWAY = "server-away"
    # The line broke after the letter was handed over: it may have been taken. A copy bears its Message-ID.
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer of a server: its code (None when the line broke) and where in the conversation it came."""

    stage: Stage
    code: int | None
    text: str = ""


def meaning_of(answer: Answer) -> Meaning:
    """Read an answer. Anything we cannot read is tried again: never lost, never taken for a verdict."""
    if answer.code is None:
        return Meaning.UNKNOWN if answer.stage is Stage.DATA else Meaning.SERVER_AWAY
    if answer.code == CLOSING or answer.code in ABOUT_AUTHENTICATION or answer.stage is Stage.CONNECT:
        return Meaning.SERVER_AWAY
    if answer.code in TEMPORARY_CODES:
        return Meaning.TRY_AGAIN
    if answer.code in PERMANENT_CODES:
        return _permanent(answer)
    return Meaning.TRY_AGAIN


def may_pass(status: str) -> bool:
    """Whether what kept a letter from arriving may pass, by the status of the report about it (RFC 3463).

    The letter did not arrive either way. A status we cannot read condemns no address.
    """
    found = ENHANCED.search(status)
    if found is None or found.group(1) == "4":
        return True
    return (int(found.group(2)), int(found.group(3))) in ENHANCED_MAY_PASS


def _permanent(answer: Answer) -> Meaning:
    if answer.stage is Stage.SENDER:
        return Meaning.SERVER_AWAY  # our own address or account is refused: every letter would be
    if (found := ENHANCED.search(answer.text)) and found.group(1) == "5":
        subject, detail = int(found.group(2)), int(found.group(3))
        return Meaning.BAD_ADDRESS if (subject, detail) in ENHANCED_BAD_ADDRESS else Meaning.BAD_LETTER
    if answer.stage is Stage.RECIPIENT and answer.code in ABOUT_THE_MAILBOX:
        return Meaning.BAD_ADDRESS
    return Meaning.BAD_LETTER
