"""Practitioner: contacts on care teams. Organization: clinics. Group: children in active treatment."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.db.models import DateTimeField, Exists, OuterRef, Prefetch, Q, QuerySet, Value

from clinic.access import children_visible_to, clinics_of, contacts_visible_to
from clinic.models import Actor, CareTeamMember, Clinic, Contact, Course, Enrolment
from ispath.fhir.answers import Resource
from ispath.fhir.elements import OURS, identifier, reference, resource, subject_of
from ispath.fhir.filters import NOTHING, Asked, as_uid, by_text, by_token, text, token
from ispath.fhir.filters import reference as reference_parameter
from ispath.fhir.kinds.careplan import by_our_identifier
from ispath.fhir.past import counted_past, recorded_past
from ispath.fhir.registry import Kind, Source
from ispath.fhir.values import Token, parse_reference, split_values
from ispath.fhir.versions import Part, recorded, with_version

_BEFORE_ALL = datetime(2026, 1, 1, tzinfo=UTC)


def _practitioners(actor: Actor) -> QuerySet[Any]:
    """Address books of the caller's clinics, and whoever is on the care team of a child it sees."""
    family = CareTeamMember.objects.filter(contact=OuterRef("pk"), role=CareTeamMember.Role.FAMILY)
    on_team = CareTeamMember.objects.filter(patient__in=children_visible_to(actor))
    shown = Q(pk__in=contacts_visible_to(actor).values("pk")) | Q(pk__in=on_team.values("contact"))
    return recorded(Contact.objects.filter(shown, ~Exists(family)))


def to_practitioner(row: Any) -> Resource:
    """A contact as a Practitioner."""
    return resource(
        "Practitioner",
        row,
        identifier=[identifier("contact", row.uid)],
        active=True,
        name=[{"text": row.name}],
        telecom=[{"system": "phone", "value": row.phone, "use": "work"}] if row.phone else None,
    )


PRACTITIONER = Kind(
    name="Practitioner",
    parameters=(
        token("identifier", "Our identifier of the contact", holds="ids"),
        text("name", "Start of the name"),
    ),
    sources=(
        Source(
            rows=_practitioners,
            load=lambda rows: rows,
            to_resource=to_practitioner,
            filters={"identifier": by_our_identifier("contact"), "name": by_text("name")},
            versions=recorded_past(),
        ),
    ),
    in_compartment=False,
)


def _organizations(actor: Actor) -> QuerySet[Any]:
    # A clinic has no version of its own: its row history counts.
    history = Part(
        rows=apps.get_model("clinic", "ClinicEvent").objects.all(),
        points="pgh_obj",
        changed="pgh_created_at",
        counted=None,
    )
    return with_version(_clinics(actor), Value(1), Value(_BEFORE_ALL, DateTimeField()), history)


def _clinics(actor: Actor) -> QuerySet[Any]:
    """The caller's clinics, and those which followed a child it sees: what names them leads somewhere."""
    followed = Enrolment.objects.filter(patient__in=children_visible_to(actor))
    return Clinic.objects.filter(
        Q(pk__in=clinics_of(actor).values("pk")) | Q(pk__in=followed.values("clinic"))
    )


def to_organization(row: Any) -> Resource:
    """A clinic as an Organization."""
    return resource(
        "Organization",
        row,
        identifier=[identifier("clinic", row.key)],
        active=True,
        name=row.name,
        telecom=[{"system": "phone", "value": row.phone}] if row.phone else None,
    )


def _by_group_key(one: Token) -> Q:
    return Q(key=one.code) if one.system in (None, f"{OURS}/sid/active-courses") else NOTHING


def _by_clinic_key(one: Token) -> Q:
    return Q(key=one.code) if one.system in (None, f"{OURS}/sid/clinic") else NOTHING


ORGANIZATION = Kind(
    name="Organization",
    parameters=(
        text("name", "Start of the clinic's name"),
        text("address", "No clinic's address is kept, so this finds none"),
        token("identifier", "The clinic's key"),
    ),
    sources=(
        Source(
            rows=_organizations,
            load=lambda rows: rows,
            to_resource=to_organization,
            filters={
                "name": by_text("name"),
                "address": lambda asked: NOTHING,
                "identifier": by_token(_by_clinic_key),
            },
            versions=counted_past,
        ),
    ),
    in_compartment=False,
)


def _groups(actor: Actor) -> QuerySet[Any]:
    courses = Part(rows=Course.objects.all(), points="enrolment__clinic")
    return with_version(clinics_of(actor), Value(1), Value(_BEFORE_ALL, DateTimeField()), courses)


def _load_groups(rows: QuerySet[Any]) -> QuerySet[Any]:
    members = Course.objects.running().select_related("patient__replaced_by").order_by("patient_id")
    enrolments = Prefetch("enrolments", to_attr="open_enrolments", queryset=_open_enrolments(members))
    return rows.prefetch_related(enrolments)


def _open_enrolments(courses: QuerySet[Course]) -> QuerySet[Any]:
    running = Prefetch("courses", queryset=courses, to_attr="running_courses")
    return Enrolment.objects.filter(state=Enrolment.State.ACTIVE).order_by("pk").prefetch_related(running)


def to_group(row: Any) -> Resource:
    """The children of a clinic who are on a course now, as a Group."""
    courses = [course for enrolment in row.open_enrolments for course in enrolment.running_courses]
    members = {str(course.patient.uid): subject_of(course) for course in courses}
    return resource(
        "Group",
        row,
        identifier=[identifier("active-courses", row.key)],
        active=True,
        type="person",
        actual=True,
        name=f"Children on a course: {row.name}",
        quantity=len(members),
        managingEntity=reference("Organization", row.uid),
        member=[{"entity": entity} for entity in members.values()],
    )


def _by_member(asked: Asked) -> Q:
    ids = [parse_reference(one, type_name="Patient", base=asked.base) for one in split_values(asked.value)]
    uids = [uid for uid in map(as_uid, ids) if uid is not None]
    running = Course.objects.running().filter(
        enrolment__clinic=OuterRef("pk"), enrolment__state=Enrolment.State.ACTIVE, patient__uid__in=uids
    )
    return Q(Exists(running))


GROUP = Kind(
    name="Group",
    parameters=(
        reference_parameter("member", "A child of the group"),
        token("identifier", "The clinic's key"),
    ),
    sources=(
        Source(
            rows=_groups,
            load=_load_groups,
            to_resource=to_group,
            filters={"member": _by_member, "identifier": by_token(_by_group_key)},
        ),
    ),
    in_compartment=False,
)
