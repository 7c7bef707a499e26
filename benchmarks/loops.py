"""Three ways to send the same letters to the same sink on the same machine."""

from __future__ import annotations

import smtplib
import time
from datetime import UTC, datetime, timedelta
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


def bare_loop(port: int, letters: int) -> float:
    """The fastest plain thing: one open line, letters ready made, nothing written down."""
    caseload.letters(1)
    (one,) = look_again(list(Delivery.objects.values_list("pk", flat=True)), now=datetime.now(tz=UTC))
    message = compose(one, address=address_of(one.delivery.reader), house=read_letterhead())
    whole: Any = message.message()
    text, sender, to = whole.as_bytes(linesep="\r\n"), "ispath@fire.example", message.to[0]
    with smtplib.SMTP("127.0.0.1", port) as line:
        line.sendmail(sender, [to], text)
        began = time.perf_counter()
        for _ in range(letters):
            line.sendmail(sender, [to], text)
        return letters / (time.perf_counter() - began)


def workers(one: Field, letters: int, *, count: int) -> float:
    """The real thing: claim, look again, write, send, settle, by real workers."""
    names = [f"worker{number}" for number in range(1, count + 1)]
    for name in names:
        one.start_worker(name)
    Delivery.objects.update(send_at=datetime.now(tz=UTC) + timedelta(hours=1))
    warm_up(one, count)
    Delivery.objects.update(send_at=datetime.now(tz=UTC))
    pack(now=datetime.now(tz=UTC))
    began = time.perf_counter()
    while True:
        for _ in names:
            send_due.apply_async(expires=5)
        end_of_nudge = time.perf_counter() + 3
        while time.perf_counter() < end_of_nudge:
            if not Delivery.objects.exclude(state="sent").exists():
                seconds = time.perf_counter() - began
                one.stop(*names)
                return letters / seconds
            time.sleep(0.01)


def naive(one: Field, letters: int) -> float:
    """One task for each letter."""
    one.start_worker("worker1")
    warm_up(one, 0)
    ids = list(Delivery.objects.values_list("pk", flat=True))
    began = time.perf_counter()
    for pk in ids:
        send_one_letter.delay(delivery_id=pk)
    while Delivery.objects.exclude(state="sent").exists():
        time.sleep(0.01)
    seconds = time.perf_counter() - began
    one.stop("worker1")
    return letters / seconds


def warm_up(one: Field, count: int) -> None:
    """Wait until the workers answer, and let each open its connections on a letter far in the future."""
    from benchmarks.app import app

    end = time.monotonic() + 60
    while len(app.control.ping(timeout=0.5) or ()) < max(count, 1):
        if time.monotonic() > end:
            raise TimeoutError("the workers do not answer")
    for _ in range(count * 3):
        send_due.delay()
    time.sleep(1)
