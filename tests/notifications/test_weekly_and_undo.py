"""The week ahead is told once; a waiting letter can be taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from notifications.models import Delivery
from notifications.undoing import AlreadyGone, EmergencyStays, undo
from notifications.weekly import write_weekly
from tests.factories.clinic import (
    NOW,
    ActorFactory,
    CareTeamMemberFactory,
    CheckFactory,
    EnrolmentFactory,
    MembershipFactory,
)
from tests.factories.notifications import DeliveryFactory

pytestmark = pytest.mark.django_db
State = Delivery.State


def test_the_week_ahead_is_written_once_for_practice_and_nurse_with_their_own_numbers() -> None:
    first, second = EnrolmentFactory.create_batch(2)
    CareTeamMemberFactory.create(patient=first.patient, clinic=first.clinic)
    MembershipFactory.create(
        clinic=first.clinic, actor__user__username="n@demo.example", actor__user__email="n@demo.example"
    )
    CheckFactory.create(enrolment=first, state="overdue")
    CheckFactory.create_batch(2, enrolment=second)

    written = write_weekly(now=NOW)
    again = write_weekly(now=NOW + timedelta(days=3))
    next_week = write_weekly(now=NOW + timedelta(days=8))

    rows = Delivery.objects.filter(rung="2027-W01")
    assert (written, again, next_week) == (2, 0, 2)
    assert {row.reader.kind: row.data for row in rows} == {
        "user": {"overdue": 1, "due": 2},
        "contact": {"overdue": 1},
    }


def test_a_week_in_which_nothing_is_asked_is_no_letter() -> None:
    MembershipFactory.create()

    assert write_weekly(now=NOW) == 0


def test_a_waiting_letter_is_taken_back_once() -> None:
    letter = DeliveryFactory.create(state=State.WAITING)
    by = ActorFactory.create()

    undo(delivery=letter, by=by, now=NOW)
    undone = undo(delivery=letter, by=by, now=NOW)

    assert undone.state == State.UNDONE
    assert undone.why == f"undone by {by.uid}"


@pytest.mark.parametrize("state", [State.READY, State.OVERTAKEN])
def test_a_letter_that_has_gone_is_not_taken_back(state: str) -> None:
    letter = DeliveryFactory.create(state=state)

    with pytest.raises(AlreadyGone):
        undo(delivery=letter, by=ActorFactory.create(), now=NOW)


def test_an_emergency_is_not_taken_back() -> None:
    letter = DeliveryFactory.create(state=State.WAITING, pace="emergency")

    with pytest.raises(EmergencyStays):
        undo(delivery=letter, by=ActorFactory.create(), now=NOW)
