"""Many rows at once: new ones by PostgreSQL's COPY, changed ones in one UPDATE.

A fraction of what bulk_create and bulk_update cost: those build an expression for each cell.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import CharField, JSONField
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
    names = ", ".join(f'"{column.column}"' for column in columns)
    statement = f'COPY "{table}" ({names}) FROM STDIN'
    with line.wrap_database_errors, line.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            take_keys_of_parents(row, parents)
            copy.write_row([cell(column, row, line) for column in columns])
    if wants_keys:
        give_keys(rows)


def rewrite(rows: Sequence[Any], columns: Sequence[str]) -> None:
    """Write some columns of rows of one table that stand; triggers and constraints apply as ever."""
    if not rows:
        return
    table, line = rows[0]._meta, connections[DEFAULT_DB_ALIAS]
    fields = [table.pk, *(table.get_field(name) for name in columns)]
    first = ", ".join(f"%s::{kind_of(field, line)}" for field in fields)
    others = ", ".join(["%s"] * len(fields))
    names = [f'"{field.column}"' for field in fields]
    statement = (
        f'UPDATE "{table.db_table}" AS row SET {", ".join(f"{name} = new.{name}" for name in names[1:])}'  # noqa: S608  names of our own
        f" FROM (VALUES ({first}){f', ({others})' * (len(rows) - 1)}) AS new ({', '.join(names)})"
        f" WHERE row.{names[0]} = new.{names[0]}"
    )
    with line.cursor() as cursor:
        cursor.execute(statement, [cell(field, row, line) for row in rows for field in fields])


def kind_of(field: Any, line: Any) -> str:
    """A column's type for a value on its way there; a text is not cut to the column's length, but refused."""
    if isinstance(getattr(field, "target_field", field), CharField):
        return "text"
    return str(field.cast_db_type(line))


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
