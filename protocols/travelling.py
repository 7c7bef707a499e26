"""Editions that leave as a file and come as one: the same bytes that the library ships."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols import models, reading
from protocols.engine import pathway
from protocols.in_force import newest_checked, whole_formulary
from protocols.library_files.library import Library, read_edition, write_file
from protocols.library_files.pathways import read_pathway, write_pathway
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from protocols.reading import Values

# A line that only a pathway's file has.
PATHWAY_LINE = "\nescalation_rules:"


class NoSuchEdition(Refusal):
    """Nothing bears that key and number."""

    code = "no-such-edition"


def to_text(edition: models.Edition) -> str:
    """An edition as the text of a library file."""
    values = reading.values_of(edition)
    return write_pathway(values) if isinstance(values, pathway.PathwayEdition) else write_file(values)


def from_text(text: str, *, path: str) -> Values:
    """What a file says. Raises LibraryInvalid with all its mistakes, each with its path."""
    if PATHWAY_LINE in f"\n{text}":
        return read_pathway(text, path=path)
    return read_edition(text, library=_library_in_rows(), path=path)


def find(key: str, number: str | None) -> models.Edition:
    """The edition of that key and number; without one the newest that was checked, else the newest draft."""
    editions: list[models.ProtocolEdition | models.PathwayEdition] = [
        *models.ProtocolEdition.objects.filter(protocol__key=key).select_related("protocol").order_by("-pk"),
        *models.PathwayEdition.objects.filter(pathway__key=key).select_related("pathway").order_by("-pk"),
    ]
    wanted = [edition for edition in editions if number in {None, edition.number}]
    wanted.sort(key=lambda edition: edition.state == models.Edition.State.DRAFT)
    if wanted:
        return wanted[0]
    if editions:
        numbers = ", ".join(sorted(edition.number for edition in editions))
        raise NoSuchEdition(f"{key} has no edition {number}; it has: {numbers}.")
    keys = [*models.Protocol.objects.values_list("key", flat=True)]
    keys += models.Pathway.objects.values_list("key", flat=True)
    raise NoSuchEdition(
        f"No protocol or pathway {key}; known: {', '.join(sorted(keys)) or 'none is loaded'}."
    )


def _library_in_rows() -> Library:
    """The library as the database holds it, for a file to refer to."""
    return Library(
        sources={source.key: source for source in reading.sources()},
        measurements={},
        examples=(),
        formulary=whole_formulary(
            {edition.protocol.key: reading.protocol_values(edition) for edition in newest_checked()}
        ),
    )
