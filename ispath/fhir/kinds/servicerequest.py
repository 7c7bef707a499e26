"""ServiceRequest: the surgical-evaluation referral; a proposal until a clinician signed it."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q, QuerySet

from clinic.models import Actor, FamilyTold, Referral, ReferralReason
from ispath.fhir.answers import Resource, instant
from ispath.fhir.compartment import INCLUDE_PATIENT, PATIENT, by_patient, of_visible_enrolments
from ispath.fhir.elements import OURS, concept, identifier, our_code, period, reference, resource, subject_of
from ispath.fhir.filters import by_codes, by_moment, moment, token
from ispath.fhir.kinds.careplan import by_category, by_our_identifier
from ispath.fhir.registry import Kind, Source
from ispath.fhir.told import part_of_telling, with_telling
from ispath.fhir.versions import Part, recorded

_STATUS = {
    Referral.State.ASKED: "active",
    Referral.State.SENT: "active",
    Referral.State.RECEIVED: "active",
    Referral.State.SEEN: "active",
    Referral.State.OUTCOME: "completed",
    Referral.State.DECLINED: "revoked",
    Referral.State.CALLED_OFF: "revoked",
}
_CODE, _CATEGORY = "epilepsy-surgery-evaluation", "referral"


def _rows(actor: Actor) -> QuerySet[Any]:
    rows = of_visible_enrolments(Referral.objects.all(), actor)
    reasons = Part(rows=ReferralReason.objects.all(), points="referral")
    return with_telling(
        recorded(rows, reasons, part_of_telling(FamilyTold.Subject.REFERRAL)), FamilyTold.Subject.REFERRAL
    )


def _load(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related(
        "patient__replaced_by", "patient__condition", "enrolment__clinic"
    ).prefetch_related("reasons__escalation")


def to_servicerequest(row: Any) -> Resource:
    """The referral as a ServiceRequest."""
    condition = getattr(row.patient, "condition", None)
    reasons = sorted(row.reasons.all(), key=lambda reason: reason.pk)
    return resource(
        "ServiceRequest",
        row,
        identifier=[identifier("referral", row.uid)],
        status=_STATUS[row.state],
        intent="order" if row.ordered_by_name or row.sent_on else "proposal",
        category=[concept("Referral", our_code("service-category", _CATEGORY))],
        priority="urgent",
        code=concept("Epilepsy surgery evaluation", our_code("service", _CODE)),
        subject=subject_of(row),
        occurrencePeriod=period(row.asked_on, row.act_by_on) if row.act_by_on else None,
        authoredOn=instant(row.asked_at),
        requester=reference("Organization", row.enrolment.clinic.uid),
        performer=[{"display": row.sent_to}] if row.sent_to else None,
        reasonCode=[concept(reason.rule, our_code("escalation", reason.rule)) for reason in reasons],
        reasonReference=[reference("Condition", condition.uid)] if condition is not None else None,
        supportingInfo=[
            reference("Flag", reason.escalation.uid) for reason in reasons if reason.escalation is not None
        ],
        note=[{"text": f"Outcome: {row.outcome}"}] if row.outcome else None,
    )


SERVICEREQUEST = Kind(
    name="ServiceRequest",
    parameters=(
        PATIENT,
        token("status", "active, completed, revoked"),
        token("category", "referral"),
        token("code", "epilepsy-surgery-evaluation"),
        token("intent", "proposal until signed, then order"),
        moment("authored", "When the referral was asked for"),
        token("identifier", "Our identifier of the referral"),
    ),
    sources=(
        Source(
            rows=_rows,
            load=_load,
            to_resource=to_servicerequest,
            filters={
                "patient": by_patient(),
                "status": by_codes(
                    {
                        "active": Q(state__in=Referral.OPEN_STATES),
                        "completed": Q(state=Referral.State.OUTCOME),
                        "revoked": Q(state__in=(Referral.State.DECLINED, Referral.State.CALLED_OFF)),
                    },
                    system="http://hl7.org/fhir/request-status",
                ),
                "category": by_category({_CATEGORY: f"{OURS}/CodeSystem/service-category"}),
                "code": by_category({_CODE: f"{OURS}/CodeSystem/service"}),
                "intent": by_codes(
                    {
                        "proposal": Q(ordered_by_name="", sent_on=None),
                        "order": ~Q(ordered_by_name="", sent_on=None),
                    },
                    system="http://hl7.org/fhir/request-intent",
                ),
                "authored": by_moment("asked_at"),
                "identifier": by_our_identifier("referral"),
            },
            sorts={"authored": F("asked_at")},
        ),
    ),
    includes=INCLUDE_PATIENT,
)
