"""What lists can be narrowed by."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import django_filters as f
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import Q, QuerySet
from django_filters import fields as forms
from drf_spectacular.utils import extend_schema_field
from rest_framework.exceptions import ValidationError

from clinic import models
from ispath.api.described import SEEN, WORD
from ispath.api.parameters import LONGEST_PAIR
from notifications.models import Delivery


@extend_schema_field(WORD)
class WordFilter(f.CharFilter):
    """A word that a row can hold."""


@extend_schema_field({"type": "string", "format": "uuid"})
class UidFilter(f.UUIDFilter):
    """An outward id."""


class MomentField(forms.IsoDateTimeField):
    """A moment of any zone, told in UTC: PostgreSQL refuses offsets that RFC 3339 allows."""

    def to_python(self, value: Any) -> datetime | None:
        """The moment; years that no clock reaches are refused like any other mistake."""
        moment = super().to_python(value)
        try:
            return None if moment is None else moment.astimezone(UTC)
        except OverflowError as error:
            raise DjangoValidationError(self.error_messages["invalid"], code="invalid") from error


@extend_schema_field({"type": "string", "format": "date-time"})
class MomentFilter(f.IsoDateTimeFilter):
    """A moment."""

    field_class = MomentField


@extend_schema_field({"type": "boolean"})
class YesNoFilter(f.TypedChoiceFilter):
    """true or false, and nothing else."""

    def __init__(self, **more: Any) -> None:
        answers = {"true": True, "false": False}
        super().__init__(choices=[(name, name) for name in answers], coerce=answers.__getitem__, **more)


class OneOfFilter(f.ChoiceFilter):
    """One of some words, which are said where another one comes."""

    def __init__(self, *, choices: Any, **more: Any) -> None:
        words = ", ".join(str(word) for word, _ in choices)
        said = {"invalid_choice": f"This is none of: {words}."}
        super().__init__(choices=choices, error_messages=said, **more)


class RowFilter(f.FilterSet):
    """Rows that changed since a moment, that moment included: a bulk import makes ties."""

    changed_since = MomentFilter(field_name="changed_at", lookup_expr="gte")


class OfChildFilter(RowFilter):
    """Rows about one child, under whichever of its merged records."""

    child = UidFilter(method="of_child")

    def of_child(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """Keep the rows of this child."""
        return rows.filter(Q(patient__uid=value) | Q(patient__replaced_by__uid=value))


_PART = rf"[^\u0000|]*{SEEN}[^\u0000|]*"
_PAIR = {"type": "string", "maxLength": LONGEST_PAIR, "pattern": rf"^{_PART}\|{_PART}$"}


@extend_schema_field(_PAIR)
class RecordNumberFilter(f.CharFilter):
    """A record number with its authority: `authority|number`. A number alone names nobody."""


class ChildFilter(RowFilter):
    """Children by record number."""

    identifier = RecordNumberFilter(method="with_number")

    def with_number(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Keep the child of this number at this authority."""
        system, bar, number = value.rpartition("|")
        if not (bar and system and number):
            raise ValidationError({name: "Write the authority and the number: identifier=AUTHORITY|NUMBER."})
        same = models.PatientIdentifier.objects.filter(system=system, value=number)
        return rows.filter(pk__in=same.values("patient"))


class EnrolmentFilter(OfChildFilter):
    """Enrolments by child, state or clinic."""

    state = OneOfFilter(choices=models.Enrolment.State.choices)
    clinic = WordFilter(field_name="clinic__key")


class CourseFilter(OfChildFilter):
    """Courses by child, state, drug or protocol."""

    state = f.ChoiceFilter(field_name="status", choices=models.Course.Status.choices)
    drug = WordFilter(field_name="drug__key")
    protocol = WordFilter(field_name="protocol_edition__protocol__key")
    start_from = f.DateFilter(field_name="start_on", lookup_expr="gte")
    start_to = f.DateFilter(field_name="start_on", lookup_expr="lte")


class CheckFilter(OfChildFilter):
    """Checks by child, state, code or due date."""

    state = OneOfFilter(choices=models.Check.State.choices)
    code = WordFilter()
    due_from = f.DateFilter(field_name="due_on", lookup_expr="gte")
    due_to = f.DateFilter(field_name="due_on", lookup_expr="lte")


class VerdictFilter(OfChildFilter):
    """Verdicts by child and value; `standing` leaves superseded ones out."""

    verdict = OneOfFilter(choices=models.ResponseAssessment.Verdict.choices)
    standing = YesNoFilter(field_name="superseded_on", lookup_expr="isnull")


class EscalationFilter(OfChildFilter):
    """Escalations by child, state, rule or urgency."""

    state = OneOfFilter(choices=models.Escalation.State.choices)
    rule = WordFilter()
    urgency = WordFilter()


class ReferralFilter(OfChildFilter):
    """Referrals by child and state."""

    state = OneOfFilter(choices=models.Referral.State.choices)


class DeliveryFilter(f.FilterSet):
    """Deliveries by child, state or letter."""

    child = UidFilter(method="of_child")
    state = OneOfFilter(choices=Delivery.State.choices)
    letter = WordFilter()

    def of_child(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """Keep the deliveries about this child."""
        about = Q(enrolment__patient__uid=value) | Q(enrolment__patient__replaced_by__uid=value)
        return rows.filter(about)
