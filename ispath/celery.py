"""The Celery app and the whole schedule. A schedule change is a reviewed change of this file."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ispath.settings")

MINUTE = 60.0

# What runs by itself, and how often in seconds. Each finds its own work in the database, so a run that is
# missed, doubled or late changes nothing but the time.
SCHEDULE: dict[str, dict[str, Any]] = {
    "clinic-sweep": {"task": "clinic.tasks.review_due", "schedule": 5 * MINUTE},
    "relay": {"task": "notifications.tasks.relay", "schedule": 10.0},
    "send": {"task": "notifications.tasks.send_due", "schedule": 10.0},
    "weekly": {"task": "notifications.tasks.weekly", "schedule": 15 * MINUTE},
    "verify-editions": {"task": "clinic.tasks.verify_editions", "schedule": 360 * MINUTE},
    "ping": {"task": "ispath.tasks.ping", "schedule": 5 * MINUTE},
}
SWEEPS = ("clinic-sweep", "relay", "send")  # these leave a heartbeat, by this name, that /readyz looks at

app = Celery("ispath", include=["ispath.tasks"])
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = {
    # A tick nobody took before the next one came is dropped: after an outage one run does all the work.
    name: {**entry, "options": {"expires": entry["schedule"]}}
    for name, entry in SCHEDULE.items()
}
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks()
