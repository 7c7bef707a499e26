"""From whoever stands at an edge to the one actor behind a write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import Group
from django.db import transaction

from clinic.models import Actor, Membership

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.contrib.auth.models import User

    from clinic.models import Clinic, Contact


def actor_for_user(user: User) -> Actor:
    """Return the actor of a person with a log-in, made at the first act."""
    name = user.get_full_name() or user.get_username()
    actor, _ = Actor.objects.get_or_create(user=user, defaults={"kind": Actor.Kind.USER, "name": name})
    return actor


def actor_for_contact(contact: Contact) -> Actor:
    """Return the actor of a contact who answers by a link."""
    defaults = {"kind": Actor.Kind.CONTACT, "name": contact.name}
    actor, _ = Actor.objects.get_or_create(contact=contact, defaults=defaults)
    return actor


def actors_for_contacts(contacts: Iterable[Contact]) -> dict[int, Actor]:
    """Return the actors of some contacts, by contact; one that has none yet is made."""
    named = {contact.pk: contact for contact in contacts}
    found = {actor.contact_id: actor for actor in Actor.objects.filter(contact__in=named)}
    actors = {pk: found.get(pk) or actor_for_contact(contact) for pk, contact in named.items()}
    for pk, actor in actors.items():
        actor.contact = named[pk]
    return actors


def actor_for_client(*, key: str, name: str) -> Actor:
    """Return the actor of an API client, by the key the client is registered under."""
    defaults = {"kind": Actor.Kind.API_CLIENT, "name": name}
    actor, _ = Actor.objects.get_or_create(client_key=key, defaults=defaults)
    return actor


def sweep_actor() -> Actor:
    """Return the actor behind what time alone changes."""
    actor, _ = Actor.objects.get_or_create(kind=Actor.Kind.SWEEP, defaults={"name": "the sweep"})
    return actor


def seed_actor() -> Actor:
    """Return the actor behind synthetic data."""
    actor, _ = Actor.objects.get_or_create(kind=Actor.Kind.SEED, defaults={"name": "the seed"})
    return actor


def operator_actor() -> Actor:
    """Return the actor behind a command typed at a shell by somebody who named no account."""
    actor, _ = Actor.objects.get_or_create(kind=Actor.Kind.OPERATOR, defaults={"name": "the operator"})
    return actor


@transaction.atomic
def join_clinic(*, actor: Actor, clinic: Clinic, role: str, by: Actor, now: datetime) -> Membership:
    """Give an actor a role at a clinic; a user joins the Django group of the role. Twice is once."""
    membership, _ = Membership.objects.get_or_create(
        actor=actor,
        clinic=clinic,
        role=role,
        ended_at=None,
        defaults={
            "created_by": by,
            "created_at": now,
            "changed_by": by,
            "changed_at": now,
        },
    )
    if actor.user is not None:
        actor.user.groups.add(Group.objects.get_or_create(name=role)[0])
    return membership


@transaction.atomic
def leave_clinic(*, membership: Membership, by: Actor, now: datetime) -> None:
    """End a membership; the Django group goes with the last one of its role."""
    row = (
        Membership.objects.select_for_update(of=("self",)).select_related("actor__user").get(pk=membership.pk)
    )
    if row.ended_at is not None:
        return
    row.ended_at, row.ended_by, row.changed_at, row.changed_by = now, by, now, by
    row.save(update_fields=["ended_at", "ended_by", "changed_at", "changed_by"])
    elsewhere = Membership.objects.filter(actor=row.actor, role=row.role, ended_at=None)
    if row.actor.user is not None and not elsewhere.exists():
        row.actor.user.groups.remove(*Group.objects.filter(name=row.role))
