from __future__ import annotations

from django.apps import AppConfig


class MailCatcherConfig(AppConfig):
    name = "ispath.mailcatcher"
    verbose_name = "Caught letters, in development only"
