"""The caught letters as the folder holds them, newest first."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default as policy
from pathlib import Path

KEY = re.compile(r"^\d{20}$")
NANOSECONDS = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One caught letter; `to` is the envelope's recipients, who may be others than its header says."""

    key: str
    caught_at: datetime
    subject: str
    sender: str
    to: tuple[str, ...]
    message: EmailMessage

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [
            (name, str(value)) for name, value in self.message.items() if not name.startswith("X-Caught-")
        ]

    @property
    def text(self) -> str:
        return self.body("plain")

    @property
    def html(self) -> str:
        return self.body("html")

    def body(self, kind: str) -> str:
        part = self.message.get_body(preferencelist=(kind,))
        return str(part.get_content()) if part is not None else ""

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        return tuple(
            Attachment(
                name=part.get_filename() or "unnamed",
                content_type=part.get_content_type(),
                content=part.get_payload(decode=True) or b"",  # type: ignore[arg-type]
            )
            for part in self.message.iter_attachments()
        )


def read(path: Path) -> Letter:
    message = email.message_from_bytes(path.read_bytes(), policy=policy)
    return Letter(
        key=path.stem,
        caught_at=datetime.fromtimestamp(int(path.stem) / NANOSECONDS, tz=UTC),
        subject=str(message["Subject"] or "(no subject)"),
        sender=str(message["From"] or message["X-Caught-From"] or ""),
        to=tuple(str(value) for value in message.get_all("X-Caught-To", [])),
        message=message,
    )


def newest(folder: Path, most: int) -> Iterator[Letter]:
    for path in sorted(folder.glob("*.eml"), reverse=True)[:most]:
        yield read(path)


def find(folder: Path, key: str) -> Letter | None:
    path = folder / f"{key}.eml"
    return read(path) if KEY.match(key) and path.is_file() else None
