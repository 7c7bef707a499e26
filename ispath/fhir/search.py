"""A search request: what was asked, read once, with everything that cannot be done refused or left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from ispath.fhir.filters import Asked, Parameter, moment, token
from ispath.fhir.registry import Kind
from ispath.fhir.subsets import WHOLE, Subset, narrowed
from ispath.wire.problems import ProblemError
from ispath.wire.tokens import seal, unseal

DEFAULT_COUNT = 50
LARGEST_COUNT = 200
PAGE = "_page"
_MOST_PARAMETERS = 60
_PURPOSE = "fhir-page"

EVERYWHERE: tuple[Parameter, ...] = (
    token("_id", "Logical id of the resource", holds="ids"),
    moment("_lastUpdated", "When the resource last changed, computed changes included", holds="moment"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What was asked of one type: conditions, order, size, includes, and where the page starts."""

    kind: Kind
    conditions: tuple[Asked, ...] = ()
    sort: str = "_lastUpdated"
    descending: bool = False
    count: int = DEFAULT_COUNT
    counts_only: bool = False
    with_total: bool = True
    includes: tuple[str, ...] = ()
    subset: Subset = WHOLE
    used: tuple[tuple[str, str], ...] = ()
    after: tuple[str, str] | None = None
    total: int | None = None

    def query(self) -> str:
        """The parameters that were used, for the self link."""
        return urlencode(self.used)

    def token_after(self, key: tuple[str, str], *, total: int | None) -> str:
        """The opaque token of the page that follows this key; what was counted once is not counted again."""
        return seal({"t": self.kind.name, "q": self.used, "k": key, "n": total}, purpose=_PURPOSE)


def read_search(kind: Kind, pairs: Iterable[tuple[str, str]], *, base: str, strict: bool) -> Search:
    """The search that these parameters ask for. Unknown ones are left out, or refused when strict."""
    given = list(pairs)
    if len(given) > _MOST_PARAMETERS:
        raise ProblemError(
            "bad-parameter", f"At most {_MOST_PARAMETERS} parameters are read. Ask for less at once."
        )
    page = next((value for name, value in given if name == PAGE), None)
    if page is not None:
        return _continued(kind, page, base=base)
    search = Search(kind=kind)
    for name, value in given:
        if value == "":
            continue
        if "\x00" in value:
            raise ProblemError("bad-parameter", "A parameter holds a NUL character. Take it out.", field=name)
        search = _read_one(search, name, value, base=base, strict=strict)
    if search.includes and search.subset.summary == "text":
        sentence = "_summary=text cannot be mixed with _include. Leave one of them out."
        raise ProblemError("bad-parameter", sentence, field="_summary")
    return search


def _continued(kind: Kind, page: str, *, base: str) -> Search:
    content = unseal(page, purpose=_PURPOSE)
    if content.get("t") != kind.name:
        raise ProblemError(
            "bad-page-token", "This page token belongs to another type. Start again without it."
        )
    search = read_search(kind, [(name, value) for name, value in content["q"]], base=base, strict=False)
    return replace(search, after=(content["k"][0], content["k"][1]), total=content.get("n"))


def _read_one(search: Search, name: str, value: str, *, base: str, strict: bool) -> Search:
    changed = _control(search, name, value) if name.startswith("_") else None
    if changed is None:
        changed = _condition(search, name, value, base=base)
    if changed is not None:
        # What is used of a number too large is the largest: so says the self link.
        used = str(read_count(value)) if name == "_count" else value
        return replace(changed, used=(*search.used, (name, used)))
    if strict:
        known = ", ".join(parameter.name for parameter in search.kind.parameters)
        sentence = f"{name}={value[:40]} is not supported for {search.kind.name}. Supported: {known}."
        raise ProblemError("unknown-parameter", sentence, field=name)
    return search


def _condition(search: Search, name: str, value: str, *, base: str) -> Search | None:
    bare, _, modifier = name.partition(":")
    parameter = parameter_of(search.kind, bare)
    if parameter is None:
        return None
    if modifier and modifier not in parameter.modifiers:
        raise ProblemError(
            "bad-parameter", f"The modifier :{modifier[:20]} of {bare} is not supported.", field=bare
        )
    asked = Asked(name=bare, modifier=modifier, value=value, base=base)
    return replace(search, conditions=(*search.conditions, asked))


def parameter_of(kind: Kind, name: str) -> Parameter | None:
    """The search parameter of this name, one of the type or one that every type has."""
    return kind.parameter(name) or next((one for one in EVERYWHERE if one.name == name), None)


def _control(search: Search, name: str, value: str) -> Search | None:
    control = _CONTROLS.get(name)
    return None if control is None else control(search, value)


def _summarised(search: Search, value: str) -> Search | None:
    subset = narrowed(search.subset, "_summary", value)
    return replace(search, subset=subset, counts_only=search.counts_only or value == "count")


def _cut_to(search: Search, value: str) -> Search | None:
    return replace(search, subset=narrowed(search.subset, "_elements", value))


def _totalled(search: Search, value: str) -> Search | None:
    return {"none": replace(search, with_total=False), "accurate": search, "estimate": search}.get(value)


def _including(search: Search, value: str) -> Search | None:
    type_name, _, name = value.partition(":")
    if type_name != search.kind.name or name not in search.kind.includes:
        return None
    return replace(search, includes=(*search.includes, name))


def _as_it_is(search: Search, value: str) -> Search | None:
    return search


def _counted(search: Search, value: str) -> Search:
    count = read_count(value)
    return replace(search, count=count) if count else replace(search, counts_only=True)


def read_count(value: str) -> int:
    """How many resources a page is to have; none means that they are only counted."""
    if not (value.isascii() and value.isdecimal()) or len(value) > 9:  # noqa: PLR2004 - a number no page has
        raise ProblemError("bad-parameter", "_count must be a whole number from 0 on.", field="_count")
    return min(int(value), LARGEST_COUNT)


def _sorted(search: Search, value: str) -> Search | None:
    first, _, rest = value.partition(",")
    name = first.removeprefix("-")
    # The id always decides between equals, so naming it second changes nothing.
    if rest not in ("", "_id") or any(search.kind.sort_of(one, name) is None for one in search.kind.sources):
        return None
    return replace(search, sort=name, descending=first.startswith("-"))


_CONTROLS: dict[str, Callable[[Search, str], Search | None]] = {
    "_count": _counted,
    "_sort": _sorted,
    "_summary": _summarised,
    "_elements": _cut_to,
    "_total": _totalled,
    "_include": _including,
    "_format": _as_it_is,  # judged before the search is read
    "_pretty": _as_it_is,
}
