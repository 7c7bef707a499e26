"""A draft's rows, changed one at a time: what a form calls, and why a row cannot stand so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max

from protocols import models
from protocols.refusal import Refusal
from protocols.shapes import PATHWAY_ROWS, PATHWAY_SOURCES, PROTOCOL_ROWS, every_shape
from protocols.signing import MAY_DRAFT, WrongState, locked, require_role

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Row = Any  # a row of any table below an edition

# The foreign key that leads one step up from each table below an edition.
ABOVE: Mapping[type[Any], str] = {
    **{shape.model: shape.above for shape in every_shape(PROTOCOL_ROWS) + every_shape(PATHWAY_ROWS)},
    PATHWAY_SOURCES.model: "edition",
    models.ProtocolCitation: "edition",
}
NOT_EDITED = frozenset({"id", "position"})


class RowRefused(Refusal):
    """A row cannot stand like that. `messages` says why, by column; "" where it is about the whole row."""

    code = "row-refused"

    def __init__(self, messages: Mapping[str, tuple[str, ...]]) -> None:
        self.messages = messages
        said = (f"{name}: {' '.join(why)}" if name else " ".join(why) for name, why in messages.items())
        columns = [name for name in messages if name]
        super().__init__("; ".join(said), field=columns[0] if columns else None)


def editable_columns(model: type[Any]) -> tuple[str, ...]:
    """The columns of a row that a clinician edits, in their order."""
    fixed = NOT_EDITED | {ABOVE[model]}
    return tuple(field.name for field in model._meta.concrete_fields if field.name not in fixed)


@transaction.atomic
def change_row(row: Row, *, columns: Mapping[str, Any], by: User) -> Row:
    """Change some columns of a draft's row. Raises RowRefused with every reason why it cannot stand so."""
    _require_draft(edition_of(row), by)
    return _save(row, columns)


@transaction.atomic
def add_row(model: type[Any], *, above: Any, columns: Mapping[str, Any], by: User) -> Row:
    """Add a row at the end of its kind, below an edition, a phase, a rule, …"""
    _require_draft(above if isinstance(above, models.Edition) else edition_of(above), by)
    rows: Any = model
    last = rows.objects.filter(**{ABOVE[model]: above}).aggregate(last=Max("position"))["last"]
    row = rows(**{ABOVE[model]: above}, position=0 if last is None else last + 1)
    return _save(row, columns)


@transaction.atomic
def remove_row(row: Row, *, by: User) -> None:
    """Remove a row with all below it; those after it move up."""
    _require_draft(edition_of(row), by)
    after = siblings_of(row).filter(position__gt=row.position)
    row.delete()
    after.update(position=F("position") - 1)


@transaction.atomic
def move_row(row: Row, *, to: int, by: User) -> Row:
    """Give a row another place among its kind; the others close up. Of overlapping steps the later wins."""
    _require_draft(edition_of(row), by)
    rows = list(siblings_of(row).order_by("position", "pk"))
    rows.remove(row)
    rows.insert(to, row)
    for place, sibling in enumerate(rows):
        type(row).objects.filter(pk=sibling.pk).update(position=place)
    row.refresh_from_db()
    return row


def edition_of(row: Row) -> models.ProtocolEdition | models.PathwayEdition:
    """The edition above a row, however deep it lies."""
    above = getattr(row, ABOVE[type(row)])
    if isinstance(above, (models.ProtocolEdition, models.PathwayEdition)):
        return above
    return edition_of(above)


def siblings_of(row: Row) -> Any:
    """The rows of its kind below the same row."""
    name = ABOVE[type(row)]
    return type(row).objects.filter(**{name: getattr(row, name)})


def _require_draft(edition: Any, by: User) -> None:
    require_role(by, MAY_DRAFT, "edit a draft")
    held = locked(edition)
    if held.state != models.Edition.State.DRAFT:
        sentence = f"{held} is {held.get_state_display()} and its rows stay. Clone it and edit the copy."
        raise WrongState(sentence)


def _save(row: Row, columns: Mapping[str, Any]) -> Row:
    unknown = columns.keys() - set(editable_columns(type(row)))
    if unknown:
        known = ", ".join(editable_columns(type(row)))
        raise RowRefused(dict.fromkeys(sorted(unknown), (f"no such column; known: {known}",)))
    for name, value in columns.items():
        setattr(row, name, value)
    try:
        row.full_clean()
    except ValidationError as refused:
        raise RowRefused(_messages(refused)) from refused
    row.save()
    return row


def _messages(refused: ValidationError) -> dict[str, tuple[str, ...]]:
    return {
        "" if name == "__all__" else name: tuple(map(str, why)) for name, why in refused.message_dict.items()
    }
