"""Machine clients, the tokens they hold and the assertions they have spent."""

from __future__ import annotations

import uuid

import pghistory
from django.db import models

from clinic.models import Actor


@pghistory.track(append_only=True, exclude=["last_used_at", "fetched_keys", "fetched_at"])
class ApiClient(models.Model):
    """One program of an EHR. What it may see is decided by the memberships of its actor."""

    uid = models.UUIDField("client id", default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80, unique=True)
    actor = models.OneToOneField(Actor, on_delete=models.PROTECT, related_name="+")
    scopes = models.TextField()
    key_set = models.JSONField("public keys", null=True, blank=True)
    key_set_url = models.URLField("address of the public keys", max_length=500, blank=True)
    # What the address said last, so that a key server that sleeps does not lock the EHR out.
    fetched_keys = models.JSONField(null=True, blank=True, editable=False)
    fetched_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "API client"
        constraints = (
            models.CheckConstraint(
                condition=(
                    models.Q(key_set__isnull=False, key_set_url="")
                    | (models.Q(key_set__isnull=True) & ~models.Q(key_set_url=""))
                ),
                name="api_client_has_keys_in_one_place",
                violation_error_message="Give the public keys or the address they are at, not both.",
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_at=None, revoked_by=None)
                | models.Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="api_client_revocation_names_who_did_it",
                violation_error_message="Say who revoked the client, and when.",
            ),
        )

    class Privacy:
        private = ()
        plain = (
            "id",
            "uid",
            "name",
            "actor",
            "scopes",
            "key_set",
            "key_set_url",
            "fetched_keys",
            "fetched_at",
            "created_at",
            "created_by",
            "revoked_at",
            "revoked_by",
            "last_used_at",
        )

    def __str__(self) -> str:
        return self.name


class AccessToken(models.Model):
    """A token that a client holds. Only its digest is stored: a copy of this table opens nothing."""

    digest = models.CharField(max_length=64, unique=True)
    client = models.ForeignKey(ApiClient, on_delete=models.CASCADE, related_name="tokens")
    scopes = models.TextField()
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("issued_at")),
                name="access_token_expires_after_it_was_issued",
                violation_error_message="A token expires after it was issued.",
            ),
        )

    class Privacy:
        private = ("digest",)
        plain = ("id", "client", "scopes", "issued_at", "expires_at")

    def __str__(self) -> str:
        return f"token {self.pk}"


class SpentAssertion(models.Model):
    """An assertion's jti, kept as a digest until the assertion has expired: none is taken twice."""

    client = models.ForeignKey(ApiClient, on_delete=models.CASCADE, related_name="spent_assertions")
    jti_digest = models.CharField(max_length=64)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("client", "jti_digest"),
                name="assertion_is_taken_once",
                violation_error_message="This assertion was used before. Sign a new one with a new jti.",
            ),
        )

    class Privacy:
        private = ()
        plain = ("id", "client", "jti_digest", "expires_at")

    def __str__(self) -> str:
        return f"assertion {self.pk}"
