"""Run the sweep by hand: after an outage, or instead of the schedule."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from clinic.sweep import sweep


class Command(BaseCommand):
    """manage.py review_due."""

    help = "Review every plan that time can have changed. Running it twice does no harm."

    def handle(self, *_: Any, **__: Any) -> None:
        """Run one sweep and say what it did."""
        swept = sweep(now=timezone.now())
        self.stdout.write(f"{swept.looked_at} plans reviewed, {swept.changed} changed")
