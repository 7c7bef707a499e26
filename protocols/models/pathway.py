"""A pathway, its editions, and the policy across drugs."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from protocols.engine.citing import Mark
from protocols.engine.pathway import BoundaryDay, DayConvention, JudgedFrom, Sex
from protocols.models.editions import Edition, EditionQuerySet, EditionRow
from protocols.models.fields import WordField
from protocols.models.freezing import RowsOfASignedEdition, keys_stay


class Pathway(models.Model):
    """One policy across drugs, whatever its edition."""

    key = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)

    class Meta:
        triggers = (keys_stay(),)

    class Privacy:
        private = ()
        plain = ("id", "key", "title")

    def __str__(self) -> str:
        return self.title


@pghistory.track(append_only=True)
class PathwayEdition(Edition):
    """One edition of a pathway. A clinic adopts an edition; publishing another moves no child."""

    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="editions")
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    adopted_definition = models.CharField(
        max_length=80, help_text="Key of the response definition by which this pathway judges."
    )

    objects = EditionQuerySet.as_manager()

    class Meta(Edition.Meta):
        constraints = (
            *Edition.Meta.constraints,
            models.UniqueConstraint(
                fields=("pathway", "number"),
                name="pathway_edition_bears_its_number_alone",
                violation_error_message="This pathway already has an edition of that number.",
            ),
        )

    class Privacy:
        private = ()
        plain = ("pathway", "title", "summary", "adopted_definition")

    def __str__(self) -> str:
        return f"{self.title}, edition {self.number}"


class PathwayRow(EditionRow):
    """A row of a pathway edition."""

    edition = models.ForeignKey(PathwayEdition, on_delete=models.CASCADE, related_name="%(class)s_rows")

    class Meta(EditionRow.Meta):
        abstract = True

    class Privacy:
        private = ()
        plain = ("edition",)


class PathwaySource(PathwayRow):
    """Something that was read, listed by the edition that cites it: a pathway carries its sources with it."""

    key = models.SlugField(max_length=80)
    citation = models.TextField()
    url = models.TextField(blank=True)
    note = models.TextField(blank=True)

    class Meta(PathwayRow.Meta):
        constraints = (
            *PathwayRow.Meta.constraints,
            models.UniqueConstraint(
                fields=("edition", "key"),
                name="pathwaysource_bears_its_key_alone",
                violation_error_message="Two sources of one edition cannot bear the same key.",
            ),
        )

    class Privacy:
        private = ()
        plain = ("key", "citation", "url", "note")

    def __str__(self) -> str:
        return self.key


class Based(models.Model):
    """A row whose numbers have one source."""

    source = models.ForeignKey(
        PathwaySource, on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    mark = WordField("how sure", words=Mark, blank=True)
    source_note = models.TextField("what is said there", blank=True)

    class Meta:
        abstract = True

    class Privacy:
        private = ()
        plain = ("source", "mark", "source_note")


class FirstChoice(PathwayRow, Based):
    """What is offered first for an etiology; `any` where nothing else matches."""

    etiology = models.CharField(max_length=80)
    matches = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    protocols = ArrayField(
        models.CharField(max_length=80), default=list, help_text="Keys, the first choice first."
    )
    note = models.TextField(blank=True)

    class Meta(PathwayRow.Meta):
        pass

    class Privacy:
        private = ()
        plain = ("etiology", "matches", "protocols", "note")

    def __str__(self) -> str:
        return self.etiology


class EpisodePolicy(PathwayRow, Based):
    """Which courses form one treatment episode, and which count as failed with it."""

    joined_within_days = models.PositiveSmallIntegerField()
    running_course_counts_after_days = models.PositiveSmallIntegerField()
    rebase_on_later_drug = models.BooleanField("a later drug takes over the EEG")
    vigabatrin_judged_from = WordField(words=JudgedFrom, default=JudgedFrom.START)
    adequacy_signed_by_person = models.BooleanField("a person signs that a trial was adequate", default=False)
    missed_doses_question_trial = models.PositiveSmallIntegerField(
        "missed doses that put a trial in question", null=True, blank=True
    )

    class Meta(PathwayRow.Meta):
        pass

    class Privacy:
        private = ()
        plain = (
            "joined_within_days",
            "running_course_counts_after_days",
            "rebase_on_later_drug",
            "vigabatrin_judged_from",
            "adequacy_signed_by_person",
            "missed_doses_question_trial",
        )

    def __str__(self) -> str:
        return "treatment episode"


class EegPolicy(PathwayRow, Based):
    """When a recording can show that the spasms' EEG is gone, and when it shows that it is not."""

    counts_from_day = models.SmallIntegerField(help_text="Days since the start; the start is 0.")
    sleep_required = models.BooleanField()
    adequate_minutes = models.PositiveSmallIntegerField()
    positive_counts_at_any_length = models.BooleanField()
    based_positive_from = models.PositiveSmallIntegerField("BASED score that counts as positive, from")
    person_compares_without_baseline_hypsarrhythmia = models.BooleanField(default=False)

    class Meta(PathwayRow.Meta):
        pass

    class Privacy:
        private = ()
        plain = (
            "counts_from_day",
            "sleep_required",
            "adequate_minutes",
            "positive_counts_at_any_length",
            "based_positive_from",
            "person_compares_without_baseline_hypsarrhythmia",
        )

    def __str__(self) -> str:
        return "EEG"


class ResponseDefinition(PathwayRow, Based):
    """One definition of response, in its own words and day convention."""

    key = models.SlugField(max_length=80)
    title = models.CharField(max_length=200)
    convention = WordField(words=DayConvention)
    last_spasm_day = models.SmallIntegerField()
    spasm_free_until_day = models.SmallIntegerField(null=True, blank=True)
    spasm_free_days = models.PositiveSmallIntegerField(null=True, blank=True)
    boundary = WordField("a last spasm on that very day is", words=BoundaryDay, default=BoundaryDay.ALLOWED)
    eeg_required = models.BooleanField(default=True)
    asked_on_or_after_day = models.SmallIntegerField(
        "somebody must have asked on or after day", null=True, blank=True
    )

    class Meta(PathwayRow.Meta):
        constraints = (
            *PathwayRow.Meta.constraints,
            models.UniqueConstraint(
                fields=("edition", "key"),
                name="responsedefinition_bears_its_key_alone",
                violation_error_message="Two definitions of one edition cannot bear the same key.",
            ),
        )

    class Privacy:
        private = ()
        plain = (
            "key",
            "title",
            "convention",
            "last_spasm_day",
            "spasm_free_until_day",
            "spasm_free_days",
            "boundary",
            "eeg_required",
            "asked_on_or_after_day",
        )

    def __str__(self) -> str:
        return self.title


class BloodPressureTable(PathwayRow, Based):
    """Limits by age and sex; under some age the diastolic value sets no level."""

    systolic_alone_under_months = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta(PathwayRow.Meta):
        pass

    class Privacy:
        private = ()
        plain = ("systolic_alone_under_months",)

    def __str__(self) -> str:
        return "blood pressure"


class BloodPressureLimit(Based):
    """Limits in mmHg from an age in completed months on, for one sex."""

    table = models.ForeignKey(BloodPressureTable, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveSmallIntegerField(default=0)
    sex = WordField(words=Sex)
    from_month = models.PositiveSmallIntegerField()
    sbp90 = models.PositiveSmallIntegerField("systolic 90th")
    dbp90 = models.PositiveSmallIntegerField("diastolic 90th")
    sbp95 = models.PositiveSmallIntegerField("systolic 95th")
    dbp95 = models.PositiveSmallIntegerField("diastolic 95th")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("table", "sex", "from_month"),
                name="bloodpressurelimit_is_one_for_sex_and_age",
                violation_error_message="The table has one row for each sex and age.",
            ),
            models.CheckConstraint(
                name="bloodpressurelimit_95th_is_not_below_90th",
                condition=Q(sbp95__gte=F("sbp90"), dbp95__gte=F("dbp90")),
                violation_error_message="The 95th percentile is not below the 90th.",
            ),
        )
        triggers = (RowsOfASignedEdition(name="rows_of_a_signed_edition_stay", path=("table", "edition")),)

    class Privacy:
        private = ()
        plain = ("id", "table", "position", "sex", "from_month", "sbp90", "dbp90", "sbp95", "dbp95")

    def __str__(self) -> str:
        return f"{self.sex} from {self.from_month} months"
