"""What was seen at a child: pressure, EEG, eyes, spasms, measurements, symptoms, exposures, vaccines."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from clinic.models.children import Certainty, Lesion
from clinic.models.fact import Fact, in_order_of_record


class BloodPressure(Fact):
    """One reading, with what it takes to trust it (arm, position, state, device, cuff)."""

    class State(models.TextChoices):
        NOT_SAID = "", "not said"
        CALM = "calm", "calm"
        ASLEEP = "asleep", "asleep"
        CRYING = "crying", "crying"

    class Arm(models.TextChoices):
        NOT_SAID = "", "not said"
        RIGHT = "right-arm", "right arm"
        LEFT = "left-arm", "left arm"
        LEG = "leg", "leg"

    class Position(models.TextChoices):
        NOT_SAID = "", "not said"
        SUPINE = "supine", "lying"
        HELD = "held", "held"
        SITTING = "sitting", "sitting"

    systolic = models.PositiveSmallIntegerField("systolic, mmHg")
    diastolic = models.PositiveSmallIntegerField("diastolic, mmHg", null=True, blank=True)
    symptomatic = models.BooleanField(default=False)
    arm = models.CharField(max_length=10, choices=Arm.choices, blank=True)
    position = models.CharField(max_length=8, choices=Position.choices, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, blank=True)
    device = models.CharField(max_length=80, blank=True)
    cuff = models.CharField(max_length=40, blank=True)

    class Meta(Fact.Meta):
        verbose_name = "blood pressure"
        indexes = (*Fact.Meta.indexes, in_order_of_record("bloodpressure"))
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(diastolic=None) | models.Q(diastolic__lt=models.F("systolic")),
                name="blood_pressure_diastolic_is_below_systolic",
                violation_error_message="The diastolic pressure must be below the systolic one.",
            ),
        )

    class Privacy:
        private = (
            "systolic",
            "diastolic",
            "symptomatic",
            "arm",
            "position",
            "state",
            "device",
            "cuff",
        )
        plain = ()


class Eeg(Fact):
    """One recording. The same accession twice is one EEG. A report may come after the recording."""

    class Report(models.TextChoices):
        PENDING = "pending", "recorded, report pending"
        FINAL = "final", "reported"

    report = models.CharField(max_length=8, choices=Report.choices, default=Report.FINAL)
    hypsarrhythmia = models.BooleanField(null=True, blank=True)
    spasms_recorded = models.BooleanField(null=True, blank=True)
    sleep = models.BooleanField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    based = models.PositiveSmallIntegerField("BASED score", null=True, blank=True)
    accession = models.CharField(max_length=80, blank=True)
    lateralised = models.CharField("side or focus", max_length=80, blank=True)
    improved = models.BooleanField("better than the baseline, says a person", null=True, blank=True)

    class Meta(Fact.Meta):
        verbose_name = "EEG"
        indexes = (*Fact.Meta.indexes, in_order_of_record("eeg"))
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(based=None) | models.Q(based__lte=5),
                name="eeg_based_score_goes_from_0_to_5",
                violation_error_message="A BASED score goes from 0 to 5.",
            ),
        )

    class Privacy:
        private = (
            "report",
            "hypsarrhythmia",
            "spasms_recorded",
            "sleep",
            "minutes",
            "based",
            "accession",
            "lateralised",
            "improved",
        )
        plain = ()


class VisionExam(Fact):
    """One eye examination; "attempted, not possible" counts as done with a limitation."""

    class Result(models.TextChoices):
        NORMAL = "no_abnormality_detected", "no abnormality detected"
        ABNORMAL = "abnormal", "abnormal"
        NOT_POSSIBLE = "not_possible", "attempted, not possible"
        PENDING = "pending", "done, report pending"

    result = models.CharField(max_length=24, choices=Result.choices)
    method = models.CharField(max_length=80, blank=True)
    examiner = models.CharField(max_length=120, blank=True)

    class Meta(Fact.Meta):
        verbose_name = "vision exam"
        indexes = (*Fact.Meta.indexes, in_order_of_record("visionexam"))

    class Privacy:
        private = ("result", "method", "examiner")
        plain = ()


class SpasmReport(Fact):
    """What the family told about spasms, and how sure we are. "Asked, none seen" is a report, too."""

    class Status(models.TextChoices):
        REPORTED = "reported", "reported"
        VIDEO_AWAITED = "awaited", "video awaited"
        CONFIRMED = "confirmed", "confirmed"
        NOT_A_SPASM = "not-a-spasm", "not a spasm"
        UNCLEAR = "unclear", "unclear"
        NONE_SEEN = "none-seen", "asked, none seen"

    class Waking(models.TextChoices):
        NOT_SAID = "", "not said"
        WAKING = "waking", "on waking"
        AWAKE = "awake", "awake"
        ASLEEP = "asleep", "asleep"

    class Side(models.TextChoices):
        NOT_SAID = "", "not said"
        BOTH = "both", "both sides alike"
        LEFT = "left", "more on the left"
        RIGHT = "right", "more on the right"

    status = models.CharField(max_length=16, choices=Status.choices)
    clusters = models.PositiveSmallIntegerField(null=True, blank=True)
    spasms_per_cluster = models.PositiveSmallIntegerField(null=True, blank=True)
    waking = models.CharField(max_length=8, choices=Waking.choices, blank=True)
    side = models.CharField(max_length=8, choices=Side.choices, blank=True)
    video = models.BooleanField(default=False)
    told_by = models.CharField(max_length=120, blank=True)
    none_since_on = models.DateField("no spasms seen since", null=True, blank=True)

    class Meta(Fact.Meta):
        verbose_name = "spasm report"
        indexes = (*Fact.Meta.indexes, in_order_of_record("spasmreport"))

    class Privacy:
        private = (
            "status",
            "clusters",
            "spasms_per_cluster",
            "waking",
            "side",
            "video",
            "told_by",
            "none_since_on",
        )
        plain = ()


class Measurement(Fact):
    """One measured value, with the unit and the words as typed."""

    class Kind(models.TextChoices):
        WEIGHT = "weight", "weight"
        LENGTH = "length", "length"
        HEAD = "head_circumference", "head circumference"
        GLUCOSE = "glucose", "glucose"
        URINE_GLUCOSE = "urine_glucose", "urine glucose"
        POTASSIUM = "potassium", "potassium"
        SODIUM = "sodium", "sodium"
        CREATININE = "creatinine", "creatinine"
        CORTISOL = "cortisol", "cortisol"
        STOOL_BLOOD = "stool_blood", "blood in stool"
        BLOOD_COUNT = "blood_count", "blood count"
        OTHER = "other", "other"

    class Source(models.TextChoices):
        NOT_SAID = "", "not said"
        CLINIC = "clinic", "clinic scale or laboratory"
        PRACTICE = "practice", "pediatrician's practice"
        HOME = "home", "at home"
        REPORTED = "reported", "told by the family"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    value = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    unit = models.CharField(max_length=16, blank=True)
    result = models.CharField(
        max_length=40,
        blank=True,
        help_text="Where the answer is a word: positive, negative, 2+.",
    )
    as_typed = models.CharField(max_length=60, blank=True)
    method = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=10, choices=Source.choices, blank=True)

    class Meta(Fact.Meta):
        verbose_name = "measurement"
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(value__isnull=False) | ~models.Q(result=""),
                name="measurement_says_a_value_or_a_result",
                violation_error_message="Give the value or the result.",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=("weight", "length")) | models.Q(value__gt=0),
                name="measurement_of_size_is_above_zero",
                violation_error_message="A weight or length must be above zero.",
            ),
        )
        indexes = (
            *Fact.Meta.indexes,
            in_order_of_record("measurement"),
            models.Index(fields=("patient", "kind", "happened_on"), name="measurement_by_kind"),
        )

    class Privacy:
        private = ("kind", "value", "unit", "result", "as_typed", "method", "source")
        plain = ()


class Symptom(Fact):
    """What the child had: fever, vomiting, sleepiness; whether MRI toxicity of vigabatrin is suspected."""

    class Sign(models.TextChoices):
        VOMITING = "vomiting", "vomiting"
        LETHARGY = "lethargy", "sleepy, hard to wake"
        POOR_FEEDING = "poor-feeding", "feeds poorly"
        WEIGHT_LOSS = "weight-loss", "loses weight"
        HYPOTENSION = "hypotension", "low blood pressure"

    temperature_c = models.DecimalField(max_digits=3, decimal_places=1, null=True, blank=True)
    signs = ArrayField(models.CharField(max_length=16, choices=Sign.choices), default=list, blank=True)
    vigabatrin_mri_suspected = models.BooleanField(default=False)

    class Meta(Fact.Meta):
        verbose_name = "symptom"

    class Privacy:
        private = ("temperature_c", "signs", "vigabatrin_mri_suspected")
        plain = ()


class Exposure(Fact):
    """A contact with an infectious disease; `happened_on` is the day of the contact."""

    class Agent(models.TextChoices):
        """The words by which a pathway's rules name agents; with another word no rule would look."""

        VARICELLA = "varicella", "chickenpox or shingles"
        MEASLES = "measles", "measles"
        OTHER = "other", "something else"

    agent = models.CharField(max_length=40, choices=Agent.choices)
    kind = models.CharField(max_length=40, blank=True)

    class Meta(Fact.Meta):
        verbose_name = "exposure"

    class Privacy:
        private = ("agent", "kind")
        plain = ()


class Vaccine(Fact):
    """A vaccine planned for a day, or given; of the child or of the household."""

    class Status(models.TextChoices):
        SCHEDULED = "scheduled", "scheduled"
        GIVEN = "given", "given"
        CANCELLED = "cancelled", "cancelled"

    name = models.CharField(max_length=80)
    live = models.BooleanField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.SCHEDULED)
    on = models.DateField()
    for_household = models.BooleanField(default=False)

    class Meta(Fact.Meta):
        verbose_name = "vaccine"

    class Privacy:
        private = ("name", "live", "status", "on", "for_household")
        plain = ()


class Finding(Fact):
    """What imaging, genetics or metabolic tests say about the cause."""

    lesion = models.CharField(max_length=12, choices=Lesion.choices, blank=True)
    metabolic_or_degenerative = models.CharField(max_length=12, choices=Certainty.choices, blank=True)

    class Meta(Fact.Meta):
        verbose_name = "finding"
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=~models.Q(lesion="", metabolic_or_degenerative=""),
                name="finding_says_something_about_lesion_or_metabolism",
                violation_error_message="Say what was found: a lesion, or a metabolic disease.",
            ),
        )

    class Privacy:
        private = ("lesion", "metabolic_or_degenerative")
        plain = ()


class Diagnosis(Fact):
    """Infantile spasms diagnosed; `happened_on` is the day of the diagnosis."""

    onset_on = models.DateField(null=True, blank=True)
    etiology = models.CharField(max_length=20, blank=True)
    hypsarrhythmia_at_baseline = models.BooleanField(null=True, blank=True)

    class Meta(Fact.Meta):
        verbose_name = "diagnosis"
        verbose_name_plural = "diagnoses"

    class Privacy:
        private = ("onset_on", "etiology", "hypsarrhythmia_at_baseline")
        plain = ()


class Investigation(Fact):
    """A test that the referral packet asks for: MRI, PET, genetics, metabolic screen, development, echo."""

    class Kind(models.TextChoices):
        MRI = "mri", "MRI, epilepsy protocol"
        PET = "pet", "FDG-PET"
        GENETICS = "genetics", "genetics"
        METABOLIC = "metabolic", "metabolic screen"
        DEVELOPMENT = "development", "developmental score"
        ECHO = "echo", "echocardiogram"
        OTHER = "other", "other"

    class Status(models.TextChoices):
        ORDERED = "ordered", "ordered"
        PENDING = "pending", "result pending"
        DONE = "done", "done"
        NOT_WANTED = "not_wanted", "not wanted"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    status = models.CharField(max_length=12, choices=Status.choices)
    result = models.TextField(blank=True)

    class Meta(Fact.Meta):
        verbose_name = "investigation"

    class Privacy:
        private = ("kind", "status", "result")
        plain = ()


class Therapy(Fact):
    """A therapy that is no first-line course: ketogenic diet, another drug, an operation."""

    class Status(models.TextChoices):
        STARTED = "started", "started"
        STOPPED = "stopped", "stopped"

    therapy = models.CharField(max_length=80)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.STARTED)

    class Meta(Fact.Meta):
        verbose_name = "therapy"
        verbose_name_plural = "therapies"

    class Privacy:
        private = ("therapy", "status")
        plain = ()
