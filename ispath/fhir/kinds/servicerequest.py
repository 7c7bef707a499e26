"""ServiceRequest: the surgical-evaluation referral; a proposal until a clinician signed it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from clinic.models import Actor, FamilyTold, Referral, ReferralReason
from ispath.fhir.answers import Resource, instant
from ispath.fhir.chains import courses_behind, names_course, plans_in
from ispath.fhir.compartment import CHILD, INCLUDE_PATIENT, OF_CHILD, of_visible_enrolments
from ispath.fhir.elements import OURS, concept, identifier, our_code, period, reference, resource, subject_of
from ispath.fhir.filters import Asked, any_of, as_uid, by_codes, by_moment, moment, token
from ispath.fhir.filters import reference as reference_parameter
from ispath.fhir.kinds.careplan import by_category, by_our_identifier
from ispath.fhir.past import recorded_past
from ispath.fhir.registry import Kind, Source, references_at
from ispath.fhir.told import part_of_telling, tell_again, with_telling
from ispath.fhir.values import parse_reference, split_values
from ispath.fhir.versions import Part, shown

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
    return with_telling(shown(rows, *_PARTS), FamilyTold.Subject.REFERRAL)


_PARTS = (
    Part(rows=ReferralReason.objects.all(), points="referral"),
    part_of_telling(FamilyTold.Subject.REFERRAL),
)


def _load(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related(
        "patient__replaced_by", "patient__condition", "enrolment__clinic"
    ).prefetch_related("reasons__escalation")


def to_servicerequest(row: Any) -> Resource:
    """The referral as a ServiceRequest."""
    condition = getattr(row.patient, "condition", None)
    reasons = row.causes
    return resource(
        "ServiceRequest",
        row,
        identifier=[identifier("referral", row.uid)],
        basedOn=_plans(row, reasons),
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


def _plans(row: Any, reasons: list[Any]) -> list[Resource]:
    """The courses that its reasons name, each once."""
    plans = [plan for reason in reasons for plan in plans_in(reason.chain, row.courses)]
    return [plan for at, plan in enumerate(plans) if plan not in plans[:at]]


def _dress(rows: list[Any]) -> None:
    courses = courses_behind(reason.chain for row in rows for reason in row.reasons.all())
    for row in rows:
        row.courses = courses
        row.causes = sorted(row.reasons.all(), key=lambda reason: reason.pk)


def _put_back(past: Any, moment: datetime) -> None:
    past.causes = [reason for reason in past.causes if reason.created_at <= moment]
    tell_again(past, moment)


def _by_course(asked: Asked) -> Q:
    ids = [parse_reference(one, type_name="CarePlan", base=asked.base) for one in split_values(asked.value)]
    conditions = [names_course(uid, path="chain") for uid in map(as_uid, ids) if uid is not None]
    reasons = ReferralReason.objects.filter(any_of(conditions), referral=OuterRef("pk"))
    return Q(Exists(reasons))


SERVICEREQUEST = Kind(
    name="ServiceRequest",
    parameters=(
        *CHILD,
        token("status", "active, completed, revoked"),
        token("category", "referral"),
        token("code", "epilepsy-surgery-evaluation"),
        token("intent", "proposal until signed, then order"),
        moment("authored", "When the referral was asked for"),
        reference_parameter("based-on", "A course that its reasons name, as CarePlan"),
        token("identifier", "Our identifier of the referral", holds="ids"),
    ),
    sources=(
        Source(
            rows=_rows,
            load=_load,
            to_resource=to_servicerequest,
            filters={
                **OF_CHILD,
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
                "based-on": _by_course,
                "identifier": by_our_identifier("referral"),
            },
            sorts={"authored": F("asked_at")},
            dress=_dress,
            versions=recorded_past(*_PARTS, put_back=_put_back),
            asking=frozenset({"based-on"}),
        ),
    ),
    includes={**INCLUDE_PATIENT, "based-on": references_at("basedOn")},
)
