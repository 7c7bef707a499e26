from __future__ import annotations

from django.apps import AppConfig


class SmartConfig(AppConfig):
    name = "ispath.smart"
    label = "smart"
    verbose_name = "API clients"
