"""What is served: each resource type, the tables behind it, its search parameters and its includes.

The CapabilityStatement is printed from this, and every request is answered from it, so the two cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.expressions import Combinable

from clinic.models import Actor
from ispath.fhir.answers import Resource
from ispath.fhir.filters import Filter, Parameter

Rows = QuerySet[Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Source:
    """One table behind a resource type.

    `rows` gives what an actor may see, annotated with `fhir_version` and `fhir_changed`; `load` adds what the
    mapping reads, so that a page costs the same number of queries whatever its length. `asking` names the
    filters that ask the database themselves: what they make holds for one request. `strata` cut
    the rows into parts, each row in one of them, that indexes find in the order of `_lastUpdated`.
    """

    rows: Callable[[Actor], Rows]
    load: Callable[[Rows], Rows]
    to_resource: Callable[[Any], Resource]
    filters: Mapping[str, Filter]
    sorts: Mapping[str, Combinable] = field(default_factory=dict)
    versions: Callable[[Any], list[Any]] | None = None
    dress: Callable[[list[Any]], None] | None = None
    strata: tuple[Callable[[Rows], Rows], ...] = ()
    asking: frozenset[str] = frozenset()

    def loaded(self, rows: Rows) -> list[Any]:
        """The rows with all that the mapping reads; `dress` adds what no query of theirs can."""
        found = list(self.load(rows))
        if self.dress is not None and found:
            self.dress(found)
        return found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kind:
    """A resource type that is served."""

    name: str
    parameters: tuple[Parameter, ...]
    sources: tuple[Source, ...]
    includes: Mapping[str, Callable[[Resource], list[str]]] = field(default_factory=dict)
    in_compartment: bool = True

    def parameter(self, name: str) -> Parameter | None:
        """The search parameter of this name, or None."""
        return next((one for one in self.parameters if one.name == name), None)

    def sort_of(self, source: Source, name: str) -> Combinable | None:
        """What a source sorts by under this name, or None."""
        if name == "_lastUpdated":
            return F("fhir_changed")
        if name == "_id":
            return F("uid")
        return source.sorts.get(name)


def references_at(*path: str) -> Callable[[Resource], list[str]]:
    """The literal references found at a path of a resource, through lists."""

    def found(resource: Resource) -> list[str]:
        nodes: list[Any] = [resource]
        for step in path:
            children = [node[step] for node in nodes if isinstance(node, dict) and step in node]
            nodes = [item for child in children for item in (child if isinstance(child, list) else [child])]
        return [node["reference"] for node in nodes if isinstance(node, dict) and "reference" in node]

    return found
