"""One thread that does nothing but talk to the mail server, while the round reads, writes and settles.

A conversation with a mail server is mostly waiting; so is a commit. Side by side they cost the longer of the
two instead of their sum. The courier touches no row: it takes letters in order, and says what the server
answered. It never runs far ahead of what is written down: at most `MOST_UNSETTLED` letters lie between the
server's yes and our commit, and as many copies (with the same Message-ID) can a killed worker leave.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.mail import EmailMultiAlternatives

from notifications.policy.answers import Answer, Meaning, meaning_of
from notifications.post import NotTaken, Post
from notifications.stillwanted import Circumstances

# How many letters may wait for the line: enough to hide a claim, few enough to be true when they go.
AHEAD = 16
MOST_UNSETTLED = 12
# Where the line has all it may have, so many seconds are waited for the next answer: one commit for several.
GATHER = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A written letter, and until when what it says is known to be true."""

    one: Circumstances
    token: UUID
    address: str
    message: EmailMultiAlternatives
    good_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What became of a job. `tried` False: it was not handed over, and nobody was asked."""

    job: Job
    tried: bool = True
    provider_id: str = ""
    refused: Answer | None = None
    broke: BaseException | None = None


class Courier:
    """Hands letters over, one by one and in order. Use as a context: nothing runs after it."""

    def __init__(self, post: Post, *, clock: Callable[[], datetime]) -> None:
        self._post, self._clock = post, clock
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._heard: queue.SimpleQueue[Heard] = queue.SimpleQueue()
        self._may_go = threading.Semaphore(MOST_UNSETTLED)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="courier", daemon=True)
        self._thread.start()
        self.in_hand = 0

    def take(self, job: Job) -> None:
        """Put a letter into the line's hands."""
        self.in_hand += 1
        self._jobs.put(job)

    def hear(self, *, wait: bool = False, at_least: int = 1) -> list[Heard]:
        """What the server has answered since last asked, once there is enough of it.

        Waits for an answer if asked to, or if the hands are full.
        """
        full = self.in_hand >= AHEAD
        if not (wait or full) and self._heard.qsize() < at_least:
            return []
        found = [self._heard.get()] if wait or full else []
        with suppress(queue.Empty):
            while True:
                found.append(self._heard.get(timeout=GATHER if full and len(found) < at_least else 0))
        self.in_hand -= len(found)
        return found

    def written_down(self, one: Heard) -> None:
        """An answer has been settled: the line may go on."""
        if one.tried:
            self._may_go.release()

    def stop(self) -> list[Heard]:
        """Hand nothing more over; return what was answered and not heard yet."""
        self._stopped.set()
        self._jobs.put(None)
        self._may_go.release(MOST_UNSETTLED)
        self._thread.join()
        return self.hear(wait=False)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            self._may_go.acquire()
            if self._stopped.is_set() or self._clock() > job.good_until:
                self._heard.put(Heard(job=job, tried=False))
                self._may_go.release()
            else:
                self._heard.put(self._hand_over(job))

    def _hand_over(self, job: Job) -> Heard:
        try:
            return Heard(job=job, provider_id=self._post.hand_over(job.message))
        except NotTaken as refused:
            if meaning_of(refused.answer) is Meaning.SERVER_AWAY:
                self._stopped.set()  # nobody knocks twice in one round
            return Heard(job=job, refused=refused.answer)
        except BaseException as broke:  # noqa: BLE001 - told to the round, which raises it
            self._stopped.set()
            return Heard(job=job, broke=broke)
