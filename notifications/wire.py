"""A letter as the bytes that go over the wire.

Python's own generator folds every header anew for each letter, which costs more than all the rest of sending.
Our letters are of one shape: text, HTML beside it, dates for a calendar. So they are written out directly; a
test reads every letter back and compares it with what Python's generator makes of it.
"""

from __future__ import annotations

import base64
from email.header import Header
from email.utils import formataddr, formatdate, parseaddr
from functools import lru_cache
from typing import Any

from django.core.mail import BadHeaderError, EmailMultiAlternatives

LONGEST_LINE = 998
END = "\r\n"


def bytes_of(message: EmailMultiAlternatives, *, boundary: str) -> bytes:
    """The whole mail. `boundary` is a word that stands in none of its parts."""
    inner = [_part("text/plain", str(message.body))]
    inner += [_part(str(kind), str(content)) for content, kind in _alternatives(message)]
    alternative = _joined("multipart/alternative", inner, f"{boundary}-a")
    dates = [_part(str(kind), str(content), name=str(name)) for name, content, kind in _attached(message)]
    content = _joined("multipart/mixed", [alternative, *dates], f"{boundary}-m") if dates else alternative
    return f"{_headers(message)}{END}{content}".encode("ascii")


def _alternatives(message: EmailMultiAlternatives) -> list[Any]:
    return list(message.alternatives)


def _attached(message: EmailMultiAlternatives) -> list[Any]:
    return list(message.attachments)


def _headers(message: EmailMultiAlternatives) -> str:
    said = {
        "Subject": message.subject,
        "From": _person(str(message.from_email)),
        "To": ", ".join(_person(str(each)) for each in message.to),
        "Date": formatdate(),
        "MIME-Version": "1.0",
    }
    lines = [_header(name, str(value)) for name, value in {**said, **message.extra_headers}.items()]
    return END.join(lines)


def address_on_the_wire(address: str) -> str:
    """An address as mail servers read it. Raises UnicodeError for one that none could read."""
    name, _, domain = address.rpartition("@")
    said = f"{name}@{domain.encode('idna').decode()}"
    if not said.isascii() or not said.isprintable() or set(said) & set(" <>"):
        raise UnicodeError("no mail server can read this address")
    return said


@lru_cache(maxsize=8)
def sender_on_the_wire(written: str) -> str:
    """The bare address of a sender with a name."""
    return address_on_the_wire(parseaddr(written)[1])


def _person(written: str) -> str:
    """A name and an address: the name may be in any alphabet, the address stands as servers read it."""
    name, address = parseaddr(written)
    return formataddr((name, address_on_the_wire(address)))


def _header(name: str, value: str) -> str:
    if "\n" in value or "\r" in value:
        raise BadHeaderError(f"A header cannot hold a line break: {name}")
    return f"{name}: {value if value.isascii() else Header(value, 'utf-8').encode()}"


def _joined(kind: str, parts: list[str], boundary: str) -> str:
    between = f"{END}--{boundary}{END}"
    head = f'Content-Type: {kind}; boundary="{boundary}"{END}'
    return f"{head}{between}{between.join(parts)}{END}--{boundary}--{END}"


def _part(kind: str, content: str, *, name: str = "") -> str:
    """One part: as it is where every server takes it, else in base64."""
    charset = "" if "charset=" in kind else '; charset="utf-8"'
    lines = content.replace("\r\n", "\n").split("\n")
    plain = content.isascii() and all(len(line) <= LONGEST_LINE for line in lines)
    body = END.join(lines) if plain else END.join(base64.encodebytes(content.encode()).decode().splitlines())
    attached = f'Content-Disposition: attachment; filename="{name}"{END}' if name else ""
    encoding = "7bit" if plain else "base64"
    return (
        f"Content-Type: {kind}{charset}{END}Content-Transfer-Encoding: {encoding}{END}{attached}{END}{body}"
    )
