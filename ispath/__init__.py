"""The shell: settings, wiring and every edge. Nobody imports it."""

from __future__ import annotations

from ispath.celery import app as celery_app

__all__ = ["celery_app"]
