"""Patient/$everything: the child and all that is served about it, Tasks included, in pages if wished."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from ispath.fhir.asking import Ask
from ispath.fhir.bundles import entry, searchset
from ispath.fhir.kept import Kept, read_kept
from ispath.fhir.registry import Kind
from ispath.fhir.search import PAGE, read_search
from ispath.fhir.searching import load_targets, run_search
from ispath.fhir.served import KINDS
from ispath.fhir.values import bad_date, parse_moment
from ispath.wire.problems import ProblemError
from ispath.wire.tokens import seal, unseal

_PURPOSE = "fhir-everything"
_WHOLE = 1000
_LARGEST_PAGE = 1000
_KNOWN = ("_since", "_type", "_count", "_format", PAGE)
_ALONGSIDE = ("Organization", "Practitioner")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """What of the child is wanted, and where the page starts: in which type, after which key."""

    id: str
    types: tuple[str, ...]
    since: str
    count: int
    at: int = 0
    after: tuple[str, str] | None = None


def everything(ask: Ask, id_: str, pairs: list[tuple[str, str]]) -> bytes:
    """The bundle, in JSON."""
    ask.caller.require("r", "Patient")
    read_kept(KINDS["Patient"], id_, ask.caller)
    wish = _read(ask, id_, pairs)
    resources, rest = _collect(ask, wish)
    place = f"{ask.base}/Patient/{id_}/$everything"
    kept = [(name, value) for name, value in pairs if name in _KNOWN]
    return searchset(
        entries=[
            *(entry(one, base=ask.base, mode="match") for one in resources),
            *(entry(one, base=ask.base, mode="include") for one in _alongside(ask, resources)),
        ],
        self_url=f"{place}?{urlencode(kept)}" if kept else place,
        next_url=f"{place}?{urlencode({PAGE: _token(rest)})}" if rest is not None else None,
        total=len(resources) if rest is None and wish.at == 0 and wish.after is None else None,
    )


def _read(ask: Ask, id_: str, pairs: list[tuple[str, str]]) -> _Wish:
    given = {name: value for name, value in pairs if value}
    unknown = [name for name in given if name not in _KNOWN]
    if unknown and ask.is_strict:
        raise ProblemError("unknown-parameter", f"{unknown[0][:40]} is not supported for $everything.")
    if PAGE in given:
        return _continued(id_, given[PAGE])
    count = given.get("_count", str(_WHOLE))
    if not (count.isascii() and count.isdecimal()) or not int(count[:9]) > 0:
        raise ProblemError("bad-parameter", "_count must be a whole number above 0.", field="_count")
    types = tuple(one for name, value in pairs if name == "_type" for one in value.split(",") if one)
    since = _moment_in(given.get("_since", ""))
    return _Wish(id=id_, types=types, since=since, count=min(int(count[:9]), _LARGEST_PAGE))


def _moment_in(since: str) -> str:
    """The moment that was given, which has no prefix."""
    if since and not since[0].isdecimal():
        raise bad_date("_since", since)
    if since:
        parse_moment("_since", since)
    return since


def _collect(ask: Ask, wish: _Wish) -> tuple[list[Kept], _Wish | None]:
    kinds = [kind for kind in KINDS.values() if kind.in_compartment]
    resources: list[Kept] = []
    for at, kind in enumerate(kinds):
        if at < wish.at or not _is_wanted(ask, wish, kind):
            continue
        room = wish.count - len(resources)
        if room <= 0:
            return resources, replace(wish, at=at, after=None)
        search = read_search(kind, _conditions(wish, kind), base=ask.base, strict=False)
        after = wish.after if at == wish.at else None
        found = run_search(replace(search, count=room, after=after, with_total=False), ask.actor)
        resources += found.resources
        if found.next_key is not None:
            return resources, replace(wish, at=at, after=found.next_key)
    return resources, None


def _is_wanted(ask: Ask, wish: _Wish, kind: Kind) -> bool:
    may = ask.caller.may("r", kind.name) or ask.caller.may("s", kind.name)
    return may and (not wish.types or kind.name in wish.types)


def _conditions(wish: _Wish, kind: Kind) -> list[tuple[str, str]]:
    about = ("_id", wish.id) if kind.name == "Patient" else ("patient", wish.id)
    return [about, ("_lastUpdated", f"ge{wish.since}")] if wish.since else [about]


def _alongside(ask: Ask, resources: list[Kept]) -> list[Kept]:
    """The clinics and people that the child's resources name."""
    named = [target for one in resources for target in one.references]
    return load_targets(ask, [target for target in named if target.partition("/")[0] in _ALONGSIDE])


def _token(wish: _Wish) -> str:
    content = {"i": wish.id, "t": wish.types, "s": wish.since, "n": wish.count, "a": wish.at, "k": wish.after}
    return seal(content, purpose=_PURPOSE)


def _continued(id_: str, page: str) -> _Wish:
    content = unseal(page, purpose=_PURPOSE)
    if content["i"] != id_:
        raise ProblemError(
            "bad-page-token", "This page token belongs to another child. Start again without it."
        )
    after = tuple(content["k"]) if content["k"] else None
    return _Wish(
        id=id_,
        types=tuple(content["t"]),
        since=content["s"],
        count=content["n"],
        at=content["a"],
        after=after,
    )
