"""Asking a JSON object for its keys by name and kind, and noting what is wrong, missing or unknown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from protocols.engine.mistakes import Mistake

Word = TypeVar("Word", bound=StrEnum)
Tree = Mapping[str, Any]
A_DATE = "a date like 2027-01-04"


class Reading:
    """What has been found while a file is read."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []
        self.warnings: list[Mistake] = []
        self._zone: ZoneInfo | None = None

    def in_zone(self, name: str, path: str) -> None:
        """Read the moments that follow in this zone; without one, a moment's own date counts."""
        self._zone = None
        if name:
            try:
                self._zone = ZoneInfo(name)
            except (ZoneInfoNotFoundError, ValueError):
                self.wrong(f"{path}.timezone", f"{name!r} is not a time zone like America/Chicago")

    def local_date(self, moment: datetime) -> date:
        """The civil date of a moment in the timeline's zone."""
        return moment.astimezone(self._zone).date() if moment.tzinfo and self._zone else moment.date()

    def wrong(self, path: str, sentence: str) -> None:
        self.mistakes.append(Mistake(path=path, sentence=sentence))

    def unknown_keys(self, path: str, tree: Tree, known: frozenset[str]) -> None:
        for key in tree:
            if key not in known:
                self.warnings.append(Mistake(path=f"{path}.{key}", sentence="unknown key, not used"))


class Keys:
    """One event's data: asks for keys by name and kind, and notes what is wrong or missing."""

    def __init__(self, tree: Tree, path: str, reading: Reading) -> None:
        self._tree = tree
        self._path = path
        self._reading = reading

    def _value(self, name: str, kind: type | tuple[type, ...], wanted: str, *, must: bool) -> Any:
        value = self._tree.get(name)
        if value is None:
            if must:
                self._reading.wrong(f"{self._path}.{name}", f"{wanted} is missing")
            return None
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self._reading.wrong(f"{self._path}.{name}", f"{wanted} is wanted here, not {value!r}")
            return None
        return value

    def text(self, name: str, *, must: bool = False) -> str:
        return self._value(name, str, "text", must=must) or ""

    def flag(self, name: str) -> bool | None:
        found: bool | None = self._value(name, bool, "true or false", must=False)
        return found

    def whole(self, name: str, *, must: bool = False) -> int | None:
        value: int | None = self._value(name, int, "a whole number", must=must)
        return value

    def number(self, name: str) -> Decimal | None:
        value = self._value(name, (int, Decimal), "a number", must=False)
        return None if value is None else Decimal(value)

    def day(self, name: str, *, must: bool = False) -> date | None:
        """A date; a moment stands for its date in the timeline's zone."""
        value = self._value(name, str, A_DATE, must=must)
        if value is None:
            return None
        try:
            return self._reading.local_date(datetime.fromisoformat(value))
        except ValueError:
            self._reading.wrong(f"{self._path}.{name}", f"{value!r} is not {A_DATE}")
            return None

    def word(self, name: str, kind: type[Word], *, must: bool = False) -> Word | None:
        value = self._value(name, str, f"one of {', '.join(kind)}", must=must)
        if value is None:
            return None
        if value not in set(kind):
            self._reading.wrong(f"{self._path}.{name}", f"{value!r} is not one of {', '.join(kind)}")
            return None
        return kind(value)
