"""The child: names, identifiers, merges, and what is known of the disease."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models

from clinic.models.base import ADD_ONLY, Record, append_only, count_versions, keep_shown_at, show_with_child
from clinic.models.places import Clinic


@pghistory.track(append_only=True, exclude=["shown_at"])
class Patient(Record):
    """One child. The record number lives in PatientIdentifier, never here."""

    class Sex(models.TextChoices):
        FEMALE = "f", "female"
        MALE = "m", "male"
        UNKNOWN = "u", "not known"

    family_name = models.CharField(max_length=120)
    given_names = models.CharField(max_length=120)
    birth_date = models.DateField()
    sex = models.CharField(max_length=1, choices=Sex.choices)
    gestation_weeks = models.PositiveSmallIntegerField(null=True, blank=True)
    gestation_days = models.PositiveSmallIntegerField(default=0)
    language = models.CharField(max_length=12, default="en")
    needs_interpreter = models.BooleanField(default=False)
    household = models.CharField(
        max_length=80,
        blank=True,
        help_text="Same words for siblings and twins, so that they are told apart on purpose.",
    )
    replaced_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaces"
    )
    is_synthetic = models.BooleanField(default=False)
    # Kept by the database: when the child last changed, with all that is shown of it elsewhere.
    shown_at = models.DateTimeField(blank=True, editable=False, db_index=True)

    class Meta:
        triggers = (count_versions("shown_at"), keep_shown_at())
        constraints = (
            models.CheckConstraint(
                condition=models.Q(gestation_weeks=None) | models.Q(gestation_weeks__range=(20, 45)),
                name="patient_gestation_is_plausible",
                violation_error_message="Gestation is given in whole weeks, from 20 to 45.",
            ),
            models.CheckConstraint(
                condition=models.Q(gestation_days__lte=6),
                name="patient_gestation_days_are_less_than_a_week",
                violation_error_message="Days of gestation go from 0 to 6.",
            ),
            models.CheckConstraint(
                condition=models.Q(replaced_by=None) | ~models.Q(replaced_by=models.F("id")),
                name="patient_does_not_replace_itself",
                violation_error_message="A child cannot be merged into itself.",
            ),
        )
        indexes = (
            models.Index(fields=("family_name", "given_names"), name="patient_by_name"),
            models.Index(fields=("birth_date",), name="patient_by_birth_date"),
        )

    class Privacy:
        private = (
            "family_name",
            "given_names",
            "birth_date",
            "sex",
            "gestation_weeks",
            "gestation_days",
            "household",
        )
        plain = ("language", "needs_interpreter", "replaced_by", "is_synthetic", "shown_at")

    def __str__(self) -> str:
        return f"{self.family_name}, {self.given_names}"


@pghistory.track(append_only=True)
class PatientIdentifier(Record):
    """A record number together with the authority that gave it; never matched on the number alone."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="identifiers")
    system = models.CharField("authority", max_length=200)
    value = models.CharField("number", max_length=80)
    assigner = models.ForeignKey(Clinic, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        triggers = (count_versions(), show_with_child(each=pgtrigger.Insert | pgtrigger.Update))
        constraints = (
            models.UniqueConstraint(
                fields=("system", "value"),
                name="record_number_belongs_to_one_child_per_authority",
                violation_error_message="Another child already has this record number at this authority.",
            ),
        )

    class Privacy:
        private = ("value",)
        plain = ("patient", "system", "assigner")

    def __str__(self) -> str:
        return f"{self.system}|{self.value}"


class PatientMerge(Record):
    """Two rows were one child. The facts stay where they are and are read under both."""

    app_role_may = ADD_ONLY

    survivor = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    replaced = models.OneToOneField(Patient, on_delete=models.PROTECT, related_name="merge")
    reason = models.CharField(max_length=300)

    class Meta:
        triggers = (append_only(),)
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(survivor=models.F("replaced")),
                name="merge_joins_two_rows",
                violation_error_message="A child cannot be merged into itself.",
            ),
        )

    class Privacy:
        private = ("reason",)
        plain = ("survivor", "replaced")

    def __str__(self) -> str:
        return f"{self.replaced_id} into {self.survivor_id}"


class Etiology(models.TextChoices):
    """Groups of causes, as the pathway's first choice asks for them; never a trigger by themselves."""

    UNKNOWN = "unknown", "not known"
    TSC = "tsc", "tuberous sclerosis"
    HIE = "hie", "hypoxic-ischaemic injury"
    STROKE = "stroke", "stroke or bleeding"
    MALFORMATION = "malformation", "brain malformation"
    GENETIC = "genetic", "genetic, other"
    TRISOMY_21 = "trisomy_21", "trisomy 21"
    METABOLIC = "metabolic", "metabolic"
    INFECTION = "infection", "infection"
    OTHER = "other", "other"


class Lesion(models.TextChoices):
    """What imaging says; "not imaged" and "pending" are not "none"."""

    NOT_IMAGED = "not-imaged", "not imaged"
    PENDING = "pending", "result pending"
    NONE = "none", "none on epilepsy MRI"
    PRESENT = "present", "focal or hemispheric lesion"


class Certainty(models.TextChoices):
    """How sure a metabolic or degenerative disease is."""

    NOT_ASSESSED = "not_assessed", "not assessed"
    SUSPECTED = "suspected", "suspected"
    CONFIRMED = "confirmed", "confirmed"
    EXCLUDED = "excluded", "excluded"


@pghistory.track(append_only=True)
class Condition(Record):
    """The diagnosis as it stands now; the Finding facts behind it are what the engine reads."""

    patient = models.OneToOneField(Patient, on_delete=models.PROTECT, related_name="condition")
    onset_on = models.DateField(null=True, blank=True)
    diagnosed_on = models.DateField(null=True, blank=True)
    etiology = models.CharField(max_length=20, choices=Etiology.choices, default=Etiology.UNKNOWN)
    etiology_text = models.CharField(max_length=200, blank=True)
    lesion = models.CharField(max_length=12, choices=Lesion.choices, default=Lesion.NOT_IMAGED)
    metabolic_or_degenerative = models.CharField(
        max_length=12, choices=Certainty.choices, default=Certainty.NOT_ASSESSED
    )
    hypsarrhythmia_at_baseline = models.BooleanField(null=True, blank=True)
    developmental_arrest = models.BooleanField(null=True, blank=True)

    class Meta(Record.Meta):
        constraints = (
            models.CheckConstraint(
                condition=models.Q(onset_on=None)
                | models.Q(diagnosed_on=None)
                | models.Q(onset_on__lte=models.F("diagnosed_on")),
                name="condition_is_diagnosed_after_its_onset",
                violation_error_message="The diagnosis cannot be earlier than the first spasm.",
            ),
        )

    class Privacy:
        private = (
            "onset_on",
            "diagnosed_on",
            "etiology",
            "etiology_text",
            "lesion",
            "metabolic_or_degenerative",
            "hypsarrhythmia_at_baseline",
            "developmental_arrest",
        )
        plain = ("patient",)

    def __str__(self) -> str:
        return self.etiology
