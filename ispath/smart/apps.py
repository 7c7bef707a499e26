from __future__ import annotations

from django.apps import AppConfig


class SmartConfig(AppConfig):
    name = "ispath.smart"
    verbose_name = "SMART backend services"
