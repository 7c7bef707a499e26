"""What a person must do that is no check, and who was called about what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pghistory
from django.db import models

from clinic.models.base import Record
from clinic.models.fact import Fact
from clinic.models.places import Clinic
from clinic.models.plan import Check, Escalation
from clinic.models.referrals import Referral
from clinic.models.team import Contact

if TYPE_CHECKING:
    from typing import Self


class ContactAttempt(Fact):
    """Somebody was called: who, about what, what came of it, and when to ask again."""

    class Outcome(models.TextChoices):
        REACHED = "reached", "reached"
        NO_ANSWER = "no_answer", "no answer"
        MESSAGE_LEFT = "message_left", "message left"
        WILL_CALL_BACK = "will_call_back", "will call back"
        REFUSED = "refused", "does not want it now"
        WRONG_NUMBER = "wrong_number", "wrong number"

    class About(models.TextChoices):
        CHECK = "check", "a check"
        ESCALATION = "escalation", "an escalation"
        REFERRAL = "referral", "the referral"
        WEEKLY_CALL = "weekly_call", "the weekly call"
        OTHER = "other", "something else"

    contact = models.ForeignKey(
        Contact,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="attempts",
    )
    spoke_to = models.CharField(max_length=120, blank=True)
    about = models.CharField(max_length=12, choices=About.choices, default=About.OTHER)
    check_row = models.ForeignKey(
        Check, on_delete=models.PROTECT, null=True, blank=True, related_name="calls"
    )
    escalation = models.ForeignKey(
        Escalation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="calls",
    )
    referral = models.ForeignKey(
        Referral, on_delete=models.PROTECT, null=True, blank=True, related_name="calls"
    )
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    ask_again_on = models.DateField(null=True, blank=True)
    answers = models.JSONField(
        default=dict,
        blank=True,
        help_text="Weekly call: irritability, sleep, feeding, face.",
    )

    class Meta(Fact.Meta):
        verbose_name = "call"

    class Privacy:
        private = ("spoke_to", "outcome", "answers")
        plain = (
            "contact",
            "about",
            "check_row",
            "escalation",
            "referral",
            "ask_again_on",
        )


class WorkItemQuerySet(models.QuerySet["WorkItem"]):
    """Questions about work items."""

    def open(self) -> Self:
        """Items nobody has closed."""
        return self.filter(closed_at=None)


@pghistory.track(append_only=True)
class WorkItem(Record):
    """A bounce, a silence, an opt-out, a review: what a person must do that is no check."""

    class Kind(models.TextChoices):
        BOUNCE = "bounce", "a letter bounced"
        SILENCE = "silence", "nobody answered"
        OPT_OUT = "opt_out", "somebody opted out"
        COMPLAINT = "complaint", "a letter was called unwanted"
        DEAD_LETTER = "dead_letter", "a letter could not be sent"
        BASIS_WITHDRAWN = "basis_withdrawn", "a fact was corrected: look again"
        DOSE_DECISION = "dose_decision", "prescriber decides a dose"
        CALENDAR_CHECK = "calendar_check", "second person checks a calendar"
        TEACH_AGAIN = "teach_again", "strength changed: teach the family again"
        WEIGHT_CHANGED = "weight_changed", "new weight: prescriber decides"
        EDITION_OFFERED = "edition_offered", "a new edition is offered"
        DEATH_REPORTED = "death_reported", "a death was reported: confirm or reverse"
        NOT_MY_PATIENT = "not_my_patient", "not the practice's patient"
        ASK_AGAIN = "ask_again", "ask again"
        MERGE = "merge", "two records may be one child"
        REVIEW_FAILED = "review_failed", "the plan could not be reviewed"
        OTHER = "other", "other"

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="work_items")
    patient = models.ForeignKey(
        "clinic.Patient",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="work_items",
    )
    kind = models.CharField(max_length=16, choices=Kind.choices)
    cause = models.CharField(max_length=200, help_text="What it is about; one open item per cause.")
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_uid = models.UUIDField(null=True, blank=True)
    text = models.CharField(max_length=300, blank=True)
    due_on = models.DateField()
    priority = models.PositiveSmallIntegerField(default=60)
    assigned_to = models.ForeignKey(
        "clinic.Actor",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned_items",
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        "clinic.Actor",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    closed_because = models.CharField(max_length=300, blank=True)

    objects = WorkItemQuerySet.as_manager()

    class Meta(Record.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=("clinic", "kind", "cause"),
                condition=models.Q(closed_at=None),
                name="work_item_stands_once_per_cause",
                violation_error_message="This item is on the list already.",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at=None, closed_by=None)
                | models.Q(closed_at__isnull=False, closed_by__isnull=False),
                name="work_item_closed_names_who_closed_it",
                violation_error_message="Say who closed the item, and when.",
            ),
        )
        indexes = (
            models.Index(
                fields=("clinic", "due_on"),
                condition=models.Q(closed_at=None),
                name="work_item_open",
            ),
        )

    class Privacy:
        private = ("text", "closed_because")
        plain = (
            "clinic",
            "patient",
            "kind",
            "cause",
            "subject_kind",
            "subject_uid",
            "due_on",
            "priority",
            "assigned_to",
            "closed_at",
            "closed_by",
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"
