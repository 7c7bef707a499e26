"""A child on a clinic's books: the state, the pathway edition it follows, and how that changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pghistory
import pgtrigger
from django.db import models

from clinic.models.base import Record, append_only, count_versions, show_with_child
from clinic.models.children import Patient
from clinic.models.fact import Fact
from clinic.models.places import Clinic

if TYPE_CHECKING:
    from datetime import date, datetime
    from typing import Self


class PathwayAdoption(Record):
    """Which pathway edition a clinic gives to new enrolments, and from when."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="adoptions")
    pathway_edition = models.ForeignKey(
        "protocols.PathwayEdition", on_delete=models.PROTECT, related_name="+"
    )
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta(Record.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=("clinic",),
                condition=models.Q(until_on=None),
                name="clinic_gives_one_pathway_edition_at_a_time",
                violation_error_message="End the edition in use before another one is adopted.",
            ),
            models.CheckConstraint(
                condition=models.Q(until_on=None) | models.Q(until_on__gte=models.F("from_on")),
                name="adoption_ends_after_it_begins",
                violation_error_message="The edition cannot end before it begins.",
            ),
        )

    class Privacy:
        private = ()
        plain = ("clinic", "pathway_edition", "from_on", "until_on")

    def __str__(self) -> str:
        return f"{self.clinic} from {self.from_on}"


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    """Questions about enrolments."""

    def open(self) -> Self:
        """Enrolments on the clinic's books; a family that cannot be reached stays on them."""
        return self.filter(state__in=Enrolment.OPEN_STATES)

    def plan_can_change_by(self, day: date) -> Self:
        """Enrolments whose plan can have changed by itself up to and including a day, longest waiting first.

        Not only open ones: safety items of a withdrawn child stay until a person closes them.
        """
        return self.filter(next_review_on__lte=day).order_by("next_review_on", "pk")

    def reviewed_before(self, moment: datetime) -> Self:
        """Open enrolments whose plan was last reviewed before a moment, or never."""
        return self.open().filter(models.Q(plan_reviewed_at=None) | models.Q(plan_reviewed_at__lt=moment))


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(
        condition=pghistory.AnyChange("state", "pathway_edition", "sending_paused_at", "ended_at")
    ),
    append_only=True,
)
class Enrolment(Record):
    """A child followed by a clinic on one edition of a pathway. One open enrolment per child."""

    class State(models.TextChoices):
        ACTIVE = "active", "active"
        TRANSFERRED = "transferred", "transferred"
        WITHDRAWN = "withdrawn", "withdrawn"
        LOST = "lost", "contact lost"
        DECEASED = "deceased", "deceased"
        COMPLETED = "completed", "completed"

    OPEN_STATES = (State.ACTIVE, State.LOST)

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="enrolments")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="enrolments")
    state = models.CharField(max_length=12, choices=State.choices, default=State.ACTIVE)
    pathway_edition = models.ForeignKey(
        "protocols.PathwayEdition", on_delete=models.PROTECT, related_name="+"
    )
    enrolled_on = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        "clinic.Actor",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    sending_paused_at = models.DateTimeField(null=True, blank=True)
    sending_paused_by = models.ForeignKey(
        "clinic.Actor",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    handed_over_to = models.CharField(max_length=200, blank=True)
    next_review_on = models.DateField(null=True, blank=True)
    plan_reviewed_at = models.DateTimeField(null=True, blank=True)
    plan_digest = models.CharField(max_length=64, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        triggers = (count_versions("next_review_on", "plan_reviewed_at", "plan_digest"),)
        constraints = (
            models.UniqueConstraint(
                fields=("patient",),
                condition=models.Q(state__in=("active", "lost")),
                name="child_has_one_open_enrolment",
                violation_error_message="This child is followed already. Transfer it instead.",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("active", "lost"), ended_at=None, ended_by=None)
                | (
                    ~models.Q(state__in=("active", "lost"))
                    & models.Q(ended_at__isnull=False, ended_by__isnull=False)
                ),
                name="enrolment_that_ended_says_when_and_by_whom",
                violation_error_message="Say when the enrolment ended, and who ended it.",
            ),
            models.CheckConstraint(
                condition=models.Q(sending_paused_at=None, sending_paused_by=None)
                | models.Q(sending_paused_at__isnull=False, sending_paused_by__isnull=False),
                name="enrolment_pause_says_when_and_by_whom",
                violation_error_message="Say when letters were paused, and who paused them.",
            ),
        )
        indexes = (
            models.Index(
                fields=("next_review_on",),
                condition=models.Q(next_review_on__isnull=False),
                name="enrolment_by_next_review",
            ),
            models.Index(fields=("clinic", "state"), name="enrolment_by_clinic"),
        )
        permissions = (
            ("enrol", "Can enrol, transfer and withdraw a child"),
            ("merge", "Can merge two records of one child"),
            ("confirm_death", "Can confirm or reverse a reported death"),
        )

    class Privacy:
        private = ("handed_over_to",)
        plain = (
            "patient",
            "clinic",
            "state",
            "pathway_edition",
            "enrolled_on",
            "ended_at",
            "ended_by",
            "sending_paused_at",
            "sending_paused_by",
            "next_review_on",
            "plan_reviewed_at",
            "plan_digest",
        )

    def __str__(self) -> str:
        return f"{self.patient_id} at {self.clinic_id}: {self.state}"


class EnrolmentStep(Fact):
    """A step in an enrolment's life, as a fact: rules read it, and it can be taken back."""

    class Kind(models.TextChoices):
        ENROLLED = "enrolled", "enrolled"
        TRANSFER_OUT = "transfer_out", "transfer offered"
        TRANSFER_ACCEPTED = "transfer_accepted", "transfer accepted"
        TRANSFER_CALLED_OFF = "transfer_called_off", "transfer called off"
        CONSENT_WITHDRAWN = "consent_withdrawn", "consent withdrawn"
        CONTACT_LOST = "contact_lost", "contact lost"
        CONTACT_FOUND = "contact_found", "contact found again"
        DEATH_REPORTED = "death_reported", "death reported"
        DEATH_CONFIRMED = "death_confirmed", "death confirmed"
        DEATH_REVERSED = "death_reversed", "report of a death reversed"
        COMPLETED = "completed", "follow-up completed"

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    other_clinic = models.ForeignKey(
        Clinic, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    other_party = models.CharField("to or by", max_length=200, blank=True)

    class Meta(Fact.Meta):
        triggers = (append_only(), show_with_child("recorded_at", each=pgtrigger.Insert))
        verbose_name = "step of an enrolment"
        verbose_name_plural = "steps of enrolments"

    class Privacy:
        private = ("other_party",)
        plain = ("enrolment", "kind", "other_clinic")
