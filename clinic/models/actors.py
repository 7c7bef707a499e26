"""Who writes: a person, a contact with a link, an API client, the sweep, the seed, the shell."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models

from clinic.models.base import Record, Row
from clinic.models.places import Clinic


class Actor(Row):
    """The one name behind every write. A write without an actor is refused by the database."""

    class Kind(models.TextChoices):
        USER = "user", "person with a log-in"
        CONTACT = "contact", "contact with a link"
        API_CLIENT = "api_client", "API client"
        SWEEP = "sweep", "the sweep"
        SEED = "seed", "the seed"
        OPERATOR = "operator", "the operator at a shell"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="actor",
    )
    contact = models.OneToOneField(
        "clinic.Contact",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="actor",
    )
    client_key = models.CharField(max_length=120, null=True, blank=True, unique=True)
    name = models.CharField(max_length=150)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=(
                    models.Q(kind="user", user__isnull=False, contact=None, client_key=None)
                    | models.Q(
                        kind="contact",
                        user=None,
                        contact__isnull=False,
                        client_key=None,
                    )
                    | models.Q(
                        kind="api_client",
                        user=None,
                        contact=None,
                        client_key__isnull=False,
                    )
                    | models.Q(
                        kind__in=("sweep", "seed", "operator"),
                        user=None,
                        contact=None,
                        client_key=None,
                    )
                ),
                name="actor_is_exactly_what_its_kind_says",
                violation_error_message="An actor is one user, contact or API client, as its kind says.",
            ),
            models.UniqueConstraint(
                fields=("kind",),
                condition=models.Q(kind__in=("sweep", "seed", "operator")),
                name="one_actor_for_each_part_of_the_machine",
                violation_error_message="There is one such actor already.",
            ),
        )

    class Privacy:
        private = ("name",)
        plain = ("kind", "user", "contact", "client_key")

    def __str__(self) -> str:
        return self.name


@pghistory.track(append_only=True)
class Membership(Record):
    """What an actor is at one clinic. Without one, the clinic's children do not exist for that actor."""

    class Role(models.TextChoices):
        NURSE = "nurse", "nurse"
        NEUROLOGIST = "neurologist", "neurologist"
        CLINIC_LEAD = "clinic lead", "clinic lead"
        PATHWAY_LEAD = "pathway lead", "pathway lead"
        PHARMACIST = "pharmacist", "pharmacist"
        OPERATOR = "operator", "operator"
        INTERFACE = "interface", "EHR interface"

    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="memberships")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(Record.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=("actor", "clinic", "role"),
                condition=models.Q(ended_at=None),
                name="membership_held_once_per_role",
                violation_error_message="This person already has this role at this clinic.",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None, ended_by=None)
                | models.Q(ended_at__isnull=False, ended_by__isnull=False),
                name="membership_end_names_who_ended_it",
                violation_error_message="Say who ended the membership, and when.",
            ),
        )

    class Privacy:
        private = ()
        plain = ("actor", "clinic", "role", "ended_at", "ended_by")

    def __str__(self) -> str:
        return f"{self.actor} as {self.role} at {self.clinic}"
