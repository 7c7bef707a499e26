"""Drafts: new, cloned from an edition, or read from a file. A draft's rows are edited until it is checked."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db import transaction

from protocols import loading, models, reading, writing
from protocols.differing import Difference, differences
from protocols.models.promises import NUMBER
from protocols.refusal import Refusal
from protocols.signing import MAY_DRAFT, AnyEdition, WrongState, locked, require_role

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User

    from protocols.reading import Values

Origin = models.Edition.Origin


class NumberTaken(Refusal):
    """An edition of that number says otherwise. `differences` holds the places."""

    code = "edition-number-taken"

    def __init__(self, sentence: str, differing: tuple[Difference, ...] = ()) -> None:
        self.differences = differing
        listed = "".join(f"\n  {difference}" for difference in differing)
        super().__init__(f"{sentence}{listed}", field="number")


class NumberNotPossible(Refusal):
    """An edition cannot bear that number."""

    code = "edition-number-not-possible"


@transaction.atomic
def clone_edition(edition: AnyEdition, *, reason: str, by: User, now: datetime) -> AnyEdition:
    """A draft that says what the edition says, under the next number, for a clinic to make its own."""
    require_role(by, MAY_DRAFT, "draft an edition")
    edition = locked(edition)
    values = replace(reading.values_of(edition), edition=next_number(edition))
    clone = loading.new_edition(
        values,
        origin=Origin.WRITTEN_HERE,
        reason=reason,
        cloned_from=edition,
        created_at=now,
        created_by=by,
    )
    assert isinstance(clone, type(edition))  # noqa: S101 - values of one kind make editions of that kind
    return clone


@transaction.atomic
def draft_from(values: Values, *, reason: str, by: User, now: datetime) -> models.Edition:
    """A draft of what a file says. The same file finds its edition; another of that number is refused."""
    require_role(by, MAY_DRAFT, "draft an edition")
    standing = loading.find_edition(values)
    if standing is not None:
        differing = differences(reading.values_of(standing), values)
        if not differing:
            return standing
        sentence = (
            f"{standing} is here already and says otherwise. Give the file a number of its own, "
            f"such as {next_number(standing)}."
        )
        raise NumberTaken(sentence, differing)
    if not re.fullmatch(NUMBER, values.edition):
        sentence = (
            f"“{values.edition}” is no edition number. Write 2, or 1.1: numbers with dots between them."
        )
        raise NumberNotPossible(sentence, field="number")
    return loading.new_edition(values, origin=Origin.IMPORTED, reason=reason, created_at=now, created_by=by)


@transaction.atomic
def rewrite_draft(edition: AnyEdition, values: Values, *, by: User) -> AnyEdition:
    """Replace all that a draft says, under its own key and number."""
    require_role(by, MAY_DRAFT, "edit a draft")
    edition = locked(edition)
    _require_draft(edition)
    standing = reading.values_of(edition)
    writing.rewrite(edition, replace(values, key=standing.key, edition=standing.edition))
    return edition


@transaction.atomic
def discard_draft(edition: AnyEdition, *, by: User) -> None:
    """Delete a draft that nobody checked."""
    require_role(by, MAY_DRAFT, "discard a draft")
    edition = locked(edition)
    _require_draft(edition)
    if edition.clones.exists():
        raise WrongState(f"{edition} has been cloned. Discard the copies first.")
    edition.delete()


def next_number(edition: models.ProtocolEdition | models.PathwayEdition) -> str:
    """The next free number below the edition's whole number: after 1 comes 1.1, after 1.2 comes 1.3."""
    siblings: Any = (
        edition.pathway.editions if isinstance(edition, models.PathwayEdition) else edition.protocol.editions
    )
    numbers = siblings.values_list("number", flat=True)
    whole = edition.number.split(".")[0]
    taken = [int(number.split(".")[1]) for number in numbers if number.startswith(f"{whole}.")]
    return f"{whole}.{max(taken, default=0) + 1}"


def _require_draft(edition: models.Edition) -> None:
    if edition.state != models.Edition.State.DRAFT:
        sentence = (
            f"{edition} is {edition.get_state_display()} and its rows stay. Clone it and edit the copy."
        )
        raise WrongState(sentence)
