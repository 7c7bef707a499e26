"""A mail server of its own process: writes down each letter it took, and misbehaves when told to."""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import logging
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

HEADERS = BytesHeaderParser()


class Sink:
    """Takes letters. Trouble is decided by the letter itself, so that each run meets the same."""

    def __init__(self, took: Path, *, slow: float, trouble: bool, plain: bool) -> None:
        self.plain = plain
        self.took = took.open("a", buffering=1)
        self.slow, self.trouble = slow, trouble
        self.troubled: set[str] = set()

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        """Say what real servers say and aiosmtpd does, but does not say: commands may come in one breath."""
        session.host_name = hostname
        return responses if self.plain else [*responses[:-1], "250-PIPELINING", responses[-1]]

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Some addresses do not exist."""
        if address.startswith("gone-"):
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Take the letter; or not now; or hang up before, or after, having taken it."""
        await asyncio.sleep(self.slow)
        message_id = str(HEADERS.parsebytes(envelope.content)["Message-ID"]).strip()
        die = int(hashlib.sha256(message_id.encode()).hexdigest()[:4], 16) % 100
        first_time = message_id not in self.troubled
        if self.trouble and first_time and die < 5:
            self.troubled.add(message_id)
            if die < 3:
                return "451 4.3.0 try again later"
            if die == 3:
                server.transport.abort()
                return "421 4.3.2 never heard"
        self.took.write(f"{message_id}\t{envelope.rcpt_tos[0]}\n")
        if self.trouble and first_time and die == 4:
            server.transport.abort()
        return "250 taken"


async def serve(sink: Sink, port: int) -> None:
    """Listen until killed."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(sink, hostname="sink"), "127.0.0.1", port)
    await server.serve_forever()


def main() -> None:
    """Read the command line and listen."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--port", type=int, required=True)
    arguments.add_argument("--took", type=Path, required=True)
    arguments.add_argument("--slow", type=float, default=0.0)
    arguments.add_argument("--trouble", action="store_true")
    arguments.add_argument("--plain", action="store_true", help="do not offer PIPELINING")
    given = arguments.parse_args()
    logging.disable(logging.CRITICAL)
    asyncio.run(
        serve(Sink(given.took, slow=given.slow, trouble=given.trouble, plain=given.plain), given.port)
    )


if __name__ == "__main__":
    main()
