"""Who is around a child, and whether an address was confirmed before it is first used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from clinic.children import stamps
from clinic.models import CareTeamMember, Contact
from clinic.roles import require
from clinic.timeline import Kind, tell_of_child
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from clinic.models import Actor, Clinic, Patient

CHANGEABLE = frozenset({"name", "practice", "email", "phone", "zone", "language", "alternate"})


class NoAddress(Refusal):
    """An address to confirm that is not there."""

    code = "no-address"


class OtherClinic(Refusal):
    """A contact of another clinic's address book."""

    code = "contact-not-found"


@transaction.atomic
def add_contact(*, clinic: Clinic, by: Actor, now: datetime, name: str, **more: Any) -> Contact:
    """Write somebody into the clinic's address book; the address waits for confirmation."""
    require(actor=by, permission="clinic.add_contact", clinic=clinic)
    contact = Contact.objects.create(clinic=clinic, name=name, **more, **stamps(by, now))
    tell_of_child(Kind.CONTACT_CHANGED, about=contact, patient=None, clinic=clinic, by=by, now=now)
    return contact


@transaction.atomic
def change_contact(*, contact: Contact, by: Actor, now: datetime, changes: Mapping[str, Any]) -> Contact:
    """Change a contact. Another address is a new one: it must be confirmed again."""
    require(actor=by, permission="clinic.change_contact", clinic=contact.clinic)
    row = Contact.objects.select_for_update(of=("self",)).select_related("clinic").get(pk=contact.pk)
    if "email" in changes and changes["email"] != row.email:
        row.confirmed_at = row.confirmed_by = row.address_state_at = None
        row.address_state = Contact.AddressState.OK
    for name in CHANGEABLE & set(changes):
        setattr(row, name, changes[name])
    row.changed_at, row.changed_by = now, by
    row.save()
    tell_of_child(Kind.CONTACT_CHANGED, about=row, patient=None, clinic=row.clinic, by=by, now=now)
    return row


@transaction.atomic
def confirm_address(*, contact: Contact, by: Actor, now: datetime) -> Contact:
    """Say that an address was confirmed with its owner; only then letters go there. Twice is once."""
    require(actor=by, permission="clinic.change_contact", clinic=contact.clinic)
    row = Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    if not row.email:
        raise NoAddress("There is no e-mail address to confirm. Enter one first.", field="email")
    if row.confirmed_at is None:
        row.confirmed_at, row.confirmed_by = now, by
        row.changed_at, row.changed_by = now, by
        row.save()
    return row


@transaction.atomic
def add_to_team(
    *, patient: Patient, clinic: Clinic, contact: Contact, role: str, by: Actor, now: datetime
) -> CareTeamMember:
    """Put a contact on a child's team. Twice is once."""
    require(actor=by, permission="clinic.add_careteammember", clinic=clinic)
    if contact.clinic_id != clinic.pk:
        raise OtherClinic("This contact is not in your address book. Add it there first.", field="contact")
    member, new = CareTeamMember.objects.get_or_create(
        patient=patient,
        clinic=clinic,
        contact=contact,
        role=role,
        ended_on=None,
        defaults=stamps(by, now),
    )
    if new:
        tell_of_child(Kind.CARE_TEAM_CHANGED, about=member, patient=patient, clinic=clinic, by=by, now=now)
    return member


@transaction.atomic
def take_off_team(*, member: CareTeamMember, by: Actor, now: datetime) -> CareTeamMember:
    """Take a contact off a child's team. Twice is once."""
    row = CareTeamMember.objects.select_for_update(of=("self",)).select_related("clinic", "patient")
    found = row.get(pk=member.pk)
    require(actor=by, permission="clinic.add_careteammember", clinic=found.clinic)
    if found.ended_on is None:
        found.ended_on = found.clinic.local_date(now)
        found.changed_at, found.changed_by = now, by
        found.save()
        tell_of_child(
            Kind.CARE_TEAM_CHANGED, about=found, patient=found.patient, clinic=found.clinic, by=by, now=now
        )
    return found
