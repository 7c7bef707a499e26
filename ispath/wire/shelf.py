"""The last answers of this process, by what they were made of: taken again only while that is the same."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class Shelf(Generic[Answer]):
    """Holds as many answers as it was told to; the one that was not asked for longest makes room."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._kept: OrderedDict[Hashable, Answer] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> Answer | None:
        """The answer that was put there under this key, or None."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: Hashable, answer: Answer) -> None:
        """Keep an answer."""
        with self._lock:
            self._kept[key] = answer
            self._kept.move_to_end(key)
            while len(self._kept) > self.size:
                self._kept.popitem(last=False)


class LastAnswers(Generic[Answer]):
    """What was answered last, and what of the database had been seen then (`clinic.prepared.SEEN`).

    Where nothing at all was written since, not even what an answer is made of need be asked for.
    """

    def __init__(self, size: int) -> None:
        self._shelf: Shelf[tuple[str, Answer]] = Shelf(size)

    def get(self, asked: Hashable, *, seen: str | None) -> Answer | None:
        """The last answer to what was asked, if nothing was written since."""
        before, answer = self._shelf.get(asked) or (None, None)
        return answer if before is not None and before == seen else None

    def put(self, asked: Hashable, answer: Answer, *, seen: str | None) -> None:
        """Keep an answer; one that was made inside a transaction is not kept."""
        if seen is not None:
            self._shelf.put(asked, (seen, answer))
