"""Where a page stands: the crumbs above its title."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

if TYPE_CHECKING:
    from clinic.models import Patient

Trail = list[tuple[str, str]]


def children_trail() -> Trail:
    """Today, then the list of children."""
    return [("Today", reverse("admin:index")), ("Children", reverse("admin:children"))]


def child_trail(patient: Patient) -> Trail:
    """Down to the child."""
    return [*children_trail(), (str(patient), reverse("admin:child", args=[patient.uid]))]
