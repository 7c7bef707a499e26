"""An SMTP conversation that knows how far it has come, and does not wait where it need not.

`smtplib` says that the line broke, not when. For us the moment decides: before the letter was handed over it
certainly was not taken; after that it may have been. So the conversation notes its own stage. Where a server
takes several commands in one breath (PIPELINING, RFC 2920; nearly all do) a letter costs two waits, not four.
"""

from __future__ import annotations

import re
import smtplib
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend

from notifications.policy.answers import Stage
from notifications.wire import address_on_the_wire, bytes_of, sender_on_the_wire

OK, GO_ON = 250, 354
TAKEN = frozenset({OK, 251})
Reply = tuple[int, bytes]
AT_LINE_START = re.compile(rb"(?m)^\.")


class StagedSMTP(smtplib.SMTP):
    """An SMTP conversation that remembers how far it has come."""

    stage = Stage.CONNECT

    def hand_over(self, *, sender: str, reader: str, letter: bytes) -> None:
        """Say one letter to one reader. Raises what `smtplib.SMTP.sendmail` raises."""
        if not self.has_extn("pipelining"):
            self.sendmail(sender, [reader], letter)
            return
        self._announce(sender, reader, size=len(letter))
        self.stage = Stage.DATA
        self.send(AT_LINE_START.sub(b"..", letter) + b".\r\n")
        code, text = self.getreply()
        if code != OK:
            raise smtplib.SMTPDataError(code, text)

    def _announce(self, sender: str, reader: str, *, size: int) -> None:
        """Sender, reader and letter in one breath; then hear all three answers."""
        self.stage = Stage.SENDER
        extra = f" size={size}" if self.has_extn("size") else ""
        self.send(f"mail FROM:<{sender}>{extra}\r\nrcpt TO:<{reader}>\r\ndata\r\n")
        from_sender = self.getreply()
        self.stage = Stage.RECIPIENT
        to_reader, ready = self.getreply(), self.getreply()
        if from_sender[0] == OK and to_reader[0] in TAKEN and ready[0] == GO_ON:
            return
        if ready[0] == GO_ON:  # it waits for a letter to nobody: an empty one ends that
            self.send(b".\r\n")
            self.getreply()
        self._start_afresh()
        self._refuse(sender, reader, from_sender, to_reader, ready)

    def _start_afresh(self) -> None:
        """Leave nothing of this letter behind; a line that is closing needs no more words."""
        try:
            self.rset()
        except smtplib.SMTPServerDisconnected:
            self.close()

    @staticmethod
    def _refuse(sender: str, reader: str, from_sender: Reply, to_reader: Reply, ready: Reply) -> None:
        if from_sender[0] != OK:
            raise smtplib.SMTPSenderRefused(*from_sender, sender)
        if to_reader[0] not in TAKEN:
            raise smtplib.SMTPRecipientsRefused({reader: to_reader})
        raise smtplib.SMTPDataError(*ready)

    def mail(self, sender: str, options: Any = ()) -> Reply:
        """Name the sender."""
        self.stage = Stage.SENDER
        return super().mail(sender, options)

    def rcpt(self, recip: str, options: Any = ()) -> Reply:
        """Name the reader."""
        self.stage = Stage.RECIPIENT
        return super().rcpt(recip, options)

    def data(self, msg: Any) -> Reply:
        """Hand over the letter."""
        self.stage = Stage.DATA
        return super().data(msg)


class StagedSMTPOverTLS(StagedSMTP, smtplib.SMTP_SSL):
    """The same over TLS from the first byte."""


class StagedBackend(EmailBackend):
    """Django's SMTP backend with a conversation that remembers its stage."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """The conversation to hold."""
        return StagedSMTPOverTLS if self.use_ssl else StagedSMTP

    def hand_over(self, message: EmailMultiAlternatives) -> None:
        """Say one letter on the open line."""
        conversation: StagedSMTP | None = self.connection  # type: ignore[assignment]  # see connection_class
        if conversation is None:
            raise smtplib.SMTPServerDisconnected("the line is closed")
        boundary = f"ispath-{message.extra_headers['Message-ID'].strip('<>').partition('@')[0]}"
        letter = bytes_of(message, boundary=boundary)
        conversation.ehlo_or_helo_if_needed()
        conversation.hand_over(
            sender=sender_on_the_wire(str(message.from_email)),
            reader=address_on_the_wire(str(message.to[0])),
            letter=letter,
        )

    @property
    def stage(self) -> Stage:
        """How far the conversation has come."""
        return getattr(self.connection, "stage", Stage.CONNECT)
