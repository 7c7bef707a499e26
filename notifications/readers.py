"""From a role to people who can be written to, and when.

A role is first looked for in the child's own care team, then among the clinic's members. Whoever cannot be
written to (no address, not confirmed, bounced, opted out) is replaced by the alternate contact; where nobody
is left the clinic's nurses are told instead, because a letter to nobody is silence.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from clinic.actors import actor_for_contact
from clinic.models import (
    Actor,
    CareTeamMember,
    Clinic,
    Contact,
    CoverShift,
    Enrolment,
    Holiday,
    Membership,
    WorkItem,
)
from notifications.models import Delivery
from notifications.nights import nights_of
from notifications.policy.hours import Hours, next_allowed
from protocols.engine.pathway import Role

TEAM_ROLES = {
    Role.NURSE: CareTeamMember.Role.NURSE,
    Role.NEUROLOGIST: CareTeamMember.Role.NEUROLOGIST,
    Role.CLINIC_LEAD: CareTeamMember.Role.CLINIC_LEAD,
    Role.PEDIATRICIAN: CareTeamMember.Role.PEDIATRICIAN,
    Role.OPHTHALMOLOGY: CareTeamMember.Role.OPHTHALMOLOGY,
    Role.EPILEPTOLOGIST: CareTeamMember.Role.EPILEPTOLOGIST,
}
# Who stands in at the clinic when the child's care team lists nobody in the role.
MEMBER_ROLES = {
    Role.NURSE: Membership.Role.NURSE,
    Role.NEUROLOGIST: Membership.Role.NEUROLOGIST,
    Role.CLINIC_LEAD: Membership.Role.CLINIC_LEAD,
    Role.EPILEPTOLOGIST: Membership.Role.NEUROLOGIST,
    Role.ON_CALL: Membership.Role.NEUROLOGIST,
    Role.NEUROLOGIST_ON_CALL: Membership.Role.NEUROLOGIST,
}
# An emergency department is not mailed and hoped for: whoever covers the clinic phones it.
ON_DUTY = frozenset({Role.ON_CALL, Role.NEUROLOGIST_ON_CALL, Role.EMERGENCY_DEPARTMENT})
LONGEST_CHAIN = 4
ROLES = {role.value: role for role in Role}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The people for a role. `instead`: nobody of that role could be written to, these stand in."""

    actors: tuple[Actor, ...]
    instead: bool = False


def readers_for(role: str, *, enrolment: Enrolment, now: datetime) -> Found:
    """Find whom to write to for a role about one child."""
    named = ROLES.get(role, Role.NURSE)
    if named in ON_DUTY and (covering := _on_cover(enrolment.clinic, now=now)):
        return Found(actors=covering)
    if team := _on_team(named, enrolment):
        return Found(actors=team)
    if members := members_as(MEMBER_ROLES.get(named), enrolment.clinic):
        return Found(actors=members)
    nurses = members_as(Membership.Role.NURSE, enrolment.clinic)
    return Found(actors=nurses or members_as(Membership.Role.CLINIC_LEAD, enrolment.clinic), instead=True)


def members_as(role: str | None, clinic: Clinic) -> tuple[Actor, ...]:
    """The clinic's members of a role who have an address."""
    members = Actor.objects.filter(
        memberships__clinic=clinic,
        memberships__role=role,
        memberships__ended_at=None,
        user__is_active=True,
        kind=Actor.Kind.USER,
    )
    found = members.exclude(user__email="").select_related("user").distinct().order_by("pk")
    return _reached(found)


def address_of(actor: Actor) -> str:
    """Where an actor can be written to now; empty when it cannot."""
    if actor.contact is not None:
        return actor.contact.email if usable(actor.contact) else ""
    if actor.user is None or not actor.user.is_active:
        return ""
    return actor.user.email if _reached([actor]) else ""


def _reached(log_ins: Iterable[Actor]) -> tuple[Actor, ...]:
    """Those whose letters do not come back: while the item about a log-in is open nothing is sent there."""
    causes = {f"reader/{actor.uid}": actor for actor in log_ins}
    items = WorkItem.objects.open().filter(cause__in=list(causes))
    back = set(
        items.filter(kind__in=(WorkItem.Kind.BOUNCE, WorkItem.Kind.COMPLAINT)).values_list("cause", flat=True)
    )
    return tuple(actor for cause, actor in causes.items() if cause not in back)


def usable(contact: Contact) -> bool:
    """Whether a contact has an address that was confirmed and still works."""
    return bool(contact.email) and contact.confirmed_at is not None and contact.address_state == "ok"


def reachable(contact: Contact | None) -> Contact | None:
    """The contact itself, or the first alternate along its chain who can be written to."""
    for _ in range(LONGEST_CHAIN):
        if contact is None or usable(contact):
            return contact
        contact = contact.alternate
    return None


def hours_of_houses(clinics: Iterable[Clinic]) -> dict[int, Hours]:
    """Each clinic's own hours: its zone, its working days, the night of its pathway."""
    houses = {clinic.pk: clinic for clinic in clinics}
    days_off: dict[int, set[date]] = {}
    for clinic, on in Holiday.objects.filter(clinic__in=houses).values_list("clinic", "on"):
        days_off.setdefault(clinic, set()).add(on)
    nights = nights_of(houses)
    return {
        pk: Hours(
            zone=house.zone,
            working_weekdays=frozenset(house.working_days),
            days_off=frozenset(days_off.get(pk, ())),
            **nights.get(pk, {}),
        )
        for pk, house in houses.items()
    }


def hours_of_house(clinic: Clinic) -> Hours:
    """The clinic's own hours."""
    return hours_of_houses([clinic])[clinic.pk]


def hours_of(readers: Iterable[int], *, clinics: Iterable[int]) -> dict[tuple[int, int], Hours]:
    """The hours of each reader towards each clinic: the reader's zone, the clinic's days and night."""
    houses = hours_of_houses(Clinic.objects.filter(pk__in=list(clinics)))
    zones = dict(Actor.objects.filter(pk__in=list(readers)).values_list("pk", "contact__zone"))
    return {
        (reader, clinic): replace(house, zone=zone or house.zone)
        for reader, zone in zones.items()
        for clinic, house in houses.items()
    }


def hours_of_one(reader: Actor, clinic: Clinic) -> Hours:
    """The hours of one reader towards one clinic."""
    return hours_of([reader.pk], clinics=[clinic.pk])[reader.pk, clinic.pk]


def closed_until(deliveries: Iterable[Delivery], *, now: datetime) -> dict[int, datetime]:
    """Of letters about to go those that must wait, and until when: night, and for routine ones a day off."""
    rows = [row for row in deliveries if row.pace != row.Pace.EMERGENCY]
    houses = hours_of_houses({row.clinic for row in rows})
    found = {}
    for row in rows:
        hours = replace(houses[row.clinic_id], zone=_zone_of(row))
        until = next_allowed(now, hours, working_days_only=row.pace == row.Pace.ROUTINE)
        if until > now:
            found[row.pk] = until
    return found


def local_day(delivery: Delivery, moment: datetime) -> date:
    """The reader's date at a moment."""
    return moment.astimezone(ZoneInfo(_zone_of(delivery))).date()


def _zone_of(delivery: Delivery) -> str:
    contact = delivery.reader.contact
    return (contact.zone if contact is not None else "") or delivery.clinic.zone


def _on_team(role: Role, enrolment: Enrolment) -> tuple[Actor, ...]:
    if role not in TEAM_ROLES:
        return ()
    members = CareTeamMember.objects.filter(
        patient=enrolment.patient_id, clinic=enrolment.clinic_id, role=TEAM_ROLES[role], ended_on=None
    ).select_related("contact__alternate__alternate")
    found = {
        contact.pk: contact for member in members.order_by("pk") if (contact := reachable(member.contact))
    }
    return tuple(actor_for_contact(contact) for contact in found.values())


def _on_cover(clinic: Clinic, *, now: datetime) -> tuple[Actor, ...]:
    shifts = CoverShift.objects.filter(clinic=clinic, starts_at__lte=now, ends_at__gt=now).exclude(email="")
    emails = list(shifts.values_list("email", flat=True))
    contacts = Contact.objects.filter(clinic=clinic, email__in=emails).order_by("pk")
    users = (
        Actor.objects.filter(user__email__in=emails, user__is_active=True)
        .select_related("user")
        .order_by("pk")
    )
    return (*_reached(users), *(actor_for_contact(contact) for contact in contacts if usable(contact)))
