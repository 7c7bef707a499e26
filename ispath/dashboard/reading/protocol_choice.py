"""Which protocols can be started, and which the pathway offers first for this cause, with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ispath.dashboard.reading.sources import basis_words
from protocols import reading
from protocols.models import ProtocolEdition

if TYPE_CHECKING:
    from datetime import date

    from clinic.models import Enrolment
    from protocols.engine.pathway import FirstChoice

ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The editions in force, the first choices among them first."""

    cause: str
    because: str
    source: str
    first: tuple[ProtocolEdition, ...]
    others: tuple[ProtocolEdition, ...]


def _matching(choices: tuple[FirstChoice, ...], etiology: str, words: str) -> FirstChoice | None:
    named = [one for one in choices if one.etiology == etiology or any(word in words for word in one.matches)]
    return next(iter(named or [one for one in choices if one.etiology == ANY]), None)


def offered(enrolment: Enrolment, *, on: date) -> Offer:
    """Return what can be started on a day."""
    rows = (
        ProtocolEdition.objects.in_force(on)
        .select_related("protocol")
        .order_by("protocol__key", "-in_force_on")
    )
    newest: dict[str, ProtocolEdition] = {}
    for row in rows:
        newest.setdefault(row.protocol.key, row)
    condition = getattr(enrolment.patient, "condition", None)
    etiology = condition.etiology if condition else "unknown"
    words = f"{condition.etiology_text} {condition.get_etiology_display()}".lower() if condition else ""
    pathway = reading.pathway_values(enrolment.pathway_edition)
    choice = _matching(pathway.first_choices, etiology, words)
    keys = choice.protocols if choice else ()
    first = tuple(newest[key] for key in keys if key in newest)
    return Offer(
        cause=(condition.etiology_text or condition.get_etiology_display()) if condition else "not known",
        because=choice.note if choice else "",
        source=basis_words(pathway, choice.basis) if choice else "",
        first=first,
        others=tuple(row for key, row in newest.items() if key not in keys),
    )
