"""A real SMTP server for tests: it keeps what it takes, and answers as it is told to."""

from __future__ import annotations

import asyncio
import email
import smtplib
from collections import Counter, deque
from email import policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


class _OnAFreePort(Controller):
    """The port is chosen by the system when none is asked for."""

    def _trigger_server(self) -> None:
        listening: Any = self.server
        self.port = listening.sockets[0].getsockname()[1]
        super()._trigger_server()


class MailSink:
    """Answers are scripted per address or for the next letters; without a script everything is taken."""

    def __init__(self, *, pipelining: bool = False) -> None:
        self.pipelining = pipelining
        self.letters: list[EmailMessage] = []
        self.to: list[str] = []
        self.address_answers: dict[str, str] = {}
        self.next_data_answers: deque[str] = deque()
        self.hang_up_after_data = False
        self.slow_seconds = 0.0
        self._port = 0
        self._controller: _OnAFreePort

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._port

    @property
    def message_ids(self) -> Counter[str]:
        """How often each Message-ID was taken."""
        return Counter(letter["Message-ID"] for letter in self.letters)

    def start(self) -> None:
        """Begin to listen."""
        self._controller = _OnAFreePort(self, hostname="127.0.0.1", port=self._port)
        self._controller.start()
        self._port = self._controller.port

    def stop(self) -> None:
        """Hang up on everybody."""
        self._controller.stop()

    async def handle_EHLO(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        """Offer to take commands in one breath, as most servers do."""
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]] if self.pipelining else responses

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Answer for one address."""
        if answer := self.address_answers.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Take one letter, or not."""
        if self.slow_seconds:
            await asyncio.sleep(self.slow_seconds)
        if self.next_data_answers and (answer := self.next_data_answers.popleft()):
            return answer
        message = email.message_from_bytes(envelope.content, policy=policy.default)
        self.letters.append(message)
        self.to.extend(envelope.rcpt_tos)
        if self.hang_up_after_data:
            server.transport.close()
        return "250 taken"


def is_listening(port: int) -> bool:
    """Whether somebody answers there."""
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=1):
            return True
    except OSError:
        return False
