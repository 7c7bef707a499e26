"""The shapes of single rows, for answers and for the schema. Serializers never save."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clinic import models
from ispath.api.shapes_of_status import RecordNumber
from notifications.models import Delivery
from protocols.models import PathwayEdition, ProtocolEdition

_STAMPS = ("id", "version", "changed_at")


class Shape(serializers.ModelSerializer[Any]):
    """A row by its outward id; the keys of tables never leave."""

    id = serializers.UUIDField(source="uid", read_only=True)


class AboutChild(Shape):
    """A row about a child: the child by its outward id."""

    child = serializers.UUIDField(source="patient.uid", read_only=True)


class OfEnrolment(AboutChild):
    """A row of one enrolment."""

    enrolment = serializers.UUIDField(source="enrolment.uid", read_only=True)


class Child(Shape):
    """A child: who it is, and its record numbers."""

    identifiers = RecordNumber(many=True, read_only=True)
    replaced_by = serializers.UUIDField(
        source="replaced_by.uid", read_only=True, allow_null=True, default=None
    )

    class Meta:
        model = models.Patient
        fields = (
            *_STAMPS,
            "identifiers",
            "family_name",
            "given_names",
            "birth_date",
            "sex",
            "replaced_by",
        )


class Enrolment(AboutChild):
    """A child followed by a clinic on one edition of a pathway."""

    clinic = serializers.CharField(source="clinic.key", read_only=True)
    pathway = serializers.CharField(source="pathway_edition.pathway.key", read_only=True)
    edition = serializers.CharField(source="pathway_edition.number", read_only=True)

    class Meta:
        model = models.Enrolment
        fields = (
            *_STAMPS,
            "child",
            "clinic",
            "state",
            "pathway",
            "edition",
            "enrolled_on",
            "ended_at",
            "next_review_on",
            "plan_reviewed_at",
        )


class Course(OfEnrolment):
    """One drug given by one protocol edition."""

    drug = serializers.CharField(source="drug.key", read_only=True)
    product = serializers.CharField(source="product.key", read_only=True, allow_null=True, default=None)
    protocol = serializers.CharField(source="protocol_edition.protocol.key", read_only=True)
    edition = serializers.CharField(source="protocol_edition.number", read_only=True)
    state = serializers.CharField(source="status", read_only=True)

    class Meta:
        model = models.Course
        fields = (
            *_STAMPS,
            "child",
            "enrolment",
            "state",
            "drug",
            "product",
            "protocol",
            "edition",
            "start_on",
            "weight_kg",
            "length_cm",
            "choices",
            "planned_last_dose_on",
            "last_dose_on",
            "stop_reason",
        )


class PlannedCourses(serializers.Serializer[Any]):
    """The courses that one document planned, one a drug."""

    items = Course(many=True)


class Check(OfEnrolment):
    """One thing to be observed in one window."""

    course = serializers.UUIDField(source="course.uid", read_only=True, allow_null=True, default=None)

    class Meta:
        model = models.Check
        fields = (
            *_STAMPS,
            "child",
            "enrolment",
            "course",
            "code",
            "name",
            "state",
            "state_since_on",
            "opens_on",
            "due_on",
            "closes_on",
            "urgency",
            "who",
            "done_on",
            "reason",
        )


class Verdict(OfEnrolment):
    """Whether one treatment episode worked, by which definition, and what is missing to tell."""

    missing = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = models.ResponseAssessment
        fields = (
            *_STAMPS,
            "child",
            "enrolment",
            "verdict",
            "definition",
            "missing",
            "final",
            "episode_start_on",
            "response_on",
            "assessed_on",
            "superseded_on",
            "basis_withdrawn_on",
        )


class Escalation(OfEnrolment):
    """What a rule asks of a person."""

    because = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = models.Escalation
        fields = (
            *_STAMPS,
            "child",
            "enrolment",
            "rule",
            "urgency",
            "state",
            "raised_at",
            "raised_on",
            "act_by_on",
            "asks_for",
            "because",
            "withdrawn_on",
            "resolved_on",
            "parked_until_on",
        )


class ReasonOfReferral(Shape):
    """One cause of a referral."""

    class Meta:
        model = models.ReferralReason
        fields = ("id", "rule", "joined_on", "basis_withdrawn_on")


class Referral(OfEnrolment):
    """The surgical-evaluation referral and its steps."""

    reasons = ReasonOfReferral(many=True, read_only=True)

    class Meta:
        model = models.Referral
        fields = (
            *_STAMPS,
            "child",
            "enrolment",
            "state",
            "asked_on",
            "sent_on",
            "received_on",
            "seen_on",
            "outcome_on",
            "declined_on",
            "ask_again_on",
            "act_by_on",
            "reasons",
        )


class DeliveryShape(Shape):
    """One thing that was told, or is to be told, to one reader; never what it said."""

    child = serializers.UUIDField(
        source="enrolment.patient.uid", read_only=True, allow_null=True, default=None
    )
    enrolment = serializers.UUIDField(source="enrolment.uid", read_only=True, allow_null=True, default=None)
    clinic = serializers.CharField(source="clinic.key", read_only=True)
    about = serializers.CharField(source="cause_kind", read_only=True)
    about_id = serializers.UUIDField(source="cause_uid", read_only=True)

    class Meta:
        model = Delivery
        fields = (
            "id",
            "child",
            "enrolment",
            "clinic",
            "role",
            "letter",
            "about",
            "about_id",
            "state",
            "why",
            "created_at",
            "send_at",
            "sent_at",
        )


class _Edition(Shape):
    key = serializers.SerializerMethodField()
    kind = serializers.SerializerMethodField()

    def get_kind(self, row: Any) -> str:
        """Whether it is a regimen or a policy across drugs."""
        return "protocol" if isinstance(row, ProtocolEdition) else "pathway"


class ProtocolInForce(_Edition):
    """An edition of a regimen that is in force."""

    class Meta:
        model = ProtocolEdition
        fields = ("id", "kind", "key", "number", "name", "summary", "in_force_on", "content_digest")

    def get_key(self, row: Any) -> str:
        """The protocol's key."""
        return str(row.protocol.key)


class PathwayInForce(_Edition):
    """An edition of a pathway that is in force."""

    name = serializers.CharField(source="title", read_only=True)

    class Meta:
        model = PathwayEdition
        fields = ("id", "kind", "key", "number", "name", "summary", "in_force_on", "content_digest")

    def get_key(self, row: Any) -> str:
        """The pathway's key."""
        return str(row.pathway.key)


class EditionInFull(_Edition):
    """An edition with all that it says."""

    state = serializers.CharField(read_only=True, help_text="signed, in_force or retired")
    content = serializers.DictField(
        read_only=True, help_text="Phases, steps, choices, rules and their sources, as in the library's file."
    )

    class Meta:
        model = ProtocolEdition
        fields = (*ProtocolInForce.Meta.fields, "state", "content")

    def get_key(self, row: Any) -> str:
        """The key of the protocol or pathway."""
        return str((row.protocol if isinstance(row, ProtocolEdition) else row.pathway).key)


class LineOfWorklist(serializers.Serializer[Any]):
    """One thing to do."""

    kind = serializers.CharField(help_text="check, escalation, referral or work_item")
    id = serializers.UUIDField(source="uid")
    child = serializers.UUIDField(source="patient_uid", allow_null=True)
    enrolment = serializers.UUIDField(source="enrolment_uid", allow_null=True)
    clinic = serializers.CharField()
    what = serializers.CharField()
    code = serializers.CharField()
    why = serializers.CharField()
    opens_on = serializers.DateField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    closes_on = serializers.DateField(allow_null=True)
    state = serializers.CharField()
    urgency = serializers.CharField()
    who = serializers.CharField()
    days_late = serializers.IntegerField()


class Change(serializers.Serializer[Any]):
    """One thing that changed. Keep (id, version) to leave out what you have seen."""

    type = serializers.CharField(help_text="The kind of row, as in the addresses here.")
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    at = serializers.DateTimeField()
    kind = serializers.CharField(help_text="What happened, for example check-overdue.")
    child = serializers.UUIDField(allow_null=True)
    replaced_by = serializers.UUIDField(
        allow_null=True, help_text="For a merged child: the record that stays."
    )
    deleted = serializers.BooleanField(help_text="True when the row was taken back or erased.")


class Changes(serializers.Serializer[Any]):
    """A stretch of the feed, in the order in which changes were committed."""

    items = Change(many=True)
    next_cursor = serializers.CharField(help_text="Give it back as `cursor`; it stays valid.")
    has_more = serializers.BooleanField()


class Explanation(serializers.Serializer[Any]):
    """Why something was said: the chain of facts, rule, edition and calendar steps that leads to it."""

    kind = serializers.CharField()
    id = serializers.UUIDField()
    says = serializers.CharField()
    chain = serializers.SerializerMethodField()

    @extend_schema_field({"type": "object", "additionalProperties": True})
    def get_chain(self, given: Any) -> Any:
        """The chain as it was kept when the answer was given."""
        return given["chain"]


class Explanations(serializers.Serializer[Any]):
    """Everything that stands about a child, each with its chain."""

    child = serializers.UUIDField()
    items = Explanation(many=True)


class DoseOfDay(serializers.Serializer[Any]):
    """One administration, how often a day, and what is drawn up. Numbers are exact text."""

    drug = serializers.CharField()
    product = serializers.CharField(allow_null=True)
    amount = serializers.CharField()
    unit = serializers.CharField()
    times = serializers.IntegerField(allow_null=True)
    slot = serializers.CharField(allow_null=True)
    volume_ml = serializers.CharField(allow_null=True)
    volume_ml_rounded = serializers.CharField(allow_null=True)
    tablets = serializers.CharField(allow_null=True)
    rounding = serializers.CharField(allow_null=True)
    rounding_error_pct = serializers.CharField(allow_null=True)


class DayOfCalendar(serializers.Serializer[Any]):
    """One day; `undefined` and `undecided` are not `off`."""

    day = serializers.IntegerField()
    on = serializers.DateField()
    phase = serializers.CharField()
    state = serializers.CharField()
    doses = DoseOfDay(many=True)


class WarningOfCalendar(serializers.Serializer[Any]):
    """What to beware of, on which days."""

    code = serializers.CharField()
    text = serializers.CharField()
    days = serializers.ListField(child=serializers.IntegerField(allow_null=True))
    drug = serializers.CharField(allow_null=True)


class TotalOfCalendar(serializers.Serializer[Any]):
    """What the whole course needs of one drug."""

    drug = serializers.CharField()
    unit = serializers.CharField()
    amount = serializers.CharField(allow_null=True)
    administrations = serializers.IntegerField(allow_null=True)
    volume_ml_rounded = serializers.CharField(allow_null=True)
    tablets = serializers.CharField(allow_null=True)
    containers = serializers.IntegerField(allow_null=True)


class DoseCalendar(serializers.Serializer[Any]):
    """The dose calendar of a course."""

    protocol = serializers.CharField()
    edition = serializers.CharField()
    start_on = serializers.DateField()
    bsa_m2 = serializers.CharField(allow_null=True)
    days = DayOfCalendar(many=True)
    totals = TotalOfCalendar(many=True)
    last_dose_on = serializers.DateField(allow_null=True)
    warnings = WarningOfCalendar(many=True)
    choices = serializers.DictField()
    judged = serializers.ListField(child=serializers.DictField())
