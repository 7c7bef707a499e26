"""New and changed rows of many plans, kept until they are all known and then written together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from clinic.models import Check, Escalation, Referral, ReferralReason, ResponseAssessment, TimelineEntry

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

Insert = Callable[[Sequence[Any]], None]

# What is pointed to comes before what points to it; the news come last.
ORDER: tuple[type[Any], ...] = (
    Check,
    ResponseAssessment,
    Escalation,
    Referral,
    ReferralReason,
    TimelineEntry,
)
AT_ONCE = 100  # rows of one UPDATE: its cost grows with the square


def insert_now(rows: Sequence[Any]) -> None:
    """Insert some rows of one table."""
    type(rows[0])._default_manager.bulk_create(rows)


class Pen:
    """Rows on their way into the tables. `insert` takes the new ones of one table."""

    def __init__(self, insert: Insert = insert_now) -> None:
        self.insert = insert
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
            if rows:
                columns = sorted(self.columns[table])
                table._default_manager.bulk_update(rows.values(), columns, batch_size=AT_ONCE)
        for added in self.new.values():
            if added:
                self.insert(added)
