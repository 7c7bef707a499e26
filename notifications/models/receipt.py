"""What mail providers and mail servers tell us after they said yes."""

from __future__ import annotations

import uuid

from django.db import models

from notifications.models.delivery import Delivery


class Receipt(models.Model):
    """One report about one letter. It is kept as it came, even when its letter is not settled yet."""

    class Kind(models.TextChoices):
        DELIVERED = "delivered", "delivered"
        DEFERRED = "deferred", "delayed"
        BOUNCED = "bounced", "bounced"
        COMPLAINED = "complained", "marked as spam"
        OPTED_OUT = "opted_out", "unsubscribed"

    uid = models.UUIDField("id", default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    permanent = models.BooleanField(default=False)
    provider = models.CharField(max_length=40)
    report_id = models.CharField(max_length=200, help_text="The provider's id of this report.")
    message_id = models.CharField(max_length=250, help_text="Ours or the provider's id of the letter.")
    address = models.EmailField(blank=True)
    received_at = models.DateTimeField()
    delivery = models.ForeignKey(
        Delivery, on_delete=models.PROTECT, null=True, blank=True, related_name="receipts"
    )
    handled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("provider", "report_id"),
                name="receipt_kept_once_per_report",
                violation_error_message="This report has already been received.",
            ),
        )
        indexes = (
            models.Index(
                fields=("received_at",), condition=models.Q(handled_at=None), name="receipt_not_handled"
            ),
        )

    class Privacy:
        private = ("address",)
        plain = (
            "id",
            "uid",
            "kind",
            "permanent",
            "provider",
            "report_id",
            "message_id",
            "received_at",
            "delivery",
            "handled_at",
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.received_at:%Y-%m-%d %H:%M}"
