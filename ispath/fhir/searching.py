"""Answering a search: the matches, what was to be included with them, and absolute links."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from urllib.parse import urlencode

from ispath.fhir.answers import Resource
from ispath.fhir.asking import Ask
from ispath.fhir.bundles import entry, searchset
from ispath.fhir.finding import load_by_ids, run_search
from ispath.fhir.registry import Kind
from ispath.fhir.search import PAGE, Search, read_search
from ispath.fhir.served import KINDS


def answer_search(ask: Ask, kind: Kind, pairs: list[tuple[str, str]]) -> Resource:
    """The searchset for these parameters."""
    ask.caller.require("s", kind.name)
    search = read_search(kind, pairs, base=ask.base, strict=ask.is_strict)
    found = run_search(search, ask.actor)
    included = _included(ask, search, found.resources)
    place = f"{ask.base}/{kind.name}"
    next_url = None
    if found.next_key is not None:
        next_url = f"{place}?{urlencode({PAGE: search.token_after(found.next_key)})}"
    return searchset(
        entries=[
            *(entry(one, base=ask.base, mode="match") for one in found.resources),
            *(entry(one, base=ask.base, mode="include") for one in included),
        ],
        self_url=_self_url(place, search, pairs),
        next_url=next_url,
        total=found.total,
    )


def _self_url(place: str, search: Search, pairs: list[tuple[str, str]]) -> str:
    page = [(name, value) for name, value in pairs if name == PAGE]
    query = urlencode(page) if page else search.query()
    return f"{place}?{query}" if query else place


def _included(ask: Ask, search: Search, matches: Iterable[Resource]) -> list[Resource]:
    """What the matches point to, each once; of types the token may not read, nothing."""
    listed = list(matches)
    present = {(one["resourceType"], one["id"]) for one in listed}
    wanted: dict[str, list[str]] = defaultdict(list)
    for name in dict.fromkeys(search.includes):
        for one in listed:
            for target in search.kind.includes[name](one):
                type_name, _, id_ = target.partition("/")
                if (type_name, id_) not in present:
                    wanted[type_name].append(id_)
    return load_targets(ask, wanted)


def load_targets(ask: Ask, wanted: dict[str, list[str]]) -> list[Resource]:
    """The resources that these references lead to, as far as the token reaches."""
    return [
        resource
        for type_name, ids in wanted.items()
        if type_name in KINDS and (ask.caller.may("r", type_name) or ask.caller.may("s", type_name))
        for resource in load_by_ids(KINDS[type_name], ids, ask.actor)
    ]
