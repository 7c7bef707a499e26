"""Reading a bounce that came back as mail: a delivery status notification (RFC 3464).

Pure: bytes in, values out. What is no such notification gives nothing; it is never guessed at, because an
answer of a person or an out-of-office note must not condemn an address.
"""

from __future__ import annotations

import email
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage, Message

from notifications.policy.answers import may_pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """One reader who did not get one letter. Not `final`: the server that reports goes on trying."""

    message_id: str
    address: str
    final: bool
    permanent: bool


def bounces_in(raw: bytes) -> tuple[Bounce, ...]:
    """The bounces a mail reports; none when it is no delivery status notification."""
    message = email.message_from_bytes(raw, policy=policy.default)
    status = next(
        (part for part in message.walk() if part.get_content_type() == "message/delivery-status"), None
    )
    original = _message_id_of_original(message)
    if status is None or not original:
        return ()
    return tuple(
        Bounce(
            message_id=original,
            address=_address(block),
            final=action == "failed",
            permanent=action == "failed" and not may_pass(str(block.get("Status", ""))),
        )
        for block in _blocks(status)
        if (action := str(block.get("Action", "")).strip().lower()) in {"failed", "delayed"}
    )


def _blocks(status: EmailMessage | Message) -> Iterator[Message]:
    payload = status.get_payload()
    for block in payload if isinstance(payload, list) else ():
        if isinstance(block, Message) and block.get("Action"):
            yield block


def _address(block: Message) -> str:
    named = block.get("Original-Recipient") or block.get("Final-Recipient") or ""
    return str(named).rpartition(";")[2].strip()


def _message_id_of_original(message: EmailMessage | Message) -> str:
    """The letter comes back whole, or as its headers."""
    for part in message.walk():
        match part.get_content_type():
            case "message/rfc822":
                inner = part.get_payload()
                if isinstance(inner, list) and inner and isinstance(inner[0], Message):
                    return str(inner[0].get("Message-ID", "")).strip()
            case "text/rfc822-headers":
                headers = email.message_from_string(str(part.get_payload()))
                return str(headers.get("Message-ID", "")).strip()
            case _:
                continue
    return ""
