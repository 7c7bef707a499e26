"""An edition as data one can read: every row of it in its place, each with its source; and what differs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.http import Http404

from ispath.dashboard.reading.chain import MARKS
from protocols import models
from protocols.editing import editable_columns
from protocols.library_files.library import SHIPPED, read_library
from protocols.shapes import PATHWAY_ROWS, PATHWAY_SOURCES, PROTOCOL_ROWS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from protocols.engine.formulary import ExampleChild
    from protocols.shapes import Shape

Edition = models.ProtocolEdition | models.PathwayEdition


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One column of a row."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of an edition; `place` finds it again: phases.0.steps.1."""

    place: str
    title: str
    cells: tuple[Cell, ...]
    sources: tuple[str, ...]
    below: tuple[Section, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """All rows of one kind at one place."""

    place: str
    title: str
    rows: tuple[Row, ...]
    alone: bool


def shapes_of(edition: Edition) -> Mapping[str, Shape]:
    """Return the kinds of rows an edition is made of."""
    if isinstance(edition, models.ProtocolEdition):
        return PROTOCOL_ROWS
    return {"sources": PATHWAY_SOURCES, **PATHWAY_ROWS}


def edition_or_404(uid: UUID) -> Edition:
    """Return an edition of either kind."""
    joined = models.ProtocolEdition.objects.select_related("protocol", "cloned_from")
    found: Edition | None = joined.filter(uid=uid).first()
    if found is None:
        pathways = models.PathwayEdition.objects.select_related("pathway", "cloned_from")
        found = pathways.filter(uid=uid).first()
    if found is None:
        message = "There is no such edition."
        raise Http404(message)
    return found


def name_of(edition: Edition) -> str:
    """Name an edition."""
    title = edition.name if isinstance(edition, models.ProtocolEdition) else edition.title
    return f"{title}, edition {edition.number}"


def _said(value: Any) -> str:
    if value is None or (not value and value is not False and value != 0):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return str(value)


def _cells(row: Any) -> tuple[Cell, ...]:
    cells = []
    for name in editable_columns(type(row)):
        field = row._meta.get_field(name)
        shown = getattr(row, f"get_{name}_display", None)
        value = _said(shown() if shown else getattr(row, name))
        if value:
            cells.append(Cell(name=str(field.verbose_name), value=value))
    return tuple(cells)


def _citations(edition: Edition) -> Mapping[tuple[str, int], tuple[str, ...]]:
    if not isinstance(edition, models.ProtocolEdition):
        return {}
    found: dict[tuple[str, int], tuple[str, ...]] = {}
    for row in edition.citations.select_related("source").order_by("position"):
        key = next(
            ((name, pk) for name in _CITED if (pk := getattr(row, f"{name}_id")) is not None), ("edition", 0)
        )
        found[key] = (*found.get(key, ()), _citation(row))
    return found


_CITED = tuple(
    shape.cited_as for top in PROTOCOL_ROWS.values() for shape in (top, *top.below.values()) if shape.cited_as
)


def _citation(row: Any) -> str:
    where = row.source.citation if row.source else "no source"
    about = f"{row.about}: " if row.about else ""
    return f"{about}{where} ({MARKS.get(str(row.mark), row.mark)})"


def sections_of(edition: Edition) -> tuple[Section, ...]:
    """Return everything an edition says, in its order: two queries for each kind of row."""
    cited = _citations(edition)
    return tuple(
        _section(name, name, shape, {edition.pk: edition}, cited)[edition.pk]
        for name, shape in shapes_of(edition).items()
    )


def _section(
    name: str,
    place: str,
    shape: Shape,
    above: Mapping[int, Any],
    cited: Mapping[tuple[str, int], tuple[str, ...]],
) -> dict[int, Section]:
    """Lay out the rows of one kind below each of some rows."""
    rows: dict[int, list[Any]] = {key: [] for key in above}
    found = shape.model.objects.filter(**{f"{shape.above}__in": list(above)}).order_by("position")
    for row in found.select_related(*_joins(shape.model)):
        rows[getattr(row, f"{shape.above}_id")].append(row)
    every = {row.pk: row for group in rows.values() for row in group}
    below = {key: _section(key, key, under, every, cited) for key, under in shape.below.items() if every}
    title = name.replace("_", " ").replace("bp ", "blood pressure ").capitalize()
    return {
        key: Section(
            place=place,
            title=title,
            alone=shape.alone,
            rows=tuple(
                _row(row, number=number, place=place, shape=shape, below=below, cited=cited)
                for number, row in enumerate(group)
            ),
        )
        for key, group in rows.items()
    }


def _joins(model: Any) -> tuple[str, ...]:
    return tuple(
        field.name
        for field in model._meta.concrete_fields
        if field.is_relation and field.name in {"drug", "source", "protocol"}
    )


def _row(
    row: Any,
    *,
    number: int,
    place: str,
    shape: Shape,
    below: Mapping[str, dict[int, Section]],
    cited: Mapping[tuple[str, int], tuple[str, ...]],
) -> Row:
    own = cited.get((shape.cited_as, row.pk), ())
    mark = getattr(row, "mark", "")
    source = getattr(row, "source", None)
    if mark:
        said = getattr(source, "citation", None) or getattr(row, "source_note", "") or "clinic policy"
        own = (*own, f"{said} ({MARKS.get(str(mark), mark)})")
    return Row(
        place=f"{place}.{number}",
        title=str(row),
        cells=_cells(row),
        sources=own,
        below=tuple(sections[row.pk] for sections in below.values() if row.pk in sections),
    )


def row_at(edition: Edition, place: str) -> tuple[Any, Shape]:
    """Find a row by its place: phases.0.steps.1."""
    row: Any = edition
    shapes = shapes_of(edition)
    parts = place.split(".")
    shape = None
    for name, number in zip(parts[::2], parts[1::2], strict=False):
        shape = shapes.get(name)
        rows = list(shape.model.objects.filter(**{shape.above: row.pk}).order_by("position")) if shape else []
        if shape is None or not number.isdigit() or int(number) >= len(rows):
            message = "There is no such row."
            raise Http404(message)
        row, shapes = rows[int(number)], shape.below
    if shape is None:
        message = "There is no such row."
        raise Http404(message)
    return row, shape


@lru_cache(maxsize=1)
def examples() -> tuple[ExampleChild, ...]:
    """Return the made-up children whose calendars show what an edition amounts to."""
    return read_library(SHIPPED).examples
