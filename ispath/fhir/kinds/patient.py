"""Patient: the child, with its record numbers and the authorities that gave them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Prefetch, Q, QuerySet

from clinic.access import children_visible_to
from clinic.models import (
    Actor,
    CareTeamMember,
    Enrolment,
    EnrolmentStep,
    Patient,
    PatientIdentifier,
    PatientMerge,
)
from ispath.fhir.answers import Resource
from ispath.fhir.elements import TERMINOLOGY, coding, reference, resource
from ispath.fhir.filters import NOTHING, by_codes, by_day, by_text, by_token, moment, text, token
from ispath.fhir.past import recorded_past
from ispath.fhir.registry import Kind, Source
from ispath.fhir.values import Token
from ispath.fhir.versions import Part, shown
from ispath.wire.problems import ProblemError

_GENDERS = {Patient.Sex.FEMALE: "female", Patient.Sex.MALE: "male", Patient.Sex.UNKNOWN: "unknown"}
_RECORD_NUMBER = coding(f"{TERMINOLOGY}/v2-0203", "MR", "Medical record number")


def _rows(actor: Actor) -> QuerySet[Any]:
    return shown(children_visible_to(actor), *_PARTS)


def _states_of(name: str) -> QuerySet[Any]:
    return apps.get_model("clinic", f"{name}Event")._default_manager.all()


# Kept states, not rows: a record number that moves to the surviving record leaves its mark on both.
_PARTS = (
    Part(rows=_states_of("PatientIdentifier"), points="patient", counted=None),
    Part(rows=_states_of("CareTeamMember"), points="patient", counted=None),
    Part(rows=EnrolmentStep.objects.all(), points="patient", changed="recorded_at", counted=None),
)


def _load(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("replaced_by").prefetch_related(
        Prefetch("identifiers", PatientIdentifier.objects.select_related("assigner").order_by("pk")),
        Prefetch("enrolments", Enrolment.objects.select_related("clinic").order_by("-pk")),
        Prefetch(
            "care_team",
            CareTeamMember.objects.filter(
                role=CareTeamMember.Role.PEDIATRICIAN, ended_on=None
            ).select_related("contact"),
        ),
        "replaces",
    )


def _dress(rows: list[Any]) -> None:
    for row in rows:
        row.numbers = list(row.identifiers.all())
        row.doctors = list(row.care_team.all())
        row.followed = list(row.enrolments.all())
        row.swallowed = list(row.replaces.all())


def _put_back(past: Any, moment: datetime) -> None:
    """The record numbers, the practice and the clinics of that moment."""
    past.numbers = _standing("PatientIdentifier", past, moment)
    members = _standing("CareTeamMember", past, moment)
    past.doctors = [
        one for one in members if one.role == CareTeamMember.Role.PEDIATRICIAN and one.ended_on is None
    ]
    past.followed = _standing("Enrolment", past, moment)[::-1]
    merges = PatientMerge.objects.filter(survivor=past.pk, created_at__lte=moment).order_by("pk")
    past.swallowed = [merge.replaced for merge in merges.select_related("replaced")]


def _standing(name: str, past: Any, moment: datetime) -> list[Any]:
    """The last kept state of each row by a moment, where that state is about this child."""
    states = _states_of(name).filter(changed_at__lte=moment, pgh_obj__in=_once_of(name, past))
    newest = {state.pgh_obj_id: state for state in states.order_by("pgh_obj_id", "pgh_id")}
    return [state for state in newest.values() if state.patient_id == past.pk]


def _once_of(name: str, past: Any) -> Iterable[int]:
    return _states_of(name).filter(patient=past.pk).values_list("pgh_obj_id", flat=True)


def to_patient(row: Any) -> Resource:
    """The child as a Patient."""
    enrolments = row.followed
    return resource(
        "Patient",
        row,
        identifier=[_record_number(one) for one in row.numbers],
        active=row.replaced_by_id is None,
        name=[{"use": "official", "family": row.family_name, "given": row.given_names.split()}],
        gender=_GENDERS[row.sex],
        birthDate=row.birth_date.isoformat(),
        deceasedBoolean=True if any(one.state == Enrolment.State.DECEASED for one in enrolments) else None,
        generalPractitioner=[reference("Practitioner", one.contact.uid) for one in row.doctors],
        managingOrganization=reference("Organization", enrolments[0].clinic.uid) if enrolments else None,
        link=_links(row),
    )


def _record_number(one: PatientIdentifier) -> Resource:
    content: Resource = {
        "use": "usual",
        "type": {"coding": [_RECORD_NUMBER]},
        "system": one.system,
        "value": one.value,
    }
    if one.assigner is not None:
        content["assigner"] = reference("Organization", one.assigner.uid)
    return content


def _links(row: Any) -> list[Resource]:
    links = [{"other": reference("Patient", one.uid), "type": "replaces"} for one in row.swallowed]
    if row.replaced_by is not None:
        links.append({"other": reference("Patient", row.replaced_by.uid), "type": "replaced-by"})
    return links


def _by_record_number(one: Token) -> Q:
    if not one.system or not one.code:
        sentence = "A record number counts only with its authority. Write identifier=AUTHORITY|NUMBER."
        raise ProblemError("bad-parameter", sentence, field="identifier")
    same = PatientIdentifier.objects.filter(system=one.system, value=one.code)
    return Q(pk__in=same.values("patient"))


def _by_active(one: Token) -> Q:
    return {"true": Q(replaced_by=None), "false": Q(replaced_by__isnull=False)}.get(one.code, NOTHING)


PATIENT = Kind(
    name="Patient",
    parameters=(
        token("identifier", "Record number as authority|number; the authority is required", holds="number"),
        text("name", "Start of the family name or of the given names"),
        text("family", "Start of the family name"),
        text("given", "Start of the given names"),
        moment("birthdate", "Date of birth"),
        token("gender", "female, male or unknown"),
        token("active", "false for a record that was merged into another"),
    ),
    sources=(
        Source(
            rows=_rows,
            load=_load,
            to_resource=to_patient,
            filters={
                "identifier": by_token(_by_record_number),
                "name": by_text("family_name", "given_names"),
                "family": by_text("family_name"),
                "given": by_text("given_names"),
                "birthdate": by_day("birth_date"),
                "gender": by_codes({code: Q(sex=sex) for sex, code in _GENDERS.items()}),
                "active": by_token(_by_active),
            },
            dress=_dress,
            versions=recorded_past(*_PARTS, put_back=_put_back),
        ),
    ),
)
