"""The surgical-evaluation referral: one open per child, its reasons, its steps, each with a clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pghistory
import pgtrigger
from django.db import models

from clinic.models.base import Record, count_versions, keep_shown_at, show_with
from clinic.models.enrolments import Enrolment
from clinic.models.fact import Fact
from clinic.models.plan import Escalation

if TYPE_CHECKING:
    from typing import Self


class ReferralQuerySet(models.QuerySet["Referral"]):
    """Questions about referrals."""

    def open(self) -> Self:
        """Referrals that are under way."""
        return self.filter(state__in=Referral.OPEN_STATES)


@pghistory.track(append_only=True, exclude=["shown_at"])
class Referral(Record):
    """A child on the way to a surgical evaluation. Later causes join it as reasons."""

    class State(models.TextChoices):
        ASKED = "asked", "asked for"
        SENT = "sent", "sent"
        RECEIVED = "received", "received"
        SEEN = "seen", "seen"
        OUTCOME = "outcome", "outcome known"
        DECLINED = "declined", "declined with a reason"
        CALLED_OFF = "called_off", "called off: its basis fell"

    OPEN_STATES = (State.ASKED, State.SENT, State.RECEIVED, State.SEEN)

    patient = models.ForeignKey("clinic.Patient", on_delete=models.PROTECT, related_name="referrals")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="referrals")
    state = models.CharField(max_length=12, choices=State.choices, default=State.ASKED)
    asked_on = models.DateField()
    asked_at = models.DateTimeField()
    sent_on = models.DateField(null=True, blank=True)
    sent_to = models.CharField(max_length=200, blank=True)
    received_on = models.DateField(null=True, blank=True)
    seen_on = models.DateField(null=True, blank=True)
    outcome_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=300, blank=True)
    declined_on = models.DateField(null=True, blank=True)
    ask_again_on = models.DateField(null=True, blank=True)
    act_by_on = models.DateField(null=True, blank=True)
    no_lesion_branch = models.BooleanField("no focal lesion: callosotomy is to be considered", default=False)
    basis_withdrawn_on = models.DateField(null=True, blank=True)
    ordered_by_name = models.CharField("signed by", max_length=120, blank=True)
    assigned_to = models.ForeignKey(
        "clinic.Actor",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned_referrals",
    )

    # Kept by the database: when the referral or a reason last changed, or the family was told of it.
    shown_at = models.DateTimeField(blank=True, editable=False, db_index=True)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        triggers = (count_versions("shown_at"), keep_shown_at())
        constraints = (
            models.UniqueConstraint(
                fields=("patient",),
                condition=models.Q(state__in=("asked", "sent", "received", "seen")),
                name="child_has_one_open_referral",
                violation_error_message="A referral is under way already: the new cause joins it.",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="sent") | models.Q(sent_on__isnull=False),
                name="referral_sent_says_when",
                violation_error_message="Say when the referral was sent.",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="declined") | models.Q(declined_on__isnull=False),
                name="referral_declined_says_when",
                violation_error_message="Say when the referral was declined.",
            ),
        )
        permissions = (("step_referral", "Can send, decline and follow a referral"),)

    class Privacy:
        private = (
            "sent_to",
            "outcome",
            "no_lesion_branch",
            "ordered_by_name",
            "asked_on",
            "sent_on",
            "received_on",
            "seen_on",
            "outcome_on",
            "declined_on",
        )
        plain = (
            "patient",
            "enrolment",
            "state",
            "asked_at",
            "ask_again_on",
            "act_by_on",
            "basis_withdrawn_on",
            "assigned_to",
            "shown_at",
        )

    def __str__(self) -> str:
        return f"referral {self.uid}"


# A referral that rests on a course is shown with it.
_COURSES_OF_CHILD = "shown.patient_id = (SELECT patient_id FROM clinic_referral WHERE id = NEW.referral_id)"


class ReferralReason(Record):
    """One cause of a referral, with its own chain."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="reasons")
    escalation = models.ForeignKey(
        Escalation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="referral_reasons",
    )
    rule = models.CharField(max_length=20)
    cause = models.CharField(max_length=200)
    joined_on = models.DateField()
    chain = models.JSONField(default=dict)
    basis_withdrawn_on = models.DateField(null=True, blank=True)

    class Meta:
        triggers = (
            count_versions(),
            show_with("clinic_course", which=_COURSES_OF_CHILD, at="created_at"),
            show_with(
                "clinic_referral",
                which="shown.id = NEW.referral_id",
                at="changed_at",
                operation=pgtrigger.Insert | pgtrigger.Update,
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("referral", "rule", "cause"),
                name="referral_reason_joins_once",
                violation_error_message="This reason stands already.",
            ),
        )

    class Privacy:
        private = ("rule", "cause", "chain")
        plain = ("referral", "escalation", "joined_on", "basis_withdrawn_on")

    def __str__(self) -> str:
        return f"reason {self.uid}"


class ReferralStep(Fact):
    """A step of a referral, as a fact: sent, received, seen, outcome, declined; `happened_on` is its day."""

    class Kind(models.TextChoices):
        SIGNED = "signed", "signed by the neurologist"
        SENT = "sent", "sent"
        RECEIVED = "received", "received"
        SEEN = "seen", "child seen"
        OUTCOME = "outcome", "outcome known"
        DECLINED = "declined", "declined"
        SECOND_OPINION = "second-opinion", "second opinion elsewhere"

    referral = models.ForeignKey(
        Referral, on_delete=models.PROTECT, null=True, blank=True, related_name="steps"
    )
    kind = models.CharField(max_length=16, choices=Kind.choices)
    party = models.CharField("to or by", max_length=200, blank=True)
    outcome = models.CharField(max_length=300, blank=True)
    ask_again_on = models.DateField(null=True, blank=True)

    class Meta(Fact.Meta):
        verbose_name = "step of a referral"
        verbose_name_plural = "steps of referrals"

    class Privacy:
        private = ("party", "outcome")
        plain = ("referral", "kind", "ask_again_on")
