"""Makes a first migration quick: models created one after the other are created as one batch.

Django draws every model that is tied to a new one again after each step, and here nearly all are tied to all:
two hundred models cost half a minute. Between two CreateModel steps nobody looks at the drawing, so it is
drawn once for the whole run of them. The statements sent to PostgreSQL are the same, in the same order.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import CreateModel, Migration
from django.db.migrations.state import ProjectState

apply_step_by_step = Migration.apply


def apply(
    migration: Migration,
    state: ProjectState,
    schema_editor: BaseDatabaseSchemaEditor,
    collect_sql: bool = False,  # noqa: FBT001, FBT002  Django's own signature
) -> ProjectState:
    """Migration.apply with the same arguments and the same result."""
    whole, this = migration.operations, vars(migration)
    try:
        for creates, steps in groupby(whole, key=lambda step: type(step) is CreateModel):
            part = list(steps)
            if creates and len(part) > 1 and not collect_sql:
                create(migration.app_label, part, state, schema_editor)
            else:
                this["operations"] = part
                state = apply_step_by_step(migration, state, schema_editor, collect_sql)
    finally:
        this["operations"] = whole
    return state


def create(
    app_label: str, steps: list[Any], state: ProjectState, schema_editor: BaseDatabaseSchemaEditor
) -> None:
    before = state.clone()
    vars(state).pop("apps", None)  # the drawing; without one, adding a model is only noted
    for step in steps:
        step.state_forwards(app_label, state)
    for step in steps:
        step.database_forwards(app_label, schema_editor, before, state)


@contextmanager
def in_batches() -> Iterator[None]:
    setattr(Migration, "apply", apply)  # noqa: B010  for as long as one command runs
    try:
        yield
    finally:
        setattr(Migration, "apply", apply_step_by_step)  # noqa: B010
