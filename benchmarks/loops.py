"""Three ways to send the same letters to the same sink on the same machine."""

from __future__ import annotations

import smtplib
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from benchmarks import caseload
from benchmarks.naive import send_one_letter
from notifications.letterhead import read_letterhead
from notifications.letters.envelope import compose
from notifications.models import Delivery
from notifications.packing import pack
from notifications.readers import address_of
from notifications.stillwanted import look_again
from notifications.tasks import send_due

if TYPE_CHECKING:
    from benchmarks.field import Field


def ready_made() -> tuple[str, str, bytes]:
    """Sender, reader and bytes of one letter, as they go over the wire."""
    caseload.letters(1)
    (one,) = look_again(list(Delivery.objects.values_list("pk", flat=True)), now=datetime.now(tz=UTC))
    message = compose(one, address=address_of(one.delivery.reader), house=read_letterhead())
    whole: Any = message.message()
    return "ispath@fire.example", str(message.to[0]), whole.as_bytes(linesep="\r\n")


def bare_loop(port: int, letters: int, letter: tuple[str, str, bytes]) -> float:
    """The fastest plain thing: one open line, letters ready made, nothing written down."""
    sender, to, text = letter
    with smtplib.SMTP("127.0.0.1", port) as line:
        line.sendmail(sender, [to], text)
        began = time.perf_counter()
        for _ in range(letters):
            line.sendmail(sender, [to], text)
        return letters / (time.perf_counter() - began)


def workers(letters: int, *, count: int) -> float:
    """The real thing: claim, look again, write, send, settle, by real workers; one nudge for each."""
    caseload.letters(letters)
    pack(now=datetime.now(tz=UTC))
    began = time.perf_counter()
    for _ in range(count):
        send_due.delay()
    return letters / (wait_until_sent() - began)


def naive(letters: int) -> float:
    """One task for each letter."""
    caseload.letters(letters)
    ids = list(Delivery.objects.values_list("pk", flat=True))
    began = time.perf_counter()
    for pk in ids:
        send_one_letter.delay(delivery_id=pk)
    return letters / (wait_until_sent() - began)


def wait_until_sent() -> float:
    """The moment at which nothing is left."""
    while Delivery.objects.exclude(state="sent").exists():
        time.sleep(0.02)
    return time.perf_counter()


def start(one: Field, *names: str) -> None:
    """Start workers, and wait until each has answered and opened its connections."""
    from benchmarks.app import app

    before = len(app.control.ping(timeout=0.5) or ())
    for name in names:
        one.start_worker(name)
    end = time.monotonic() + 60
    while len(app.control.ping(timeout=0.5) or ()) < before + len(names):
        if time.monotonic() > end:
            raise TimeoutError("the workers do not answer")
    workers(200, count=before + len(names))
