"""What stands in the way of signing an edition: all of it at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols import reading
from protocols.engine import pathway
from protocols.engine.checking import mistakes_in_edition
from protocols.engine.pathway_checking import mistakes_in_pathway
from protocols.in_force import formulary_with

if TYPE_CHECKING:
    from protocols.engine.mistakes import Mistake
    from protocols.reading import Values


def mistakes_in(values: Values) -> tuple[Mistake, ...]:
    """Every mistake of an edition of either kind, each with its path; empty where it may be signed."""
    if isinstance(values, pathway.PathwayEdition):
        return tuple(mistakes_in_pathway(values))
    sources = frozenset(source.key for source in reading.sources())
    return mistakes_in_edition(values, formulary=formulary_with(values), sources=sources)
