"""Rows and history: every table one may look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.urls import reverse

from ispath.dashboard.admin import GROUPS
from ispath.dashboard.desk import page, render

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from ispath.dashboard.desk import Desk


def _table(label: str) -> tuple[str, str]:
    meta = apps.get_model(label)._meta
    return str(meta.verbose_name_plural).capitalize(), reverse(
        f"admin:{meta.app_label}_{meta.model_name}_changelist"
    )


@page
def rows_page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """List the tables."""
    groups = [(name, [_table(label) for label in labels]) for name, labels in GROUPS]
    return render(request, "dashboard/rows.html", {"title": "Rows and history", "groups": groups})
