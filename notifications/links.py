"""The signed link of a letter, and the one-time code sent to the same address.

A token is the delivery's id and a signature over everything it is bound to: the item, the rung, the reader
and the edition. It opens nothing by itself: reading it needs the row, so that a link to a row that was
erased, or that now says something else, is dead.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from notifications.models import Delivery

LINK_LIFE = timedelta(days=30)
CODE_LIFE = timedelta(minutes=15)
PROOF_LIFE = timedelta(minutes=30)
SIGNATURE_BYTES = 16
UID_BYTES = 16


def token_of(delivery: Delivery, *, keys: Sequence[bytes]) -> str:
    """The token of a delivery's link: the same every time, so that a second copy carries the same link."""
    signature = _signature(delivery, keys[0])
    return base64.urlsafe_b64encode(delivery.uid.bytes + signature).decode().rstrip("=")


def uid_in(token: str) -> UUID | None:
    """The delivery a token claims to be of; None when it is no token at all. Says nothing about its truth."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (ValueError, binascii.Error):
        return None
    return UUID(bytes=raw[:UID_BYTES]) if len(raw) == UID_BYTES + SIGNATURE_BYTES else None


def is_token_of(token: str, delivery: Delivery, *, keys: Sequence[bytes]) -> bool:
    """Whether a token was signed by us for exactly this delivery."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (ValueError, binascii.Error):
        return False
    return any(hmac.compare_digest(raw[UID_BYTES:], _signature(delivery, key)) for key in keys)


def expires_at(delivery: Delivery) -> datetime:
    """When a delivery's link stops working. A letter may be written long before its day: that day counts."""
    return max(delivery.created_at, delivery.send_at) + LINK_LIFE


def code_of(code: UUID, *, keys: Sequence[bytes]) -> str:
    """The six digits of a one-time code, worked out from its row: they are stored nowhere."""
    digest = hmac.digest(keys[0], b"ispath code 1" + code.bytes, "sha256")
    return f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06d}"


def proof_of(code: UUID, *, keys: Sequence[bytes]) -> str:
    """What a page carries after the right code was typed, while a value may be entered."""
    return hmac.digest(keys[0], b"ispath proof 1" + code.bytes, "sha256").hex()


def is_same(one: str, other: str) -> bool:
    """Compare two secrets without telling by the time it takes."""
    return hmac.compare_digest(one.encode(), other.encode())


def _signature(delivery: Delivery, key: bytes) -> bytes:
    bound_to = (
        b"ispath link 1",
        delivery.uid.bytes,
        delivery.cause_kind.encode(),
        delivery.cause_uid.bytes,
        delivery.rung.encode(),
        str(delivery.reader_id).encode(),
        delivery.edition.encode(),
    )
    return hmac.digest(key, b"\0".join(bound_to), "sha256")[:SIGNATURE_BYTES]
