"""CarePlan: one treatment course."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from clinic.models import Actor, Check, Course
from ispath.fhir.answers import Resource, instant
from ispath.fhir.compartment import INCLUDE_PATIENT, PATIENT, by_patient, of_visible_children
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
from ispath.fhir.registry import Kind, Source, references_at
from ispath.fhir.values import Token, split_values
from ispath.fhir.versions import Part, recorded

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
    checks = Part(rows=Check.objects.all(), points="course", changed="created_at", counted=None)
    return recorded(of_visible_children(Course.objects.all(), actor), checks)


def _load(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related(
        "patient__replaced_by",
        "patient__condition",
        "drug",
        "protocol_edition__protocol",
        "enrolment__clinic",
    ).prefetch_related(Prefetch("checks", Check.objects.only("uid", "course_id").order_by("pk")))


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
            *({"reference": reference("Task", check.uid)} for check in row.checks.all()),
        ],
    )


def _by_activity(asked: Asked) -> Q:
    found = []
    for value in split_values(asked.value):
        type_name, _, id_ = value.removeprefix(asked.base + "/").rpartition("/")
        uid = as_uid(id_)
        if uid is not None and type_name in ("", "MedicationRequest"):
            found.append(Q(uid=uid))
        if uid is not None and type_name in ("", "Task"):
            found.append(Q(Exists(Check.objects.filter(course=OuterRef("pk"), uid=uid))))
    return any_of(found)


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
        PATIENT,
        token("status", "draft, active, on-hold, completed, revoked, entered-in-error"),
        token("category", "assess-plan, infantile-spasms-course"),
        moment("date", "Days of the course, first to last dose"),
        token("identifier", "Our identifier of the course"),
        reference_parameter("activity-reference", "A MedicationRequest or Task of the course"),
    ),
    sources=(
        Source(
            rows=_rows,
            load=_load,
            to_resource=to_careplan,
            filters={
                "patient": by_patient(),
                "status": by_codes(
                    {code: Q(status=status) for status, code in _STATUS.items()},
                    system="http://hl7.org/fhir/request-status",
                ),
                "category": by_category(
                    {"assess-plan": _US_CORE_CATEGORY, "infantile-spasms-course": _OUR_CATEGORY}
                ),
                "date": by_period("start_on", "planned_last_dose_on"),
                "identifier": by_our_identifier("course"),
                "activity-reference": _by_activity,
            },
            sorts={"date": F("start_on")},
        ),
    ),
    includes={**INCLUDE_PATIENT, "activity-reference": references_at("activity", "reference")},
)
