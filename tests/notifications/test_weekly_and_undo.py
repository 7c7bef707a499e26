"""The week ahead is told once; a waiting letter can be taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clinic.actors import sweep_actor
from clinic.models import WorkItem
from clinic.roles import NotAllowed
from clinic.workitems import open_item
from notifications.models import Delivery
from notifications.sending_again import NotReturned, StillNoAddress, send_again
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
    by = MembershipFactory.create(clinic=letter.clinic).actor

    undo(delivery=letter, by=by, now=NOW)
    undone = undo(delivery=letter, by=by, now=NOW)

    assert undone.state == State.UNDONE
    assert undone.why == f"undone by {by.uid}"


@pytest.mark.parametrize("state", [State.READY, State.OVERTAKEN])
def test_a_letter_that_has_gone_is_not_taken_back(state: str) -> None:
    letter = DeliveryFactory.create(state=state)

    with pytest.raises(AlreadyGone):
        undo(delivery=letter, by=sweep_actor(), now=NOW)


def test_an_emergency_is_not_taken_back() -> None:
    letter = DeliveryFactory.create(state=State.WAITING, pace="emergency")

    with pytest.raises(EmergencyStays):
        undo(delivery=letter, by=sweep_actor(), now=NOW)


def test_another_clinics_nurse_takes_no_letter_back() -> None:
    letter = DeliveryFactory.create(state=State.WAITING)

    with pytest.raises(NotAllowed):
        undo(delivery=letter, by=ActorFactory.create(), now=NOW)


def test_a_dead_letter_is_sent_again_as_the_same_row_and_its_item_is_closed() -> None:
    letter = DeliveryFactory.create(state=State.DEAD, why="bad-letter", attempts_made=3, claims=4)
    by = MembershipFactory.create(clinic=letter.clinic).actor
    item = open_item(
        clinic=letter.clinic,
        kind=WorkItem.Kind.DEAD_LETTER,
        cause=f"delivery/{letter.uid}",
        due_on=NOW.date(),
        by=by,
        now=NOW,
    )

    send_again(delivery=letter, by=by, now=NOW)
    again = send_again(delivery=letter, by=by, now=NOW + timedelta(minutes=1))

    assert (again.pk, again.state, again.attempts_made, again.send_at) == (letter.pk, State.WAITING, 0, NOW)
    item.refresh_from_db()
    assert item.closed_because == "sent again"


def test_what_a_returned_digest_held_goes_again_letter_by_letter() -> None:
    digest = DeliveryFactory.create(
        letter="digest", state=State.BOUNCED, why="bounced", sent_at=NOW, pace="routine"
    )
    held = DeliveryFactory.create_batch(2, state=State.DEAD, why="bounced", parcel=digest)

    send_again(delivery=digest, by=sweep_actor(), now=NOW)

    digest.refresh_from_db()
    rows = Delivery.objects.filter(pk__in=[row.pk for row in held])
    assert digest.state == State.BOUNCED
    assert set(rows.values_list("state", "parcel")) == {(State.WAITING, None)}


def test_a_letter_is_not_sent_again_to_an_address_that_still_does_not_work() -> None:
    letter = DeliveryFactory.create(state=State.DEAD, why="bounced", reader__contact__address_state="bounced")

    with pytest.raises(StillNoAddress):
        send_again(delivery=letter, by=sweep_actor(), now=NOW)


def test_a_letter_that_was_received_is_not_sent_again() -> None:
    letter = DeliveryFactory.create(state=State.SENT, sent_at=NOW)

    with pytest.raises(NotReturned):
        send_again(delivery=letter, by=sweep_actor(), now=NOW)
