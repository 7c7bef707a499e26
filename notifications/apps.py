"""The app that tells people, and knows whether it worked."""

from __future__ import annotations

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Reminders, letters, receipts and acknowledgements."""

    name = "notifications"
    verbose_name = "Who is told, and whether it worked"
