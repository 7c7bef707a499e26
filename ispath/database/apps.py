from __future__ import annotations

from django.apps import AppConfig


class DatabaseConfig(AppConfig):
    name = "ispath.database"
    verbose_name = "Database roles"
