from __future__ import annotations

from django.apps import AppConfig


class AcknowledgeConfig(AppConfig):
    name = "ispath.acknowledge"
    label = "acknowledge"
    verbose_name = "The pages behind the links in letters"
