from __future__ import annotations

from anymail.signals import tracking
from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Hears what the mail provider reports. Anymail speaks by a signal: here is the one who listens."""

    name = "ispath.webhooks"
    label = "webhooks"

    def ready(self) -> None:
        """Connect anymail's reports to our receipts."""
        from ispath.webhooks.reports import take_report  # noqa: PLC0415 - models are ready only now

        tracking.connect(take_report, dispatch_uid="ispath.webhooks")
