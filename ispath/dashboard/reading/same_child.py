"""The rows of one child: its own, and those that were merged into it. Facts stay where they were written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from clinic.models import Patient

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet


def same_child(patient: Patient) -> QuerySet[Patient]:
    """Return every row of a child, to filter facts by: a part of their query, none of its own."""
    return Patient.objects.filter(Q(pk=patient.pk) | Q(replaced_by=patient.pk))


def owners_of(keys: Iterable[int]) -> dict[int, int]:
    """Return whose facts each row holds, for some children and the rows merged into them."""
    own = {key: key for key in keys}
    merged = Patient.objects.filter(replaced_by__in=list(own)).values_list("pk", "replaced_by")
    return own | {row: survivor for row, survivor in merged if survivor is not None}
