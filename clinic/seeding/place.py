"""The synthetic clinic itself: its people, its contacts, the editions it signed and adopted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User

from clinic import models
from clinic.actors import actor_for_user, join_clinic, seed_actor
from clinic.courses import first_day_of, last_dose_of, target_day
from clinic.models import Membership
from clinic.roles import write_roles
from clinic.seeding.editions import put_in_force
from clinic.seeding.people import PRACTICES
from protocols import models as protocol_rows
from protocols import reading
from protocols.engine.course import CourseDetails, Formulary
from protocols.engine.days import date_of_treatment_day
from protocols.engine.dosing import dose_calendar
from protocols.engine.regimen import Purpose
from protocols.in_force import whole_formulary
from protocols.refusal import Refusal

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from protocols.engine.regimen import ProtocolEdition

PASSWORD = "demo-ispath"  # noqa: S105  printed by make run; synthetic clinics only
Role = Membership.Role
PEOPLE = (
    ("nurse", "Nell", "Nurse-Demo", (Role.NURSE,)),
    ("neurologist", "Nel", "Neuro-Demo", (Role.NEUROLOGIST,)),
    ("lead", "Lee", "Lead-Demo", (Role.CLINIC_LEAD, Role.NURSE)),
    ("pathway", "Pat", "Pathway-Demo", (Role.PATHWAY_LEAD, Role.NEUROLOGIST)),
    ("pharmacist", "Phil", "Pharmacist-Demo", (Role.PHARMACIST,)),
    ("operator", "Ola", "Operator-Demo", (Role.OPERATOR,)),
)
LAKESIDE = {
    "name": "Lakeside Demo Infantile Spasms Clinic",
    "mrn_system": "urn:oid:2.999.10",
    "phone": "+1 555 0100",
    "emergency_phone": "+1 555 0911",
    "video_instructions": "Film the whole cluster and send it through the portal of the clinic.",
}
ZONES = (
    "America/Chicago",
    "America/Los_Angeles",
    "Pacific/Auckland",
    "Asia/Tokyo",
    "Asia/Kolkata",
    "Europe/Athens",
    "Europe/London",
)
WORKING_HOURS = range(8, 18)
COVERED = timedelta(days=90)
HARBOUR = {
    "name": "Harbour Demo Infantile Spasms Clinic",
    "zone": "Europe/London",
    "mrn_system": "urn:oid:2.999.20",
    "phone": "+44 1632 960100",
    "emergency_phone": "+44 1632 960999",
}


class TooEarly(Refusal):
    """A day before the clinic's editions were in force."""

    code = "too-early"


@dataclass(frozen=True, slots=True, kw_only=True)
class Regimen:
    """A protocol edition in force, with the drug and product the clinic gives it with."""

    edition: protocol_rows.ProtocolEdition
    drug: protocol_rows.Drug
    product: protocol_rows.Product
    choices: Mapping[str, str]
    days: Mapping[str, int | None]

    def planned(self, start_on: dt.date) -> dict[str, dt.date | None]:
        """The planned dates of a course that starts on a day, by column; None where nobody planned."""
        return {
            column: None if days is None else start_on + timedelta(days=days)
            for column, days in self.days.items()
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One synthetic clinic and everybody in it."""

    clinic: models.Clinic
    now: dt.datetime
    nurse: models.Actor
    neurologist: models.Actor
    pathway: protocol_rows.PathwayEdition
    regimens: dict[str, Regimen]
    pediatricians: tuple[models.Contact, ...]
    neurology: models.Contact
    eyes: models.Contact
    surgery: models.Contact


def people(clinic: models.Clinic, *, now: dt.datetime, prefix: str = "") -> dict[str, models.Actor]:
    """Make the demo log-ins and give each its roles at a clinic."""
    write_roles()
    seed, password = seed_actor(), make_password(PASSWORD)
    actors = {}
    for name, first, last, roles in PEOPLE:
        address = f"{prefix}{name}@demo.example"
        user, _ = User.objects.get_or_create(
            username=address,
            defaults={
                "email": address,
                "first_name": first,
                "last_name": last,
                "password": password,
                "is_staff": True,
            },
        )
        actors[name] = actor_for_user(user)
        for role in roles:
            join_clinic(actor=actors[name], clinic=clinic, role=role, by=seed, now=now)
    return actors


def contact(
    clinic: models.Clinic, *, now: dt.datetime, name: str, practice: str, **more: object
) -> models.Contact:
    """A contact whose address was confirmed; the address cannot be anybody's."""
    words = f"{name} {practice}".lower().replace(".", "").replace("'", "").replace("’", "").split()
    seed = seed_actor()
    stamp = {"created_at": now, "created_by": seed, "changed_at": now, "changed_by": seed}
    row, _ = models.Contact.objects.get_or_create(
        clinic=clinic,
        email=f"{'-'.join(words)[:50]}@{clinic.key}.example",
        defaults={
            "name": name,
            "practice": practice,
            "phone": "+1 555 0123",
            "confirmed_at": now,
            "confirmed_by": seed,
            "is_synthetic": True,
            **stamp,
            **more,
        },
    )
    return row


def pediatricians(clinic: models.Clinic, *, now: dt.datetime) -> tuple[models.Contact, ...]:
    """The practices, each with somebody who stands in."""
    found = []
    for name, practice in PRACTICES:
        desk = contact(clinic, now=now, name="Front desk", practice=practice)
        found.append(contact(clinic, now=now, name=name, practice=practice, alternate=desk))
    return tuple(found)


def regimen(key: str, *, product: str, known: Formulary, on: dt.date, **choices: str) -> Regimen:
    """The edition of a protocol in force on a day, and how long its course is for anybody."""
    edition = protocol_rows.ProtocolEdition.objects.in_force(on).get(protocol__key=key)
    values = reading.protocol_values(edition)
    row = protocol_rows.Product.objects.select_related("drug").get(key=product)
    details = CourseDetails(
        start_on=on,
        weight_kg=Decimal(7),  # any: the length of a course does not hang on it
        products={row.drug.key: known.products[product]},
        choices=choices,
    )
    calendar = dose_calendar(values, details=details, formulary=known)
    dates = {
        "planned_last_dose_on": last_dose_of(calendar, row.drug.key),
        "taper_on": first_day_of(calendar, row.drug.key, Purpose.TAPER),
        "target_dose_on": target_day(calendar, row.drug.key),
        "dose_decision_on": first_question(values, on),
    }
    days = {column: None if day is None else (day - on).days for column, day in dates.items()}
    return Regimen(edition=edition, drug=row.drug, product=row, choices=choices, days=days)


def first_question(edition: ProtocolEdition, on: dt.date) -> dt.date | None:
    """The day on which a prescriber is asked about the first conditional step."""
    asked = [condition.asked_on_day for condition in edition.conditions]
    return date_of_treatment_day(start_on=on, day=min(asked)) if asked else None


def daytime_zone(now: dt.datetime) -> str:
    """A zone where it is working time, so that a demo sends its letters while somebody looks."""
    return next((zone for zone in ZONES if now.astimezone(ZoneInfo(zone)).hour in WORKING_HOURS), ZONES[0])


def open_place(key: str, columns: dict[str, str], *, now: dt.datetime, prefix: str = "") -> Place:
    """Open a synthetic clinic, or find it. Raises TooEarly before the day its editions came into force."""
    columns = {"zone": daytime_zone(now), **columns}
    clinic, _ = models.Clinic.objects.get_or_create(
        key=key, defaults={**columns, "working_days": [1, 2, 3, 4, 5, 6, 7], "is_synthetic": True}
    )
    on = clinic.local_date(now)
    actors = people(clinic, now=now, prefix=prefix)
    if not prefix:
        put_in_force(clinic, now=now)
    pathway = protocol_rows.PathwayEdition.objects.in_force(on).filter(pathway__key="iess-first-line").first()
    if pathway is None:
        raise TooEarly(
            f"On {on.isoformat()} no edition of iess-first-line was in force here yet. "
            "Choose a later day, or an empty database."
        )
    cover(clinic, by=actors["lead"], now=now)
    adopt(clinic, pathway, by=actors["pathway"], now=now, on=on)
    known = whole_formulary()
    return Place(
        clinic=clinic,
        now=now,
        nurse=actors["nurse"],
        neurologist=actors["neurologist"],
        pathway=pathway,
        regimens={
            "prednisolone": regimen(
                "prednisolone-ukiss", product="prednisolone-10mg-ml", known=known, on=on, times_at_40_mg="4"
            ),
            "vigabatrin": regimen(
                "vigabatrin-ukiss",
                product="vigabatrin-50mg-ml",
                known=known,
                on=on,
                duration_months="6",
                taper_steps="us-label",
            ),
        },
        pediatricians=pediatricians(clinic, now=now),
        neurology=contact(clinic, now=now, name="Dr. Nel Neuro-Demo", practice="Child neurology"),
        eyes=contact(clinic, now=now, name="Dr. Iris Eye-Demo", practice="Pediatric ophthalmology"),
        surgery=contact(
            clinic, now=now, name="Dr. Sol Surgeon-Demo", practice="Demo Epilepsy Surgery Program"
        ),
    )


def cover(clinic: models.Clinic, *, by: models.Actor, now: dt.datetime) -> None:
    """Somebody answers for the clinic at every hour of the next months."""
    if models.CoverShift.objects.filter(clinic=clinic, ends_at__gt=now).exists():
        return
    models.CoverShift.objects.create(
        clinic=clinic,
        starts_at=now,
        ends_at=now + COVERED,
        name="Dr. Nel Neuro-Demo",
        phone=clinic.emergency_phone,
        created_at=now,
        created_by=by,
        changed_at=now,
        changed_by=by,
    )


def adopt(
    clinic: models.Clinic,
    pathway: protocol_rows.PathwayEdition,
    *,
    by: models.Actor,
    now: dt.datetime,
    on: dt.date,
) -> None:
    """Let the clinic give this pathway edition to new enrolments."""
    stamp = {"created_at": now, "created_by": by, "changed_at": now, "changed_by": by}
    models.PathwayAdoption.objects.get_or_create(
        clinic=clinic, until_on=None, defaults={"pathway_edition": pathway, "from_on": on, **stamp}
    )
