"""A small real SMTP server that keeps what it is given: one .eml file a letter, in MAIL_CATCHER_FOLDER.

Run as: python -m ispath.mailcatcher.server HOST:PORT. For development only; it delivers nothing to anybody.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from email.policy import SMTP as SMTP_POLICY
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

MOST_BYTES = 25 * 1024 * 1024
NOWHERE = ".invalid"  # RFC 2606: no such domain will ever be, so a letter there is refused as anywhere else


class Keep:
    """Writes each letter, with the envelope's own sender and recipients, which the headers need not tell."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address.endswith(NOWHERE):
            return "550 5.1.2 There is no such domain"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        eol = SMTP_POLICY.linesep.encode()
        marks = [f"X-Caught-From: {envelope.mail_from}", *(f"X-Caught-To: {to}" for to in envelope.rcpt_tos)]
        content = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        name = f"{time.time_ns():020d}"
        half = self.folder / f"{name}.part"
        half.write_bytes(eol.join(mark.encode() for mark in marks) + eol + content)
        half.rename(self.folder / f"{name}.eml")  # a reader sees the whole letter or none
        return "250 OK: kept"


async def serve(folder: Path, host: str, port: int) -> None:
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    server = await loop.create_server(
        lambda: SMTP(Keep(folder), data_size_limit=MOST_BYTES, enable_SMTPUTF8=True, ident="ispath"),
        host,
        port,
    )
    async with server:
        await stopped.wait()


def main() -> None:
    host, _, port = (sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:1025").rpartition(":")
    folder = Path(os.environ["MAIL_CATCHER_FOLDER"])
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(serve(folder, host, int(port)))


if __name__ == "__main__":
    main()
