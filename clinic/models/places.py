"""The clinic: its zone, its working days, its cover."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models

from clinic.models.base import Record, Row


def real_zone(value: str) -> None:
    """Refuse a zone the time zone database does not know."""
    try:
        ZoneInfo(value)
    except (KeyError, ValueError) as error:
        message = f"“{value}” is not a time zone. Write it as Area/City, such as Europe/London."
        raise ValidationError(message) from error


def monday_to_friday() -> list[int]:
    """Working days as ISO weekdays."""
    return [1, 2, 3, 4, 5]


@pghistory.track(append_only=True)
class Clinic(Row):
    """One infantile-spasms clinic. Its zone is the only bridge from moments to days."""

    key = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    zone = models.CharField(max_length=64, validators=[real_zone])
    language = models.CharField(max_length=12, default="en")
    working_days = ArrayField(models.PositiveSmallIntegerField(), default=monday_to_friday)
    mrn_system = models.CharField("authority of its record numbers", max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    emergency_phone = models.CharField(max_length=40, blank=True)
    video_instructions = models.TextField(blank=True)
    start_horizon_days = models.PositiveSmallIntegerField(
        default=60, help_text="How far ahead a course may be planned (clinic policy)."
    )
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        verbose_name = "clinic"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(working_days__len__gt=0),
                name="clinic_works_on_some_day",
                violation_error_message="Choose at least one working day.",
            ),
        )

    class Privacy:
        private = ()
        plain = (
            "key",
            "name",
            "zone",
            "language",
            "working_days",
            "mrn_system",
            "phone",
            "emergency_phone",
            "video_instructions",
            "start_horizon_days",
            "is_synthetic",
        )

    def __str__(self) -> str:
        return self.name

    def local_date(self, now: datetime) -> date:
        """Return the day it is at this clinic at an aware moment."""
        return now.astimezone(ZoneInfo(self.zone)).date()


class HolidayQuerySet(models.QuerySet["Holiday"]):
    """Questions about days off."""

    def by_clinic(self, clinics: Iterable[int]) -> dict[int, frozenset[date]]:
        """The days off of some clinics that have any."""
        found: dict[int, set[date]] = {}
        for clinic, on in self.filter(clinic__in=list(clinics)).values_list("clinic", "on"):
            found.setdefault(clinic, set()).add(on)
        return {clinic: frozenset(days) for clinic, days in found.items()}


class Holiday(Row):
    """A day the clinic does not work."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="holidays")
    on = models.DateField()
    name = models.CharField(max_length=80, blank=True)

    objects = HolidayQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("clinic", "on"),
                name="holiday_listed_once_per_clinic",
                violation_error_message="This day is already a holiday of the clinic.",
            ),
        )

    class Privacy:
        private = ()
        plain = ("clinic", "on", "name")

    def __str__(self) -> str:
        return f"{self.name} {self.on}"


@pghistory.track(append_only=True)
class CoverShift(Record):
    """Who answers for the clinic during a stretch of time. An hour without one is shown in red."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="cover_shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=40)
    email = models.EmailField(blank=True)

    class Meta(Record.Meta):
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="cover_shift_ends_after_it_starts",
                violation_error_message="The shift must end after it starts.",
            ),
        )

    class Privacy:
        private = ("email",)
        plain = ("clinic", "starts_at", "ends_at", "name", "phone")

    def __str__(self) -> str:
        return f"{self.name} {self.starts_at:%Y-%m-%d %H:%M}"
