"""One round of each sweep: sign of life, work until nothing is left or the time is up, sign of life."""

from __future__ import annotations

from contextlib import ExitStack, closing
from datetime import datetime, timedelta

from notifications import outages
from notifications.letterhead import Letterhead
from notifications.packing import pack
from notifications.post import MailServerLine
from notifications.receipts import handle_waiting
from notifications.relay import relay
from notifications.sending import Clock, Round, send_due
from notifications.weekly import write_weekly

# Shorter than the time after which a task is killed; the next nudge goes on.
LONGEST_ROUND = timedelta(seconds=50)
# While one waits for the mail server's answer, the other speaks. A server that takes one line gets one.
LINES = 2


def relay_round(*, clock: Clock) -> int:
    """Relay until nothing is left or the time is up."""
    began = clock()
    outages.begin(name="relay", now=began)
    done = 0
    while clock() - began < LONGEST_ROUND and (handled := _relay_once(now=clock())):
        done += handled
    outages.end(name="relay", looked_at=done, changed=done, now=clock())
    return done


def _relay_once(*, now: datetime) -> int:
    outages.watch(now=now)
    return relay(now=now)


def send_round(*, clock: Clock, house: Letterhead) -> Round:
    """Handle receipts, pack what is due and send it."""
    began = clock()
    outages.begin(name="send", now=began)
    handle_waiting(now=began)
    pack(now=began, letters_wait=house.letters_wait)
    with ExitStack() as at_the_end:
        posts = [at_the_end.enter_context(closing(MailServerLine())) for _ in range(LINES)]
        done = send_due(posts=posts, house=house, clock=clock, until=began + LONGEST_ROUND)
    outages.end(name="send", looked_at=done.handled, changed=done.sent, now=clock())
    return done


def weekly_round(*, clock: Clock) -> int:
    """Write this week's letters where they are missing; the rows themselves say which are."""
    return write_weekly(now=clock())
