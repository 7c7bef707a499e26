"""The night in which only an emergency is mailed is a row of the pathway edition that a clinic has in use."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from django.core.management import call_command

from clinic.models import Clinic, PathwayAdoption
from notifications.models import Delivery
from notifications.readers import closed_until, hours_of_house, hours_of_one
from protocols.models import PathwayEdition, Target
from tests.factories.clinic import NOW, TODAY, ActorFactory, ClinicFactory, PathwayEditionFactory
from tests.factories.notifications import DeliveryFactory

pytestmark = pytest.mark.django_db
HALF_PAST_EIGHT = NOW.replace(hour=2, minute=30) + timedelta(days=1)  # in the evening, in Chicago


def adopted(edition: PathwayEdition, *, clinic: Clinic) -> Clinic:
    by: dict[str, Any] = {"created_at": NOW, "created_by": ActorFactory.create()}
    PathwayAdoption.objects.create(
        clinic=clinic,
        pathway_edition=edition,
        from_on=TODAY,
        changed_at=NOW,
        changed_by=by["created_by"],
        **by,
    )
    return clinic


@pytest.fixture
def early() -> Clinic:
    """A clinic whose edition lets letters rest from eight in the evening until half a day later."""
    edition = PathwayEditionFactory.create()
    for position, (key, hour) in enumerate(
        (("letters_rest_from_hour", "20"), ("letters_rest_until_hour", "8"))
    ):
        Target.objects.create(
            edition=edition, position=position, key=key, title=key, value_kind="whole", value=hour, mark="P"
        )
    return adopted(edition, clinic=ClinicFactory.create())


def test_a_clinics_night_is_that_of_its_edition_in_the_readers_zone(early: Clinic) -> None:
    hours = hours_of_one(ActorFactory.create(), early)

    assert (hours.quiet_from, hours.quiet_until, hours.zone) == (time(20), time(8), early.zone)


def test_what_can_wait_waits_for_the_end_of_that_night_and_an_emergency_does_not(early: Clinic) -> None:
    urgent = DeliveryFactory.create(clinic=early, pace=Delivery.Pace.URGENT)
    emergency = DeliveryFactory.create(clinic=early, pace=Delivery.Pace.EMERGENCY)

    closed = closed_until([urgent, emergency], now=HALF_PAST_EIGHT)

    morning = HALF_PAST_EIGHT.replace(hour=14, minute=0)  # eight o'clock in Chicago
    assert closed == {urgent.pk: morning}


def test_an_edition_that_says_nothing_wakes_nobody() -> None:
    hours = hours_of_house(adopted(PathwayEditionFactory.create(), clinic=ClinicFactory.create()))

    assert (hours.quiet_from, hours.quiet_until) == (time(21), time(7))


def test_the_shipped_pathway_lets_letters_rest_from_nine_to_seven() -> None:
    call_command("load_library", verbosity=0)
    edition = PathwayEdition.objects.get(pathway__key="iess-first-line")

    said = Target.objects.filter(edition=edition, key__startswith="letters_rest").values_list("key", "value")

    assert dict(said) == {"letters_rest_from_hour": "21", "letters_rest_until_hour": "7"}
