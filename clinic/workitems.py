"""What a person must do that is no check: put on the list once per cause, taken off with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from clinic.models import WorkItem
from clinic.roles import require
from clinic.timeline import Kind, kind_of, tell_of_child

if TYPE_CHECKING:
    from datetime import date, datetime

    from clinic.models import Actor, Clinic, Row


@transaction.atomic
def open_item(
    *,
    clinic: Clinic,
    kind: str,
    cause: str,
    due_on: date,
    by: Actor,
    now: datetime,
    patient_id: int | None = None,
    subject: Row | None = None,
    text: str = "",
) -> WorkItem:
    """Put an item on the list of a clinic, unless it stands there already for the same cause."""
    item, new = WorkItem.objects.get_or_create(
        clinic=clinic,
        kind=kind,
        cause=cause,
        closed_at=None,
        defaults={
            "patient_id": patient_id,
            "subject_kind": "" if subject is None else kind_of(subject),
            "subject_uid": None if subject is None else subject.uid,
            "text": text,
            "due_on": due_on,
            "created_at": now,
            "created_by": by,
            "changed_at": now,
            "changed_by": by,
        },
    )
    if new:
        tell_of_child(Kind.WORK_ITEM_OPENED, about=item, patient=item.patient, clinic=clinic, by=by, now=now)
    return item


@transaction.atomic
def close_item(*, item: WorkItem, by: Actor, now: datetime, because: str = "") -> WorkItem:
    """Take an item off the list. Twice is once."""
    row = WorkItem.objects.select_for_update(of=("self",)).select_related("clinic").get(pk=item.pk)
    require(actor=by, permission="clinic.change_workitem", clinic=row.clinic)
    if row.closed_at is None:
        _take_off(row, by=by, now=now, because=because)
    return row


@transaction.atomic
def settle_items(
    *, clinic: Clinic, cause: str, by: Actor, now: datetime, because: str, kind: str | None = None
) -> None:
    """Take what stands on the list for a cause off it, because the act it asked for has been done.

    Whoever may do the act may do this: the verb of the act has asked.
    """
    rows = WorkItem.objects.open().select_for_update(of=("self",)).select_related("clinic", "patient")
    standing = rows.filter(clinic=clinic, cause=cause)
    for row in standing if kind is None else standing.filter(kind=kind):
        _take_off(row, by=by, now=now, because=because)


def _take_off(row: WorkItem, *, by: Actor, now: datetime, because: str) -> None:
    row.closed_at, row.closed_by, row.closed_because = now, by, because
    row.changed_at, row.changed_by = now, by
    row.save()
    tell_of_child(Kind.WORK_ITEM_CLOSED, about=row, patient=row.patient, clinic=row.clinic, by=by, now=now)
