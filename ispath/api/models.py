"""What the REST side keeps of its own."""

from __future__ import annotations

from django.db import models

from clinic.models import Patient
from ispath.smart.models import ApiClient


class KeptAnswer(models.Model):
    """The answer to a request with an idempotency key, kept so that the same request gets the same answer."""

    client = models.ForeignKey(ApiClient, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    request_digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("client", "key"),
                name="idempotency_key_is_used_once_per_client",
                violation_error_message="This idempotency key was used before.",
            ),
        )
        indexes = (models.Index(fields=("client", "created_at"), name="kept_answer_by_age"),)

    class Privacy:
        private = ("body",)
        plain = ("id", "client", "key", "request_digest", "created_at", "status", "patient")

    def __str__(self) -> str:
        return self.key
