"""A clinic at work, and its people at their desks."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client

from clinic.models import Actor, CoverShift
from tests.factories import ward as wards
from tests.factories.ward import Ward

# Ten in the morning in Chicago, nine days after the start.
MORNING = wards.at(wards.day(9))


@pytest.fixture
def ward(db: None) -> Ward:
    """The clinic of these tests."""
    return wards.ward()


@pytest.fixture(autouse=True)
def clock() -> object:
    """The edges read this clock."""
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


def desk(actor: Actor) -> Client:
    """A browser in which somebody is logged in."""
    client = Client()
    assert actor.user is not None
    actor.user.is_staff = True
    actor.user.save()
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def nurse(ward: Ward) -> Client:
    """The nurse's browser."""
    return desk(ward.nurse)


@pytest.fixture
def neurologist(ward: Ward) -> Client:
    """The neurologist's browser."""
    return desk(ward.neurologist)


@pytest.fixture
def covered(ward: Ward) -> CoverShift:
    """Somebody answers this hour."""
    stamps = {"created_by": ward.lead, "created_at": MORNING, "changed_by": ward.lead, "changed_at": MORNING}
    return CoverShift.objects.create(
        clinic=ward.clinic,
        starts_at=MORNING - dt.timedelta(hours=2),
        ends_at=MORNING + dt.timedelta(hours=6),
        name="Dr Cover",
        phone="+1 555 0199",
        **stamps,
    )
