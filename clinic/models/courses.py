"""Treatment: what was given elsewhere, the course, and everything that was really done with it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pghistory
from django.db import models

from clinic.models.base import Record, append_only, count_versions, keep_shown_at, show_with_course
from clinic.models.enrolments import Enrolment
from clinic.models.fact import Fact
from clinic.models.observations import Measurement

if TYPE_CHECKING:
    from typing import Self


class StopReason(models.TextChoices):
    """Why a drug ended."""

    COMPLETED = "completed", "completed as planned"
    NO_RESPONSE = "no_response", "no response"
    INTOLERANCE = "intolerance", "not tolerated"
    FAMILY = "family", "family's decision"
    OTHER = "other", "other"


class Outcome(models.TextChoices):
    """What became of a treatment given elsewhere."""

    RESPONDED = "responded", "responded"
    FAILED = "failed", "did not respond"
    NOT_TOLERATED = "not_tolerated", "not tolerated"
    UNKNOWN = "unknown", "not known"


class PriorTreatment(Fact):
    """A drug given before this clinic knew the child; it counts as one given here.

    `happened_on` is its start.
    """

    drug = models.ForeignKey(
        "protocols.Drug",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    drug_text = models.CharField(max_length=120, blank=True)
    last_dose_on = models.DateField(null=True, blank=True)
    dose_text = models.CharField(max_length=120, blank=True)
    adequate = models.BooleanField(null=True, blank=True)
    outcome = models.CharField(max_length=16, choices=Outcome.choices, default=Outcome.UNKNOWN)
    given_at = models.CharField("where", max_length=120, blank=True)

    class Meta(Fact.Meta):
        verbose_name = "earlier treatment"
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(drug__isnull=False) | ~models.Q(drug_text=""),
                name="prior_treatment_names_the_drug",
                violation_error_message="Name the drug.",
            ),
            models.CheckConstraint(
                condition=models.Q(last_dose_on=None) | models.Q(last_dose_on__gte=models.F("happened_on")),
                name="prior_treatment_ends_after_it_starts",
                violation_error_message="The last dose cannot be before the first.",
            ),
        )

    class Privacy:
        private = (
            "drug",
            "drug_text",
            "last_dose_on",
            "dose_text",
            "adequate",
            "outcome",
            "given_at",
        )
        plain = ()


class CourseQuerySet(models.QuerySet["Course"]):
    """Questions about courses."""

    def running(self) -> Self:
        """Courses the child is on, held ones included."""
        return self.filter(status__in=(Course.Status.ACTIVE, Course.Status.HELD))

    def drafts(self) -> Self:
        """Courses that wait for the second person's check of the calendar."""
        return self.filter(status=Course.Status.DRAFT)


@pghistory.track(append_only=True, exclude=["shown_at"])
class Course(Record):
    """One drug given by one protocol edition. A combination is several courses of one `batch`.

    The columns show the course as it stands; what was done is in the facts that point here.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "draft, calendar not checked"
        ACTIVE = "active", "active"
        HELD = "held", "on hold"
        COMPLETED = "completed", "completed"
        STOPPED = "stopped", "stopped"
        DROPPED = "dropped", "draft dropped"

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="courses")
    patient = models.ForeignKey("clinic.Patient", on_delete=models.PROTECT, related_name="courses")
    batch = models.UUIDField(default=uuid.uuid4, db_index=True)
    protocol_edition = models.ForeignKey(
        "protocols.ProtocolEdition", on_delete=models.PROTECT, related_name="+"
    )
    drug = models.ForeignKey("protocols.Drug", on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(
        "protocols.Product",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    start_on = models.DateField()
    weight_kg = models.DecimalField(max_digits=6, decimal_places=3, null=True, blank=True)
    length_cm = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    choices = models.JSONField(default=dict, blank=True)
    planned_last_dose_on = models.DateField(null=True, blank=True)
    calendar_digest = models.CharField(max_length=64, blank=True)
    calendar_checked_at = models.DateTimeField(null=True, blank=True)
    calendar_checked_by = models.ForeignKey(
        "clinic.Actor",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    last_dose_on = models.DateField(null=True, blank=True)
    stop_reason = models.CharField(max_length=12, choices=StopReason.choices, blank=True)

    # Kept by the database: when the course last changed, with its checks, doses and reasons for referrals.
    shown_at = models.DateTimeField(blank=True, editable=False, db_index=True)

    objects = CourseQuerySet.as_manager()

    class Meta:
        triggers = (count_versions("shown_at"), keep_shown_at())
        constraints = (
            models.UniqueConstraint(
                fields=("patient", "drug"),
                condition=models.Q(status__in=("active", "held")),
                name="child_has_one_running_course_per_drug",
                violation_error_message="A course of this drug runs already. Stop it first.",
            ),
            models.CheckConstraint(
                condition=models.Q(calendar_checked_at=None, calendar_checked_by=None)
                | models.Q(calendar_checked_at__isnull=False, calendar_checked_by__isnull=False),
                name="course_calendar_check_names_who_checked",
                violation_error_message="Say who checked the calendar, and when.",
            ),
            models.CheckConstraint(
                condition=models.Q(calendar_checked_by=None)
                | ~models.Q(created_by=models.F("calendar_checked_by")),
                name="course_calendar_is_checked_by_a_second_person",
                violation_error_message="The calendar must be checked by a second person.",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=("draft", "dropped"))
                | models.Q(calendar_checked_at__isnull=False),
                name="course_runs_only_with_a_checked_calendar",
                violation_error_message="The calendar must be checked before the course starts.",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=("stopped", "completed"), last_dose_on__isnull=False)
                & ~models.Q(stop_reason="")
                | (
                    ~models.Q(status__in=("stopped", "completed"))
                    & models.Q(last_dose_on=None, stop_reason="")
                ),
                name="course_that_ended_says_last_dose_and_reason",
                violation_error_message="Say when the last dose was given, and why the course ended.",
            ),
            models.CheckConstraint(
                condition=models.Q(weight_kg=None) | models.Q(weight_kg__gt=0),
                name="course_weight_is_above_zero",
                violation_error_message="The weight must be above zero.",
            ),
        )
        indexes = (models.Index(fields=("enrolment", "status"), name="course_by_enrolment"),)
        permissions = (
            ("plan_course", "Can plan a course"),
            ("check_calendar", "Can check a dose calendar"),
            ("decide_dose", "Can decide a dose step, a hold or a stop"),
        )

    class Privacy:
        private = (
            "protocol_edition",
            "drug",
            "product",
            "start_on",
            "weight_kg",
            "length_cm",
            "choices",
            "planned_last_dose_on",
            "last_dose_on",
            "stop_reason",
        )
        plain = (
            "enrolment",
            "patient",
            "batch",
            "calendar_digest",
            "calendar_checked_at",
            "calendar_checked_by",
            "status",
            "shown_at",
        )

    def __str__(self) -> str:
        return f"course {self.uid}"


class CourseFact(Fact):
    """A fact about one course."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="%(class)s_facts")

    class Meta(Fact.Meta):
        abstract = True

    class Privacy:
        private = ()
        plain = ("course",)


# What may change the calendar of a course shows with the course.
_DONE_WITH_A_COURSE = (append_only(), show_with_course("recorded_at"))


class CourseStart(CourseFact):
    """The first dose was given. A correction moves it, or says that the trial was not adequate.

    The planned dates are those of the calendar that was checked.
    """

    taper_on = models.DateField(null=True, blank=True)
    dose_decision_on = models.DateField(null=True, blank=True)
    target_dose_on = models.DateField(null=True, blank=True)
    planned_last_dose_on = models.DateField(null=True, blank=True)
    adequate = models.BooleanField(null=True, blank=True)

    class Meta(Fact.Meta):
        triggers = _DONE_WITH_A_COURSE
        verbose_name = "start of a course"
        verbose_name_plural = "starts of courses"

    class Privacy:
        private = ("taper_on", "dose_decision_on", "target_dose_on", "planned_last_dose_on", "adequate")
        plain = ()


class CourseStop(CourseFact):
    """The last dose was given; `happened_on` is its day."""

    reason = models.CharField(max_length=12, choices=StopReason.choices)
    abrupt_because = models.CharField(max_length=300, blank=True)

    class Meta(Fact.Meta):
        verbose_name = "end of a course"
        verbose_name_plural = "ends of courses"

    class Privacy:
        private = ("reason", "abrupt_because")
        plain = ()


class DoseDecision(CourseFact):
    """A named prescriber decided a conditional dose step: taken from a day, or not taken."""

    step_key = models.CharField(max_length=80)
    taken = models.BooleanField()
    from_on = models.DateField()
    prescriber = models.CharField(max_length=120)

    class Meta(Fact.Meta):
        triggers = _DONE_WITH_A_COURSE
        verbose_name = "dose decision"

    class Privacy:
        private = ("step_key", "taken", "from_on", "prescriber")
        plain = ()


class DoseChange(CourseFact):
    """A named prescriber changed something the calendar counts with: weight, choice, taper, an edition."""

    class Kind(models.TextChoices):
        WEIGHT = "weight", "new weight accepted"
        CHOICE = "choice", "a choice set anew"
        TAPER = "taper", "taper starts"
        RESPONDED = "responded", "next part decided"
        EDITION = "edition", "new edition accepted"
        DOSE = "dose", "dose set by the prescriber"
        TARGET = "target", "target dose reached"
        LAST_DOSE = "last_dose", "last dose planned anew"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    from_on = models.DateField()
    prescriber = models.CharField(max_length=120)
    measurement = models.ForeignKey(
        Measurement, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    weight_kg = models.DecimalField(max_digits=6, decimal_places=3, null=True, blank=True)
    length_cm = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    values = models.JSONField(default=dict, blank=True)

    class Meta(Fact.Meta):
        triggers = _DONE_WITH_A_COURSE
        verbose_name = "dose change"
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=~models.Q(kind="weight") | models.Q(weight_kg__gt=0),
                name="dose_change_for_weight_names_the_weight",
                violation_error_message="Give the weight that is accepted.",
            ),
        )

    class Privacy:
        private = (
            "kind",
            "from_on",
            "prescriber",
            "measurement",
            "weight_kg",
            "length_cm",
            "values",
        )
        plain = ()


class Hold(CourseFact):
    """Days without the drug. The calendar does not shift; the eye exam's clock does."""

    until_on = models.DateField("last day on hold", null=True, blank=True)

    class Meta(Fact.Meta):
        triggers = _DONE_WITH_A_COURSE
        verbose_name = "hold"
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(until_on=None) | models.Q(until_on__gte=models.F("happened_on")),
                name="hold_ends_after_it_starts",
                violation_error_message="The hold cannot end before it starts.",
            ),
        )

    class Privacy:
        private = ("until_on",)
        plain = ()


class HoldEnd(CourseFact):
    """The drug is given again from `happened_on` on."""

    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="ends")

    class Meta(Fact.Meta):
        triggers = _DONE_WITH_A_COURSE
        verbose_name = "end of a hold"
        verbose_name_plural = "ends of holds"

    class Privacy:
        private = ()
        plain = ("hold",)


class MissedDose(CourseFact):
    """A dose not given, or vomited."""

    class Kind(models.TextChoices):
        MISSED = "missed", "not given"
        VOMITED = "vomited", "vomited"
        WRONG = "wrong", "wrong dose given"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    doses = models.PositiveSmallIntegerField(default=1)

    class Meta(Fact.Meta):
        verbose_name = "missed dose"

    class Privacy:
        private = ("kind", "doses")
        plain = ()


class Dispensed(CourseFact):
    """What the pharmacy gave. Another strength voids the printed calendar until the family is taught."""

    product = models.ForeignKey(
        "protocols.Product",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    strength_text = models.CharField(max_length=80, blank=True)
    quantity_text = models.CharField(max_length=80, blank=True)

    class Meta(Fact.Meta):
        verbose_name = "dispensed drug"

    class Privacy:
        private = ("product", "strength_text", "quantity_text")
        plain = ()


class CalendarTaught(CourseFact):
    """The family was taught the calendar (and the strength) it has in hand."""

    product = models.ForeignKey(
        "protocols.Product",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    taught_to = models.CharField(max_length=120, blank=True)

    class Meta(Fact.Meta):
        verbose_name = "calendar taught"
        verbose_name_plural = "calendars taught"

    class Privacy:
        private = ("product", "taught_to")
        plain = ()
