"""The documents that are read, field by field. A field nobody knows is refused: it may be a slip."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from rest_framework import serializers

from clinic.models import (
    BloodPressure,
    Eeg,
    Exposure,
    Measurement,
    Patient,
    SpasmReport,
    Symptom,
    Vaccine,
    VisionExam,
)
from clinic.printed import NOT_PRINTED, PRINTED, is_printed
from ispath.api.bodies import Text
from ispath.api.described import SEEN, WORD

LONGEST = 200
DETAIL = 2000


class Word(Text):
    """Text that a row can hold and FHIR can say: without control characters."""

    said = rf"^{PRINTED}*{SEEN}{PRINTED}*$"  # as the schema says it
    default_error_messages = {"control": NOT_PRINTED}

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": LONGEST, **options})

    def to_internal_value(self, data: Any) -> str:
        """The text without blanks around it."""
        text = super().to_internal_value(data)
        if not is_printed(text):
            self.fail("control")
        return text


class Uri(Word):
    """The name of a system or an authority."""

    said = rf"^{SEEN}+$"
    default_error_messages = {"blank_in": "A system is named by a URI, which has no blanks."}

    def to_internal_value(self, data: Any) -> str:
        """The URI."""
        text = super().to_internal_value(data)
        if re.search(r"\s", text):
            self.fail("blank_in")
        return text


class WordShape(OpenApiSerializerFieldExtension):
    """How the schema shows such text: no NUL, and more than blanks."""

    target_class = "ispath.api.entering.documents.Word"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        """Text with its longest length."""
        return {**WORD, "maxLength": self.target.max_length, "pattern": self.target.said}


class Exact(serializers.DecimalField):
    """A decimal as typed, in a string: no binary fraction comes near a dose."""

    def __init__(self, *, digits: int, decimals: int, **options: Any) -> None:
        super().__init__(max_digits=digits, decimal_places=decimals, **options)


class ExactShape(OpenApiSerializerFieldExtension):
    """How the schema shows such a decimal."""

    target_class = "ispath.api.entering.documents.Exact"

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        """A string of digits, with a point where decimals are kept."""
        field = self.target
        whole = field.max_digits - field.decimal_places
        return {"type": "string", "pattern": rf"^[0-9]{{1,{whole}}}(\.[0-9]{{1,{field.decimal_places}}})?$"}


class Choice(serializers.ChoiceField):
    """One of some words, which are said where another one comes."""

    def __init__(self, choices: Any, **options: Any) -> None:
        super().__init__(choices, **options)
        words = ", ".join(str(word) for word in self.choices if word != "")
        self.error_messages["invalid_choice"] = f"This is none of: {words}."


class Moment(serializers.DateTimeField):
    """A moment that is the same wherever it is read."""

    def enforce_timezone(self, value: datetime) -> datetime:
        """Refuse a moment without its offset: whose clock was it?"""
        if value.tzinfo is None:
            message = "A moment needs its offset. Write it like 2026-03-16T09:40:00-05:00, or with Z."
            raise serializers.ValidationError(message)
        return super().enforce_timezone(value)


class Document(serializers.Serializer[Any]):
    """A document whose every field is known."""

    def to_internal_value(self, data: Any) -> Any:
        """Refuse unknown fields by name, then read the known ones."""
        if isinstance(data, dict):
            for name in data:
                if name not in self.fields:
                    known = ", ".join(self.fields)
                    message = f"{str(name)[:40]} is not a field here. Known: {known}."
                    raise serializers.ValidationError({str(name)[:40]: message})
        return super().to_internal_value(data)


class Number(Document):
    """A value that counts only together with the system, or authority, that gave it."""

    system = Uri()
    value = Word()


class ChildDocument(Document):
    """A child to be put on a clinic's books."""

    clinic = Word(required=False, help_text="The clinic's key; may be left out by a client of one clinic.")
    family_name = Word(max_length=120)
    given_names = Word(max_length=120)
    birth_date = serializers.DateField()
    sex = Choice(Patient.Sex.choices)
    gestation_weeks = serializers.IntegerField(required=False, min_value=20, max_value=45)
    gestation_days = serializers.IntegerField(required=False, min_value=0, max_value=6)
    language = Word(required=False, max_length=12)
    needs_interpreter = serializers.BooleanField(required=False)
    household = Word(required=False, max_length=80)
    identifiers = serializers.ListField(child=Number(), min_length=1, max_length=20)
    another_child = serializers.BooleanField(
        default=False, help_text="True: this is not the child who looks alike, a twin for example."
    )


class OfChild(Document):
    """About a child who is followed here, by a record number with its authority."""

    mrn_system = Word(help_text="The authority, as a URI: a number alone names nobody.")
    mrn = Word()


class CourseDocument(OfChild):
    """A course to be planned. It starts only when a person at the clinic has checked its calendar."""

    protocol = Word(help_text="The key of a protocol in force.")
    start_on = serializers.DateField()
    weight_kg = Exact(required=False, digits=6, decimals=3)
    length_cm = Exact(required=False, digits=5, decimals=1)
    products = serializers.DictField(child=Word(), required=False, help_text="Product key by drug key.")
    choices = serializers.DictField(child=Word(), required=False, help_text="Value by the choice's name.")


class Observed(OfChild):
    """Something seen or measured, on a day or at a moment of it."""

    happened_on = serializers.DateField()
    happened_at = Moment(required=False, help_text="The moment, with its offset.")
    detail = Word(required=False, max_length=DETAIL)
    identifier = Number(required=False, help_text="The same value of the same system is one observation.")


class PressureDocument(Observed):
    """Blood pressure in mmHg."""

    kind = Choice(["blood-pressure"])
    systolic = serializers.IntegerField(min_value=1, max_value=400)
    diastolic = serializers.IntegerField(required=False, min_value=1, max_value=400)
    symptomatic = serializers.BooleanField(required=False)
    arm = Choice(BloodPressure.Arm.choices, required=False)
    position = Choice(BloodPressure.Position.choices, required=False)
    state = Choice(BloodPressure.State.choices, required=False)
    device = Word(required=False, max_length=80)
    cuff = Word(required=False, max_length=40)


class WeightDocument(Observed):
    """A weight in kg."""

    kind = Choice(["weight"])
    kg = Exact(digits=6, decimals=3)
    source = Choice(Measurement.Source.choices, required=False)  # type: ignore[assignment]


class MeasurementDocument(Observed):
    """A measured value with its unit, or a result in words."""

    kind = Choice(["measurement"])
    what = Choice([one for one in Measurement.Kind.choices if one[0] != "weight"])
    value = Exact(required=False, digits=9, decimals=3)
    unit = Word(
        required=False,
        max_length=16,
        help_text="kg, g or lb; cm or in; glucose mg/dL or mmol/L; potassium and sodium mmol/L or mEq/L.",
    )
    result = Word(
        required=False,
        max_length=40,
        help_text="Urine glucose: negative, 1+, 2+, 3+ or 4+. Blood in stool: negative or positive.",
    )
    method = Word(required=False, max_length=60)
    source = Choice(Measurement.Source.choices, required=False)  # type: ignore[assignment]


class EegDocument(Observed):
    """What an EEG showed; what is left out is not known."""

    kind = Choice(["eeg"])
    hypsarrhythmia = serializers.BooleanField(required=False, allow_null=True, default=None)
    spasms_recorded = serializers.BooleanField(required=False, allow_null=True, default=None)
    sleep = serializers.BooleanField(required=False, allow_null=True, default=None)
    improved = serializers.BooleanField(required=False, allow_null=True, default=None)
    minutes = serializers.IntegerField(required=False, min_value=1, max_value=20000)
    based = serializers.IntegerField(required=False, min_value=0, max_value=5)
    accession = Word(required=False, max_length=80)
    lateralised = Word(required=False, max_length=80)
    report = Choice(Eeg.Report.choices, required=False)


class VisionDocument(Observed):
    """A vision exam."""

    kind = Choice(["vision-exam"])
    result = Choice(VisionExam.Result.choices)
    method = Word(required=False, max_length=80)
    examiner = Word(required=False, max_length=120)


class SpasmDocument(Observed):
    """What the family told about spasms, "asked, none seen" included."""

    kind = Choice(["spasms"])
    status = Choice(SpasmReport.Status.choices)
    clusters = serializers.IntegerField(required=False, min_value=0, max_value=1000)
    spasms_per_cluster = serializers.IntegerField(required=False, min_value=0, max_value=1000)
    waking = Choice(SpasmReport.Waking.choices, required=False)
    side = Choice(SpasmReport.Side.choices, required=False)
    video = serializers.BooleanField(required=False)
    told_by = Word(required=False, max_length=120)
    none_since_on = serializers.DateField(required=False)


class SymptomDocument(Observed):
    """Fever and other signs."""

    kind = Choice(["symptom"])
    temperature_c = Exact(required=False, digits=4, decimals=1)
    signs = serializers.ListField(child=Choice(Symptom.Sign.choices), required=False)
    vigabatrin_mri_suspected = serializers.BooleanField(required=False)


class ExposureDocument(Observed):
    """A contact with an infectious disease."""

    kind = Choice(["exposure"])
    agent = Choice(Exposure.Agent.choices)
    contact = Word(required=False, max_length=40, help_text="What kind of contact it was.")


class VaccineDocument(Observed):
    """A vaccine that is planned or was given."""

    kind = Choice(["vaccine"])
    name = Word(max_length=80)
    live = serializers.BooleanField()
    on = serializers.DateField()
    status = Choice(Vaccine.Status.choices, required=False)
    for_household = serializers.BooleanField(required=False)


OBSERVED: dict[str, type[Observed]] = {
    "blood-pressure": PressureDocument,
    "weight": WeightDocument,
    "measurement": MeasurementDocument,
    "eeg": EegDocument,
    "vision-exam": VisionDocument,
    "spasms": SpasmDocument,
    "symptom": SymptomDocument,
    "exposure": ExposureDocument,
    "vaccine": VaccineDocument,
}


class ObservationDocument(serializers.Serializer[Any]):
    """Any observation: its kind says which fields it has."""

    kind = Choice(list(OBSERVED))

    def to_internal_value(self, data: Any) -> Any:
        """Read the document as its kind says."""
        kind = data.get("kind") if isinstance(data, dict) else None
        if not isinstance(kind, str) or kind not in OBSERVED:
            return super().to_internal_value(data)
        return OBSERVED[kind]().run_validation(data)


class RecordedAnswer(serializers.Serializer[Any]):
    """A fact as it was written down."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    child = serializers.UUIDField()
    happened_on = serializers.DateField()
    known_at = serializers.DateTimeField()
    recorded_at = serializers.DateTimeField()
