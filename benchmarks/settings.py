"""The real settings with a short lease, so that a killed worker is missed within seconds."""

from __future__ import annotations

from ispath.settings import *  # noqa: F403
from ispath.settings import INSTALLED_APPS, STORAGES

DEVELOPER_ONLY = {"zeal", "django_linear_migrations"}
INSTALLED_APPS = [name for name in INSTALLED_APPS if name not in DEVELOPER_ONLY]
# Names without a digest, so that nothing has to be collected first.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
SENDING_LEASE_SECONDS = 8
CELERY_IMPORTS = ("benchmarks.naive",)
CELERY_BEAT_SCHEDULE_FILENAME = "/tmp/ispath-benchmark-beat"  # noqa: S108
