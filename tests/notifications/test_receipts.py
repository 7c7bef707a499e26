"""What comes back is kept, read when its letter is known, and becomes a person's work."""

from __future__ import annotations

import base64
import io
import json
import sys
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from anymail.webhooks.postmark import PostmarkTrackingWebhookView
from django.core.management import call_command
from django.test import Client, RequestFactory

from clinic.models import Contact, WorkItem
from clinic.workitems import close_item
from ispath.webhooks.reports import refuse_the_unreadable
from notifications.models import Attempt, Delivery, Receipt
from notifications.readers import address_of, members_as
from notifications.receipts import handle_waiting, keep
from tests.factories.clinic import NOW, ContactFactory, MembershipFactory
from tests.factories.notifications import DeliveryFactory

pytestmark = pytest.mark.django_db
State = Delivery.State
SECRET = "user:secret"


def sent(**more: Any) -> Delivery:
    """A letter the server took."""
    made: Delivery = DeliveryFactory.create(state=State.SENT, sent_at=NOW, settled_at=NOW, **more)
    return made


def report(delivery: Delivery, kind: str = "bounced", *, permanent: bool = True, number: int = 1) -> Receipt:
    """A provider's report about a letter."""
    return keep(
        kind=kind,
        permanent=permanent,
        provider="postmark",
        report_id=f"report-{number}",
        message_id=f"<{delivery.uid}@demo.example>",
        address="",
        now=NOW,
    )


def address_state(delivery: Delivery) -> str:
    """What is known of the reader's address."""
    return Contact.objects.get(actor=delivery.reader).address_state


def test_a_bounce_marks_the_address_makes_a_work_item_and_reaches_the_alternate_in_the_same_cycle() -> None:
    alternate = ContactFactory.create(name="Dr Partner")
    delivery = sent(reader__contact__alternate=alternate)
    report(delivery)

    handle_waiting(now=NOW)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.why) == (State.BOUNCED, "bounced")
    assert address_state(delivery) == "bounced"
    assert WorkItem.objects.get().kind == WorkItem.Kind.BOUNCE
    assert Delivery.objects.get(reader__contact=alternate).rung == delivery.rung


@pytest.mark.parametrize(
    ("kind", "state", "item"),
    [
        ("complained", "complained", WorkItem.Kind.COMPLAINT),
        ("opted_out", "opted_out", WorkItem.Kind.OPT_OUT),
    ],
)
def test_a_complaint_and_an_opt_out_go_to_a_person_and_not_into_silence(
    kind: str, state: str, item: str
) -> None:
    delivery = sent()
    report(delivery, kind)

    handle_waiting(now=NOW)

    delivery.refresh_from_db()
    assert delivery.state == State.SENT  # it was received
    assert address_state(delivery) == state
    assert WorkItem.objects.get().kind == item


def test_b22_a_receipt_that_arrives_before_its_letter_is_settled_is_kept_and_read_later() -> None:
    """B22: the receipt came before the row, was answered with 404, and was lost."""
    delivery = DeliveryFactory.create(
        state=State.CLAIMED, claim="00000000-0000-4000-8000-000000000001", lease_until=NOW
    )
    receipt = report(delivery)

    handle_waiting(now=NOW)
    too_early = Receipt.objects.get(pk=receipt.pk).handled_at
    Delivery.objects.update(state=State.SENT, sent_at=NOW, claim=None, lease_until=None)
    handle_waiting(now=NOW + timedelta(seconds=10))

    delivery.refresh_from_db()
    assert too_early is None
    assert delivery.state == State.BOUNCED


def test_a_report_that_comes_twice_is_one_receipt_and_one_work_item() -> None:
    delivery = sent()
    for _ in range(3):
        report(delivery)
        handle_waiting(now=NOW)

    assert Receipt.objects.count() == 1
    assert WorkItem.objects.count() == 1


def test_a_report_about_a_letter_we_never_sent_is_kept_for_a_week_and_then_put_away() -> None:
    keep(
        kind="bounced",
        permanent=True,
        provider="x",
        report_id="1",
        message_id="nobody@x",
        address="",
        now=NOW,
    )

    handle_waiting(now=NOW)
    assert Receipt.objects.get().handled_at is None
    handle_waiting(now=NOW + timedelta(days=8))
    assert Receipt.objects.get().handled_at is not None


def test_a_report_that_knows_only_the_providers_id_finds_its_letter() -> None:
    delivery = sent()
    Attempt.objects.create(delivery=delivery, at=NOW, address="", meaning="accepted", provider_id="pm-77")
    keep(kind="bounced", permanent=True, provider="x", report_id="1", message_id="pm-77", address="", now=NOW)

    handle_waiting(now=NOW)

    delivery.refresh_from_db()
    assert delivery.state == State.BOUNCED


POSTMARK = {
    "RecordType": "Bounce",
    "ID": 42,
    "Type": "HardBounce",
    "TypeCode": 1,
    "MessageID": "00000000-0000-0000-0000-000000000000",
    "Email": "doctor@demo.example",
    "BouncedAt": "2027-01-04T15:00:00Z",
}
BREVO = {
    "event": "hard_bounce",
    "id": 42,
    "email": "doctor@demo.example",
    "message-id": "<202701041500.1@smtp-relay.example>",
    "ts_epoch": 1799074800000,
    "reason": "550 5.1.1 no such user",
}


@pytest.mark.parametrize(
    ("provider", "body"),
    [
        ("postmark", lambda uid: {**POSTMARK, "Metadata": {"delivery": uid}}),
        ("brevo", lambda uid: {**BREVO, "X-Mailin-custom": json.dumps({"delivery": uid})}),
    ],
)
def test_reports_of_two_providers_mark_the_address(provider: str, body: Any, settings: Any) -> None:
    settings.ANYMAIL = {**settings.ANYMAIL, "WEBHOOK_SECRET": SECRET}
    delivery = sent()

    answered = webhook(provider, body(str(delivery.uid)), SECRET)
    handle_waiting(now=NOW)

    assert answered == 200
    delivery.refresh_from_db()
    assert delivery.state == State.BOUNCED
    assert address_state(delivery) == "bounced"


@pytest.mark.parametrize("text", ["a" * 100_000, "\0 a zero", "\udc80 half a character"])
def test_a_report_with_words_no_column_holds_is_kept_all_the_same(text: str, settings: Any) -> None:
    settings.ANYMAIL = {**settings.ANYMAIL, "WEBHOOK_SECRET": SECRET}
    delivery = sent()
    body = {**POSTMARK, "ID": text, "Email": text, "Metadata": {"delivery": str(delivery.uid)}}

    answered = [webhook("postmark", body, SECRET) for _ in range(2)]
    handle_waiting(now=NOW)

    assert answered == [200, 200]
    assert Receipt.objects.get().delivery == delivery


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"RecordType": "Bounce", "Metadata": [1], "Email": 1}',
    ],
    ids=lambda body: body[:12].decode(errors="replace"),
)
def test_what_no_provider_would_say_is_refused_and_nothing_breaks(body: bytes, settings: Any) -> None:
    settings.ANYMAIL = {**settings.ANYMAIL, "WEBHOOK_SECRET": SECRET}
    secret = base64.b64encode(SECRET.encode()).decode()
    request = RequestFactory().post(
        "/providers/", body, content_type="application/json", HTTP_AUTHORIZATION=f"Basic {secret}"
    )

    answered = refuse_the_unreadable(PostmarkTrackingWebhookView.as_view())(request)

    assert answered.status_code in {200, 400}
    assert not Receipt.objects.exists()


def test_a_report_without_the_secret_is_not_believed(settings: Any) -> None:
    settings.ANYMAIL = {**settings.ANYMAIL, "WEBHOOK_SECRET": SECRET}
    delivery = sent()

    answered = webhook("postmark", {**POSTMARK, "Metadata": {"delivery": str(delivery.uid)}}, "user:wrong")

    assert answered == 400
    assert not Receipt.objects.exists()


def webhook(provider: str, body: object, secret: str) -> int:
    """Post a report as the provider does; return the status."""
    from importlib import import_module

    from django.core.exceptions import SuspiciousOperation

    module = import_module(f"anymail.webhooks.{provider}")
    view = getattr(
        module,
        {"postmark": "PostmarkTrackingWebhookView", "brevo": "BrevoTrackingWebhookView"}[provider],
    )
    request = RequestFactory().post(
        "/providers/",
        json.dumps(body),
        content_type="application/json",
        HTTP_AUTHORIZATION="Basic " + base64.b64encode(secret.encode()).decode(),
    )
    try:
        return int(view.as_view()(request).status_code)
    except SuspiciousOperation:
        return 400


DSN = """From: MAILER-DAEMON@mx.example
To: ispath@demo.example
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

It did not work.
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; doctor@demo.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 no such user

--B
Content-Type: text/rfc822-headers

Message-ID: <{uid}@demo.example>
Subject: Due

--B--
"""


@pytest.mark.parametrize(
    ("action", "status", "state"),
    [
        ("failed", "5.1.1", State.BOUNCED),
        ("delayed", "4.2.2", State.SENT),
        ("delayed", "5.1.1", State.SENT),
        ("failed", "4.4.7", State.READY),
        ("Failed", "5.2.2", State.READY),
        ("failed", "", State.READY),
        ("delivered", "2.0.0", State.SENT),
    ],
)
def test_a_bounce_that_comes_back_as_mail_is_read(
    monkeypatch: pytest.MonkeyPatch, action: str, status: str, state: str
) -> None:
    delivery = sent(pace="routine")
    raw = DSN.format(action=action, status=status, uid=delivery.uid).encode()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))

    call_command("take_bounce", stdout=io.StringIO())
    handle_waiting(now=NOW)

    delivery.refresh_from_db()
    assert delivery.state == state


def test_an_answer_of_a_person_is_no_bounce(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = b"From: doctor@demo.example\nSubject: Re: Due\n\nThank you.\n"
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))

    call_command("take_bounce", stdout=io.StringIO())

    assert not Receipt.objects.exists()


def test_no_address_of_reports_is_open_without_a_provider(client: Client) -> None:
    assert client.post("/providers/postmark/tracking/").status_code in {400, 404}


def test_reports_about_letters_that_are_not_ours_keep_none_of_ours_waiting() -> None:
    ours = sent()
    Receipt.objects.bulk_create(
        Receipt(
            kind="bounced",
            permanent=True,
            provider="postmark",
            report_id=f"other-{number}",
            message_id=f"{number}@elsewhere.example",
            received_at=NOW - timedelta(hours=1),
        )
        for number in range(300)
    )
    report(ours)

    assert handle_waiting(now=NOW) == 1
    assert Receipt.objects.filter(handled_at=None).count() == 300
    handle_waiting(now=NOW + timedelta(days=8))
    assert not Receipt.objects.filter(handled_at=None).exists()


def test_a_log_in_whose_letters_come_back_is_written_to_no_more_until_its_item_is_closed() -> None:
    first, second = (
        MembershipFactory.create(actor__user__username=name, actor__user__email=name).actor
        for name in ("first@demo.example", "second@demo.example")
    )
    delivery = sent(reader=first)
    report(delivery)

    handle_waiting(now=NOW)

    item = WorkItem.objects.get(kind=WorkItem.Kind.BOUNCE)
    assert "colleague" in item.text
    assert address_of(first) == ""
    assert members_as("nurse", delivery.clinic) == (second,)
    assert Delivery.objects.get(reader=second).cause_uid == delivery.cause_uid
    close_item(item=item, by=second, now=NOW)
    assert address_of(first) == "first@demo.example"


def test_where_the_only_nurses_letters_come_back_the_lead_is_told() -> None:
    nurse = MembershipFactory.create(
        actor__user__username="n@demo.example", actor__user__email="n@demo.example"
    ).actor
    lead = MembershipFactory.create(
        role="clinic lead", actor__user__username="l@demo.example", actor__user__email="l@demo.example"
    ).actor
    delivery = sent(reader=nurse)
    report(delivery)

    handle_waiting(now=NOW)

    assert Delivery.objects.exclude(pk=delivery.pk).get().reader == lead


@pytest.mark.parametrize(("pace", "hour"), [("routine", 13), ("urgent", 13), ("emergency", 9)])
def test_a_letter_that_came_back_at_night_wakes_nobody_but_in_an_emergency(pace: str, hour: int) -> None:
    night = NOW.replace(hour=9)  # three in the morning in Chicago
    alternate = ContactFactory.create(name="Dr Partner")
    report(sent(reader__contact__alternate=alternate, pace=pace))

    handle_waiting(now=night)

    assert Delivery.objects.get(reader__contact=alternate).send_at == NOW.replace(hour=hour)
