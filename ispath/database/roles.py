"""What the running role may do to each table. Granted after every migration, by the owner.

A model says it itself by a class attribute, in PostgreSQL's words:

    class BloodPressure(Fact):
        app_role_may = ("SELECT", "INSERT")                            # a fact is never changed
    class TimelineEntry(models.Model):
        app_role_may = ("SELECT", "INSERT", "UPDATE (relayed_at)")     # but for one column

A model that says nothing may be read and written. Row history (pghistory) can only be added to.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model
from pghistory.models import Event
from psycopg import sql

EVERYTHING = ("SELECT", "INSERT", "UPDATE", "DELETE")
ADD_ONLY = ("SELECT", "INSERT")


def privileges_of(model: type[Model]) -> tuple[str, ...]:
    said: tuple[str, ...] | None = getattr(model, "app_role_may", None)
    if said is not None:
        return said
    return ADD_ONLY if issubclass(model, Event) else EVERYTHING


def tables() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each table once, many-to-many tables included, with what the running role may do to it."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            yield model._meta.db_table, privileges_of(model)
    yield "django_migrations", ("SELECT",)


def grant(connection: BaseDatabaseWrapper, app_role: str) -> None:
    """Make the running role's privileges exactly those that the models say. The connection is the owner's."""
    role = sql.Identifier(app_role)
    with connection.cursor() as cursor:
        existing = set(connection.introspection.table_names(cursor))
        for table, privileges in tables():
            if table in existing:
                for statement in statements(sql.Identifier(table), privileges, role):
                    cursor.execute(statement)


def statements(table: sql.Identifier, privileges: tuple[str, ...], role: sql.Identifier) -> Iterator[Any]:
    yield sql.SQL("REVOKE ALL ON {} FROM {}").format(table, role)
    # the privileges are ours, from class attributes, never from outside
    words = sql.SQL(", ".join(privileges))
    yield sql.SQL("GRANT {} ON {} TO {}").format(words, table, role)
