"""What is watched, when somebody is told, and how they are reminded."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from protocols.engine.pathway import (
    Anchor,
    AppliesTo,
    LateAfter,
    Observes,
    Role,
    Trigger,
    Until,
    Urgency,
    WorkingDays,
)
from protocols.models.fields import ExactDecimalField, SpanField, WordField
from protocols.models.freezing import RowsOfASignedEdition
from protocols.models.pathway import Based, PathwayRow


class MonitoringRule(PathwayRow, Based):
    """What is observed, counted from what, how often, until when, and by whom."""

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    observes = WordField(words=Observes)
    applies_to = WordField(words=AppliesTo)
    anchor = WordField("counts from", words=Anchor)
    longest_gap = SpanField(
        blank=True, help_text="Repeats: due that long after the last counted observation."
    )
    until = WordField(words=Until, default=Until.NEVER)
    newest_anchor_only = models.BooleanField(default=False)
    held_days_extend = models.BooleanField("days on hold are added", default=False)
    part = models.CharField(max_length=40, blank=True, help_text="Tells rules of one code apart.")
    opens_before = SpanField(blank=True, help_text="A check opens that long before its due day.")
    last_due = SpanField(blank=True, help_text="A repeated check due later than that is not opened.")
    level = models.CharField(max_length=40, blank=True)
    agent = models.CharField(max_length=40, blank=True)
    measure = models.CharField(
        max_length=40, blank=True, help_text="What is measured, where the rule counts from a value."
    )
    at_least = ExactDecimalField(null=True, blank=True, help_text="The check opens at this value or above.")
    below = ExactDecimalField(null=True, blank=True, help_text="The check opens below this value.")
    lookback = SpanField(blank=True, help_text="How far back a change of the value looks.")
    answers = ArrayField(
        models.CharField(max_length=40),
        default=list,
        blank=True,
        help_text="Escalation rules whose human review satisfies the check.",
    )
    who = WordField(words=Role, default=Role.NURSE)
    working_days = WordField(words=WorkingDays, default=WorkingDays.ANY_DAY)
    late_after = WordField(words=LateAfter, default=LateAfter.DUE)
    survives_withdrawal = models.BooleanField(default=False)
    bundles = models.BooleanField("may be bundled into one visit", default=True)

    class Meta(PathwayRow.Meta):
        constraints = (
            *PathwayRow.Meta.constraints,
            models.UniqueConstraint(
                fields=("edition", "code", "part"),
                name="monitoringrule_bears_its_code_and_part_alone",
                violation_error_message="Two rules of one edition cannot bear the same code and part.",
            ),
        )

    class Privacy:
        private = ()
        plain = (
            "code",
            "name",
            "observes",
            "applies_to",
            "anchor",
            "longest_gap",
            "until",
            "newest_anchor_only",
            "held_days_extend",
            "part",
            "opens_before",
            "last_due",
            "level",
            "agent",
            "measure",
            "at_least",
            "below",
            "lookback",
            "answers",
            "who",
            "working_days",
            "late_after",
            "survives_withdrawal",
            "bundles",
        )

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class RuleRow(models.Model):
    """A row below a rule, in its place."""

    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.UniqueConstraint(
                fields=("rule", "position"),
                name="%(class)s_has_a_place_of_its_own",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message="Two rows of one rule cannot stand in the same place.",
            ),
        )
        triggers = (RowsOfASignedEdition(name="rows_of_a_signed_edition_stay", path=("rule", "edition")),)

    class Privacy:
        private = ()
        plain = ("id", "rule", "position")


class DueWindow(RuleRow):
    """One due window, counted from the rule's anchor."""

    rule = models.ForeignKey(MonitoringRule, on_delete=models.CASCADE, related_name="windows")
    opens = SpanField()
    due = SpanField()
    closes = SpanField(blank=True)
    accepts_from = SpanField(blank=True, help_text="An observation from that day on counts.")

    class Meta(RuleRow.Meta):
        pass

    class Privacy:
        private = ()
        plain = ("opens", "due", "closes", "accepts_from")

    def __str__(self) -> str:
        return f"due {self.due}"


class EscalationRule(PathwayRow, Based):
    """When somebody must be told, who, how soon, and what is asked of them."""

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    trigger = WordField(words=Trigger)
    urgency = WordField(words=Urgency)
    act_by = SpanField("act within", blank=True)
    asks_for = models.TextField()
    rationale = models.TextField()
    settled_by = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    makes_referral = models.BooleanField(default=False)
    human_required = models.BooleanField(default=True)
    survives_withdrawal = models.BooleanField(default=False)
    rises_during_handover = models.BooleanField(default=False)

    class Meta(PathwayRow.Meta):
        constraints = (
            *PathwayRow.Meta.constraints,
            models.UniqueConstraint(
                fields=("edition", "code"),
                name="escalationrule_bears_its_code_alone",
                violation_error_message="Two rules of one edition cannot bear the same code.",
            ),
        )

    class Privacy:
        private = ()
        plain = (
            "code",
            "name",
            "trigger",
            "urgency",
            "act_by",
            "asks_for",
            "rationale",
            "settled_by",
            "makes_referral",
            "human_required",
            "survives_withdrawal",
            "rises_during_handover",
        )

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class ParameterKind(models.TextChoices):
    """What a parameter's text stands for; its vocabulary is the trigger's own."""

    YES_NO = "yes-no", "yes or no"
    WHOLE = "whole", "whole number"
    DECIMAL = "decimal", "decimal number"
    TEXT = "text", "text"
    LIST = "list", "list, one on each line"


class RuleParameter(RuleRow, Based):
    """One named number or word of a rule, with its own source where it differs from the rule's."""

    rule = models.ForeignKey(EscalationRule, on_delete=models.CASCADE, related_name="parameters")
    name = models.CharField(max_length=80)
    value_kind = models.CharField(max_length=10, choices=ParameterKind.choices)
    value = models.TextField(blank=True)

    class Meta(RuleRow.Meta):
        constraints = (
            *RuleRow.Meta.constraints,
            models.UniqueConstraint(
                fields=("rule", "name"),
                name="ruleparameter_bears_its_name_alone",
                violation_error_message="Two parameters of one rule cannot bear the same name.",
            ),
        )

    class Privacy:
        private = ()
        plain = ("name", "value_kind", "value")

    def __str__(self) -> str:
        return self.name


class RuleRecipient(RuleRow):
    """A role that is told, and what for."""

    rule = models.ForeignKey(EscalationRule, on_delete=models.CASCADE, related_name="recipients")
    role = WordField(words=Role)
    purpose = models.CharField(max_length=60, blank=True)

    class Meta(RuleRow.Meta):
        pass

    class Privacy:
        private = ()
        plain = ("role", "purpose")

    def __str__(self) -> str:
        return str(self.role)


class ReminderRung(PathwayRow, Based):
    """One step of a ladder of nudges: who, how long after the step before it, how loud. No channel."""

    ladder = models.CharField(max_length=40)
    step = models.PositiveSmallIntegerField()
    role = WordField(words=Role)
    delay = SpanField()
    urgency = WordField(words=Urgency)

    class Meta(PathwayRow.Meta):
        constraints = (
            *PathwayRow.Meta.constraints,
            models.UniqueConstraint(
                fields=("edition", "ladder", "step", "role"),
                name="reminderrung_is_one_for_step_and_role",
                violation_error_message="A ladder tells each role once on each step.",
            ),
        )

    class Privacy:
        private = ()
        plain = ("ladder", "step", "role", "delay", "urgency")

    def __str__(self) -> str:
        return f"{self.ladder} {self.step}"


class Target(PathwayRow, Based):
    """A figure the clinic measures itself against, or a number used outside the rules."""

    key = models.SlugField(max_length=80)
    title = models.CharField(max_length=200)
    value_kind = models.CharField(max_length=10, choices=ParameterKind.choices)
    value = models.TextField(blank=True)
    unit = models.CharField(max_length=40, blank=True)

    class Meta(PathwayRow.Meta):
        pass

    class Privacy:
        private = ()
        plain = ("key", "title", "value_kind", "value", "unit")

    def __str__(self) -> str:
        return self.title
