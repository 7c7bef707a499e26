"""Whether every checked or signed edition still says what was checked and signed.

Triggers keep it so. This looks again: at a restored copy, or after somebody switched a trigger off.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from protocols import models, reading
from protocols.differing import digest_of
from protocols.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """An edition with a digest, and why its rows are not what bears that digest; "" where they are."""

    edition: models.ProtocolEdition | models.PathwayEdition
    mistake: str


def verify_editions() -> Iterator[Verified]:
    """Read every edition that bears a digest anew, and compare."""
    protocols = models.ProtocolEdition.objects.exclude(content_digest="").select_related("protocol")
    pathways = models.PathwayEdition.objects.exclude(content_digest="").select_related("pathway")
    for edition in chain(protocols.order_by("pk"), pathways.order_by("pk")):
        yield Verified(edition=edition, mistake=_mistake(edition))


def _mistake(edition: models.ProtocolEdition | models.PathwayEdition) -> str:
    try:
        digest = digest_of(reading.read_anew(edition))
    except Refusal as refusal:
        return refusal.sentence
    return "" if digest == edition.content_digest else "Its rows do not say what was checked."
