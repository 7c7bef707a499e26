"""New and changed rows of many plans, kept until they are all known and then written together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clinic.manyrows import copy_in, rewrite
from clinic.models import Check, Escalation, Referral, ReferralReason, ResponseAssessment, TimelineEntry

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

# What is pointed to comes before what points to it; the news come last.
ORDER: tuple[type[Any], ...] = (
    Check,
    ResponseAssessment,
    Escalation,
    Referral,
    ReferralReason,
    TimelineEntry,
)
PARENTS = frozenset({Escalation, Referral})


class Pen:
    """Rows on their way into the tables."""

    def __init__(self) -> None:
        self.new: dict[type[Any], list[Any]] = {table: [] for table in ORDER}
        self.changed: dict[type[Any], dict[UUID, Any]] = {table: {} for table in ORDER}
        self.columns: dict[type[Any], set[str]] = {table: set() for table in ORDER}

    def add(self, row: Any) -> None:
        """Keep a new row."""
        self.new[type(row)].append(row)

    def change(self, row: Any, columns: Iterable[str]) -> None:
        """Keep a row that stands and was changed; a new one is written as it is in the end anyway."""
        if row.pk is not None:
            self.changed[type(row)][row.uid] = row
            self.columns[type(row)].update(columns)

    def put_down(self) -> None:
        """Write everything: what changed before what is new, so that a new verdict finds its place free."""
        for table, rows in self.changed.items():
            rewrite(list(rows.values()), sorted(self.columns[table]))
        wants_keys = bool(self.new[ReferralReason])
        for table, added in self.new.items():
            copy_in(added, wants_keys=wants_keys and table in PARENTS)
