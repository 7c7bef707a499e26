"""What every fact has: when it happened, when we knew, who wrote it down, and what it corrects."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models

from clinic.models.base import ADD_ONLY, Row, append_only
from clinic.models.children import Patient
from clinic.models.places import Clinic


class Via(models.TextChoices):
    """The edge a fact came through."""

    ADMIN = "admin", "typed here"
    REST = "rest", "REST"
    FHIR = "fhir", "FHIR"
    COMMAND = "command", "command"
    LINK = "link", "a contact's link"
    SEED = "seed", "seed"


def in_order_of_record(name: str) -> models.Index:
    """An index that a reader enters who asks what was recorded since a moment."""
    return models.Index(fields=("recorded_at", "uid"), name=f"{name}_as_recorded")


class Fact(Row):
    """Something seen or done, never changed. A correction is a new row that names the row it corrects.

    `happened_on` is the clinical date in the clinic's zone, `happened_at` the moment where one is known,
    `known_at` when the clinic learned it: rules fire on what was known, dates use what happened. A row
    `entered_in_error` repeats what it takes back. A value outside what is plausible carries why it is true
    and who else looked.
    """

    app_role_may = ADD_ONLY

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    happened_on = models.DateField()
    happened_at = models.DateTimeField(null=True, blank=True)
    known_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("clinic.Actor", on_delete=models.PROTECT, related_name="+")
    via = models.CharField(max_length=8, choices=Via.choices, default=Via.ADMIN)
    corrects = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrected_by_row",
    )
    entered_in_error = models.BooleanField(default=False)
    why_corrected = models.CharField(max_length=300, blank=True)
    moved_from = models.UUIDField(null=True, blank=True)
    true_because = models.CharField(max_length=300, blank=True)
    seconded_by = models.ForeignKey(
        "clinic.Actor",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    source_system = models.CharField(max_length=200, blank=True)
    source_value = models.CharField(max_length=200, blank=True)
    detail = models.TextField(blank=True)

    class Meta:
        abstract = True
        triggers: ClassVar[tuple[pgtrigger.Trigger, ...]] = (append_only(),)
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.CheckConstraint(
                condition=models.Q(entered_in_error=False) | models.Q(corrects__isnull=False),
                name="%(class)s_takes_back_a_row_that_is_named",
                violation_error_message="Name the entry that was made in error.",
            ),
            models.CheckConstraint(
                condition=models.Q(true_because="", seconded_by=None)
                | (~models.Q(true_because="") & models.Q(seconded_by__isnull=False)),
                name="%(class)s_unlikely_value_has_reason_and_second_person",
                violation_error_message="An unlikely value needs a reason and a second person.",
            ),
            models.CheckConstraint(
                condition=models.Q(seconded_by=None) | ~models.Q(seconded_by=models.F("recorded_by")),
                name="%(class)s_second_person_is_another_person",
                violation_error_message="The second person must be somebody else.",
            ),
            models.CheckConstraint(
                condition=models.Q(known_at__lte=models.F("recorded_at")),
                name="%(class)s_is_known_before_it_is_recorded",
                violation_error_message="It cannot be known later than it is recorded.",
            ),
            models.UniqueConstraint(
                fields=("source_system", "source_value"),
                condition=~models.Q(source_value=""),
                name="%(class)s_comes_in_once_per_source",
                violation_error_message="This result has come in already.",
            ),
        )
        indexes: ClassVar[tuple[models.Index, ...]] = (
            models.Index(fields=("patient", "happened_on"), name="%(class)s_by_child"),
        )

    class Privacy:
        private = (
            "happened_on",
            "happened_at",
            "why_corrected",
            "true_because",
            "source_value",
            "detail",
        )
        plain = (
            "patient",
            "clinic",
            "known_at",
            "recorded_at",
            "recorded_by",
            "via",
            "corrects",
            "entered_in_error",
            "moved_from",
            "seconded_by",
            "source_system",
        )

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.uid}"
