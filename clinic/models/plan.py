"""What the engine decided, as rows others can read: checks, verdicts, escalations, each with its chain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pghistory
from django.db import models

from clinic.models.base import Record, count_versions, keep_shown_at, show_with_course
from clinic.models.courses import Course
from clinic.models.enrolments import Enrolment
from clinic.models.fact import Fact

if TYPE_CHECKING:
    from typing import Self


class CheckQuerySet(models.QuerySet["Check"]):
    """Questions about checks."""

    def unsatisfied(self) -> Self:
        """Checks nobody has done, waived or cancelled."""
        return self.filter(state__in=Check.OPEN_STATES)

    def by_priority(self) -> Self:
        """Clinical priority first, then the oldest due date."""
        return self.order_by("priority", "due_on", "pk")


@pghistory.track(append_only=True)
class Check(Record):
    """One thing to be observed in one window. The review writes its state, and every view reads this row."""

    class State(models.TextChoices):
        UPCOMING = "upcoming", "upcoming"
        DUE = "due", "due"
        OVERDUE = "overdue", "overdue"
        DONE = "done", "done"
        WAIVED = "waived", "waived"
        CANCELLED = "cancelled", "cancelled"

    OPEN_STATES = (State.UPCOMING, State.DUE, State.OVERDUE)

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="checks")
    patient = models.ForeignKey("clinic.Patient", on_delete=models.PROTECT, related_name="checks")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, null=True, blank=True, related_name="checks")
    key = models.CharField(
        max_length=200,
        help_text="Which occurrence of which rule; the engine's own name for it.",
    )
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120, blank=True)
    observes = models.CharField(max_length=40)
    opens_on = models.DateField()
    anchor_on = models.DateField(null=True, blank=True)
    due_on = models.DateField()
    closes_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices)
    state_since_on = models.DateField()
    priority = models.PositiveSmallIntegerField(default=50, help_text="Lower comes first on the worklist.")
    urgency = models.CharField(max_length=12, blank=True)
    who = models.CharField("who does it", max_length=40, blank=True)
    done_by_kind = models.CharField(max_length=40, blank=True)
    done_by_uid = models.UUIDField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    limitation = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    chain = models.JSONField(default=dict)
    basis_withdrawn_on = models.DateField(null=True, blank=True)
    assigned_to = models.ForeignKey(
        "clinic.Actor",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned_checks",
    )

    objects = CheckQuerySet.as_manager()

    class Meta:
        triggers = (count_versions(), show_with_course("created_at"))
        constraints = (
            models.UniqueConstraint(
                fields=("enrolment", "key"),
                name="check_stands_once_per_occurrence",
                violation_error_message="This check stands already.",
            ),
            models.CheckConstraint(
                condition=models.Q(opens_on__lte=models.F("due_on")),
                name="check_opens_before_it_is_due",
                violation_error_message="A check cannot be due before it opens.",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("waived", "cancelled")) | ~models.Q(reason=""),
                name="check_waived_or_cancelled_says_why",
                violation_error_message="Say why the check is not needed.",
            ),
        )
        indexes = (
            models.Index(
                fields=("enrolment", "due_on"),
                condition=models.Q(state__in=("upcoming", "due", "overdue")),
                name="check_open_by_enrolment",
            ),
            models.Index(
                fields=("due_on",),
                condition=models.Q(state__in=("upcoming", "due", "overdue")),
                name="check_open_by_due_date",
            ),
            models.Index(fields=("patient", "code"), name="check_by_child"),
        )
        permissions = (
            ("waive_check", "Can waive a check"),
            ("waive_deciding_check", "Can waive the deciding EEG or the referral"),
        )

    class Privacy:
        private = (
            "done_by_kind",
            "done_on",
            "limitation",
            "reason",
            "chain",
            "observes",
            "code",
            "name",
            "key",
            "anchor_on",
        )
        plain = (
            "enrolment",
            "patient",
            "course",
            "opens_on",
            "due_on",
            "closes_on",
            "state",
            "state_since_on",
            "priority",
            "urgency",
            "who",
            "done_by_uid",
            "basis_withdrawn_on",
            "assigned_to",
        )

    def __str__(self) -> str:
        return f"check {self.uid}"


class Waiver(Fact):
    """A person decided that a check is not needed, for a reason, until a day."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="waivers")
    check_row = models.ForeignKey(
        Check, on_delete=models.PROTECT, null=True, blank=True, related_name="waivers"
    )
    check_key = models.CharField(max_length=200)
    until_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=300)

    class Meta(Fact.Meta):
        verbose_name = "waiver"

    class Privacy:
        private = ("check_key", "until_on", "reason")
        plain = ("enrolment", "check_row")


@pghistory.track(append_only=True)
class ResponseAssessment(Record):
    """The verdict on one treatment episode, with the definition used and the facts that are missing."""

    class Verdict(models.TextChoices):
        RESPONDER = "responder", "responder"
        PROVISIONAL = "provisional", "provisional"
        NON_RESPONDER = "non_responder", "non-responder"
        CANNOT_TELL = "cannot_tell", "cannot tell"

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="assessments")
    patient = models.ForeignKey("clinic.Patient", on_delete=models.PROTECT, related_name="assessments")
    episode = models.CharField(max_length=200)
    episode_start_on = models.DateField(null=True, blank=True)
    verdict = models.CharField(max_length=16, choices=Verdict.choices)
    definition = models.CharField(max_length=60)
    missing = models.JSONField(default=list, blank=True)
    final = models.BooleanField(default=False)
    response_on = models.DateField(null=True, blank=True)
    relapsed_on = models.DateField(null=True, blank=True)
    last_spasm_on = models.DateField(null=True, blank=True)
    family_last_asked_on = models.DateField(null=True, blank=True)
    assessed_on = models.DateField()
    chain = models.JSONField(default=dict)
    superseded_on = models.DateField(null=True, blank=True)
    basis_withdrawn_on = models.DateField(null=True, blank=True)

    class Meta(Record.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=("enrolment", "episode"),
                condition=models.Q(superseded_on=None),
                name="one_verdict_stands_per_episode",
                violation_error_message="A verdict stands already for this episode.",
            ),
        )

    class Privacy:
        private = (
            "episode",
            "episode_start_on",
            "verdict",
            "missing",
            "response_on",
            "relapsed_on",
            "last_spasm_on",
            "family_last_asked_on",
            "chain",
        )
        plain = (
            "enrolment",
            "patient",
            "definition",
            "final",
            "assessed_on",
            "superseded_on",
            "basis_withdrawn_on",
        )

    def __str__(self) -> str:
        return f"assessment {self.uid}"


class EscalationQuerySet(models.QuerySet["Escalation"]):
    """Questions about escalations."""

    def open(self) -> Self:
        """Escalations that still ask somebody for something."""
        return self.filter(state__in=Escalation.OPEN_STATES)

    def by_urgency(self) -> Self:
        """The most urgent first, then the oldest."""
        return self.order_by("priority", "raised_on", "pk")


@pghistory.track(append_only=True, exclude=["shown_at"])
class Escalation(Record):
    """What a rule asks of a person. Raised once per cause; withdrawn or resolved, never deleted."""

    class State(models.TextChoices):
        OPEN = "open", "open"
        ACKNOWLEDGED = "acknowledged", "acknowledged"
        ACTED = "acted", "acted on"
        DECLINED = "declined", "declined with a reason"
        RESOLVED = "resolved", "resolved by the facts"
        WITHDRAWN = "withdrawn", "basis withdrawn"

    OPEN_STATES = (State.OPEN, State.ACKNOWLEDGED)

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="escalations")
    patient = models.ForeignKey("clinic.Patient", on_delete=models.PROTECT, related_name="escalations")
    rule = models.CharField(max_length=20)
    cause = models.CharField(max_length=200)
    name = models.CharField(max_length=160, blank=True)
    urgency = models.CharField(max_length=12)
    priority = models.PositiveSmallIntegerField(default=50)
    raised_on = models.DateField()
    raised_at = models.DateTimeField()
    act_by_on = models.DateField(null=True, blank=True)
    asks_for = models.CharField(max_length=300, blank=True)
    recipients = models.JSONField(default=list)
    because = models.JSONField(default=list)
    chain = models.JSONField(default=dict)
    state = models.CharField(max_length=14, choices=State.choices, default=State.OPEN)
    withdrawn_on = models.DateField(null=True, blank=True)
    resolved_on = models.DateField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        "clinic.Actor",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    parked_until_on = models.DateField(null=True, blank=True)
    spoke_to = models.CharField(max_length=120, blank=True)
    spoke_at = models.DateTimeField(null=True, blank=True)
    spoke_by = models.ForeignKey(
        "clinic.Actor",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    assigned_to = models.ForeignKey(
        "clinic.Actor",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned_escalations",
    )

    # Kept by the database: when the escalation last changed, or the family was told of it.
    shown_at = models.DateTimeField(blank=True, editable=False, db_index=True)

    objects = EscalationQuerySet.as_manager()

    class Meta:
        triggers = (count_versions("shown_at"), keep_shown_at())
        constraints = (
            models.UniqueConstraint(
                fields=("enrolment", "rule", "cause"),
                name="escalation_raised_once_per_cause",
                violation_error_message="This escalation stands already.",
            ),
            models.CheckConstraint(
                condition=models.Q(state="withdrawn", withdrawn_on__isnull=False)
                | (~models.Q(state="withdrawn") & models.Q(withdrawn_on=None)),
                name="escalation_withdrawn_says_when",
                violation_error_message="A withdrawn escalation says when its basis fell.",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="resolved") | models.Q(resolved_on__isnull=False),
                name="escalation_resolved_says_when",
                violation_error_message="A resolved escalation says when it was resolved.",
            ),
            models.CheckConstraint(
                condition=models.Q(acknowledged_at=None, acknowledged_by=None)
                | models.Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="escalation_acknowledgement_names_who_did",
                violation_error_message="Say who acknowledged it, and when.",
            ),
            models.CheckConstraint(
                condition=models.Q(spoke_at=None, spoke_by=None, spoke_to="")
                | (models.Q(spoke_at__isnull=False, spoke_by__isnull=False) & ~models.Q(spoke_to="")),
                name="escalation_spoke_to_names_both_sides",
                violation_error_message="Say who was spoken to, when, and by whom.",
            ),
        )
        indexes = (
            models.Index(
                fields=("enrolment", "raised_on"),
                condition=models.Q(state__in=("open", "acknowledged")),
                name="escalation_open_by_enrolment",
            ),
            models.Index(fields=("patient", "rule"), name="escalation_by_child"),
        )
        permissions = (
            ("acknowledge", "Can acknowledge an escalation"),
            ("act_on_escalation", "Can act on or decline an escalation"),
        )

    class Privacy:
        private = ("rule", "name", "cause", "asks_for", "because", "chain", "spoke_to")
        plain = (
            "enrolment",
            "patient",
            "urgency",
            "priority",
            "raised_on",
            "raised_at",
            "act_by_on",
            "recipients",
            "state",
            "withdrawn_on",
            "resolved_on",
            "acknowledged_at",
            "acknowledged_by",
            "parked_until_on",
            "spoke_at",
            "spoke_by",
            "assigned_to",
            "shown_at",
        )

    def __str__(self) -> str:
        return f"escalation {self.uid}"


class EscalationStep(Fact):
    """What a person did about an escalation: acknowledged, spoke, acted, declined, reopened."""

    class Kind(models.TextChoices):
        ACKNOWLEDGED = "acknowledged", "acknowledged"
        SPOKE = "spoke", "spoke to somebody"
        ACTED = "acted", "acted on"
        DECLINED = "declined", "declined"
        REOPENED = "reopened", "opened again"

    escalation = models.ForeignKey(Escalation, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    spoke_to = models.CharField(max_length=120, blank=True)
    until_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta(Fact.Meta):
        verbose_name = "step of an escalation"
        verbose_name_plural = "steps of escalations"

    class Privacy:
        private = ("spoke_to", "reason")
        plain = ("escalation", "kind", "until_on")
