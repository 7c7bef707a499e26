"""The record forms: one short form for each kind of fact. Field names are the facts' own."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from clinic.measures import MEASURES
from clinic.models import (
    BloodPressure,
    Certainty,
    ContactAttempt,
    Decision,
    Eeg,
    Exposure,
    Investigation,
    Lesion,
    Measurement,
    ResponseAssessment,
    SpasmReport,
    Symptom,
    Therapy,
    Vaccine,
    VisionExam,
)
from ispath.dashboard.forms.base import (
    MomentInput,
    WardForm,
    choice_field,
    day_field,
    moment_field,
    text_field,
)

Layout = tuple[tuple[str, tuple[str, ...]], ...]

YES_NO_UNKNOWN = (("", "not known"), ("yes", "yes"), ("no", "no"))
WHEN = ("happened_at",)
ON = ("happened_on",)
TAIL = ("detail",)
UNLIKELY = ("true_because", "second_username", "second_password")
HIGHEST_BASED = 5


def tri_state(label: str, **kwargs: Any) -> forms.TypedChoiceField:
    """Yes, no, or not known: three different answers."""
    answers = {"yes": True, "no": False}
    return forms.TypedChoiceField(
        label=label,
        choices=YES_NO_UNKNOWN,
        coerce=answers.get,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        initial="",
        **kwargs,
    )


class RecordForm(WardForm):
    """What every record has: when it was, anything else to say, and the way past an unlikely value."""

    writes: ClassVar[str] = ""
    happened_at = moment_field("When", help_text="In the clinic's time.")
    detail = text_field("Anything else to know", long=True, required=False)
    true_because = text_field(
        "True because …",
        required=False,
        max_length=300,
        help_text="Only for a value that looks impossible: why it is true all the same.",
    )
    second_username = text_field(
        "Second person's user name", required=False, help_text="Somebody else who looked at the value."
    )
    second_password = forms.CharField(
        label="Second person's password",
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    whole: ClassVar[tuple[str, ...]] = ("detail", "true_because")

    def ask_for_second_person(self, *, wanted: bool) -> None:
        """Show the fields that let an unlikely value pass only after a refusal asked for them."""
        if not wanted:
            for name in UNLIKELY:
                del self.fields[name]


class DayRecordForm(RecordForm):
    """A record of a day, without the hour."""

    happened_at = None  # type: ignore[assignment]
    happened_on = day_field("Date")


class BloodPressureForm(RecordForm):
    """One reading and what it takes to trust it."""

    layout: ClassVar[Layout] = (
        ("The reading", ("systolic", "diastolic", "happened_at", "symptomatic")),
        ("How it was taken", ("state", "arm", "position", "cuff", "device")),
        ("", (*TAIL, *UNLIKELY)),
    )
    systolic = forms.IntegerField(label="Systolic, mmHg", min_value=1, max_value=300)
    diastolic = forms.IntegerField(label="Diastolic, mmHg", min_value=1, max_value=250, required=False)
    symptomatic = forms.BooleanField(
        label="With vomiting, lethargy, new seizures or marked irritability", required=False
    )
    state = choice_field("The child was", BloodPressure.State.choices, required=False)
    arm = choice_field("Measured at", BloodPressure.Arm.choices, required=False)
    position = choice_field("Position", BloodPressure.Position.choices, required=False)
    cuff = text_field("Cuff", required=False, max_length=40)
    device = text_field("Device", required=False, max_length=80)
    whole: ClassVar[tuple[str, ...]] = (*RecordForm.whole, "symptomatic", "state", "arm", "position")


class EegForm(RecordForm):
    """One recording; a report that is awaited is an answer of its own."""

    layout: ClassVar[Layout] = (
        ("The recording", ("happened_at", "minutes", "sleep", "accession")),
        ("The report", ("report", "hypsarrhythmia", "spasms_recorded", "based", "lateralised", "improved")),
        ("", (*TAIL, *UNLIKELY)),
    )
    report = choice_field("Report", Eeg.Report.choices, initial=Eeg.Report.FINAL)
    hypsarrhythmia = tri_state("Hypsarrhythmia")
    spasms_recorded = tri_state("Spasms recorded")
    sleep = tri_state("Sleep recorded")
    minutes = forms.IntegerField(label="Length, minutes", min_value=1, max_value=10_000, required=False)
    based = forms.IntegerField(
        label="BASED score",
        min_value=0,
        max_value=HIGHEST_BASED,
        required=False,
        help_text="0 to 5; 4 is probable and 5 definite epileptic encephalopathy.",
    )
    accession = text_field(
        "Accession number", required=False, max_length=80, help_text="The same number twice is one EEG."
    )
    lateralised = text_field("Side or focus", required=False, max_length=80)
    improved = tri_state(
        "Clearly better than the first EEG", help_text="Asked where the first EEG had no hypsarrhythmia."
    )
    whole: ClassVar[tuple[str, ...]] = (
        *RecordForm.whole,
        "sleep",
        "report",
        "hypsarrhythmia",
        "spasms_recorded",
        "improved",
    )


class VisionExamForm(DayRecordForm):
    """One eye examination."""

    layout: ClassVar[Layout] = (("", (*ON, "result", "method", "examiner", *TAIL, *UNLIKELY)),)
    result = choice_field("Result", VisionExam.Result.choices)
    method = text_field("Method", required=False, max_length=80, help_text="Fundus, ERG, OCT, field.")
    examiner = text_field("Examiner", required=False, max_length=120)
    whole: ClassVar[tuple[str, ...]] = (*DayRecordForm.whole, "result")


class SpasmReportForm(RecordForm):
    """What the family told about spasms, and how sure we are."""

    layout: ClassVar[Layout] = (
        ("What was told", ("status", "happened_at", "told_by", "none_since_on")),
        ("What it looked like", ("clusters", "spasms_per_cluster", "waking", "side", "video")),
        ("", (*TAIL, *UNLIKELY)),
    )
    status = choice_field(
        "How sure",
        SpasmReport.Status.choices,
        help_text="A report counts as a spasm only when confirmed. “Asked, none seen” is a report, too.",
    )
    told_by = text_field("Told by", required=False, max_length=120)
    none_since_on = day_field(
        "None seen since", required=False, help_text="With “asked, none seen”: the first day without."
    )
    clusters = forms.IntegerField(label="Clusters that day", min_value=0, max_value=200, required=False)
    spasms_per_cluster = forms.IntegerField(
        label="Spasms per cluster", min_value=0, max_value=500, required=False
    )
    waking = choice_field("When", SpasmReport.Waking.choices, required=False)
    side = choice_field("Side", SpasmReport.Side.choices, required=False)
    video = forms.BooleanField(label="There is a video", required=False)
    whole: ClassVar[tuple[str, ...]] = (*RecordForm.whole, "status", "waking", "side", "video")


class MeasurementForm(RecordForm):
    """One measured value with its unit as typed; the kind is the page's."""

    kind: ClassVar[str] = ""
    highest: ClassVar[int] = 100_000
    value = forms.DecimalField(label="Value", max_digits=12, decimal_places=4, min_value=0)
    unit = choice_field("Unit", ())
    result = choice_field("Result", (), required=False)
    source = choice_field("Measured", Measurement.Source.choices, required=False)
    method = text_field("Method or device", required=False, max_length=60)
    layout: ClassVar[Layout] = (
        ("", ("value", "unit", "result", "happened_at", "source", "method", *TAIL, *UNLIKELY)),
    )
    whole: ClassVar[tuple[str, ...]] = (*RecordForm.whole, "source", "unit", "result")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        measure = MEASURES[self.kind]
        for name, words in (("unit", tuple(measure.units)), ("result", measure.results)):
            if words:
                self.fields[name].choices = [(word, word) for word in words]  # type: ignore[attr-defined]
                self.fields[name].initial = words[0] if name == "unit" else ""
            else:
                del self.fields[name]
        if not measure.units:
            del self.fields["value"]
            self.fields["result"].required = True


class WeightForm(MeasurementForm):
    """Weight; the dose rests on a clinic scale."""

    kind = Measurement.Kind.WEIGHT


class LengthForm(MeasurementForm):
    """Length, lying."""

    kind = Measurement.Kind.LENGTH


class GlucoseForm(MeasurementForm):
    """Blood glucose."""

    kind = Measurement.Kind.GLUCOSE


class UrineGlucoseForm(MeasurementForm):
    """Glucose strip in urine."""

    kind = Measurement.Kind.URINE_GLUCOSE


class PotassiumForm(MeasurementForm):
    """Potassium stands for the electrolytes, with sodium as a record of its own."""

    kind = Measurement.Kind.POTASSIUM


class SodiumForm(MeasurementForm):
    """Sodium."""

    kind = Measurement.Kind.SODIUM


class StoolForm(MeasurementForm):
    """Blood in stool."""

    kind = Measurement.Kind.STOOL_BLOOD


class SymptomForm(RecordForm):
    """What the child has."""

    layout: ClassVar[Layout] = (
        ("", ("temperature_c", "happened_at", "signs", "vigabatrin_mri_suspected", *TAIL, *UNLIKELY)),
    )
    temperature_c = forms.DecimalField(
        label="Temperature, °C", max_digits=3, decimal_places=1, min_value=25, max_value=45, required=False
    )
    signs = forms.MultipleChoiceField(
        label="Signs", choices=Symptom.Sign.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    vigabatrin_mri_suspected = forms.BooleanField(
        label="MRI changes from vigabatrin are suspected (new movements, stupor)", required=False
    )
    whole: ClassVar[tuple[str, ...]] = (*RecordForm.whole, "signs", "vigabatrin_mri_suspected")


class ExposureForm(DayRecordForm):
    """A contact with an infectious disease."""

    layout: ClassVar[Layout] = (("", ("agent", *ON, "kind", *TAIL, *UNLIKELY)),)
    agent = choice_field(
        "Contact with",
        Exposure.Agent.choices,
    )
    happened_on = day_field("Day of the contact")
    kind = text_field("How close", required=False, max_length=40)
    whole: ClassVar[tuple[str, ...]] = (*DayRecordForm.whole, "agent")

    class Meta:
        model = Exposure


class VaccineForm(DayRecordForm):
    """A vaccine planned or given."""

    layout: ClassVar[Layout] = (("", ("name", "live", "status", "on", "for_household", *TAIL, *UNLIKELY)),)
    happened_on = None  # type: ignore[assignment]
    name = text_field("Vaccine", max_length=80)
    live = forms.TypedChoiceField(
        label="Kind",
        choices=(("yes", "live (rotavirus, MMR, varicella, nasal flu, BCG)"), ("no", "not live")),
        coerce=lambda word: word == "yes",
        widget=forms.RadioSelect,
    )
    status = choice_field("It is", Vaccine.Status.choices)
    on = day_field("Day planned or given")
    for_household = forms.BooleanField(
        label="For somebody of the household, not for the child", required=False
    )
    whole: ClassVar[tuple[str, ...]] = (*DayRecordForm.whole, "live", "status", "for_household")


class FindingForm(DayRecordForm):
    """What imaging, genetics or metabolic tests say about the cause."""

    layout: ClassVar[Layout] = (("", (*ON, "lesion", "metabolic_or_degenerative", *TAIL, *UNLIKELY)),)
    lesion = choice_field("MRI", (("", "nothing new"), *Lesion.choices), required=False)
    metabolic_or_degenerative = choice_field(
        "Metabolic or degenerative disease",
        (("", "nothing new"), *Certainty.choices),
        required=False,
    )
    whole: ClassVar[tuple[str, ...]] = (*DayRecordForm.whole, "lesion", "metabolic_or_degenerative")


class InvestigationForm(DayRecordForm):
    """A test the referral packet asks for."""

    layout: ClassVar[Layout] = (("", (*ON, "kind", "status", "result", *TAIL, *UNLIKELY)),)
    kind = choice_field("Test", Investigation.Kind.choices)
    status = choice_field("It is", Investigation.Status.choices)
    result = text_field("Result", long=True, required=False)
    whole: ClassVar[tuple[str, ...]] = (*DayRecordForm.whole, "kind", "status")


class TherapyForm(DayRecordForm):
    """A therapy that is no first-line course."""

    layout: ClassVar[Layout] = (("", (*ON, "therapy", "status", *TAIL, *UNLIKELY)),)
    therapy = text_field("Therapy", max_length=80, help_text="Ketogenic diet, another drug, an operation.")
    status = choice_field("It was", Therapy.Status.choices, initial=Therapy.Status.STARTED)
    whole: ClassVar[tuple[str, ...]] = (*DayRecordForm.whole, "status")


class CallForm(RecordForm):
    """A call: who, about what, what came of it, when to ask again."""

    layout: ClassVar[Layout] = (
        ("", ("happened_at", "spoke_to", "about", "outcome", "ask_again_on")),
        ("Asked in the weekly call", ("irritability", "sleep", "feeding", "face")),
        ("", TAIL),
    )
    spoke_to = text_field("Spoke to", required=False, max_length=120)
    about = choice_field("About", ContactAttempt.About.choices, initial=ContactAttempt.About.WEEKLY_CALL)
    outcome = choice_field("Outcome", ContactAttempt.Outcome.choices)
    ask_again_on = day_field(
        "Ask again on", required=False, help_text="Not later than the day the check closes."
    )
    irritability = text_field("Irritability", required=False)
    sleep = text_field("Sleep", required=False)
    feeding = text_field("Feeding", required=False)
    face = text_field("Face, swelling", required=False)
    whole: ClassVar[tuple[str, ...]] = (*RecordForm.whole, "about", "outcome")


class DecisionRecordForm(DayRecordForm):
    """What a named specialist decided; the engine reads it and never decides itself."""

    layout: ClassVar[Layout] = (
        (
            "",
            (
                "kind",
                *ON,
                "decided_by",
                "decider_role",
                "outcome",
                "next_therapy",
                "surgery_first_line",
                "verdict",
                "adequate",
                *TAIL,
                *UNLIKELY,
            ),
        ),
    )
    kind = forms.ChoiceField(label="What was decided", choices=Decision.Kind.choices)
    decided_by = text_field("Decided by (name)", max_length=120)
    decider_role = text_field("Role", required=False, max_length=40)
    outcome = text_field("The decision in words", long=True, required=False, max_length=300)
    next_therapy = text_field("Next therapy", required=False, max_length=120)
    surgery_first_line = tri_state("Surgery first")
    verdict = choice_field(
        "Verdict", (("", "not decided here"), *ResponseAssessment.Verdict.choices), required=False
    )
    adequate = tri_state("The trial was adequate")
    whole: ClassVar[tuple[str, ...]] = (
        *DayRecordForm.whole,
        "outcome",
        "verdict",
        "surgery_first_line",
        "adequate",
    )


FORMS: dict[str, tuple[str, type[RecordForm]]] = {
    "blood-pressure": ("Blood pressure", BloodPressureForm),
    "weight": ("Weight", WeightForm),
    "length": ("Length", LengthForm),
    "glucose": ("Glucose", GlucoseForm),
    "urine-glucose": ("Glucose in urine", UrineGlucoseForm),
    "electrolytes": ("Potassium", PotassiumForm),
    "sodium": ("Sodium", SodiumForm),
    "stool": ("Stool for blood", StoolForm),
    "eeg": ("EEG", EegForm),
    "vision-exam": ("Eye exam", VisionExamForm),
    "spasm-report": ("Spasm report", SpasmReportForm),
    "symptom": ("Symptom or fever", SymptomForm),
    "exposure": ("Exposure to infection", ExposureForm),
    "vaccine": ("Vaccine", VaccineForm),
    "call": ("Call", CallForm),
    "decision": ("Decision of a specialist", DecisionRecordForm),
    "finding": ("Finding about the cause", FindingForm),
    "investigation": ("Investigation", InvestigationForm),
    "therapy": ("Other therapy", TherapyForm),
}

__all__ = ["FORMS", "MomentInput", "RecordForm"]


def record_kinds() -> list[tuple[str, str]]:
    """What can be recorded, for a menu."""
    return [(key, name) for key, (name, _form) in FORMS.items()]
