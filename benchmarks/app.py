"""The real Celery app, nudged every second."""

from __future__ import annotations

from ispath.celery import app

__all__ = ("app",)

app.conf.beat_schedule = {
    "relay": {"task": "notifications.tasks.relay", "schedule": 1.0, "options": {"expires": 5.0}},
    "send": {"task": "notifications.tasks.send_due", "schedule": 1.0, "options": {"expires": 5.0}},
}
