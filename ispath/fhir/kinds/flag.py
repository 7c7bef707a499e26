"""Flag: an escalation while it stands. DetectedIssue: what was found, and how grave it is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Case, DateField, Exists, F, OuterRef, Q, QuerySet, When
from django.db.models.functions import Cast, Coalesce

from clinic.models import Actor, Check, Escalation, FamilyTold
from ispath.fhir.answers import Resource, instant
from ispath.fhir.chains import courses_behind, names_course, names_result, plans_in, results_in
from ispath.fhir.compartment import (
    CHILD,
    INCLUDE_PATIENT,
    OF_CHILD,
    PATIENT,
    by_patient,
    of_visible_enrolments,
)
from ispath.fhir.elements import (
    OURS,
    TERMINOLOGY,
    coding,
    concept,
    identifier,
    our_code,
    reference,
    resource,
    subject_of,
)
from ispath.fhir.filters import (
    NOTHING,
    Asked,
    any_of,
    as_uid,
    by_codes,
    by_moment,
    by_period,
    by_token,
    moment,
    token,
)
from ispath.fhir.filters import reference as reference_parameter
from ispath.fhir.kinds.careplan import by_our_identifier
from ispath.fhir.past import recorded_past
from ispath.fhir.registry import Kind, Source, references_at
from ispath.fhir.told import part_of_telling, tell_again, with_telling
from ispath.fhir.values import Token, split_values
from ispath.fhir.versions import shown

_CODES = f"{OURS}/CodeSystem/escalation"
_SEVERITY = {"emergency": "high", "critical": "high", "urgent": "high", "high": "high", "info": "low"}
_CATEGORY = f"{TERMINOLOGY}/flag-category"


def _rows(actor: Actor) -> QuerySet[Any]:
    subject = FamilyTold.Subject.ESCALATION
    rows = of_visible_enrolments(Escalation.objects.all(), actor)
    told = with_telling(shown(rows, part_of_telling(subject)), subject)
    return told.annotate(ended_on=_ENDED_ON)


# The day its period ends: withdrawn, resolved, or settled by a person on the day the row changed last.
_ENDED_ON = Coalesce(
    "withdrawn_on",
    "resolved_on",
    Case(When(~Q(state__in=Escalation.OPEN_STATES), then=Cast("changed_at", DateField()))),
)


def _load(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("patient__replaced_by", "enrolment__clinic")


def to_flag(row: Any) -> Resource:
    """The escalation as a Flag: active while somebody is asked for something."""
    return resource(
        "Flag",
        row,
        identifier=[identifier("escalation", row.uid)],
        status="active" if row.state in Escalation.OPEN_STATES else "inactive",
        category=[concept("Safety", coding(_CATEGORY, "safety", "Safety"))],
        code=concept(row.asks_for or row.rule, our_code("escalation", row.rule)),
        subject=subject_of(row),
        period=_period(row),
        author=reference("Organization", row.enrolment.clinic.uid),
    )


def _period(row: Any) -> Resource:
    ended_on = row.withdrawn_on or row.resolved_on
    if ended_on is None and row.state not in Escalation.OPEN_STATES:
        return {"start": instant(row.raised_at), "end": instant(row.fhir_changed)}
    if ended_on is None:
        return {"start": instant(row.raised_at)}
    # Both ends in days: an escalation may rise and end within one day, whatever the hour.
    return {"start": row.raised_on.isoformat(), "end": ended_on.isoformat()}


def to_detectedissue(row: Any) -> Resource:
    """The escalation as a DetectedIssue."""
    return resource(
        "DetectedIssue",
        row,
        identifier=[identifier("escalation", row.uid)],
        status="cancelled" if row.state == Escalation.State.WITHDRAWN else "final",
        code=concept(row.asks_for or row.rule, our_code("escalation", row.rule)),
        severity=_SEVERITY.get(row.urgency, "moderate"),
        patient=subject_of(row),
        identifiedDateTime=instant(row.raised_at),
        implicated=_implicated(row),
        detail="; ".join(str(reason) for reason in row.because),
    )


def _implicated(row: Any) -> list[Resource]:
    """The check that was missed, the results and the courses that the escalation rests on."""
    missed = [reference("Task", uid) for uid in row.missed]
    return [*missed, *results_in(row.chain), *plans_in(row.chain, row.courses)]


def _dress(rows: list[Any]) -> None:
    """Give each escalation the check it is about, which the engine knows by the same key, and its courses."""
    courses = courses_behind(row.chain for row in rows)
    keys = {(row.enrolment_id, row.cause) for row in rows}
    checks = Check.objects.filter(
        enrolment__in={enrolment for enrolment, _ in keys}, key__in={cause for _, cause in keys}
    )
    found = {(enrolment, key): uid for enrolment, key, uid in checks.values_list("enrolment", "key", "uid")}
    for row in rows:
        check = found.get((row.enrolment_id, row.cause))
        row.courses, row.missed = courses, [check] if check is not None else []


def _by_implicated(asked: Asked) -> Q:
    conditions = []
    for value in split_values(asked.value):
        type_name, _, id_ = value.removeprefix(asked.base + "/").rpartition("/")
        uid = as_uid(id_)
        if uid is not None:
            conditions += [made(uid) for name, made in _IMPLICATED.items() if type_name in ("", name)]
    return any_of(conditions)


def _missed(check: UUID) -> Q:
    same = Check.objects.filter(uid=check, enrolment=OuterRef("enrolment"), key=OuterRef("cause"))
    return Q(Exists(same))


_IMPLICATED: dict[str, Callable[[UUID], Q]] = {
    "Task": _missed,
    "Observation": partial(names_result, "Observation"),
    "DiagnosticReport": partial(names_result, "DiagnosticReport"),
    "CarePlan": names_course,
}


def _by_rule(one: Token) -> Q:
    return Q(rule=one.code) if one.code and one.system in (None, _CODES) else NOTHING


_ACTIVE = Q(state__in=Escalation.OPEN_STATES)
_WITHDRAWN = Q(state=Escalation.State.WITHDRAWN)

_past = recorded_past(part_of_telling(FamilyTold.Subject.ESCALATION), put_back=tell_again)

FLAG = Kind(
    name="Flag",
    parameters=(
        *CHILD,
        moment("date", "When the escalation stood"),
        token("status", "active, inactive"),
        token("code", "The rule, by our escalation codes"),
        token("identifier", "Our identifier of the escalation", holds="ids"),
    ),
    sources=(
        Source(
            rows=_rows,
            load=_load,
            to_resource=to_flag,
            filters={
                **OF_CHILD,
                "date": by_period("raised_on", "ended_on"),
                "status": by_codes(
                    {"active": _ACTIVE, "inactive": ~_ACTIVE}, system="http://hl7.org/fhir/flag-status"
                ),
                "code": by_token(_by_rule),
                "identifier": by_our_identifier("escalation"),
            },
            sorts={"date": F("raised_at")},
            versions=_past,
        ),
    ),
    includes=INCLUDE_PATIENT,
)

DETECTEDISSUE = Kind(
    name="DetectedIssue",
    parameters=(
        PATIENT,
        token("code", "The rule, by our escalation codes"),
        reference_parameter("implicated", "The Task, Observation, DiagnosticReport or CarePlan it rests on"),
        token("status", "final, cancelled when its basis fell"),
        moment("identified", "When the escalation was raised"),
        token("identifier", "Our identifier of the escalation", holds="ids"),
    ),
    sources=(
        Source(
            rows=_rows,
            load=_load,
            to_resource=to_detectedissue,
            filters={
                "patient": by_patient(),
                "code": by_token(_by_rule),
                "implicated": _by_implicated,
                "status": by_codes(
                    {"final": ~_WITHDRAWN, "cancelled": _WITHDRAWN},
                    system="http://hl7.org/fhir/observation-status",
                ),
                "identified": by_moment("raised_at"),
                "identifier": by_our_identifier("escalation"),
            },
            sorts={"identified": F("raised_at")},
            versions=_past,
            dress=_dress,
            asking=frozenset({"implicated"}),
        ),
    ),
    includes={"patient": references_at("patient"), "implicated": references_at("implicated")},
)
