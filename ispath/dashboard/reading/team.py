"""Who cares for a child, in the order a nurse calls them, and what happened to it so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clinic.models import TimelineEntry
from ispath.dashboard.reading.same_child import same_child

if TYPE_CHECKING:
    from clinic.models import Patient

ROLE_ORDER = ("pediatrician", "neurologist", "nurse", "ophthalmology", "epileptologist", "surgery", "family")


def team_of(patient: Patient) -> list[Any]:
    """Return the care team in the order a nurse calls it."""
    rows = patient.care_team.filter(ended_on=None).select_related("contact__alternate")
    return sorted(
        rows, key=lambda row: (ROLE_ORDER.index(row.role) if row.role in ROLE_ORDER else 99, row.pk)
    )


def history_of(patient: Patient, most: int = 200) -> list[Any]:
    """Return what happened, newest first, with who and when."""
    rows = TimelineEntry.objects.filter(patient__in=same_child(patient)).select_related("by")
    return list(rows.order_by("-at", "-pk")[:most])
