"""The people around a child, and how they can be reached."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models

from clinic.models.base import Record, count_versions, show_with_child
from clinic.models.children import Patient
from clinic.models.places import Clinic, real_zone


@pghistory.track(append_only=True)
class Contact(Record):
    """Somebody who can be written to or called: a practice, a specialist, a parent, a colleague."""

    class AddressState(models.TextChoices):
        OK = "ok", "in use"
        BOUNCED = "bounced", "bounced for good"
        COMPLAINED = "complained", "complained"
        OPTED_OUT = "opted_out", "opted out"

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="contacts")
    name = models.CharField(max_length=120)
    practice = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        "clinic.Actor",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    address_state = models.CharField(max_length=12, choices=AddressState.choices, default=AddressState.OK)
    address_state_at = models.DateTimeField(null=True, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    zone = models.CharField(
        max_length=64,
        blank=True,
        validators=[real_zone],
        help_text="Empty: the clinic's zone.",
    )
    language = models.CharField(max_length=12, default="en")
    alternate = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="stands_in_for",
    )
    is_synthetic = models.BooleanField(default=False)

    class Meta(Record.Meta):
        constraints = (
            models.CheckConstraint(
                condition=models.Q(confirmed_at=None, confirmed_by=None)
                | models.Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="contact_address_confirmation_names_who_confirmed",
                violation_error_message="Say who confirmed the address, and when.",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_at=None) | ~models.Q(email=""),
                name="contact_confirms_an_address_that_is_there",
                violation_error_message="There is no address to confirm.",
            ),
            models.CheckConstraint(
                condition=models.Q(alternate=None) | ~models.Q(alternate=models.F("id")),
                name="contact_is_not_its_own_alternate",
                violation_error_message="Choose somebody else as the alternate.",
            ),
        )
        indexes = (models.Index(fields=("email",), name="contact_by_email"),)

    class Privacy:
        private = ("name", "practice", "email", "phone")
        plain = (
            "clinic",
            "confirmed_at",
            "confirmed_by",
            "address_state",
            "address_state_at",
            "zone",
            "language",
            "alternate",
            "is_synthetic",
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.practice})" if self.practice else self.name


@pghistory.track(append_only=True)
class CareTeamMember(Record):
    """What a contact is to one child."""

    class Role(models.TextChoices):
        PEDIATRICIAN = "pediatrician", "pediatrician"
        NEUROLOGIST = "neurologist", "neurologist"
        NURSE = "nurse", "clinic nurse"
        OPHTHALMOLOGY = "ophthalmology", "ophthalmology"
        CLINIC_LEAD = "clinic_lead", "clinic lead"
        EPILEPTOLOGIST = "epileptologist", "epileptologist"
        SURGERY = "surgery", "epilepsy surgery program"
        FAMILY = "family", "family"

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="care_team")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="children")
    role = models.CharField(max_length=16, choices=Role.choices)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        triggers = (count_versions(), show_with_child(each=pgtrigger.Insert | pgtrigger.Update))
        constraints = (
            models.UniqueConstraint(
                fields=("patient", "clinic", "contact", "role"),
                condition=models.Q(ended_on=None),
                name="care_team_member_listed_once_per_role",
                violation_error_message="This contact already has this role for this child.",
            ),
        )
        indexes = (models.Index(fields=("patient", "role"), name="care_team_by_role"),)

    class Privacy:
        private = ()
        plain = ("patient", "clinic", "contact", "role", "ended_on")

    def __str__(self) -> str:
        return f"{self.contact}, {self.role}"
