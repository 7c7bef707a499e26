"""An answer that was a slip: it stays, struck through, and what it stopped or parked goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clinic.entries import Entry
from clinic.escalation import StepFollowed, speak
from clinic.models import Actor, Check, Escalation, WorkItem
from clinic.recording import record_blood_pressure
from clinic.roles import NotAllowed
from clinic.workitems import close_item
from notifications.acknowledgement import answer
from notifications.climbing import climb
from notifications.models import Delivery, Ladder, LinkUse
from notifications.policy.digest import UNDO_TIME
from notifications.taking_back import AnswerActedUpon, AnswerTooOld, NothingToTakeBack, take_back_answer
from tests.factories import ward as wards
from tests.factories.clinic import NOW, TODAY, ActorFactory, EscalationFactory, MembershipFactory
from tests.factories.notifications import DeliveryFactory, LadderFactory
from tests.notifications.test_acknowledgement import about_check

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(minutes=2)


def nurse_of(delivery: Delivery) -> Actor:
    user = {"actor__user__username": "answering-nurse@demo.example"}
    actor: Actor = MembershipFactory.create(clinic=delivery.clinic, **user).actor
    return actor


def test_what_was_parked_goes_on_and_the_answer_stays() -> None:
    delivery = about_check()
    stood = Ladder.objects.get()
    answer(delivery=delivery, answer="result_follows", now=NOW)

    use = take_back_answer(delivery=delivery, by=delivery.reader, now=SOON)
    twice = take_back_answer(delivery=delivery, by=delivery.reader, now=SOON + timedelta(seconds=9))
    climb(now=SOON)

    assert (use.undone_at, use.undone_by, twice.undone_at) == (SOON, delivery.reader, SOON)
    ladder = Ladder.objects.get()
    assert (ladder.parked_until, ladder.said) == (None, stood.said)
    assert ladder.next_at is not None
    assert SOON < ladder.next_at <= NOW + timedelta(days=2)
    assert LinkUse.objects.get().answer == "result_follows"


def test_after_a_slip_the_link_answers_once_more() -> None:
    delivery = about_check()
    answer(delivery=delivery, answer="not_my_patient", now=NOW)
    take_back_answer(delivery=delivery, by=delivery.reader, now=SOON)

    answer(delivery=delivery, answer="booked", booked_for=TODAY + timedelta(days=3), now=SOON)

    assert LinkUse.objects.standing().get().answer == "booked"
    assert LinkUse.objects.count() == 2
    assert Ladder.objects.get().parked_until is not None


@pytest.mark.parametrize("said", ["cannot", "not_my_patient"])
def test_a_no_that_was_none_leaves_the_list(said: str) -> None:
    delivery = about_check()
    answer(delivery=delivery, answer=said, reason="a slip", now=NOW)

    take_back_answer(delivery=delivery, by=delivery.reader, now=SOON)

    item = WorkItem.objects.get()
    assert (item.closed_by, item.closed_because) == (delivery.reader, "the answer was taken back")


def test_a_no_that_the_nurse_has_acted_on_stands() -> None:
    delivery = about_check()
    answer(delivery=delivery, answer="cannot", reason="a slip", now=NOW)
    close_item(item=WorkItem.objects.get(), by=nurse_of(delivery), now=SOON, because="called")

    with pytest.raises(AnswerActedUpon):
        take_back_answer(delivery=delivery, by=delivery.reader, now=SOON)

    assert LinkUse.objects.get().undone_at is None


def test_a_reader_has_ten_minutes_and_the_nurse_longer() -> None:
    delivery = about_check()
    answer(delivery=delivery, answer="result_follows", now=NOW)

    with pytest.raises(AnswerTooOld):
        take_back_answer(delivery=delivery, by=delivery.reader, now=NOW + UNDO_TIME)
    with pytest.raises(NotAllowed):
        take_back_answer(
            delivery=delivery, by=ActorFactory.create(user__username="other@demo.example"), now=SOON
        )
    use = take_back_answer(delivery=delivery, by=nurse_of(delivery), now=NOW + timedelta(hours=3))

    assert use.undone_at is not None


def test_somebody_elses_answer_still_parks() -> None:
    first, second = about_check(), DeliveryFactory.create(cause_kind="check")
    Delivery.objects.filter(pk=second.pk).update(cause_uid=first.cause_uid)
    second.refresh_from_db()
    answer(delivery=first, answer="booked", booked_for=TODAY + timedelta(days=3), now=NOW)
    until = Ladder.objects.get().parked_until
    answer(delivery=second, answer="result_follows", now=NOW)

    take_back_answer(delivery=second, by=second.reader, now=SOON)

    assert Ladder.objects.get().parked_until == until


@pytest.fixture
def taken_on() -> Delivery:
    """A letter about an escalation that its reader has, by a slip, said to act on."""
    ward = wards.ward()
    child = ward.child(now=NOW)
    record_blood_pressure(enrolment=child, entry=Entry(happened_at=NOW), systolic=113, by=ward.nurse, now=NOW)
    row = EscalationFactory.create(enrolment=child, rule="E02")
    delivery: Delivery = DeliveryFactory.create(
        clinic=ward.clinic,
        enrolment=child,
        letter="escalation_raised",
        cause_kind="escalation",
        cause_uid=row.uid,
    )
    LadderFactory.create(enrolment=child, cause_kind="escalation", cause_uid=row.uid, said=0)
    answer(delivery=delivery, answer="seen", now=NOW)
    assert Escalation.objects.get(pk=row.pk).state == "acknowledged"
    return delivery


def test_an_escalation_taken_on_by_a_slip_asks_again(taken_on: Delivery) -> None:
    take_back_answer(delivery=taken_on, by=taken_on.reader, now=SOON)

    row = Escalation.objects.get(uid=taken_on.cause_uid)
    assert (row.state, row.acknowledged_at, row.parked_until_on) == ("open", None, None)
    assert Ladder.objects.get(cause_uid=row.uid).parked_until is None
    assert row.steps.filter(entered_in_error=True, recorded_by=taken_on.reader).count() == 1


def test_an_escalation_about_which_more_was_done_stays_as_it_is(taken_on: Delivery) -> None:
    row = Escalation.objects.get(uid=taken_on.cause_uid)
    speak(escalation=row, spoke_to="Dr Aster", by=nurse_of(taken_on), now=SOON)

    with pytest.raises(StepFollowed):
        take_back_answer(delivery=taken_on, by=taken_on.reader, now=SOON)

    assert LinkUse.objects.get().undone_at is None


@pytest.mark.parametrize("state", ["done", "waived"])
def test_an_answer_about_what_is_settled_stays(state: str) -> None:
    delivery = about_check()
    answer(delivery=delivery, answer="result_follows", now=NOW)
    Check.objects.filter(uid=delivery.cause_uid).update(state=state, state_since_on=TODAY, reason="abroad")

    with pytest.raises(AnswerActedUpon):
        take_back_answer(delivery=delivery, by=delivery.reader, now=SOON)

    assert LinkUse.objects.get().undone_at is None


def test_an_escalation_that_was_acted_on_stays_as_it_is(taken_on: Delivery) -> None:
    Escalation.objects.filter(uid=taken_on.cause_uid).update(state="acted")

    with pytest.raises(AnswerActedUpon):
        take_back_answer(delivery=taken_on, by=taken_on.reader, now=SOON)


def test_a_letter_without_an_answer_has_nothing_to_take_back() -> None:
    delivery = about_check()

    with pytest.raises(NothingToTakeBack):
        take_back_answer(delivery=delivery, by=delivery.reader, now=SOON)
