"""A house to write from, a clock to hand down, and a mail server to write to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from notifications.letterhead import Letterhead
from notifications.post import MailServerLine
from notifications.sending import Round, send_due
from tests.factories.clinic import NOW
from tests.notifications.mailsink import MailSink

HOUSE = Letterhead(
    base_url="https://ispath.test",
    sender="ispath <ispath@demo.example>",
    message_id_domain="demo.example",
    link_keys=(b"a key for tests", b"an older key for tests"),
    only_domains=None,
)


@pytest.fixture
def house() -> Letterhead:
    """The letterhead of the tests."""
    return HOUSE


@pytest.fixture(params=[True, False], ids=["in one breath", "line by line"])
def breath(request: pytest.FixtureRequest) -> bool:
    """Whether the mail server takes several commands at once: both kinds must be understood alike."""
    return bool(request.param)


@pytest.fixture
def mail_server(request: pytest.FixtureRequest, settings: Settings) -> Iterator[MailSink]:
    """A real SMTP server, and the settings that lead to it."""
    both = "breath" in request.fixturenames
    sink = MailSink(pipelining=request.getfixturevalue("breath") if both else True)
    sink.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    yield sink
    sink.stop()


def send(house: Letterhead = HOUSE, *, now: datetime = NOW) -> Round:
    """One round of sending at a moment, over a real line."""
    post = MailServerLine(timeout=5)
    try:
        return send_due(posts=[post], house=house, clock=lambda: now, until=now + timedelta(seconds=50))
    finally:
        post.close()
