"""Flag: an escalation while it stands. DetectedIssue: what was found, and how grave it is."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q, QuerySet

from clinic.models import Actor, Escalation, FamilyTold
from ispath.fhir.answers import Resource, instant
from ispath.fhir.compartment import INCLUDE_PATIENT, PATIENT, by_patient, of_visible_enrolments
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
from ispath.fhir.filters import NOTHING, by_codes, by_moment, by_period, by_token, moment, token
from ispath.fhir.kinds.careplan import by_our_identifier
from ispath.fhir.registry import Kind, Source, references_at
from ispath.fhir.told import part_of_telling, with_telling
from ispath.fhir.values import Token
from ispath.fhir.versions import recorded

_CODES = f"{OURS}/CodeSystem/escalation"
_SEVERITY = {"emergency": "high", "critical": "high", "urgent": "high", "high": "high", "info": "low"}
_CATEGORY = f"{TERMINOLOGY}/flag-category"


def _rows(actor: Actor) -> QuerySet[Any]:
    subject = FamilyTold.Subject.ESCALATION
    rows = of_visible_enrolments(Escalation.objects.all(), actor)
    return with_telling(recorded(rows, part_of_telling(subject)), subject)


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
        detail="; ".join(str(reason) for reason in row.because),
    )


def _by_rule(one: Token) -> Q:
    return Q(rule=one.code) if one.code and one.system in (None, _CODES) else NOTHING


_ACTIVE = Q(state__in=Escalation.OPEN_STATES)
_WITHDRAWN = Q(state=Escalation.State.WITHDRAWN)

FLAG = Kind(
    name="Flag",
    parameters=(
        PATIENT,
        moment("date", "When the escalation stood"),
        token("status", "active, inactive"),
        token("code", "The rule, by our escalation codes"),
        token("identifier", "Our identifier of the escalation"),
    ),
    sources=(
        Source(
            rows=_rows,
            load=_load,
            to_resource=to_flag,
            filters={
                "patient": by_patient(),
                "date": by_period("raised_on", "resolved_on"),
                "status": by_codes(
                    {"active": _ACTIVE, "inactive": ~_ACTIVE}, system="http://hl7.org/fhir/flag-status"
                ),
                "code": by_token(_by_rule),
                "identifier": by_our_identifier("escalation"),
            },
            sorts={"date": F("raised_at")},
        ),
    ),
    includes=INCLUDE_PATIENT,
)

DETECTEDISSUE = Kind(
    name="DetectedIssue",
    parameters=(
        PATIENT,
        token("code", "The rule, by our escalation codes"),
        token("status", "final, cancelled when its basis fell"),
        moment("identified", "When the escalation was raised"),
        token("identifier", "Our identifier of the escalation"),
    ),
    sources=(
        Source(
            rows=_rows,
            load=_load,
            to_resource=to_detectedissue,
            filters={
                "patient": by_patient(),
                "code": by_token(_by_rule),
                "status": by_codes(
                    {"final": ~_WITHDRAWN, "cancelled": _WITHDRAWN},
                    system="http://hl7.org/fhir/observation-status",
                ),
                "identified": by_moment("raised_at"),
                "identifier": by_our_identifier("escalation"),
            },
            sorts={"identified": F("raised_at")},
        ),
    ),
    includes={"patient": references_at("patient")},
)
