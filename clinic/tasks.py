"""The clinic's part of the schedule."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from clinic.models import SweepHeartbeat
from clinic.sweep import sweep
from protocols.verifying import verify_editions as verified_editions

VERIFY = "verify-editions"


@shared_task(name="clinic.tasks.review_due")
def review_due() -> None:
    """Review every plan that time can have changed."""
    sweep(now=timezone.now())


class EditionsChanged(Exception):
    """Rows of a signed edition are not what was signed."""


@shared_task(name="clinic.tasks.verify_editions")
def verify_editions() -> None:
    """Hold every signed edition against its digest; raise with the names of those that differ."""
    started = timezone.now()
    found = list(verified_editions())
    wrong = [str(each.edition) for each in found if each.mistake]
    counts = {"looked_at": len(found), "failed": len(wrong)}
    SweepHeartbeat.objects.update_or_create(
        name=VERIFY, defaults={"started_at": started, "finished_at": timezone.now(), **counts}
    )
    if wrong:
        raise EditionsChanged("; ".join(wrong))
