"""Threads that do nothing but talk to the mail server, while the round reads, writes and settles.

A conversation with a mail server is mostly waiting; so is a commit. Side by side they cost the longest of
them instead of their sum. The courier touches no row: its lines take letters in order, and say what was
answered. They never run far ahead of what is written down: at most `MOST_UNSETTLED` letters lie between the
server's yes and our commit, and as many copies (with the same Message-ID) can a killed worker leave.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
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
    """What became of a job. `tried` False: it was not handed over, for whatever reason."""

    job: Job
    tried: bool = True
    provider_id: str = ""
    refused: Answer | None = None
    broke: BaseException | None = None


class Courier:
    """Hands letters over in order, one at a time on each of its lines. After `stop` nothing runs."""

    def __init__(self, posts: Sequence[Post], *, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._heard: queue.SimpleQueue[Heard] = queue.SimpleQueue()
        self._may_go = threading.Semaphore(MOST_UNSETTLED)
        self._stopped = threading.Event()
        self._spare = threading.Semaphore(len(posts) - 1)
        self._lines = [
            threading.Thread(target=self._work, args=(post,), name="courier", daemon=True) for post in posts
        ]
        for line in self._lines:
            line.start()
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
        for _ in self._lines:
            self._jobs.put(None)
        self._may_go.release(MOST_UNSETTLED)
        for line in self._lines:
            line.join()
        return self.hear(wait=False)

    def _work(self, post: Post) -> None:
        while (job := self._jobs.get()) is not None:
            self._may_go.acquire()
            heard = Heard(job=job, tried=False)
            if not self._stopped.is_set() and self._clock() <= job.good_until:
                heard = self._hand_over(job, post)
            if not heard.tried:
                self._may_go.release()
            self._heard.put(heard)
            if heard.refused is not None and not heard.tried:
                return

    def _hand_over(self, job: Job, post: Post) -> Heard:
        try:
            return Heard(job=job, provider_id=post.hand_over(job.message))
        except NotTaken as refused:
            if meaning_of(refused.answer) is Meaning.SERVER_AWAY:
                if self._spare.acquire(blocking=False):  # the server may take fewer lines than we have
                    return Heard(job=job, tried=False, refused=refused.answer)
                self._stopped.set()  # nobody knocks twice in one round
            return Heard(job=job, refused=refused.answer)
        except BaseException as broke:  # noqa: BLE001 - told to the round, which raises it
            self._stopped.set()
            return Heard(job=job, broke=broke)
