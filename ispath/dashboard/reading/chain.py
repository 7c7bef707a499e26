"""The reason behind a row, as lines a nurse can read to a doctor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ispath.dashboard.words import day, humane
from protocols.models import PathwaySource

if TYPE_CHECKING:
    from ispath.dashboard.reading.facts import Record

MARKS = {
    "V": "verified in the source",
    "V2": "read in a secondary source",
    "G": "general knowledge, not verified",
    "D": "design of this service, to be confirmed by the clinic",
    "P": "practice judgement, a clinic may change it",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One chain, laid out."""

    sentence: str
    rule: str
    steps: tuple[str, ...]
    facts: tuple[str, ...]
    source: str
    more: tuple[str, ...]


def _date(value: Any) -> str:
    try:
        return day(date.fromisoformat(str(value)))
    except ValueError:
        return str(value)


def _step(step: Mapping[str, Any]) -> str:
    label = f"{step['label']}: " if step.get("label") else ""
    return (
        f"{label}{_date(step.get('from_on', ''))} + {step.get('step', '')} = {_date(step.get('to_on', ''))}"
    )


@lru_cache(maxsize=64)
def _citations(pathway: str, edition: str) -> Mapping[str, str]:
    rows = PathwaySource.objects.filter(edition__pathway__key=pathway, edition__number=edition)
    return dict(rows.values_list("key", "citation"))


def source_words(chain: Mapping[str, Any], basis: Mapping[str, Any] | None) -> str:
    """Write where a number comes from and how sure that is."""
    if not basis:
        return ""
    mark = str(basis.get("mark", ""))
    key = str(basis.get("source", ""))
    cited = _citations(str(chain.get("pathway", "")), str(chain.get("edition", ""))).get(key, key)
    note = f" {basis['note']}" if basis.get("note") else ""
    return f"Source: {cited or 'not named'} ({MARKS.get(mark, mark)}).{note}"


def reason_of(chain: Mapping[str, Any] | None) -> Reason:
    """Lay out a chain; a chain that is not there says so."""
    chain = chain or {}
    because = chain.get("because", chain)
    because = because if isinstance(because, Mapping) else {"sentence": str(because)}
    extra = [str(line) for line in chain.get("lines", ())]
    return Reason(
        sentence=humane(str(because.get("sentence") or "No reason was written down for this row.")),
        rule=str(because.get("rule", "")),
        steps=tuple(_step(step) for step in because.get("steps", ())),
        facts=tuple(str(fact) for fact in because.get("facts", ())),
        source=source_words(chain, because.get("basis")),
        more=tuple(humane(line) for line in extra),
    )


def facts_behind(reason: Reason, records: Iterable[Record]) -> list[str]:
    """Name the facts a chain rests on; the engine knows them as kind/id."""
    names = {
        f"{record.kind}/{record.uid}": f"{record.title} {record.on:%-d %b %Y}: {record.text}"
        for record in records
    }
    found = (names.get(fact.partition("#")[0], "a fact of another record") for fact in reason.facts)
    return list(dict.fromkeys(found))
