from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import Tags, register

from ispath.mailcatcher.checks import letters_leave_the_house


class MailCatcherConfig(AppConfig):
    name = "ispath.mailcatcher"
    verbose_name = "Caught letters, in development and trials only"

    def ready(self) -> None:
        register(letters_leave_the_house, Tags.security, deploy=True)
