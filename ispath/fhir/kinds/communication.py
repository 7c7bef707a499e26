"""Communication: reminders that a mail server accepted. What is only planned is not served."""

from __future__ import annotations

import copy
from datetime import datetime
from typing import Any

from django.db.models import (
    Aggregate,
    BooleanField,
    Case,
    Count,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Greatest

from clinic.access import enrolments_visible_to
from clinic.models import Actor, EnrolmentStep, PatientMerge
from ispath.fhir.answers import Resource, instant
from ispath.fhir.compartment import CHILD, INCLUDE_PATIENT, of_child
from ispath.fhir.elements import concept, identifier, our_code, reference, resource, subject_of
from ispath.fhir.filters import by_codes, by_moment, moment, token
from ispath.fhir.kinds.careplan import by_our_identifier
from ispath.fhir.past import child_at, dressed
from ispath.fhir.registry import Kind, Source
from notifications.models import Delivery

_SENT = Q(state=Delivery.State.SENT) | Q(state=Delivery.State.JOINED, parcel__state=Delivery.State.SENT)
_BOUNCED = Q(state=Delivery.State.BOUNCED) | Q(
    state=Delivery.State.JOINED, parcel__state=Delivery.State.BOUNCED
)
_ABOUT = {"check": "Task", "escalation": "Flag", "referral": "ServiceRequest", "course": "CarePlan"}


def _rows(actor: Actor) -> QuerySet[Any]:
    rows = Delivery.objects.filter(_SENT | _BOUNCED, enrolment__in=enrolments_visible_to(actor))
    return rows.annotate(
        did_arrive=ExpressionWrapper(_SENT, output_field=BooleanField()),
        was_sent_at=Coalesce("sent_at", "parcel__sent_at"),
        was_settled_at=Coalesce("settled_at", "parcel__settled_at", "sent_at", "parcel__sent_at"),
        fhir_version=Case(When(_SENT, then=Value(1)), default=Value(2)) + _of_merges(Count("pk"), 0),
        # Greatest of PostgreSQL leaves nulls out.
        fhir_changed=Greatest("was_settled_at", _of_merges(Max("created_at"), None)),
    )


def _of_merges(number: Aggregate, none: int | None) -> Combinable:
    """A number of the merges that changed since whom the reminder was about."""
    merges = _MERGES.filter(created_at__gt=Coalesce(OuterRef("sent_at"), OuterRef("parcel__sent_at")))
    found = Subquery(merges.order_by().values(one=Value(1)).annotate(n=number).values("n"))
    return found if none is None else Coalesce(found, Value(none))


# Whoever was merged into the child, and whoever had been merged into those.
_MERGES = PatientMerge.objects.filter(
    Q(survivor=OuterRef("enrolment__patient")) | Q(survivor__replaced_by=OuterRef("enrolment__patient"))
)


def _load(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("enrolment__patient__replaced_by", "clinic", "reader__contact")


def to_communication(row: Any) -> Resource:
    """A reminder that left the house; its text holds nothing about the child, so it is not repeated here."""
    contact = row.reader.contact
    about = _ABOUT.get(row.cause_kind.lower())
    return resource(
        "Communication",
        row,
        identifier=[identifier("delivery", row.uid)],
        status="completed" if row.did_arrive else "not-done",
        statusReason=None if row.did_arrive else concept("Came back"),
        category=[concept("Reminder", our_code("letter", row.letter))],
        subject=subject_of(row.enrolment),
        about=[reference(about, row.cause_uid)] if about else None,
        sent=instant(row.was_sent_at),
        recipient=[reference("Practitioner", contact.uid)] if contact is not None else None,
        sender=reference("Organization", row.clinic.uid),
        medium=[concept("E-mail")],
    )


def _past(row: Any) -> list[Any]:
    """Accepted by the mail server; then perhaps come back, or its child merged."""
    child = row.enrolment.patient
    merges = PatientMerge.objects.filter(
        Q(survivor=child) | Q(survivor__replaced_by=child), created_at__gt=row.was_sent_at
    )
    bounced = [] if row.did_arrive else [row.was_settled_at]
    moments = sorted([row.was_sent_at, *bounced, *merges.values_list("created_at", flat=True)])
    return [_as_of(row, moment, version) for version, moment in enumerate(moments, start=1)]


def _as_of(row: Any, moment: datetime, version: int) -> Any:
    past = dressed(copy.copy(row), version=version, changed=moment)
    past.did_arrive = row.did_arrive or moment < row.was_settled_at
    past.enrolment = copy.copy(row.enrolment)
    # A step never moves: the first one names the record that the enrolment was about.
    first = EnrolmentStep.objects.filter(enrolment=row.enrolment).order_by("pk").first()
    child = row.enrolment.patient if first is None else first.patient
    past.enrolment.patient, past.enrolment.was_merged = child_at(child, moment), False
    return past


COMMUNICATION = Kind(
    name="Communication",
    parameters=(
        *CHILD,
        token("status", "completed, not-done when it came back"),
        moment("sent", "When the mail server accepted it"),
        token("identifier", "Our identifier of the delivery", holds="ids"),
    ),
    sources=(
        Source(
            rows=_rows,
            load=_load,
            to_resource=to_communication,
            filters={
                **of_child("enrolment__patient"),
                "status": by_codes(
                    {"completed": _SENT, "not-done": _BOUNCED}, system="http://hl7.org/fhir/event-status"
                ),
                "sent": by_moment("was_sent_at"),
                "identifier": by_our_identifier("delivery"),
            },
            sorts={"sent": F("was_sent_at")},
            versions=_past,
        ),
    ),
    includes=INCLUDE_PATIENT,
)
