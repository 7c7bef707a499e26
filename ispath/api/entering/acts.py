"""What each document does: the same verbs that stand behind the dashboard's forms, and the same refusals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from rest_framework.serializers import Serializer

from clinic import children, courses, enrolment, recording
from clinic.access import children_visible_to, clinics_of, enrolments_visible_to
from clinic.entries import Entry
from clinic.models import Actor, Clinic, Enrolment, Fact, Patient, Via
from clinic.timeline import kind_of
from ispath.api import shapes
from ispath.api.entering.documents import (
    ChildDocument,
    CourseDocument,
    ObservationDocument,
    Observed,
    RecordedAnswer,
)
from ispath.api.entering.once import Entered
from protocols.in_force import protocols_in_force
from protocols.refusal import Refusal

CREATED, FOUND = 201, 200
MEASURED = frozenset({"weight_kg", "length_cm", "products", "choices"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who brings documents, and through which door."""

    actor: Actor
    via: Via


class ClinicUnknown(Refusal):
    """No clinic, or one that is not the actor's."""

    code = "clinic-unknown"


class ChildUnknown(Refusal):
    """No child of the actor's clinics, or none that is followed now."""

    code = "child-unknown"


class ProtocolUnknown(Refusal):
    """No such protocol in force."""

    code = "protocol-unknown"


@transaction.atomic
def enter_child(said: Mapping[str, Any], *, sender: Sender, now: datetime) -> Entered:
    """Register a child with its record numbers and put it on the clinic's books."""
    by = sender.actor
    clinic = clinic_named(said.get("clinic"), by)
    details = {name: said[name] for name in children.CHANGEABLE & said.keys()}
    numbers = [(number["system"], number["value"]) for number in said["identifiers"]]
    if not said["another_child"]:
        refuse_a_look_alike(Patient(**details), by)
    child = children.register_child(clinic=clinic, by=by, now=now, identifiers=numbers, **details)
    enrolment.enrol(patient=child, clinic=clinic, by=by, now=now)
    row = children_visible_to(by).prefetch_related("identifiers").get(pk=child.pk)
    return Entered(status=CREATED, body=dict(shapes.Child(row).data), patient=child)


def refuse_a_look_alike(child: Patient, by: Actor) -> None:
    """Refuse a child who may be one who is followed already, until somebody says it is another."""
    alike = [str(other.uid) for other in children.lookalikes(child, actor=by)[:8]]
    if alike:
        raise children.LooksAlike(
            "A child with the same surname, birth date or household is followed already: "
            f"{', '.join(alike)}. "
            "If this is another child, a twin for example, send another_child: true.",
            field="another_child",
        )


@transaction.atomic
def enter_course(said: Mapping[str, Any], *, sender: Sender, now: datetime) -> Entered:
    """Plan a course: a draft that waits for a second person, with its whole calendar."""
    standing = enrolment_named(said, sender.actor)
    offered = protocols_in_force(standing.clinic.local_date(now))
    if said["protocol"] not in offered:
        known = ", ".join(sorted(offered)) or "none"
        raise ProtocolUnknown(
            f"No protocol {said['protocol'][:60]} is in force. In force: {known}.",
            field="protocol",
        )
    measured = {name: said[name] for name in MEASURED & said.keys()}
    rows = courses.plan_course(
        enrolment=standing,
        protocol_edition=offered[said["protocol"]],
        start_on=said["start_on"],
        by=sender.actor,
        now=now,
        entry=Entry(via=sender.via),
        **measured,
    )
    return Entered(
        status=CREATED, body={"items": shapes.Course(rows, many=True).data}, patient=standing.patient
    )


@transaction.atomic
def enter_observation(said: Mapping[str, Any], *, sender: Sender, now: datetime) -> Entered:
    """Record one observation; what the same source brought before is answered with that row."""
    standing = enrolment_named(said, sender.actor)
    source = said.get("identifier", {})
    entry = Entry(
        happened_on=said["happened_on"],
        happened_at=said.get("happened_at"),
        detail=said.get("detail", ""),
        source_system=source.get("system", ""),
        source_value=source.get("value", ""),
        via=sender.via,
    )
    values = {name: value for name, value in said.items() if name not in ABOUT_ALL}
    row = RECORDS[said["kind"]](standing, entry, values, sender.actor, now)
    body = {
        "id": row.uid, "kind": kind_of(row), "child": standing.patient.uid,
        "happened_on": row.happened_on, "known_at": row.known_at, "recorded_at": row.recorded_at,
    }  # fmt: skip
    status = CREATED if row.recorded_at == now else FOUND
    return Entered(status=status, body=dict(RecordedAnswer(body).data), patient=standing.patient)


Record = Callable[[Enrolment, Entry, Mapping[str, Any], Actor, datetime], Fact]


# What every observation says; the rest are the values of its kind.
ABOUT_ALL = frozenset(Observed().fields) | {"kind"}


def by_verb(verb: Callable[..., Fact]) -> Record:
    """A verb whose arguments have the names of the document's values."""
    return lambda standing, entry, values, by, now: verb(
        enrolment=standing, entry=entry, by=by, now=now, **values
    )


def renamed(verb: Callable[..., Fact], name: str) -> Record:
    """A verb one of whose arguments is called kind, a word that in a document says which document it is."""
    return lambda standing, entry, values, by, now: verb(
        enrolment=standing, entry=entry, by=by, now=now,
        **{"kind" if each == name else each: value for each, value in values.items()},
    )  # fmt: skip


RECORDS: Mapping[str, Record] = {
    "blood-pressure": by_verb(recording.record_blood_pressure),
    "weight": by_verb(recording.record_weight),
    "measurement": renamed(recording.record_measurement, "what"),
    "eeg": by_verb(recording.record_eeg),
    "vision-exam": by_verb(recording.record_vision_exam),
    "spasms": by_verb(recording.record_spasms),
    "symptom": by_verb(recording.record_symptom),
    "exposure": renamed(recording.record_exposure, "contact"),
    "vaccine": by_verb(recording.record_vaccine),
}


def clinic_named(key: str | None, by: Actor) -> Clinic:
    """The clinic a document names; the only one of the actor's where it names none."""
    mine = {clinic.key: clinic for clinic in clinics_of(by)}
    if key is None and len(mine) == 1:
        return next(iter(mine.values()))
    if key is None or key not in mine:
        raise ClinicUnknown(f"Name one of your clinics: {', '.join(sorted(mine)) or 'none'}.", field="clinic")
    return mine[key]


def enrolment_named(said: Mapping[str, Any], by: Actor) -> Enrolment:
    """The open enrolment, at one of the actor's clinics, of the child a document names."""
    followed = enrolments_visible_to(by).filter(state__in=Enrolment.OPEN_STATES)
    rows = followed.select_related("patient", "clinic", "pathway_edition__pathway")
    found = rows.filter(
        patient__identifiers__system=said["mrn_system"], patient__identifiers__value=said["mrn"]
    ).first()
    if found is None:
        raise ChildUnknown(
            "No child with this number is followed at your clinics now. Check the number and its "
            "authority; enrol the child first.",
            field="mrn",
        )
    return found


# What can be entered: the word for it, its document, the act, and the resource type whose scope it needs.
ENTERED: Mapping[str, tuple[type[Serializer[Any]], Callable[..., Entered], str]] = {
    "children": (ChildDocument, enter_child, "Patient"),
    "courses": (CourseDocument, enter_course, "MedicationRequest"),
    "observations": (ObservationDocument, enter_observation, "Observation"),
}
