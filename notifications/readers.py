"""Who can be written to, at which address, and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from clinic.models import Actor, Clinic, Contact, Holiday, Membership, WorkItem
from notifications.models import Delivery
from notifications.nights import nights_of
from notifications.policy.hours import Hours, next_allowed

LONGEST_CHAIN = 4


def members_of(clinics: Iterable[int]) -> dict[tuple[int, str], tuple[Actor, ...]]:
    """The members of some clinics who have an address, by clinic and role."""
    rows = Membership.objects.filter(
        clinic__in=clinics, ended_at=None, actor__kind=Actor.Kind.USER, actor__user__is_active=True
    ).exclude(actor__user__email="")
    members: dict[tuple[int, str], dict[int, Actor]] = {}
    for row in rows.select_related("actor__user").order_by("actor"):
        members.setdefault((row.clinic_id, row.role), {})[row.actor_id] = row.actor
    working = set(reached(actor for found in members.values() for actor in found.values()))
    return {
        key: here
        for key, found in members.items()
        if (here := tuple(actor for actor in found.values() if actor in working))
    }


def members_as(role: str, clinic: Clinic) -> tuple[Actor, ...]:
    """The clinic's members of a role who have an address."""
    return members_of([clinic.pk]).get((clinic.pk, role), ())


def address_of(actor: Actor) -> str:
    """Where an actor can be written to now; empty when it cannot."""
    if actor.contact is not None:
        return actor.contact.email if usable(actor.contact) else ""
    if actor.user is None or not actor.user.is_active:
        return ""
    return actor.user.email if reached([actor]) else ""


def reached(log_ins: Iterable[Actor]) -> tuple[Actor, ...]:
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
    days_off = Holiday.objects.by_clinic(houses)
    nights = nights_of(houses)
    return {
        pk: Hours(
            zone=house.zone,
            working_weekdays=frozenset(house.working_days),
            days_off=days_off.get(pk, frozenset()),
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
