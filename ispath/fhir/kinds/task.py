"""Task: one check, its due window and where it stands."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q, QuerySet

from clinic.models import Actor, Check
from ispath.fhir.answers import Resource, instant
from ispath.fhir.compartment import CHILD, OF_CHILD, of_visible_enrolments
from ispath.fhir.elements import OURS, concept, identifier, our_code, period, reference, resource, subject_of
from ispath.fhir.filters import NOTHING, as_uid, by_codes, by_moment, by_token, by_uid, moment, token
from ispath.fhir.filters import reference as reference_parameter
from ispath.fhir.kinds.careplan import by_our_identifier
from ispath.fhir.past import recorded_past
from ispath.fhir.registry import Kind, Source, references_at
from ispath.fhir.values import Token
from ispath.fhir.versions import recorded

_STATUS = {
    Check.State.UPCOMING: "requested",
    Check.State.DUE: "requested",
    Check.State.OVERDUE: "requested",
    Check.State.DONE: "completed",
    Check.State.WAIVED: "cancelled",
    Check.State.CANCELLED: "cancelled",
}
_PRIORITY = {"emergency": "stat", "critical": "asap", "urgent": "urgent", "high": "urgent"}
_BUSINESS = f"{OURS}/CodeSystem/task-business-status"
_CODES = f"{OURS}/CodeSystem/check"
# Which facts end a check, and as what they are served.
_RESULTS = {"bloodpressure": "Observation", "measurement": "Observation", "spasmreport": "Observation"} | {
    "eeg": "DiagnosticReport",
    "visionexam": "DiagnosticReport",
}


def _rows(actor: Actor) -> QuerySet[Any]:
    return recorded(of_visible_enrolments(Check.objects.all(), actor))


def _load(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("patient__replaced_by", "course", "enrolment__clinic")


def to_task(row: Any) -> Resource:
    """The check as a Task: its window in `restriction`, where it stands in `businessStatus`."""
    clinic = row.enrolment.clinic
    plan = reference("CarePlan", row.course.uid) if row.course is not None else None
    return resource(
        "Task",
        row,
        identifier=[identifier("check", row.uid)],
        basedOn=[plan] if plan else None,
        groupIdentifier=identifier("course", row.course.uid) if row.course is not None else None,
        status=_STATUS[row.state],
        statusReason=concept(row.reason) if row.reason else None,
        businessStatus=concept("", our_code("task-business-status", row.state, row.get_state_display())),
        intent="order",
        priority=_PRIORITY.get(row.urgency, "routine"),
        code=concept(row.name or row.code, our_code("check", row.code)),
        focus=plan,
        **{"for": subject_of(row)},
        authoredOn=instant(row.created_at),
        lastModified=instant(row.fhir_changed),
        requester=reference("Organization", clinic.uid),
        owner=reference("Organization", clinic.uid),
        performerType=[concept(row.who)] if row.who else None,
        restriction={"period": period(row.opens_on, row.due_on)},
        output=_output(row),
    )


def _output(row: Any) -> list[Resource]:
    type_name = _RESULTS.get(row.done_by_kind.replace("_", "").lower())
    if type_name is None or row.done_by_uid is None:
        return []
    return [{"type": concept("Result"), "valueReference": reference(type_name, row.done_by_uid)}]


def _by_code(one: Token) -> Q:
    return Q(code=one.code) if one.code and one.system in (None, _CODES) else NOTHING


def _by_course(one: Token) -> Q:
    uid = as_uid(one.code)
    fits = one.system in (None, f"{OURS}/sid/course")
    return Q(course__uid=uid) if uid is not None and fits else NOTHING


_BY_STATUS = {
    "requested": Q(state__in=Check.OPEN_STATES),
    "completed": Q(state=Check.State.DONE),
    "cancelled": Q(state__in=(Check.State.WAIVED, Check.State.CANCELLED)),
}

TASK = Kind(
    name="Task",
    parameters=(
        *CHILD,
        token("status", "requested, completed, cancelled"),
        token("code", "What is to be observed, by our check codes"),
        token("business-status", "upcoming, due, overdue, done, waived, cancelled"),
        reference_parameter("owner", "The clinic, as Organization"),
        reference_parameter("based-on", "The course, as CarePlan"),
        reference_parameter("focus", "The course, as CarePlan"),
        token("group-identifier", "Our identifier of the course", holds="ids"),
        moment("authored-on", "When the check was planned"),
        moment("modified", "When it last changed, computed changes included"),
        token("identifier", "Our identifier of the check", holds="ids"),
    ),
    sources=(
        Source(
            rows=_rows,
            load=_load,
            to_resource=to_task,
            filters={
                **OF_CHILD,
                "status": by_codes(_BY_STATUS, system="http://hl7.org/fhir/task-status"),
                "code": by_token(_by_code),
                "business-status": by_codes(
                    {str(state): Q(state=state) for state in Check.State.values}, system=_BUSINESS
                ),
                "owner": by_uid("enrolment__clinic__uid", type_name="Organization"),
                "based-on": by_uid("course__uid", type_name="CarePlan"),
                "focus": by_uid("course__uid", type_name="CarePlan"),
                "group-identifier": by_token(_by_course),
                "authored-on": by_moment("created_at"),
                "modified": by_moment("changed_at"),
                "identifier": by_our_identifier("check"),
            },
            sorts={"authored-on": F("created_at"), "modified": F("changed_at")},
            versions=recorded_past(),
        ),
    ),
    includes={
        "patient": references_at("for"),
        "subject": references_at("for"),
        "focus": references_at("focus"),
        "based-on": references_at("basedOn"),
    },
)
