"""Handing one letter to the mail server or provider, and hearing exactly what it said."""

from __future__ import annotations

import smtplib
from typing import Any, Protocol

from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import BadHeaderError, EmailMultiAlternatives, get_connection

from notifications.conversation import StagedBackend
from notifications.policy.answers import Answer, Stage

# A server may look into a letter before it says yes: RFC 5321 allows ten minutes. We wait for a third of a
# lease; whoever does not wait for a yes sends the letter again.
LONGEST_LOOK = 38.0
DJANGO_SMTP = "django.core.mail.backends.smtp.EmailBackend"


class NotTaken(Exception):
    """The letter was not taken, or we cannot know whether it was. Carries what the server answered."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"{answer.stage} {answer.code}")
        self.answer = answer


class Post(Protocol):
    """Somewhere letters can be handed over, one by one, on one open line."""

    def hand_over(self, message: EmailMultiAlternatives) -> str:
        """Hand a letter over; return the provider's id of it. Raises NotTaken."""

    def close(self) -> None:
        """Hang up."""


class MailServerLine:
    """One open line to the configured mail server or provider."""

    def __init__(self, *, timeout: float = 15.0, longest_look: float = LONGEST_LOOK) -> None:
        self._timeout, self._longest_look = timeout, longest_look
        self._backend: Any = None

    def hand_over(self, message: EmailMultiAlternatives) -> str:
        """Hand a letter over; return the provider's id of it. Raises NotTaken."""
        backend = self._open()
        try:
            if isinstance(backend, StagedBackend):
                backend.hand_over(message)
            else:
                backend.send_messages([message])
        except (smtplib.SMTPException, OSError, AnymailAPIError, AnymailRecipientsRefused) as error:
            answer = _answer_in(error, getattr(backend, "stage", Stage.DATA))
            if answer.code is None or answer.stage is Stage.CONNECT:
                self.close()
            raise NotTaken(answer) from error
        except (
            BadHeaderError,
            UnicodeError,
        ) as error:  # an address no server could read: this letter's fault
            raise NotTaken(Answer(stage=Stage.DATA, code=554, text="5.6.0 cannot be written")) from error
        status = getattr(message, "anymail_status", None)
        return str(status.message_id) if status is not None and status.message_id else ""

    def close(self) -> None:
        """Hang up; a line that is broken already is simply forgotten."""
        backend, self._backend = self._backend, None
        if backend is not None:
            try:
                backend.close()
            except (smtplib.SMTPException, OSError):
                return

    def _open(self) -> Any:
        if self._backend is None:
            name = settings.EMAIL_BACKEND
            options: dict[str, Any] = {"timeout": self._timeout} if name == DJANGO_SMTP else {}
            backend = get_connection(
                "notifications.conversation.StagedBackend" if name == DJANGO_SMTP else name, **options
            )
            try:
                backend.open()
            except (smtplib.SMTPException, OSError) as error:
                answer = _answer_in(error, Stage.CONNECT)
                raise NotTaken(Answer(stage=Stage.CONNECT, code=answer.code, text=answer.text)) from error
            if (line := getattr(getattr(backend, "connection", None), "sock", None)) is not None:
                line.settimeout(self._longest_look)
            self._backend = backend
        return self._backend


def _answer_in(error: Exception, stage: Stage) -> Answer:
    match error:
        case smtplib.SMTPRecipientsRefused():
            code, text = next(iter(error.recipients.values()))
            return _said(Stage.RECIPIENT, code, text)
        case smtplib.SMTPResponseException():
            stage = Stage.SENDER if isinstance(error, smtplib.SMTPSenderRefused) else stage
            return _said(stage, error.smtp_code, error.smtp_error)
        case AnymailRecipientsRefused():
            return Answer(stage=Stage.RECIPIENT, code=550, text="5.1.1 refused by the provider")
        case AnymailAPIError():
            return _provider_answer(error)
        case _:
            return Answer(stage=stage, code=None)


SMTP_CODES = range(200, 600)
TOO_MANY_REQUESTS = 429
SERVER_ERROR = 500


def _provider_answer(error: AnymailAPIError) -> Answer:
    """A provider's HTTP status, read as the SMTP answer that means the same."""
    status = getattr(error, "status_code", None)
    if status is None:
        return Answer(stage=Stage.DATA, code=None)
    if status in {401, 403}:
        return Answer(stage=Stage.CONNECT, code=535)
    if status == TOO_MANY_REQUESTS or status >= SERVER_ERROR:
        return Answer(stage=Stage.RECIPIENT, code=421)
    return Answer(stage=Stage.DATA, code=554)


def _said(stage: Stage, code: int, text: bytes | str) -> Answer:
    """An answer as it was said. What is no code of SMTP is a line that broke, not an answer."""
    return Answer(stage=stage, code=code if code in SMTP_CODES else None, text=_plain(text))


def _plain(text: bytes | str) -> str:
    plain = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return " ".join(plain.replace("\0", " ").split())[:300]
