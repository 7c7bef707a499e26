"""What is given: phases, the dose steps in them, and the conditions that a prescriber decides."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from protocols.engine.regimen import Basis, Branch, LengthUnit, Per, Purpose, Slot, Verdict
from protocols.models.fields import ExactDecimalField, WordField
from protocols.models.freezing import RowsOfASignedEdition
from protocols.models.library import Drug
from protocols.models.protocol import ConditionalRow, ProtocolRow


class Phase(ConditionalRow):
    """A named stretch of the course; phases follow one another without a gap."""

    name = models.CharField(max_length=120)
    purpose = WordField(words=Purpose)
    length_unit = WordField(words=LengthUnit)
    length_count = ExactDecimalField(null=True, blank=True)
    length_count_choice = models.CharField(
        max_length=60, blank=True, help_text="The choice that sets the length, in place of a number."
    )
    verdict = WordField(
        words=Verdict, blank=True, help_text="The phase follows only this verdict; the course waits for it."
    )
    note = models.TextField(blank=True)

    class Meta(ConditionalRow.Meta):
        constraints = (
            *ConditionalRow.Meta.constraints,
            models.CheckConstraint(
                name="phase_length_is_a_number_or_a_choice",
                condition=Q(length_count__isnull=True) | Q(length_count_choice=""),
                violation_error_message="A phase's length is a number or a choice, not both.",
            ),
            models.CheckConstraint(
                name="phase_length_is_above_zero",
                condition=Q(length_count__isnull=True) | Q(length_count__gt=0),
                violation_error_message="A phase lasts at least a day.",
            ),
        )

    class Privacy:
        private = ()
        plain = (
            "name",
            "purpose",
            "length_unit",
            "length_count",
            "length_count_choice",
            "verdict",
            "note",
        )

    def __str__(self) -> str:
        return self.name


def number_or_choice(name: str) -> models.CheckConstraint:
    """Not both a number and a choice in `name`."""
    return models.CheckConstraint(
        name=f"dosestep_{name}_is_a_number_or_a_choice",
        condition=Q(**{f"{name}__isnull": True}) | Q(**{f"{name}_choice": ""}),
        violation_error_message=f"Give {name.replace('_', ' ')} as a number or by a choice, not both.",
    )


def choice_name(of: str) -> models.CharField:  # type: ignore[type-arg]
    return models.CharField(
        max_length=60, blank=True, help_text=f"The choice that sets the {of}, in place of a number."
    )


class DoseStep(models.Model):
    """A dose held for some days of its phase.

    Without an amount and without a ramp it is undefined, which is not "no dose".
    """

    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField(default=0)
    drug = models.ForeignKey(Drug, on_delete=models.PROTECT, related_name="+")
    unit = models.CharField(max_length=20, help_text="Of the amount, such as U, mg.")
    basis = WordField(words=Basis, default=Basis.FIXED)
    per = WordField(words=Per, default=Per.DOSE)
    amount = ExactDecimalField(null=True, blank=True)
    amount_choice = choice_name("amount")
    ramp_by = ExactDecimalField("changes by", null=True, blank=True)
    ramp_by_choice = choice_name("change")
    ramp_every_days = ExactDecimalField("every so many days", null=True, blank=True)
    ramp_every_days_choice = choice_name("days between changes")
    ramp_until = ExactDecimalField("until", null=True, blank=True)
    ramp_until_choice = choice_name("end of the ramp")
    ramp_start = ExactDecimalField(
        "from", null=True, blank=True, help_text="Empty: it goes on from the amount of the day before."
    )
    ramp_start_choice = choice_name("start of the ramp")
    times = ExactDecimalField("times a day", null=True, blank=True)
    times_choice = choice_name("times a day")
    slot = WordField(words=Slot, blank=True)
    from_day = models.PositiveSmallIntegerField(default=1, help_text="Of the phase; its first day is 1.")
    to_day = models.PositiveSmallIntegerField(null=True, blank=True)
    every_days = models.PositiveSmallIntegerField(default=1)
    on_days = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    given_choice = models.CharField("only where choice", max_length=60, blank=True)
    given_equals = models.CharField("is", max_length=60, blank=True)
    condition = models.CharField(max_length=60, blank=True, help_text="Key of a condition of this edition.")
    branch = WordField(words=Branch, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("phase", "position"),
                name="dosestep_has_a_place_of_its_own",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message="Two steps of one phase cannot stand in the same place.",
            ),
            *(
                number_or_choice(name)
                for name in ("amount", "times", "ramp_by", "ramp_every_days", "ramp_until", "ramp_start")
            ),
            models.CheckConstraint(
                name="dosestep_days_run_forward",
                condition=Q(from_day__gte=1, every_days__gte=1)
                & (Q(to_day__isnull=True) | Q(to_day__gte=models.F("from_day"))),
                violation_error_message="A step's days count from 1 and run forward.",
            ),
            models.CheckConstraint(
                name="dosestep_amount_is_above_zero",
                condition=Q(amount__isnull=True) | Q(amount__gt=0),
                violation_error_message="A dose is above zero. Days without a dose need no step.",
            ),
            models.CheckConstraint(
                name="dosestep_condition_names_its_branch",
                condition=Q(condition="", branch="") | ~Q(condition="") & ~Q(branch=""),
                violation_error_message="A conditional step says which side of the condition it belongs to.",
            ),
            models.CheckConstraint(
                name="dosestep_given_names_choice_and_value",
                condition=Q(given_choice="", given_equals="") | ~Q(given_choice="") & ~Q(given_equals=""),
                violation_error_message="“Only where” names both the choice and its value.",
            ),
        )
        triggers = (RowsOfASignedEdition(name="rows_of_a_signed_edition_stay", path=("phase", "edition")),)

    class Privacy:
        private = ()
        plain = (
            "id",
            "phase",
            "position",
            "drug",
            "unit",
            "basis",
            "per",
            "amount",
            "amount_choice",
            "ramp_by",
            "ramp_by_choice",
            "ramp_every_days",
            "ramp_every_days_choice",
            "ramp_until",
            "ramp_until_choice",
            "ramp_start",
            "ramp_start_choice",
            "times",
            "times_choice",
            "slot",
            "from_day",
            "to_day",
            "every_days",
            "on_days",
            "given_choice",
            "given_equals",
            "condition",
            "branch",
            "note",
        )

    def __str__(self) -> str:
        return f"step {self.position + 1}"


class DoseCondition(ProtocolRow):
    """A question on a treatment day whose answer, by a named prescriber, changes the dose from a day on."""

    key = models.SlugField(max_length=60)
    drug = models.ForeignKey(Drug, on_delete=models.PROTECT, related_name="+")
    question = models.TextField()
    decided_by = models.CharField(max_length=60, help_text="Role of the prescriber who decides.")
    asked_on_day = models.PositiveSmallIntegerField(help_text="Treatment day; the first dose is day 1.")
    from_day = models.PositiveSmallIntegerField(help_text="First treatment day on which it may be taken.")
    to_day = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta(ProtocolRow.Meta):
        constraints = (
            *ProtocolRow.Meta.constraints,
            models.UniqueConstraint(
                fields=("edition", "key"),
                name="dosecondition_bears_its_key_alone",
                violation_error_message="Two conditions of one edition cannot bear the same key.",
            ),
        )

    class Privacy:
        private = ()
        plain = ("key", "drug", "question", "decided_by", "asked_on_day", "from_day", "to_day")

    def __str__(self) -> str:
        return self.key
