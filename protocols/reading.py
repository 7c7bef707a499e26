"""Rows of an edition, read back as the engine's frozen values: one query a table, however many rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import connection

from protocols import models
from protocols.columns import Keys, columns_of
from protocols.engine import citing, formulary, pathway, regimen
from protocols.refusal import Refusal
from protocols.shapes import PATHWAY_ROWS, PATHWAY_SOURCES, PROTOCOL_ROWS, Shape

if TYPE_CHECKING:
    from uuid import UUID

    CitedRows = Mapping[tuple[str, int], tuple[citing.Cited, ...]]


class EditionIncomplete(Refusal):
    """A draft lacks a row without which nobody can say what it says."""

    code = "edition-incomplete"


Values = regimen.ProtocolEdition | pathway.PathwayEdition

_SIGNED = frozenset(models.Edition.State) - {models.Edition.State.DRAFT, models.Edition.State.CHECKED}


def values_of(edition: models.Edition) -> Values:
    """What an edition of either kind says."""
    match edition:
        case models.ProtocolEdition():
            return protocol_values(edition)
        case models.PathwayEdition():
            return pathway_values(edition)
    message = f"{type(edition).__name__} is neither a protocol edition nor a pathway edition"
    raise TypeError(message)


def protocol_values(edition: models.ProtocolEdition) -> regimen.ProtocolEdition:
    """What a protocol edition says. A signed one is read once for each process: it never changes."""
    if edition.state in _SIGNED:
        return _signed_protocol(edition.uid, edition.content_digest)
    return _read_protocol(edition)


def pathway_values(edition: models.PathwayEdition) -> pathway.PathwayEdition:
    """What a pathway edition says. A signed one is read once for each process: it never changes."""
    if edition.state in _SIGNED:
        return _signed_pathway(edition.uid, edition.content_digest)
    return _read_pathway(edition)


def read_anew(edition: models.ProtocolEdition | models.PathwayEdition) -> Values:
    """What the rows say now, whatever was read before: to hold a signature against them."""
    if isinstance(edition, models.ProtocolEdition):
        return _read_protocol(edition)
    return _read_pathway(edition)


# The digest is part of the key: what was read before a signature was rolled back is not believed later.
@lru_cache(maxsize=512)
def _signed_protocol(uid: UUID, digest: str) -> regimen.ProtocolEdition:
    editions = models.ProtocolEdition.objects.select_related("protocol")
    return _read_protocol(editions.get(uid=uid, content_digest=digest))


@lru_cache(maxsize=128)
def _signed_pathway(uid: UUID, digest: str) -> pathway.PathwayEdition:
    editions = models.PathwayEdition.objects.select_related("pathway")
    return _read_pathway(editions.get(uid=uid, content_digest=digest))


def _read_protocol(edition: models.ProtocolEdition) -> regimen.ProtocolEdition:
    keys = known_keys()
    cited = _citations(edition, keys)
    return regimen.ProtocolEdition(
        key=edition.protocol.key,
        edition=edition.number,
        name=edition.name,
        summary=edition.summary,
        cited=cited.get(("edition", edition.pk), ()),
        **_rows(PROTOCOL_ROWS, edition.pk, keys, cited),
    )


def _read_pathway(edition: models.PathwayEdition) -> pathway.PathwayEdition:
    keys = keys_of_pathway(edition)
    return pathway.PathwayEdition(
        key=edition.pathway.key,
        edition=edition.number,
        title=edition.title,
        summary=edition.summary,
        adopted_definition=edition.adopted_definition,
        **_rows({"sources": PATHWAY_SOURCES}, edition.pk, keys, {}),
        **_rows(PATHWAY_ROWS, edition.pk, keys, {}),
    )


def _rows(shapes: Mapping[str, Shape], edition_id: int, keys: Keys, cited: CitedRows) -> dict[str, Any]:
    """The rows right below an edition, by the field of the value that holds them."""
    read: dict[str, Any] = {}
    for name, shape in shapes.items():
        found = _values(shape, shape.above, edition_id, keys, cited).get(edition_id, ())
        if shape.alone and not found:
            raise EditionIncomplete(f"The edition has no {name.replace('_', ' ')} yet. Add it.", field=name)
        read[name] = found[0] if shape.alone else found
    return read


def _values(
    shape: Shape, path: str, edition_id: int, keys: Keys, cited: CitedRows
) -> dict[int, tuple[Any, ...]]:
    """All values of one shape in an edition, by the row above them, in order."""
    under = {
        name: _values(child, f"{child.above}__{path}", edition_id, keys, cited)
        for name, child in shape.below.items()
    }
    found = defaultdict(list)
    for cells in shape.model.objects.filter(**{path: edition_id}).order_by("position", "pk").values():
        fields = {name: column.take(cells, keys) for name, column in shape.columns}
        fields |= {name: values.get(cells["id"], ()) for name, values in under.items()}
        if shape.cited_as:
            fields["cited"] = cited.get((shape.cited_as, cells["id"]), ())
        found[cells[f"{shape.above}_id"]].append(shape.value(**fields))
    return {above: tuple(values) for above, values in found.items()}


def _citations(edition: models.ProtocolEdition, keys: Keys) -> CitedRows:
    """Citations of an edition by the row they speak of; ("edition", pk) where they speak of the whole."""
    found: dict[tuple[str, int], list[citing.Cited]] = defaultdict(list)
    rows: Any = models.ProtocolCitation.objects.filter(edition=edition).order_by("position", "pk").values()
    for row in rows:
        names = (name for name in models.CITING_ROWS if row[f"{name}_id"] is not None)
        about = next(names, "edition")
        found[about, row[f"{about}_id"]].append(_cited(row, keys))
    return {row: tuple(citations) for row, citations in found.items()}


def _cited(cells: Mapping[str, Any], keys: Keys) -> citing.Cited:
    return citing.Cited(**{name: column.take(cells, keys) for name, column in columns_of(citing.Cited)})


def known_keys() -> Keys:
    """Keys of the tables that rows of an edition point to."""
    tables: dict[str, Any] = {"drug": models.Drug, "source": models.Source, "protocol": models.Protocol}
    return Keys.of({name: dict(table.objects.values_list("key", "pk")) for name, table in tables.items()})


def keys_of_pathway(edition: models.PathwayEdition) -> Keys:
    """Keys of the sources that a pathway edition lists: its rows point to these."""
    listed = models.PathwaySource.objects.filter(edition=edition)
    return Keys.of({"source": dict(listed.values_list("key", "pk"))})


def sources() -> tuple[citing.Source, ...]:
    """Sources of the library, in order of their keys."""
    return tuple(
        citing.Source(key=row.key, citation=row.citation, url=row.url, note=row.note)
        for row in models.Source.objects.order_by("key")
    )


def drugs() -> tuple[formulary.Drug, ...]:
    """All drugs with their citations, in the order in which they came into the library."""
    return drugs_and_products()[0]


def products() -> tuple[formulary.Product, ...]:
    """All products with their citations, in the order in which they came into the library."""
    return drugs_and_products()[1]


def drugs_and_products() -> tuple[tuple[formulary.Drug, ...], tuple[formulary.Product, ...]]:
    """All drugs and all products. One query tells whether what this process read before still stands."""
    return _drugs_and_products(_as_written())


def _as_written() -> str:
    """A digest of what the formulary is read from, as the database holds it now."""
    with connection.cursor() as cursor:
        cursor.execute(_ALL_THAT_IS_READ)
        (digest,) = cursor.fetchone()
    return str(digest)


_ALL_THAT_IS_READ = """
SELECT md5(string_agg(said, chr(10) ORDER BY said)) FROM (
    SELECT a_row::text FROM protocols_drug a_row
    UNION ALL SELECT a_row::text FROM protocols_drugcitation a_row
    UNION ALL SELECT a_row::text FROM protocols_product a_row
    UNION ALL SELECT a_row::text FROM protocols_productcitation a_row
    UNION ALL SELECT source.id || ' ' || source.key FROM protocols_source source
) every_row (said)
"""


# The digest is the key alone: it says which rows were read, and none is read by it.
@lru_cache(maxsize=16)
def _drugs_and_products(_digest: str) -> tuple[tuple[formulary.Drug, ...], tuple[formulary.Product, ...]]:
    return (
        _formulary(formulary.Drug, models.Drug, models.DrugCitation, "drug_id"),
        _formulary(formulary.Product, models.Product, models.ProductCitation, "product_id"),
    )


def _formulary(kind: Any, table: Any, citations: Any, above: str) -> tuple[Any, ...]:
    keys = known_keys()
    cited = defaultdict(list)
    for row in citations.objects.order_by("position", "pk").values():
        cited[row[above]].append(_cited(row, keys))
    return tuple(
        kind(
            **{name: column.take(cells, keys) for name, column in columns_of(kind, frozenset({"cited"}))},
            cited=tuple(cited[cells["id"]]),
        )
        for cells in table.objects.order_by("pk").values()
    )


# How the rows that editions rest on are read, by their table.
FORMULARY: Mapping[Any, Callable[[], tuple[Any, ...]]] = {
    models.Source: sources,
    models.Drug: drugs,
    models.Product: products,
}
