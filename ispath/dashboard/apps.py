from __future__ import annotations

from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "ispath.dashboard"
    verbose_name = "The admin site and its pages"
