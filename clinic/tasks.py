"""The clinic's part of the schedule."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from clinic.sweep import sweep


@shared_task(name="clinic.tasks.review_due")
def review_due() -> None:
    """Review every plan that time can have changed."""
    sweep(now=timezone.now())
