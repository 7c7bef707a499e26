"""The shipped library in a test's database, people who may sign, and editions at each point of their life."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TypeVar

from django.contrib.auth.models import Group, User

from protocols import loading, models, signing
from protocols.shipping import shipped

NOW = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)
TODAY = NOW.date()

AnyEdition = TypeVar("AnyEdition", models.ProtocolEdition, models.PathwayEdition)


@cache
def library_files() -> loading.Shipped:
    return shipped()


def load_library() -> loading.Loaded:
    """Load the shipped library; nobody has signed any of it."""
    return loading.load(library_files(), now=NOW)


def person(role: str, *, name: str = "") -> User:
    """Somebody who holds one role: `lead` and `neurologist` sign."""
    user, _ = User.objects.get_or_create(username=name or f"{role.replace(' ', '-')}@demo.example")
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    return user


def lead() -> User:
    return person("pathway lead")


def neurologist() -> User:
    return person("neurologist")


def protocol_edition(key: str = "prednisolone-ukiss") -> models.ProtocolEdition:
    """A shipped edition, as the library loaded it."""
    editions = models.ProtocolEdition.objects.select_related("protocol")
    edition: models.ProtocolEdition = editions.get(protocol__key=key, number="1")
    return edition


def signed(edition: AnyEdition, *, now: dt.datetime = NOW) -> AnyEdition:
    """The edition with two signatures."""
    edition = signing.sign_edition(edition, role="pathway lead", by=lead(), now=now)
    return signing.sign_edition(edition, role="neurologist", by=neurologist(), now=now)


def in_force(edition: AnyEdition, *, on: dt.date = TODAY, now: dt.datetime = NOW) -> AnyEdition:
    """The edition, signed and in force from a day."""
    return signing.put_in_force(signed(edition, now=now), on=on, by=lead(), now=now)


def library_in_force(*, on: dt.date = TODAY, now: dt.datetime = NOW) -> None:
    """The whole library, loaded, signed by two people and in force from a day."""
    load_library()
    for edition in models.ProtocolEdition.objects.filter(state="checked").order_by("pk"):
        in_force(edition, on=on, now=now)
    for policy in models.PathwayEdition.objects.filter(state="checked").order_by("pk"):
        in_force(policy, on=on, now=now)
