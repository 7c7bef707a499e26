"""A letter that was taken and did not arrive: tried again where the cause may pass; then a person is told."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from clinic.models import Check, Contact, WorkItem
from notifications.models import Attempt, Delivery, Receipt
from notifications.packing import pack
from notifications.policy.backoff import ROUTINE
from notifications.receipts import handle_waiting
from notifications.sending_again import send_again
from tests.factories import clinic as make
from tests.factories.clinic import NOW, TODAY, ContactFactory
from tests.factories.notifications import DeliveryFactory, LadderFactory
from tests.notifications.conftest import send
from tests.notifications.mailsink import MailSink
from tests.notifications.test_receipts import BREVO, POSTMARK, SECRET, address_state, report, sent, webhook

pytestmark = pytest.mark.django_db
State = Delivery.State
SOON = NOW + timedelta(minutes=1)


def came_back(delivery: Delivery, *, number: int = 1, kind: str = "bounced") -> Delivery:
    """Report that a letter did not arrive today, and read the report."""
    report(delivery, kind, permanent=False, number=number)
    handle_waiting(now=NOW)
    delivery.refresh_from_db()
    return delivery


def test_a_routine_letter_that_did_not_arrive_goes_again_under_the_same_message_id(
    mail_server: MailSink,
) -> None:
    delivery = DeliveryFactory.create(pace="routine")
    send()

    came_back(delivery)
    send(now=SOON)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts_made) == (State.SENT, 2)
    assert list(mail_server.message_ids.values()) == [2]
    assert address_state(delivery) == "ok"
    assert not WorkItem.objects.exists()


def test_a_report_of_a_delay_is_noted_and_nothing_is_sent_again(mail_server: MailSink) -> None:
    delivery = DeliveryFactory.create(pace="routine")
    send()

    came_back(delivery, kind="deferred")
    send(now=SOON)

    assert delivery.state == State.SENT
    assert Receipt.objects.get().delivery == delivery
    assert len(mail_server.letters) == 1
    assert not WorkItem.objects.exists()


@pytest.mark.parametrize("pace", ["urgent", "emergency"])
def test_an_urgent_letter_that_did_not_arrive_reaches_somebody_else_at_once(pace: str) -> None:
    alternate = ContactFactory.create(name="Dr Partner")
    delivery = came_back(sent(pace=pace, reader__contact__alternate=alternate))

    assert (delivery.state, delivery.why) == (State.BOUNCED, "not-delivered")
    assert Delivery.objects.get(reader__contact=alternate).rung == delivery.rung
    item = WorkItem.objects.get()
    assert (item.kind, item.cause) == (WorkItem.Kind.DEAD_LETTER, f"delivery/{delivery.uid}")
    assert "mailbox is full" in item.text
    assert address_state(delivery) == "ok"


@pytest.mark.parametrize(
    ("made", "first_tried"),
    [(ROUTINE.attempts, timedelta()), (1, ROUTINE.whole + timedelta(minutes=1))],
    ids=["after the last attempt", "after days in another server's queue"],
)
def test_when_patience_ends_a_person_and_the_alternate_are_told(made: int, first_tried: timedelta) -> None:
    alternate = ContactFactory.create(name="Dr Partner")
    delivery = sent(pace="routine", attempts_made=made, reader__contact__alternate=alternate)
    Attempt.objects.create(delivery=delivery, at=NOW - first_tried, address="", meaning="accepted")

    came_back(delivery)

    assert (delivery.state, delivery.why) == (State.BOUNCED, "not-delivered")
    assert WorkItem.objects.get().kind == WorkItem.Kind.DEAD_LETTER
    assert Delivery.objects.filter(reader__contact=alternate).exists()
    assert address_state(delivery) == "ok"


def test_the_waits_are_those_of_a_temporary_answer() -> None:
    waits = []
    for made, wait in enumerate(ROUTINE.waits, start=1):
        delivery = came_back(sent(pace="routine", attempts_made=made), number=made)
        waits.append((delivery.send_at - NOW, wait))

    assert all(waited == wait for waited, wait in waits)


def test_a_second_report_about_the_same_attempt_sends_no_third_letter(mail_server: MailSink) -> None:
    delivery = DeliveryFactory.create(pace="routine")
    send()

    came_back(delivery, number=1)
    came_back(delivery, number=1)
    came_back(delivery, number=2)
    send(now=SOON)
    send(now=SOON + timedelta(hours=5))

    assert len(mail_server.letters) == 2


def test_a_report_that_comes_before_its_letter_is_settled_is_read_when_it_is() -> None:
    delivery = DeliveryFactory.create(
        pace="routine", state=State.CLAIMED, claim=UUID(int=1), lease_until=NOW, attempts_made=1
    )
    early = came_back(delivery).state

    Delivery.objects.update(state=State.SENT, sent_at=NOW, claim=None, lease_until=None)
    handle_waiting(now=NOW)

    delivery.refresh_from_db()
    assert (early, delivery.state) == (State.CLAIMED, State.READY)


def test_what_is_no_longer_wanted_is_not_sent_again(mail_server: MailSink) -> None:
    child = make.EnrolmentFactory.create()
    check = make.CheckFactory.create(enrolment=child, due_on=TODAY)
    LadderFactory.create(enrolment=child, cause_uid=check.uid)
    delivery = DeliveryFactory.create(
        clinic=child.clinic,
        enrolment=child,
        cause_kind="check",
        cause_uid=check.uid,
        letter="check_due",
        pace="routine",
    )
    send()

    came_back(delivery)
    Check.objects.update(state=Check.State.WAIVED, reason="not needed")
    send(now=SOON)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.why) == (State.WITHHELD, "waived")
    assert len(mail_server.letters) == 1


def test_a_letter_that_gathered_others_goes_again_with_what_is_still_wanted(mail_server: MailSink) -> None:
    first = DeliveryFactory.create(pace="routine", state=State.WAITING)
    DeliveryFactory.create(
        pace="routine",
        state=State.WAITING,
        reader=first.reader,
        clinic=first.clinic,
        enrolment=first.enrolment,
    )
    pack(now=NOW)
    send()
    gathered = Delivery.objects.get(letter="digest")

    came_back(gathered)
    waiting = set(Delivery.objects.values_list("state", flat=True))
    send(now=SOON)

    assert waiting == {State.READY, State.JOINED}
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.SENT}
    assert list(mail_server.message_ids.values()) == [2]


@pytest.mark.parametrize(
    ("taken", "day"), [(False, TODAY), (True, TODAY - timedelta(days=2))], ids=["free", "taken"]
)
def test_the_place_in_the_readers_day_moves_with_the_letter_where_that_day_is_free(
    taken: bool,
    day: date,
) -> None:
    delivery = sent(pace="routine", routine_on=TODAY - timedelta(days=2))
    if taken:
        sent(pace="routine", routine_on=TODAY, reader=delivery.reader, clinic=delivery.clinic)

    assert came_back(delivery).routine_on == day


def test_a_letter_that_waits_to_go_again_goes_no_more_when_its_address_proves_bad() -> None:
    delivery = came_back(sent(pace="routine", attempts_made=1))
    report(delivery, number=2)

    handle_waiting(now=NOW)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.why) == (State.DEAD, "bounced")
    assert address_state(delivery) == "bounced"
    assert WorkItem.objects.get().kind == WorkItem.Kind.BOUNCE


def test_a_person_who_sends_it_again_takes_it_off_the_list() -> None:
    delivery = came_back(sent())
    nurse = make.MembershipFactory.create(clinic=delivery.clinic).actor

    send_again(delivery=delivery, by=nurse, now=NOW)

    delivery.refresh_from_db()
    assert delivery.state == State.WAITING
    assert not WorkItem.objects.open().exists()


@pytest.mark.parametrize(
    ("provider", "body"),
    [
        ("postmark", lambda uid: {**POSTMARK, "Type": "SoftBounce", "Metadata": {"delivery": uid}}),
        ("brevo", lambda uid: {**brevo(uid), "event": "soft_bounce", "reason": "552 5.2.2 mailbox full"}),
        ("brevo", lambda uid: {**brevo(uid), "reason": "452 4.2.2 mailbox full"}),
        ("brevo", lambda uid: {**brevo(uid), "event": "error", "reason": ""}),
    ],
    ids=["Postmark's soft bounce", "Brevo's soft bounce", "a full mailbox", "Brevo could not send"],
)
def test_a_providers_soft_bounce_is_tried_again(provider: str, body: Any, settings: Any) -> None:
    settings.ANYMAIL = {**settings.ANYMAIL, "WEBHOOK_SECRET": SECRET}
    delivery = sent(pace="routine")

    answered = webhook(provider, body(str(delivery.uid)), SECRET)
    handle_waiting(now=NOW)

    delivery.refresh_from_db()
    assert answered == 200
    assert (delivery.state, delivery.send_at) == (State.READY, SOON)
    assert Contact.objects.get(actor=delivery.reader).address_state == "ok"


@pytest.mark.parametrize(
    ("provider", "body"),
    [
        ("postmark", lambda uid: {**POSTMARK, "Type": "Transient", "Metadata": {"delivery": uid}}),
        ("brevo", lambda uid: {**brevo(uid), "event": "deferred"}),
    ],
)
def test_a_provider_that_goes_on_trying_is_left_to_it(provider: str, body: Any, settings: Any) -> None:
    settings.ANYMAIL = {**settings.ANYMAIL, "WEBHOOK_SECRET": SECRET}
    delivery = sent(pace="routine")

    webhook(provider, body(str(delivery.uid)), SECRET)
    handle_waiting(now=NOW)

    delivery.refresh_from_db()
    assert delivery.state == State.SENT
    assert Receipt.objects.get().kind == Receipt.Kind.DEFERRED


def brevo(uid: str) -> dict[str, Any]:
    """Brevo's report about a letter."""
    return {**BREVO, "X-Mailin-custom": json.dumps({"delivery": uid})}
