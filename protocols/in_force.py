"""Which editions are in force, and what the dose engine needs beside an edition to lay out a course."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols import models, reading
from protocols.engine import regimen
from protocols.engine.course import Formulary

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from django.db.models import QuerySet

    from protocols.reading import Values


def protocols_in_force(on: date) -> dict[str, models.ProtocolEdition]:
    """By protocol, the edition on which a course that starts that day runs: the newest in force."""
    found: dict[str, models.ProtocolEdition] = {}
    for edition in models.ProtocolEdition.objects.in_force(on).select_related("protocol"):
        found.setdefault(edition.protocol.key, edition)
    return found


def formulary_with(values: Values, *, on: date | None = None) -> Formulary:
    """The drugs and products there are, the edition itself, and those of the protocols it combines.

    A part is taken in the edition in force on the day; without one, in the newest that was checked.
    """
    editions: dict[str, regimen.ProtocolEdition] = {}
    if isinstance(values, regimen.ProtocolEdition):
        editions = _parts(values, on=on) | {values.key: values}
    return whole_formulary(editions)


def whole_formulary(editions: Mapping[str, regimen.ProtocolEdition] | None = None) -> Formulary:
    """Every drug and product of the library, with the editions given, by key."""
    drugs, products = reading.drugs_and_products()
    return Formulary(
        drugs={drug.key: drug for drug in drugs},
        products={product.key: product for product in products},
        editions=editions or {},
    )


def _parts(values: regimen.ProtocolEdition, *, on: date | None) -> dict[str, regimen.ProtocolEdition]:
    wanted = {part.protocol for part in values.parts}
    if not wanted:
        return {}
    offered = protocols_in_force(on) if on else {}
    missing = wanted - offered.keys()
    return {
        edition.protocol.key: reading.protocol_values(edition)
        for edition in (
            *newest_checked().filter(protocol__key__in=missing),
            *(offered[key] for key in wanted - missing),
        )
    }


def newest_checked() -> QuerySet[models.ProtocolEdition]:
    """Of each protocol the newest edition that is no draft."""
    checked = models.ProtocolEdition.objects.exclude(state=models.Edition.State.DRAFT)
    return checked.select_related("protocol").order_by("protocol", "-pk").distinct("protocol")
