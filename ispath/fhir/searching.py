"""Answering a search: the matches, what was to be included with them, and absolute links."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from clinic.models import Actor
from ispath.fhir.asking import Ask
from ispath.fhir.bundles import entry, searchset
from ispath.fhir.filters import as_uid
from ispath.fhir.kept import Kept, kept_of, key_of, keys_of
from ispath.fhir.registry import Kind
from ispath.fhir.search import PAGE, Search, read_search
from ispath.fhir.served import KINDS
from ispath.fhir.translated import keys_found, number_found
from ispath.wire.shelf import LastAnswers

_PAGES, _LARGEST_KEPT = 300, 100_000
_LAST: LastAnswers[bytes] = LastAnswers(_PAGES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page of a search: its resources, how many match, and the key after which the next one starts."""

    resources: tuple[Kept, ...]
    total: int | None
    next_key: tuple[str, str] | None


def answer_search(ask: Ask, kind: Kind, pairs: list[tuple[str, str]]) -> bytes:
    """The searchset for these parameters, in JSON."""
    ask.caller.require("s", kind.name)
    asked = (kind.name, tuple(pairs), ask.base, ask.is_strict, ask.caller.actor.pk, ask.caller.scopes)
    last = _LAST.get(asked, seen=ask.caller.seen)
    if last is None:
        last = _answered(ask, kind, pairs)
        if len(last) <= _LARGEST_KEPT:
            _LAST.put(asked, last, seen=ask.caller.seen)
    return last


def _answered(ask: Ask, kind: Kind, pairs: list[tuple[str, str]]) -> bytes:
    search = read_search(kind, pairs, base=ask.base, strict=ask.is_strict)
    found = run_search(search, ask.actor)
    place = f"{ask.base}/{kind.name}"
    next_url = None
    if found.next_key is not None:
        token = search.token_after(found.next_key, total=found.total)
        next_url = f"{place}?{urlencode({PAGE: token})}"
    listed = {"match": found.resources, "include": _included(ask, search, found.resources)}
    return searchset(
        entries=[
            entry(one, base=ask.base, mode=mode, subset=search.subset)
            for mode, resources in listed.items()
            for one in resources
        ],
        self_url=_self_url(place, search, pairs),
        next_url=next_url,
        total=found.total,
    )


def run_search(search: Search, actor: Actor) -> Found:
    """The page that was asked for."""
    if search.counts_only:
        return Found(resources=(), total=number_found(search, actor), next_key=None)
    rows = keys_found(search, actor)
    page, rest = rows[: search.count], rows[search.count :]
    keys = [key_of(*row[:5]) for row in page]
    return Found(
        resources=tuple(kept_of(search.kind, keys, actor)),
        total=_total(search, actor, len(page), is_whole=not rest and search.after is None),
        next_key=_place(page[-1][5], page[-1][1]) if rest else None,
    )


def _total(search: Search, actor: Actor, found: int, *, is_whole: bool) -> int | None:
    if not search.with_total:
        return None
    if is_whole:
        return found
    return number_found(search, actor) if search.total is None else search.total


def _place(at: date | datetime | uuid.UUID, uid: uuid.UUID) -> tuple[str, str]:
    return str(at) if isinstance(at, uuid.UUID) else at.isoformat(), str(uid)


def _self_url(place: str, search: Search, pairs: list[tuple[str, str]]) -> str:
    page = [(name, value) for name, value in pairs if name == PAGE]
    query = urlencode(page) if page else search.query()
    return f"{place}?{query}" if query else place


def _included(ask: Ask, search: Search, matches: Iterable[Kept]) -> list[Kept]:
    """What the matches point to, each once; of types the token may not read, nothing."""
    listed = list(matches)
    wanted = [target for name in search.includes for one in listed for target in one.includes[name]]
    present = {one.place for one in listed}
    return load_targets(ask, [target for target in wanted if target not in present])


def load_targets(ask: Ask, targets: Iterable[str]) -> list[Kept]:
    """The resources that these references lead to, each once, as far as the token reaches."""
    wanted: dict[str, list[uuid.UUID]] = defaultdict(list)
    for target in dict.fromkeys(targets):
        type_name, _, id_ = target.partition("/")
        uid = as_uid(id_)
        if uid is not None and (ask.caller.may("r", type_name) or ask.caller.may("s", type_name)):
            wanted[type_name].append(uid)
    return [
        kept
        for type_name, uids in wanted.items()
        if type_name in KINDS
        for kept in kept_of(KINDS[type_name], keys_of(KINDS[type_name], uids, ask.actor), ask.actor)
    ]
