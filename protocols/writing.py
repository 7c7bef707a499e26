"""What an edition says, written down as rows: one insert a table, however many rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from protocols import models, reading
from protocols.columns import Keys, columns_of
from protocols.engine import citing, pathway, regimen
from protocols.refusal import Refusal
from protocols.shapes import PATHWAY_ROWS, PATHWAY_SOURCES, PROTOCOL_ROWS, Shape

if TYPE_CHECKING:
    from protocols.columns import Column
    from protocols.reading import Values


class RowDoesNotFit(Refusal):
    """A value cannot lie in its column: too long, or a word that the column does not know."""

    code = "row-does-not-fit"


def write(edition: models.Edition, values: Values) -> None:
    """Write an edition's own words and all its rows; it has none yet."""
    if isinstance(edition, models.PathwayEdition) and isinstance(values, pathway.PathwayEdition):
        _write_pathway(edition, values)
    elif isinstance(edition, models.ProtocolEdition) and isinstance(values, regimen.ProtocolEdition):
        _write_protocol(edition, values)
    else:
        message = f"A {type(values).__name__} cannot be written into a {type(edition).__name__}."
        raise TypeError(message)


def rewrite(edition: models.Edition, values: Values) -> None:
    """Write an edition's rows anew. The database allows it for drafts only."""
    is_pathway = isinstance(edition, models.PathwayEdition)
    for shape in (PATHWAY_ROWS if is_pathway else PROTOCOL_ROWS).values():
        shape.model.objects.filter(edition=edition).delete()  # what lies deeper goes with its row
    beside: Any = models.PathwaySource if is_pathway else models.ProtocolCitation
    beside.objects.filter(edition=edition).delete()
    write(edition, values)


def _write_protocol(edition: models.ProtocolEdition, values: regimen.ProtocolEdition) -> None:
    edition.name, edition.summary = values.name, values.summary
    edition.save(update_fields=["name", "summary"])
    writer = _Writer(edition_id=edition.pk, keys=reading.known_keys())
    writer.cite({}, values.cited)
    writer.write_all(PROTOCOL_ROWS, values)
    models.ProtocolCitation.objects.bulk_create(writer.citations)


def _write_pathway(edition: models.PathwayEdition, values: pathway.PathwayEdition) -> None:
    edition.title, edition.summary = values.title, values.summary
    edition.adopted_definition = values.adopted_definition
    edition.save(update_fields=["title", "summary", "adopted_definition"])
    _Writer(edition_id=edition.pk, keys=Keys.of({})).write_all({"sources": PATHWAY_SOURCES}, values)
    _Writer(edition_id=edition.pk, keys=reading.keys_of_pathway(edition)).write_all(PATHWAY_ROWS, values)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Writer:
    """The rows of one edition on their way into the tables; citations are gathered and inserted last."""

    edition_id: int
    keys: Keys
    citations: list[models.ProtocolCitation] = field(default_factory=list)

    def write_all(self, shapes: Mapping[str, Shape], values: Values) -> None:
        for name, shape in shapes.items():
            held = getattr(values, name)
            self.write_rows(shape, [(self.edition_id, (held,) if shape.alone else held)])

    def write_rows(self, shape: Shape, owners: Sequence[tuple[int, Sequence[Any]]]) -> None:
        """Insert the values of one shape below each of their owners, then what lies below them."""
        placed = [(above, place, value) for above, held in owners for place, value in enumerate(held)]
        rows = [
            shape.model(
                **{f"{shape.above}_id": above, "position": place},
                **cells_of(value, shape.columns, self.keys),
            )
            for above, place, value in placed
        ]
        for row in rows:
            _require_room(row)
        shape.model.objects.bulk_create(rows)
        written = [(row, value) for row, (_, _, value) in zip(rows, placed, strict=True)]
        if shape.cited_as:
            for row, value in written:
                self.cite({shape.cited_as: row}, value.cited)
        for name, child in shape.below.items():
            self.write_rows(child, [(row.pk, getattr(value, name)) for row, value in written])

    def cite(self, row: Mapping[str, Any], cited: Sequence[citing.Cited]) -> None:
        self.citations.extend(
            models.ProtocolCitation(
                edition_id=self.edition_id,
                position=place,
                **row,
                **cells_of(citation, columns_of(citing.Cited), self.keys),
            )
            for place, citation in enumerate(cited)
        )


def _require_room(row: Any) -> None:
    """Refuse what its column cannot hold, before the database does it without a sentence."""
    pointers = [field.name for field in row._meta.concrete_fields if field.is_relation]
    try:
        row.clean_fields(exclude=["id", *pointers])
    except ValidationError as refused:
        said = "; ".join(f"{name}: {' '.join(why)}" for name, why in refused.message_dict.items())
        raise RowDoesNotFit(f"{row._meta.verbose_name} “{row}”: {said}") from refused


def cite(table: Any, row: Any, cited: Sequence[citing.Cited], keys: Keys) -> None:
    """Write the citations of a drug or a product anew."""
    above = type(row)._meta.model_name
    table.objects.filter(**{above: row}).delete()
    table.objects.bulk_create(
        table(**{above: row}, position=place, **cells_of(citation, columns_of(citing.Cited), keys))
        for place, citation in enumerate(cited)
    )


def cells_of(value: Any, columns: Iterable[tuple[str, Column]], keys: Keys) -> dict[str, Any]:
    """What a row holds for a value."""
    cells: dict[str, Any] = {}
    for name, column in columns:
        cells |= column.put(getattr(value, name), keys)
    return cells
