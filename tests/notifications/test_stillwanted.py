"""A letter is looked at again at the moment of sending: what is no longer true does not go."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clinic.models import EnrolmentStep
from notifications.models import Delivery
from notifications.packing import pack
from tests.factories.clinic import NOW, TODAY, CheckFactory, CourseFactory, EscalationFactory, ReferralFactory
from tests.factories.notifications import DeliveryFactory, LadderFactory
from tests.notifications.conftest import send
from tests.notifications.mailsink import MailSink

pytestmark = pytest.mark.django_db
State = Delivery.State


def about_check(**more: object) -> Delivery:
    """A ready letter about a check that is due today."""
    delivery: Delivery = DeliveryFactory.create(
        letter="check_due", cause_kind="check", data={"observes": "blood-pressure", "due_on": "2027-01-04"}
    )
    CheckFactory.create(enrolment=delivery.enrolment, uid=delivery.cause_uid, **more)
    return delivery


@pytest.mark.parametrize("state", ["done", "waived", "cancelled"])
def test_a_check_that_is_settled_is_not_asked_for(mail_server: MailSink, state: str) -> None:
    delivery = about_check(state=state, reason="because")

    send()

    delivery.refresh_from_db()
    assert (delivery.state, delivery.why) == (State.WITHHELD, state)
    assert not mail_server.letters


@pytest.mark.parametrize("state", ["deceased", "withdrawn", "transferred", "completed"])
def test_nothing_is_sent_about_a_child_who_is_no_longer_followed(mail_server: MailSink, state: str) -> None:
    delivery = about_check()
    enrolment = delivery.enrolment
    assert enrolment is not None
    enrolment.state, enrolment.ended_at, enrolment.ended_by = state, NOW, delivery.caused_by
    enrolment.save()

    send()

    delivery.refresh_from_db()
    assert delivery.why == f"enrolment-{state}"
    assert not mail_server.letters


def test_s12_a_reported_death_pauses_at_once_and_a_reversed_one_lets_the_letter_go(
    mail_server: MailSink,
) -> None:
    delivery = about_check()
    enrolment = delivery.enrolment
    assert enrolment is not None
    enrolment.sending_paused_at, enrolment.sending_paused_by = NOW, delivery.caused_by
    enrolment.save()

    send()
    paused = Delivery.objects.get(pk=delivery.pk).state
    enrolment.sending_paused_at = enrolment.sending_paused_by = None
    enrolment.save()
    later = NOW + timedelta(hours=1)
    pack(now=later)
    send(now=later)

    assert paused == State.WAITING
    assert len(mail_server.letters) == 1


def test_while_a_hand_over_is_offered_only_escalations_are_told(mail_server: MailSink) -> None:
    delivery = about_check()
    escalation = DeliveryFactory.create(
        enrolment=delivery.enrolment, letter="escalation_raised", cause_kind="escalation"
    )
    EscalationFactory.create(enrolment=delivery.enrolment, uid=escalation.cause_uid, rule="E16")
    assert delivery.enrolment is not None
    EnrolmentStep.objects.create(
        patient=delivery.enrolment.patient,
        clinic=delivery.clinic,
        enrolment=delivery.enrolment,
        kind=EnrolmentStep.Kind.TRANSFER_OUT,
        happened_on=TODAY,
        known_at=NOW,
        recorded_at=NOW,
        recorded_by=delivery.caused_by,
    )

    send()

    delivery.refresh_from_db()
    escalation.refresh_from_db()
    assert (delivery.state, escalation.state) == (State.WAITING, State.SENT)


def test_an_answer_that_parks_the_ladder_stops_a_letter_that_is_already_packed(mail_server: MailSink) -> None:
    delivery = about_check()
    LadderFactory.create(
        enrolment=delivery.enrolment, cause_uid=delivery.cause_uid, parked_until=NOW + timedelta(days=3)
    )

    send()

    delivery.refresh_from_db()
    assert delivery.why == "parked"


def test_a_date_that_moved_away_is_not_called_due(mail_server: MailSink) -> None:
    delivery = about_check(due_on=TODAY + timedelta(days=5))

    send()

    delivery.refresh_from_db()
    assert delivery.why == "moved"


@pytest.mark.parametrize(
    ("days", "closes", "subject"),
    [
        (0, 3, "Due: a check by Mon 4 Jan"),
        (1, 3, "Overdue: a check was due Mon 4 Jan"),
        (9, 3, "Still missing: a check was due Mon 4 Jan"),
    ],
)
def test_the_letter_says_how_things_stand_when_it_goes(
    mail_server: MailSink, days: int, closes: int, subject: str
) -> None:
    about_check(closes_on=TODAY + timedelta(days=closes))

    send(now=NOW + timedelta(days=days))

    assert mail_server.letters[0]["Subject"] == subject


def test_a_resolved_escalation_and_a_called_off_referral_are_not_told(
    mail_server: MailSink,
) -> None:
    escalation = DeliveryFactory.create(letter="escalation_raised", cause_kind="escalation")
    EscalationFactory.create(
        enrolment=escalation.enrolment, uid=escalation.cause_uid, state="resolved", resolved_on=TODAY
    )
    referral = DeliveryFactory.create(cause_kind="referral")
    ReferralFactory.create(enrolment=referral.enrolment, uid=referral.cause_uid, state="called_off")

    send()

    assert set(Delivery.objects.values_list("why", flat=True)) == {"resolved", "called_off"}


def test_a_course_that_has_ended_changes_no_phase(mail_server: MailSink) -> None:
    delivery = DeliveryFactory.create(letter="phase_changes", cause_kind="course", data={"on": "2027-01-06"})
    CourseFactory.create(enrolment=delivery.enrolment, uid=delivery.cause_uid, status="dropped")

    send()

    delivery.refresh_from_db()
    assert delivery.why == "course-not-running"
