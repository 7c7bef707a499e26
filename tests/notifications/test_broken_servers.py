"""Mail servers that break off, stammer or talk nonsense: no letter is lost, and none stops the others."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import timedelta

import pytest
from pytest_django import Settings

from notifications.models import Delivery, MailServer
from notifications.post import MailServerLine
from notifications.sending import Round, send_due
from tests.factories.clinic import NOW
from tests.factories.notifications import DeliveryFactory
from tests.notifications.conftest import HOUSE

pytestmark = pytest.mark.django_db
READY, HELLO, PLAIN = b"220 mx\r\n", b"250-mx\r\n250 PIPELINING\r\n", b"250 mx\r\n"
BEFORE = b"250 sender\r\n250 reader\r\n354 go on\r\n"


@contextmanager
def server(*says: bytes) -> Iterator[int]:
    """One that says these things, each after it heard something, and then hangs up."""

    def answer(line: socket.socket) -> None:
        with line, suppress(OSError):
            line.settimeout(5)
            line.sendall(says[0])
            for words in says[1:]:
                line.recv(65536)
                line.sendall(words)
            line.shutdown(socket.SHUT_WR)

    def serve(listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                answer(listening.accept()[0])

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=serve, args=(listening,), daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)


def send_to(port: int, settings: Settings) -> Round:
    """One round of sending over a line to such a server."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    with closing(MailServerLine(timeout=0.5, longest_look=0.5)) as post:
        return send_due(posts=[post], house=HOUSE, clock=lambda: NOW, until=NOW + timedelta(seconds=50))


@pytest.mark.parametrize(
    "says",
    [
        (b"421 4.3.2 not now\r\n",),
        (b"",),
        (b"22",),
        (b"Welcome to my web site\r\n",),
        (READY, b"250-mx\r\n250-PIPE"),
        (READY, HELLO, b"250 sender\r\n25"),
        (READY, HELLO, b"250 sender\r\nwhat?\r\n354 go on\r\n"),
        (READY, HELLO, b"250 sender\r\n421 4.3.2 closing\r\n"),
        (READY, PLAIN, b"25"),
        (READY, PLAIN, b"what?\r\n"),
    ],
)
def test_a_server_that_breaks_off_before_the_letter_is_away_and_costs_no_attempt(
    says: tuple[bytes, ...], settings: Settings
) -> None:
    DeliveryFactory.create_batch(2)

    with server(*says) as port:
        done = send_to(port, settings)

    assert done.server_away
    assert set(Delivery.objects.values_list("state", "attempts_made", "claims")) == {("ready", 0, 0)}
    assert MailServer.objects.get().knock_at == NOW + timedelta(seconds=10)


@pytest.mark.parametrize("answer", [b"", b"25", b"what?\r\n", b"-12 no\r\n"])
def test_an_answer_to_the_letter_that_nobody_can_read_is_tried_again(
    answer: bytes, settings: Settings
) -> None:
    delivery = DeliveryFactory.create()

    with server(READY, HELLO, BEFORE, answer) as port:
        done = send_to(port, settings)

    delivery.refresh_from_db()
    assert done.later == 1
    assert (delivery.state, delivery.attempts_made) == ("ready", 1)
    assert delivery.attempts.get().meaning == "unknown"


def test_an_answer_with_characters_no_column_holds_is_kept_without_them(settings: Settings) -> None:
    delivery = DeliveryFactory.create()

    with server(READY, HELLO, BEFORE, b"451 4.3.0 a \0 zero, \xff\xfe and no letters\r\n") as port:
        send_to(port, settings)

    assert delivery.attempts.get().text.startswith("4.3.0 a zero,")
