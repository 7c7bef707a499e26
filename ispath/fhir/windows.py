"""Which versions of a resource a history is asked for: `_since`, `_at`, `_count`, and where a page starts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlencode

from ispath.fhir.answers import Resource
from ispath.fhir.search import DEFAULT_COUNT, PAGE, read_count
from ispath.fhir.values import Moment, bad_date, parse_moment
from ispath.wire.problems import ProblemError

_LATEST = datetime.max.replace(tzinfo=UTC)
_OF_THE_ANSWER = frozenset({"_format", "_pretty"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The versions that are wanted, those before one of them where that was the last of a page."""

    since: Moment | None = None
    at: Moment | None = None
    count: int = DEFAULT_COUNT
    before: int | None = None
    used: tuple[tuple[str, str], ...] = ()

    def of(self, versions: list[Resource]) -> list[Resource]:
        """The versions of the window, the newest first; each was the current one until the next came."""
        came = [datetime.fromisoformat(one["meta"]["lastUpdated"]) for one in versions]
        went = [_LATEST, *came]
        return [
            one
            for one, start, end in zip(versions, came, went, strict=False)
            if (self.since is None or start >= self.since.start)
            and (self.at is None or (start < self.at.end and end > self.at.start))
        ]

    def page_of(self, versions: list[Resource]) -> tuple[list[Resource], str | None]:
        """One page of them, and what to ask for to have the next one."""
        rest = [one for one in versions if self.before is None or _number(one) < self.before]
        page = rest[: self.count]
        if not page or len(page) == len(rest):
            return page, None
        return page, urlencode((*self.used, (PAGE, _number(page[-1]))))

    def query(self) -> str:
        """The parameters that were used, for the self link."""
        page = () if self.before is None else ((PAGE, str(self.before)),)
        return urlencode((*self.used, *page))


def _number(version: Resource) -> int:
    return int(version["meta"]["versionId"])


def read_window(pairs: Iterable[tuple[str, str]], *, strict: bool) -> Window:
    """The window that these parameters ask for. Unknown ones are left out, or refused when strict."""
    window = Window()
    for name, value in pairs:
        if name == PAGE:
            window = replace(window, before=_page(value))
        elif name in _READ:
            used = str(read_count(value)) if name == "_count" else value
            window = replace(_READ[name](window, value), used=(*window.used, (name, used)))
        elif strict and name not in _OF_THE_ANSWER:
            sentence = f"{name[:40]} is not supported for a history. Supported: {', '.join(_READ)}."
            raise ProblemError("unknown-parameter", sentence, field=name)
    return window


def _page(value: str) -> int:
    if not (value.isascii() and value.isdecimal()) or len(value) > 9:  # noqa: PLR2004 - no version is that high
        raise ProblemError("bad-page-token", "This is no page of a history. Start again without it.")
    return int(value)


def _moment(name: str, value: str) -> Moment:
    if not value[:1].isdecimal():  # a prefix means nothing here
        raise bad_date(name, value)
    return parse_moment(name, value)


_READ: dict[str, Callable[[Window, str], Window]] = {
    "_since": lambda window, value: replace(window, since=_moment("_since", value)),
    "_at": lambda window, value: replace(window, at=_moment("_at", value)),
    "_count": lambda window, value: replace(window, count=read_count(value)),
}
