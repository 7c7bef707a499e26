"""What a named person decided, and what the family was told."""

from __future__ import annotations

import pgtrigger
from django.db import models

from clinic.models.base import append_only, show_with
from clinic.models.courses import Course
from clinic.models.fact import Fact
from clinic.models.plan import Escalation


class Decision(Fact):
    """A named person's decision. The engine reads it as a fact and never makes it itself."""

    class Kind(models.TextChoices):
        HUMAN_REVIEW = "human_review", "review by a specialist"
        NEXT_THERAPY = "next_therapy", "next therapy or surgery first"
        TRIAL_ADEQUACY = "trial_adequacy", "whether a trial was adequate"
        VERDICT = "verdict", "verdict where the software cannot tell"
        EEG_COMPARED = "eeg_compared", "EEGs compared by a person"
        EEG_MERGED = "eeg_merged", "EEGs of two episodes merged"
        ADRENAL_RECOVERED = "adrenal_recovered", "adrenal recovery confirmed"
        ITEM_CLOSED = "item_closed", "safety item closed"
        VIGABATRIN_REVIEW = (
            "vigabatrin_review",
            "benefit and risk of vigabatrin weighed",
        )
        VACCINE_TIMING = "vaccine_timing", "when a live vaccine may be given"
        COMFORT_CARE = "comfort_care", "comfort care"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    decided_by = models.CharField("decided by (name)", max_length=120)
    decider_role = models.CharField(max_length=40, blank=True)
    outcome = models.CharField(max_length=300, blank=True)
    surgery_first_line = models.BooleanField(null=True, blank=True)
    next_therapy = models.CharField(max_length=120, blank=True)
    verdict = models.CharField(max_length=16, blank=True)
    adequate = models.BooleanField(null=True, blank=True)
    course = models.ForeignKey(
        Course,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
    )
    escalation = models.ForeignKey(
        Escalation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
    )
    about = models.CharField("rule or check it answers", max_length=200, blank=True)
    until_on = models.DateField(null=True, blank=True)
    values = models.JSONField(default=dict, blank=True)

    class Meta(Fact.Meta):
        verbose_name = "decision"
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=~models.Q(decided_by=""),
                name="decision_names_who_decided",
                violation_error_message="Name the person who decided.",
            ),
        )

    class Privacy:
        private = (
            "kind",
            "decided_by",
            "decider_role",
            "outcome",
            "surgery_first_line",
            "next_therapy",
            "verdict",
            "adequate",
            "about",
            "until_on",
            "values",
        )
        plain = ("course", "escalation")


def _show_with(subject: str) -> pgtrigger.Trigger:
    """Whether the family was told shows with what it was told about."""
    which = f"shown.uid = NEW.subject_uid AND NEW.subject_kind = '{subject}'"
    return show_with(f"clinic_{subject}", which=which, at="recorded_at")


class FamilyTold(Fact):
    """The family was told a verdict or a referral, by whom and when; until then it is not for the portal."""

    class Subject(models.TextChoices):
        VERDICT = "verdict", "verdict"
        REFERRAL = "referral", "referral"
        ESCALATION = "escalation", "escalation"

    subject_kind = models.CharField(max_length=12, choices=Subject.choices)
    subject_uid = models.UUIDField(db_index=True)
    told_by = models.CharField(max_length=120)

    class Meta(Fact.Meta):
        triggers = (append_only(), *(_show_with(subject) for subject in ("escalation", "referral")))
        verbose_name = "family told"
        verbose_name_plural = "families told"

    class Privacy:
        private = ("told_by",)
        plain = ("subject_kind", "subject_uid")
