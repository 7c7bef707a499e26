"""Many new rows at once, by PostgreSQL's COPY: a fraction of what INSERT costs."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import JSONField
from django.db.models.expressions import DatabaseDefault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import Field

# Values the driver takes as they are, so that most cells cost no call; a text may still be somebody's JSON.
AS_THEY_ARE = frozenset({str, int, bool, type(None), dt.date, dt.datetime, UUID})


def copy_in(rows: Sequence[Any], *, wants_keys: bool = False) -> None:
    """Write new rows of one table; triggers and constraints apply as ever. Parents want their keys back."""
    if not rows:
        return
    table = type(rows[0])._meta.db_table
    columns = copied_columns(rows[0])
    parents = [column for column in columns if column.is_relation]
    line = connections[DEFAULT_DB_ALIAS]
    with line.cursor() as cursor:
        names = ", ".join(f'"{column.column}"' for column in columns)
        with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
            for row in rows:
                take_keys_of_parents(row, parents)
                copy.write_row([cell(column, row, line) for column in columns])
    if wants_keys:
        give_keys(rows)


def copied_columns(row: Any) -> list[Field[Any, Any]]:
    """The columns a row brings itself; what the database fills in is left to it."""
    return [
        field
        for field in row._meta.concrete_fields
        if not field.primary_key and not isinstance(getattr(row, field.attname), DatabaseDefault)
    ]


def give_keys(rows: Sequence[Any]) -> None:
    """Give each row the primary key the database gave it."""
    table = type(rows[0])._default_manager
    keys = dict(table.filter(uid__in=[row.uid for row in rows]).values_list("uid", "pk"))
    for row in rows:
        row.pk = keys[row.uid]


def take_keys_of_parents(row: Any, parents: Sequence[Any]) -> None:
    """A parent that was written after the row was made has its key only now."""
    for field in parents:
        if getattr(row, field.attname) is None and field.is_cached(row):
            parent = field.get_cached_value(row)
            if parent is not None:
                setattr(row, field.attname, parent.pk)


def cell(field: Field[Any, Any], row: Any, line: Any) -> Any:
    """One value as the driver takes it."""
    value = getattr(row, field.attname)
    if type(value) in AS_THEY_ARE and not isinstance(field, JSONField):
        return value
    return field.get_db_prep_save(value, line)
