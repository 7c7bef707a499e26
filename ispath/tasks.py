"""Tasks of the shell itself."""

from __future__ import annotations

import urllib.request
from datetime import UTC, datetime

from celery import shared_task
from django.conf import settings

from ispath.health import parts

PATIENCE = 10  # seconds


@shared_task(name="ispath.tasks.ping")
def ping() -> None:
    """Tell an outside monitor that all is well. When something is not, or nothing runs, it hears nothing."""
    if settings.HEARTBEAT_PING_URL and all(part.well for part in parts(datetime.now(tz=UTC))):
        urllib.request.urlopen(settings.HEARTBEAT_PING_URL, timeout=PATIENCE).close()  # noqa: S310
