from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "ispath.api"
    label = "api"
    verbose_name = "REST, version 1"
