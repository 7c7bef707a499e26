"""CarePlan: one treatment course."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce

from clinic.models import (
    Actor,
    Check,
    Course,
    CourseStart,
    DoseChange,
    DoseDecision,
    Hold,
    HoldEnd,
    Referral,
    ReferralReason,
)
from ispath.fhir.answers import Resource, instant
from ispath.fhir.chains import courses_behind, plans_in
from ispath.fhir.compartment import (
    CHILD,
    INCLUDE_PATIENT,
    OF_CHILD,
    of_visible_children,
    of_visible_enrolments,
)
from ispath.fhir.elements import (
    OURS,
    coding,
    concept,
    identifier,
    our_code,
    period,
    reference,
    resource,
    subject_of,
)
from ispath.fhir.filters import (
    EVERYTHING,
    NOTHING,
    Asked,
    any_of,
    as_uid,
    by_codes,
    by_period,
    by_token,
    moment,
    token,
)
from ispath.fhir.filters import reference as reference_parameter
from ispath.fhir.past import recorded_past
from ispath.fhir.registry import Kind, Source, references_at
from ispath.fhir.values import Token, split_values
from ispath.fhir.versions import Part, shown

_US_CORE_CATEGORY = "http://hl7.org/fhir/us/core/CodeSystem/careplan-category"
_OUR_CATEGORY = f"{OURS}/CodeSystem/careplan-category"
_STATUS = {
    Course.Status.DRAFT: "draft",
    Course.Status.ACTIVE: "active",
    Course.Status.HELD: "on-hold",
    Course.Status.COMPLETED: "completed",
    Course.Status.STOPPED: "revoked",
    Course.Status.DROPPED: "entered-in-error",
}


def _rows(actor: Actor) -> QuerySet[Any]:
    rows = of_visible_children(Course.objects.all(), actor)
    # Only what this caller may read: an activity always leads somewhere.
    checks = of_visible_enrolments(Check.objects.only("uid", "course_id", "created_at"), actor)
    referrals = of_visible_enrolments(Referral.objects.prefetch_related("reasons"), actor)
    return (
        shown(rows, *PARTS)
        .annotate(ends_on=Coalesce("last_dose_on", "planned_last_dose_on"))
        .prefetch_related(
            Prefetch("checks", checks.order_by("pk")),
            Prefetch("patient__referrals", referrals.order_by("pk"), to_attr="shown_referrals"),
        )
    )


# What was decided and done with a course, each of which may change its calendar.
_DONE = (CourseStart, DoseDecision, DoseChange, Hold, HoldEnd)
PARTS = (
    *(
        Part(rows=model.objects.all(), points="course", changed="recorded_at", counted=None)
        for model in _DONE
    ),
    Part(rows=Check.objects.all(), points="course", changed="created_at", counted=None),
    # A referral that rests on a course is one of its activities.
    Part(
        rows=ReferralReason.objects.all(),
        points="referral__patient",
        to="patient",
        changed="created_at",
        counted=None,
    ),
)


def _load(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related(
        "patient__replaced_by",
        "patient__condition",
        "drug",
        "protocol_edition__protocol",
        "enrolment__clinic",
    )


def _dress(rows: list[Any]) -> None:
    """Give each course the referrals whose reasons name it."""
    chains = [
        reason.chain for row in rows for one in row.patient.shown_referrals for reason in one.reasons.all()
    ]
    courses = courses_behind(chains) if chains else {}
    for row in rows:
        plan = reference("CarePlan", row.uid)
        reasons = [reason for one in row.patient.shown_referrals for reason in one.reasons.all()]
        row.reasons = [reason for reason in reasons if plan in plans_in(reason.chain, courses)]
        row.tasks = list(row.checks.all())


def _put_back(past: Any, moment: datetime) -> None:
    past.tasks = [check for check in past.tasks if check.created_at <= moment]
    past.reasons = [reason for reason in past.reasons if reason.created_at <= moment]


def to_careplan(row: Any) -> Resource:
    """The course as a CarePlan; everything that belongs to it is an activity."""
    edition = row.protocol_edition
    condition = getattr(row.patient, "condition", None)
    return resource(
        "CarePlan",
        row,
        identifier=[identifier("course", row.uid)],
        instantiatesCanonical=[f"{OURS}/PlanDefinition/{edition.protocol.key}|{edition.number}"],
        status=_STATUS[row.status],
        intent="plan",
        category=[
            concept("", coding(_US_CORE_CATEGORY, "assess-plan", "Assessment and Plan of Treatment")),
            concept("", our_code("careplan-category", "infantile-spasms-course", "Infantile spasms course")),
        ],
        title=f"{row.drug.name} course",
        subject=subject_of(row),
        period=period(row.start_on, row.last_dose_on or row.planned_last_dose_on),
        created=instant(row.created_at),
        author=reference("Organization", row.enrolment.clinic.uid),
        addresses=[reference("Condition", condition.uid)] if condition is not None else None,
        activity=[
            {"reference": reference("MedicationRequest", row.uid)},
            *({"reference": reference("Task", check.uid)} for check in row.tasks),
            *({"reference": reference("ServiceRequest", uid)} for uid in _referrals(row)),
        ],
    )


def _referrals(row: Any) -> list[UUID]:
    return list(dict.fromkeys(reason.referral.uid for reason in row.reasons))


def _by_activity(asked: Asked) -> Q:
    found = []
    for value in split_values(asked.value):
        type_name, _, id_ = value.removeprefix(asked.base + "/").rpartition("/")
        uid = as_uid(id_)
        if uid is not None and type_name in ("", "MedicationRequest"):
            found.append(Q(uid=uid))
        if uid is not None and type_name in ("", "Task"):
            found.append(Q(Exists(Check.objects.filter(course=OuterRef("pk"), uid=uid))))
        if uid is not None and type_name in ("", "ServiceRequest"):
            found.append(_of_referral(uid))
    return any_of(found)


def _of_referral(uid: UUID) -> Q:
    chains = ReferralReason.objects.filter(referral__uid=uid).values_list("chain", flat=True)
    return Q(uid__in=list(courses_behind(chains).values()))


def by_our_identifier(table: str) -> Any:
    """A token over our own identifiers, which hold the row's outward id."""

    def match(one: Token) -> Q:
        uid = as_uid(one.code)
        fits = one.system in (None, f"{OURS}/sid/{table}")
        return Q(uid=uid) if uid is not None and fits else NOTHING

    return by_token(match)


def by_category(conditions: dict[str, str]) -> Any:
    """A token over fixed categories, each with its system: every row has all of them."""

    def match(one: Token) -> Q:
        fits = conditions.get(one.code) is not None and one.system in (None, conditions[one.code])
        return EVERYTHING if fits else NOTHING

    return by_token(match)


CAREPLAN = Kind(
    name="CarePlan",
    parameters=(
        *CHILD,
        token("status", "draft, active, on-hold, completed, revoked, entered-in-error"),
        token("category", "assess-plan, infantile-spasms-course"),
        moment("date", "Days of the course, first to last dose"),
        token("identifier", "Our identifier of the course", holds="ids"),
        reference_parameter("activity-reference", "A MedicationRequest, Task or ServiceRequest"),
    ),
    sources=(
        Source(
            rows=_rows,
            load=_load,
            to_resource=to_careplan,
            filters={
                **OF_CHILD,
                "status": by_codes(
                    {code: Q(status=status) for status, code in _STATUS.items()},
                    system="http://hl7.org/fhir/request-status",
                ),
                "category": by_category(
                    {"assess-plan": _US_CORE_CATEGORY, "infantile-spasms-course": _OUR_CATEGORY}
                ),
                "date": by_period("start_on", "ends_on"),
                "identifier": by_our_identifier("course"),
                "activity-reference": _by_activity,
            },
            sorts={"date": F("start_on")},
            dress=_dress,
            versions=recorded_past(*PARTS, put_back=_put_back),
            asking=frozenset({"activity-reference"}),
        ),
    ),
    includes={**INCLUDE_PATIENT, "activity-reference": references_at("activity", "reference")},
)
