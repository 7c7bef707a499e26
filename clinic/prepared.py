"""Queries that every request asks, translated to SQL once: who may see what stays said in one place only.

Translating a queryset costs more than answering it. So it is built once with marks in the place of its
values, kept as SQL, and asked with the values of each request; PostgreSQL plans it once for a connection.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db import OperationalError, connection
from django.db.models import BooleanField, F, Func, QuerySet, TextField, UUIDField, Value
from django.db.models.functions import Cast
from psycopg import Cursor

from clinic.models import Actor

Row = tuple[Any, ...]
# The SQL, and for each of its parameters the name of its value, or a constant.
Compiled = tuple[str, tuple[tuple[str | None, Any], ...]]

# Values that no row has, one for each value that a query may be asked with.
NUMBER = -(2**31) + 917_000
OTHER_NUMBER = NUMBER + 1
WORD, OTHER_WORD = "\ue000mark", "\ue001mark"
UID = uuid.UUID(int=0xE000 << 96)
MOMENT = datetime(1, 2, 3, 4, 5, 6, tzinfo=UTC)
AN_EHR = Actor(pk=NUMBER, kind=Actor.Kind.API_CLIENT)


# Which transactions had ended when the query ran. While this is the same, nothing that is stored has changed.
SEEN = Cast(Func(function="pg_current_snapshot", output_field=TextField()), TextField())


def seen_outside(seen: str) -> str | None:
    """The same, or None inside a transaction, which sees what it wrote itself besides."""
    return None if connection.in_atomic_block else seen


class AmongUids(Func):
    """Whether a column is one of some ids: one parameter, however many they are."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    output_field = BooleanField()

    def __init__(self, column: str, uids: Sequence[uuid.UUID]) -> None:
        super().__init__(F(column), Value(list(uids), ArrayField(UUIDField())))


class Prepared:
    """A query whose values are given later. `build` makes it with the marks; `marks` names them."""

    def __init__(self, build: Callable[[], QuerySet[Any, Any]], marks: Mapping[str, Any]) -> None:
        self.build = build
        self.marks = marks
        self.compiled = cache(self._compiled)

    def rows(self, **values: Any) -> list[Row]:
        """The rows for these values, as plain tuples."""
        compiled = self.compiled()
        if compiled is None:
            return []
        sql, places = compiled
        return ask(sql, [values[name] if name is not None else constant for name, constant in places])

    def _compiled(self) -> Compiled | None:
        """The SQL with its places; None where no row can match."""
        try:
            sql, params = self.build().query.sql_with_params()
        except EmptyResultSet:
            return None
        names = [(mark, name) for name, mark in self.marks.items()]
        places = tuple((next((n for m, n in names if _is(param, m)), None), param) for param in params)
        return sql, places


class Counted(Prepared):
    """How many rows such a query finds."""

    def number(self, **values: Any) -> int:
        """The count for these values."""
        return next((int(count) for (count,) in self.rows(**values)), 0)

    def _compiled(self) -> Compiled | None:
        compiled = super()._compiled()
        return compiled and (f"SELECT count(*) FROM ({compiled[0]}) AS found", compiled[1])  # noqa: S608


def ask(sql: str, params: Sequence[Any]) -> list[Row]:
    """The rows of a query that is asked again and again.

    Whether the line still stands is not asked first, as Django does: where it broke since the last request,
    the query is asked once more on a new one. Inside a transaction, what was done before is lost with it.
    """
    try:
        return _asked(sql, params)
    except OperationalError:
        if connection.in_atomic_block or connection.is_usable():
            raise
    connection.close()
    return _asked(sql, params)


def _asked(sql: str, params: Sequence[Any]) -> list[Row]:
    connection.ensure_connection()
    # Django's own cursors never prepare a query.
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        rows = cursor.execute(sql, params, prepare=True).fetchall()
    connection.health_check_done = True  # type: ignore[attr-defined]  # it answered; missing in the stubs
    return rows


def _is(param: Any, mark: Any) -> bool:
    return isinstance(param, type(mark)) and bool(param == mark)
