"""Past versions: a row as it was, put together again from the row history that PostgreSQL's triggers keep.

A resource that is made of several rows had a version at each moment at which one of them changed; it bears
the number that it bore then, as numbers are sums and parts are only ever added or changed (`versions`).
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.apps import apps

from clinic.models import Patient, PatientMerge
from ispath.fhir.versions import Part

# Puts the parts of a row back to a moment.
PutBack = Callable[[Any, datetime], None]


def as_it_was(row: Any, snapshot: Any) -> Any:
    """A copy of the row with the columns of a snapshot, and all else that the live row was given."""
    past = copy.copy(row)
    for field in row._meta.concrete_fields:
        if hasattr(snapshot, field.attname):  # what is reckoned from other rows is not kept
            setattr(past, field.attname, getattr(snapshot, field.attname))
    return past


def dressed(past: Any, *, version: int, changed: datetime) -> Any:
    """The copy with the version that it was."""
    past.fhir_version, past.fhir_changed = version, changed
    return past


def recorded_past(*parts: Part, put_back: PutBack | None = None) -> Callable[[Any], list[Any]]:
    """The past of rows that count their own versions, and of what is made of them and of parts."""

    def past_of(row: Any) -> list[Any]:
        snapshots = sorted(row.events.all(), key=lambda one: (one.version, one.pgh_id))
        changes = _changes_of(row, parts)
        moments = sorted({one.changed_at for one in snapshots} | {at for at, _ in changes})
        found = []
        for moment in moments:
            standing = [one for one in snapshots if one.changed_at <= moment]
            if not standing:
                continue
            version = standing[-1].version + sum(number for at, number in changes if at <= moment)
            past = dressed(as_it_was(row, standing[-1]), version=version, changed=moment)
            if put_back is not None:
                put_back(past, moment)
            found.append(past)
        return found

    return past_of


def _changes_of(row: Any, parts: Iterable[Part]) -> list[tuple[datetime, int]]:
    """When a part moved, and by how much the version grew then."""
    changes: list[tuple[datetime, int]] = []
    for part in parts:
        rows = part.rows.filter(
            **{part.points: getattr(row, "pk" if part.to == "pk" else _column(row, part))}
        )
        if part.counted is None:
            changes += [(at, 1) for at in rows.values_list(part.changed, flat=True)]
            continue
        for born, changed, version in rows.values_list("created_at", part.changed, part.counted):
            # Rows without a history of their own: what lies between their first and last state is not kept.
            changes += [(born, 1)] + [(changed, version - 1)] * (version > 1)
    return changes


def _column(row: Any, part: Part) -> str:
    return "pk" if part.to == "pk" else str(row._meta.get_field(part.to).attname)


def counted_past(row: Any) -> list[Any]:
    """The past of rows without a number of their own: each kept state counts."""
    snapshots = row.events.order_by("pgh_id")
    return [
        dressed(as_it_was(row, one), version=1 + number, changed=one.pgh_created_at)
        for number, one in enumerate(snapshots, start=1)
    ]


def fact_past(row: Any) -> list[Any]:
    """The past of facts: before they were corrected, before their child was merged."""
    states = apps.get_model("clinic", "PatientEvent")._default_manager.exclude(replaced_by=None)
    merged = states.filter(pgh_obj=row.patient_id).values_list("changed_at", flat=True)
    corrected = [] if row.corrected_at is None else [row.corrected_at]
    found = []
    for version, moment in enumerate(sorted([row.recorded_at, *corrected, *merged]), start=1):
        past = dressed(copy.copy(row), version=version, changed=moment)
        past.was_corrected = row.corrected_at is not None and row.corrected_at <= moment
        past.patient, past.was_merged = child_at(row.patient, moment), False
        found.append(past)
    return found


def child_at(child: Patient, moment: datetime) -> Patient:
    """The record under which a child was known at a moment, after the merges until then."""
    while merge := PatientMerge.objects.filter(replaced=child, created_at__lte=moment).first():
        child = merge.survivor
    return child
