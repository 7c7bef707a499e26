"""Values of search parameters, parsed: tokens, dates with prefixes, references."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ispath.wire.problems import ProblemError

PREFIXES = ("eq", "ne", "gt", "ge", "lt", "le", "sa", "eb", "ap")
_DATE = re.compile(
    r"\A(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2})"
    r"(?:T(?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.(?P<fraction>\d{1,9}))?)?"
    r"(?P<zone>Z|[+-]\d{2}:\d{2})?)?)?)?\Z"
)
_REFERENCE = re.compile(r"\A(?:(?P<type>[A-Z][A-Za-z]+)/)?(?P<id>[A-Za-z0-9.-]{1,64})\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """`system|code`: a system of None was not given, an empty one asks for codes without a system."""

    system: str | None
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A date as searched for: everything from `start` up to, not including, `end`."""

    prefix: str
    start: datetime
    end: datetime


def split_values(text: str) -> list[str]:
    """The alternatives between commas; a backslash takes a comma as it is."""
    parts = re.split(r"(?<!\\),", text)
    return [re.sub(r"\\([,$|\\])", r"\1", part) for part in parts if part]


def parse_token(text: str) -> Token:
    """A token of a token parameter."""
    if "|" not in text:
        return Token(system=None, code=text)
    system, _, code = text.partition("|")
    return Token(system=system, code=code)


def parse_reference(text: str, *, type_name: str, base: str) -> str:
    """The id in `Patient/1`, `1` or our own absolute address; another server's address is refused."""
    shape = _REFERENCE.match(text.removeprefix(base.rstrip("/") + "/"))
    if shape is None or shape["type"] not in (None, type_name):
        raise ProblemError(
            "bad-parameter", f"{text[:80]} is no reference to a {type_name}. Write {type_name}/ID."
        )
    return shape["id"]


def parse_moment(name: str, text: str) -> Moment:
    """A date parameter's value: a prefix and a date of any precision; UTC when it names no zone."""
    prefix, rest = (text[:2], text[2:]) if text[:2] in PREFIXES else ("eq", text)
    # A plus sign that was not escaped arrives as a blank.
    shape = _DATE.match(rest.replace(" ", "+"))
    if shape is None:
        raise bad_date(name, text)
    try:
        start, end = _span(shape.groupdict())
    except (ValueError, OverflowError) as error:
        raise bad_date(name, text) from error
    return Moment(prefix=prefix, start=start, end=end)


def bad_date(name: str, text: str) -> ProblemError:
    """The refusal of what is no date."""
    sentence = (
        f"{name}={text[:40]} is no date. Write 2026-03-16, or 2026-03-16T07:12:09Z, with a prefix such as ge."
    )
    return ProblemError("bad-parameter", sentence, field=name)


def _span(parts: dict[str, str | None]) -> tuple[datetime, datetime]:
    year, month, day = int(parts["year"] or 0), int(parts["month"] or 1), int(parts["day"] or 1)
    if parts["hour"] is None:
        start = datetime(year, month, day, tzinfo=UTC)
        return start, _end_of_date(start, parts)
    fraction = (parts["fraction"] or "").ljust(6, "0")[:6]
    clock = f"{parts['hour']}:{parts['minute']}:{parts['second'] or '00'}.{fraction}"
    iso = f"{year:04}-{month:02}-{day:02}T{clock}"
    start = datetime.fromisoformat(iso + (parts["zone"] or "Z").replace("Z", "+00:00")).astimezone(UTC)
    return start, start + _precision(parts)


def _end_of_date(start: datetime, parts: dict[str, str | None]) -> datetime:
    try:
        if parts["day"]:
            return start + timedelta(days=1)
        if parts["month"]:
            return start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
        return start.replace(year=start.year + 1)
    except (ValueError, OverflowError):  # the last day that there is
        return datetime.max.replace(tzinfo=UTC)


def _precision(parts: dict[str, str | None]) -> timedelta:
    if parts["second"] is None:
        return timedelta(minutes=1)
    digits = min(len(parts["fraction"] or ""), 6)
    return timedelta(seconds=1) if digits == 0 else timedelta(microseconds=10 ** (6 - digits))
