"""What a protocol edition rests on: the drugs it gives, their products, and every source it cites.

A pathway edition rests on nothing outside itself: it carries its sources with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any

from protocols import models, reading
from protocols.engine import citing

if TYPE_CHECKING:
    from datetime import datetime

    from protocols.reading import Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Resting:
    """Keys of the rows an edition rests on."""

    drugs: frozenset[str]
    products: frozenset[str]
    sources: frozenset[str]


def rests_on(values: Values) -> Resting:
    """The drugs an edition gives, all their products, and the sources that all of these cite."""
    given = {part.drug for part in _parts(values) if isinstance(getattr(part, "drug", None), str)}
    every_drug, every_product = reading.drugs_and_products()
    drugs = tuple(drug for drug in every_drug if drug.key in given)
    products = tuple(product for product in every_product if product.drug in given)
    return Resting(
        drugs=frozenset(given),
        products=frozenset(product.key for product in products),
        sources=_sources((values, *drugs, *products)),
    )


def freeze_what_it_rests_on(values: Values, *, now: datetime) -> None:
    """From now on the database refuses to change those rows. What is frozen already stays so."""
    resting = rests_on(values)
    for table, keys in (
        (models.Drug, resting.drugs),
        (models.Product, resting.products),
        (models.Source, resting.sources),
    ):
        rows: Any = table
        rows.objects.filter(key__in=keys, frozen_at=None).update(frozen_at=now)


def _sources(rows: tuple[Any, ...]) -> frozenset[str]:
    found: set[str | None] = set()
    for row in rows:
        for part in _parts(row):
            match part:
                case citing.Cited():
                    found.add(part.source)
    return frozenset(key for key in found if key)


def _parts(value: Any) -> Iterator[Any]:
    """Every frozen value inside a value, itself included."""
    if isinstance(value, tuple):
        for item in value:
            yield from _parts(item)
    elif is_dataclass(value):
        yield value
        for field in fields(value):
            yield from _parts(getattr(value, field.name))
