"""A clinic at work: the library in force, a nurse, two neurologists, a lead, and children with courses."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User

from clinic import actors, children, courses, enrolment, roles
from clinic.entries import Entry
from clinic.models import Actor, Clinic, Course, Enrolment, Measurement
from clinic.review import review_enrolment
from protocols import models as protocol_rows
from tests.factories import clinic as make
from tests.factories import protocols as library

# The child starts treatment on the Monday on which the published timelines start theirs.
START = dt.date(2027, 1, 4)


def at(day: dt.date, hour: int = 16) -> dt.datetime:
    """A moment of a working day in Chicago: 16:00 UTC is ten in the morning."""
    return dt.datetime.combine(day, dt.time(hour), tzinfo=dt.UTC)


def day(elapsed: int) -> dt.date:
    """So many days after the start; the start itself is 0."""
    return START + dt.timedelta(days=elapsed)


def person(name: str, role: str, clinic: Clinic) -> Actor:
    """Somebody with a log-in and a role at a clinic."""
    user, _ = User.objects.get_or_create(username=f"{name}@demo.example", defaults={"first_name": name})
    actor = actors.actor_for_user(user)
    actors.join_clinic(actor=actor, clinic=clinic, role=role, by=actors.seed_actor(), now=at(START))
    return actor


def load() -> None:
    """The shipped library, every edition signed and in force since long ago."""
    library.load_library()
    for table in (protocol_rows.ProtocolEdition, protocol_rows.PathwayEdition):
        for edition in table.objects.filter(state="checked"):
            library.in_force(edition)


@dataclass(kw_only=True)
class Ward:
    """One clinic and its people."""

    clinic: Clinic
    nurse: Actor
    colleague: Actor
    neurologist: Actor
    lead: Actor

    def child(self, *, now: dt.datetime | None = None, **values: Any) -> Enrolment:
        """A child on the clinic's books."""
        said = {
            "family_name": "Testinfant",
            "given_names": "Aurora",
            "birth_date": dt.date(2026, 6, 20),
            "sex": "m",
            "is_synthetic": True,
        }
        when = now or at(START)
        patient = children.register_child(clinic=self.clinic, by=self.nurse, now=when, **{**said, **values})
        return enrolment.enrol(patient=patient, clinic=self.clinic, by=self.nurse, now=when)

    def start(
        self, child: Enrolment, protocol: str = "prednisolone-ukiss", on: dt.date = START, **more: Any
    ) -> Course:
        """A course that was planned by the nurse and checked by a colleague."""
        edition = protocol_rows.ProtocolEdition.objects.get(protocol__key=protocol)
        said: dict[str, Any] = {"weight_kg": Decimal("7.2"), "length_cm": Decimal(66), **more}
        drafts = courses.plan_course(
            enrolment=child, protocol_edition=edition, start_on=on, by=self.nurse, now=at(on), **said
        )
        checked = courses.check_calendar(
            course=drafts[0], digest=drafts[0].calendar_digest, by=self.colleague, now=at(on)
        )
        return checked[0]


def ward(pathway: str = "iess-reference", *, key: str = "north") -> Ward:
    """A clinic whose people work by a pathway of the library."""
    load()
    roles.write_roles()
    clinic = make.ClinicFactory(key=key, name=f"{key.title()} clinic")
    staff = Ward(
        clinic=clinic,
        nurse=person(f"nurse-{key}", "nurse", clinic),
        colleague=person(f"colleague-{key}", "nurse", clinic),
        neurologist=person(f"neurologist-{key}", "neurologist", clinic),
        lead=person(f"lead-{key}", "clinic lead", clinic),
    )
    edition = protocol_rows.PathwayEdition.objects.get(pathway__key=pathway)
    enrolment.adopt_pathway(
        clinic=clinic, pathway_edition=edition, from_on=dt.date(2026, 12, 1), by=staff.lead, now=at(START)
    )
    return staff


def on(day_: dt.date) -> Entry:
    """An entry about a day."""
    return Entry(happened_on=day_)


def weights(child: Enrolment) -> list[Measurement]:
    """All weights of a child, corrected ones too."""
    return list(Measurement.objects.filter(patient=child.patient, kind="weight").order_by("pk"))


def review(child: Enrolment, day_: dt.date, staff: Ward) -> None:
    """The plan as it stands on the evening of a day."""
    review_enrolment(enrolment=child, by=staff.nurse, now=at(day_))
