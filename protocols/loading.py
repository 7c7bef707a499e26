"""The shipped library, loaded into rows: again and again, without ever writing over what people signed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction

from protocols import models, reading, writing
from protocols.columns import columns_of
from protocols.differing import differences, digest_of
from protocols.engine import citing, formulary, pathway, regimen
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from protocols.reading import Values

Origin = models.Edition.Origin
State = models.Edition.State


class LibraryRefused(Refusal):
    """The library says otherwise than rows that may not change. `mistakes` names every place."""

    code = "library-refused"

    def __init__(self, mistakes: tuple[str, ...]) -> None:
        self.mistakes = mistakes
        listed = "\n".join(f"  {mistake}" for mistake in mistakes)
        super().__init__(f"The library was not loaded and nothing was changed.\n{listed}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipped:
    """Everything the library ships."""

    sources: tuple[citing.Source, ...] = ()
    drugs: tuple[formulary.Drug, ...] = ()
    products: tuple[formulary.Product, ...] = ()
    protocols: tuple[regimen.ProtocolEdition, ...] = ()
    pathways: tuple[pathway.PathwayEdition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What loading did: editions that were new, were replaced before anybody signed, or stood already."""

    new: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)


@transaction.atomic
def load(shipped: Shipped, *, now: datetime) -> Loaded:
    """Bring the rows in line with what ships. Raises LibraryRefused with every difference to a signed row."""
    mistakes = [
        *_load_rows(models.Source, None, shipped.sources),
        *_load_rows(models.Drug, models.DrugCitation, shipped.drugs),
        *_load_rows(models.Product, models.ProductCitation, shipped.products),
    ]
    _name_all(shipped)
    loaded = Loaded()
    editions: tuple[Values, ...] = (*shipped.protocols, *shipped.pathways)
    for values in editions:
        mistakes += _load_edition(values, loaded, now=now)
    if mistakes:
        raise LibraryRefused(tuple(mistakes))
    return loaded


def _load_rows(table: Any, citations: Any, values: Iterable[Any]) -> list[str]:
    """Insert or update the sources, drugs or products; returns where a frozen one would have to change."""
    mistakes = []
    keys = reading.known_keys()
    rows = {row.key: row for row in table.objects.select_for_update()}
    standing = {value.key: value for value in reading.FORMULARY[table]()}
    for value in values:
        if standing.get(value.key) == value:
            continue
        row = rows.get(value.key)
        if row is not None and row.frozen_at is not None:
            mistakes += [
                f"{table._meta.verbose_name} {value.key}, on which a signed edition rests: {difference}"
                for difference in differences(standing[value.key], value)
            ]
            continue
        cells = writing.cells_of(value, columns_of(value.__class__, frozenset({"cited"})), keys)
        row, _ = table.objects.update_or_create(key=value.key, defaults=cells)
        if citations is not None:
            writing.cite(citations, row, value.cited, keys)
    return mistakes


def _name_all(shipped: Shipped) -> None:
    """Name every protocol and pathway before the first row points to one."""
    for protocol in shipped.protocols:
        models.Protocol.objects.update_or_create(key=protocol.key, defaults={"name": protocol.name})
    for policy in shipped.pathways:
        models.Pathway.objects.update_or_create(key=policy.key, defaults={"title": policy.title})


def _load_edition(values: Values, loaded: Loaded, *, now: datetime) -> list[str]:
    """Write one edition, or say why not."""
    name = f"{values.key}, edition {values.edition}"
    edition = find_edition(values)
    if edition is None:
        edition = new_edition(values, origin=Origin.SHIPPED, loaded_at=now)
        loaded.new.append(name)
    elif edition.content_digest == digest_of(values):
        loaded.unchanged.append(name)
        return []
    elif edition.origin != Origin.SHIPPED or edition.first_signed_at is not None:
        standing = reading.values_of(edition)
        why = "is signed" if edition.first_signed_at else "was not shipped with the library"
        return [
            f"{name}, which {why} and stays as it is: {difference}. Give the changed file a new number."
            for difference in differences(standing, values)
        ]
    else:
        type(edition).objects.filter(pk=edition.pk).update(state=State.DRAFT, content_digest="")
        writing.rewrite(edition, values)
        loaded.replaced.append(name)
    settle(edition, values)
    return []


def find_edition(values: Values) -> models.ProtocolEdition | models.PathwayEdition | None:
    """The edition that bears these values' key and number, locked; None where there is none."""
    if isinstance(values, pathway.PathwayEdition):
        pathways = models.PathwayEdition.objects.select_for_update(of=("self",)).select_related("pathway")
        return pathways.filter(pathway__key=values.key, number=values.edition).first()
    protocols = models.ProtocolEdition.objects.select_for_update(of=("self",)).select_related("protocol")
    return protocols.filter(protocol__key=values.key, number=values.edition).first()


def new_edition(values: Values, **columns: Any) -> models.ProtocolEdition | models.PathwayEdition:
    """A new draft that says what `values` say."""
    edition: models.ProtocolEdition | models.PathwayEdition
    if isinstance(values, pathway.PathwayEdition):
        above, _ = models.Pathway.objects.get_or_create(key=values.key, defaults={"title": values.title})
        edition = models.PathwayEdition(pathway=above, number=values.edition, **columns)
    else:
        over, _ = models.Protocol.objects.get_or_create(key=values.key, defaults={"name": values.name})
        edition = models.ProtocolEdition(protocol=over, number=values.edition, **columns)
    edition.save()
    writing.write(edition, values)
    return edition


def settle(edition: models.Edition, values: Values) -> None:
    """Close a shipped edition to editing: its files were checked as a whole before it was loaded."""
    edition.state = State.CHECKED
    edition.content_digest = digest_of(values)
    edition.save(update_fields=["state", "content_digest"])
