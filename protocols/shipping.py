"""What the library files hold, gathered for loading."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from protocols.library_files.library import SHIPPED, read_library
from protocols.library_files.pathways import pathway_files, read_pathway_file
from protocols.loading import Shipped

if TYPE_CHECKING:
    from protocols.engine.formulary import ExampleChild


@cache
def example_children() -> tuple[ExampleChild, ...]:
    """The children for whom pages and differences show calendars."""
    return read_library().examples


def shipped(folder: Path = SHIPPED) -> Shipped:
    """Everything in the library's folder. Raises with all mistakes of all files."""
    library = read_library(folder)
    return Shipped(
        sources=tuple(library.sources.values()),
        drugs=tuple(library.formulary.drugs.values()),
        products=tuple(library.formulary.products.values()),
        protocols=tuple(library.editions.values()),
        pathways=tuple(read_pathway_file(key, folder) for key in pathway_files(folder)),
    )
