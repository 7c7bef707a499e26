"""Where each ladder stands, and what stands in each reader's calendar."""

from __future__ import annotations

import uuid

from django.db import models


class Ladder(models.Model):
    """The reminders of one check or escalation: how high they have climbed, and when to look again."""

    uid = models.UUIDField("id", default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey("clinic.Enrolment", on_delete=models.PROTECT, related_name="+")
    cause_kind = models.CharField(max_length=40)
    cause_uid = models.UUIDField()
    counted_on = models.DateField(help_text="The day its steps were counted from.")
    said = models.SmallIntegerField(null=True, blank=True, help_text="The highest level already said.")
    next_at = models.DateTimeField(null=True, blank=True)
    parked_until = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_why = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("cause_kind", "cause_uid"),
                name="ladder_stands_once_per_cause",
                violation_error_message="There is a ladder for this already.",
            ),
            models.CheckConstraint(
                condition=models.Q(stopped_at=None, stopped_why="")
                | (models.Q(stopped_at__isnull=False) & ~models.Q(stopped_why="")),
                name="ladder_stopped_says_why",
                violation_error_message="Say why the ladder stopped.",
            ),
        )
        indexes = (
            # the climber: whose next moment has come; the index holds running ladders only
            models.Index(
                fields=("next_at", "id"),
                condition=models.Q(stopped_at=None, next_at__isnull=False),
                name="ladder_next",
            ),
            models.Index(fields=("enrolment",), name="ladder_of_a_child"),
        )

    class Privacy:
        private = ()
        plain = (
            "id",
            "uid",
            "enrolment",
            "cause_kind",
            "cause_uid",
            "counted_on",
            "said",
            "next_at",
            "parked_until",
            "stopped_at",
            "stopped_why",
        )

    def __str__(self) -> str:
        return f"{self.cause_kind} {self.cause_uid}"


class CalendarEntry(models.Model):
    """A date we put into a reader's calendar: when it moves or goes, the same entry must move or go."""

    erased_with = "check_uid"

    reader = models.ForeignKey("clinic.Actor", on_delete=models.PROTECT, related_name="+")
    check_uid = models.UUIDField()
    sequence = models.PositiveIntegerField(default=0)
    on = models.DateField()
    cancelled = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "calendar entries"
        constraints = (
            models.UniqueConstraint(
                fields=("reader", "check_uid"),
                name="calendar_entry_stands_once_per_reader_and_check",
                violation_error_message="This date is already in this reader's calendar.",
            ),
        )

    class Privacy:
        private = ()
        plain = ("id", "reader", "check_uid", "sequence", "on", "cancelled")

    def __str__(self) -> str:
        return f"{self.check_uid} {self.on}"
