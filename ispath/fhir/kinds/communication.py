"""Communication: reminders that a mail server accepted. What is only planned is not served."""

from __future__ import annotations

import copy
from typing import Any

from django.db.models import BooleanField, Case, ExpressionWrapper, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from clinic.access import enrolments_visible_to
from clinic.models import Actor
from ispath.fhir.answers import Resource, instant
from ispath.fhir.compartment import CHILD, INCLUDE_PATIENT, of_child
from ispath.fhir.elements import concept, identifier, our_code, reference, resource, subject_of
from ispath.fhir.filters import by_codes, by_moment, moment, token
from ispath.fhir.kinds.careplan import by_our_identifier
from ispath.fhir.past import dressed
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
        fhir_version=Case(When(_SENT, then=Value(1)), default=Value(2)),
        fhir_changed=Coalesce("settled_at", "parcel__settled_at", "sent_at", "parcel__sent_at"),
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
    """Accepted by the mail server, then perhaps come back."""
    sent = dressed(copy.copy(row), version=1, changed=row.was_sent_at)
    sent.did_arrive = True
    return [sent]


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
