"""The pages behind the links: they show no identity before the code, and act on POST only."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from clinic.models import BloodPressure, WorkItem
from notifications import links
from notifications.letterhead import read_letterhead
from notifications.models import Delivery, LinkCode, LinkUse
from notifications.policy.digest import UNDO_TIME
from tests.factories.clinic import NOW, CareTeamMemberFactory, EnrolmentFactory, EscalationFactory
from tests.factories.notifications import DeliveryFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_the_moment_of_the_letter() -> Any:
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def delivery() -> Delivery:
    """A letter about a blood pressure check of a child with a telling name."""
    enrolment = EnrolmentFactory.create(patient__given_names="Canaria", patient__family_name="Canaryson")
    made: Delivery = DeliveryFactory.create(
        enrolment=enrolment,
        letter="check_due",
        cause_kind="check",
        data={"observes": "blood-pressure", "due_on": "2027-01-04", "opens_on": "2027-01-01"},
    )
    CareTeamMemberFactory.create(
        patient=enrolment.patient, clinic=enrolment.clinic, contact=made.reader.contact
    )
    return made


def address(delivery: Delivery, page: str = "letter") -> str:
    """Where a page of a letter is."""
    token = links.token_of(delivery, keys=read_letterhead().link_keys)
    return reverse(f"acknowledge:{page}", args=[token])


def test_the_page_says_what_is_asked_and_not_of_whom(client: Client, delivery: Delivery) -> None:
    page = client.get(address(delivery))

    text = page.content.decode()
    assert page.status_code == 200
    assert "A blood pressure check for a child in your care, due on Monday 4 January 2027" in text
    assert "Canar" not in text
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in page.headers["Cache-Control"]


def test_b18_reading_and_probing_every_page_changes_nothing(client: Client, delivery: Delivery) -> None:
    """B18: scanners of mails open, and ask for the head of, every link."""
    for _ in range(100):
        for page in ("letter", "code", "stop", "reading"):
            client.get(address(delivery, page))
            client.head(address(delivery, page))

    assert not LinkUse.objects.exists()
    assert not LinkCode.objects.exists()
    assert not WorkItem.objects.exists()


def test_an_answer_is_posted_once(client: Client, delivery: Delivery) -> None:
    first = client.post(address(delivery), {"answer": "booked", "booked_for": "2027-01-06"})
    second = client.post(address(delivery), {"answer": "not_my_patient"})

    assert (first.status_code, second.status_code) == (200, 410)
    assert LinkUse.objects.get().answer == "booked"
    assert "answered: <strong>booked" in client.get(address(delivery)).content.decode()


def test_a_slip_is_taken_back_within_ten_minutes_and_answered_anew(
    client: Client, delivery: Delivery
) -> None:
    answered = client.post(address(delivery), {"answer": "not_my_patient"}).content.decode()
    assert "Thank you. The clinic has your answer." in answered
    assert "You can take the answer back until 09:10" in answered

    client.get(address(delivery, "back"))
    assert LinkUse.objects.standing().exists()
    again = client.post(address(delivery, "back"), follow=True).content.decode()

    assert "<s>Not my patient</s>: this answer was taken back" in again
    assert "Send the answer" in again
    assert client.post(address(delivery), {"answer": "result_follows"}).status_code == 200


def test_a_slip_seen_too_late_is_a_matter_for_a_call(client: Client, delivery: Delivery) -> None:
    with time_machine.travel(NOW - UNDO_TIME, tick=False):
        client.post(address(delivery), {"answer": "result_follows"})

    page = client.get(address(delivery)).content.decode()
    refused = client.post(address(delivery, "back"))

    assert "Take the answer back" not in page
    assert refused.status_code == 410
    assert "Please call the clinic" in refused.content.decode()


def test_an_unclear_answer_keeps_what_was_typed(client: Client, delivery: Delivery) -> None:
    page = client.post(address(delivery), {"answer": "booked"})

    assert "Please give the date it is booked for" in page.content.decode()
    assert 'value="booked"' in page.content.decode()


def test_a_strangers_link_and_an_old_one_say_the_same_kind_of_nothing(
    client: Client, delivery: Delivery
) -> None:
    stranger = client.get(reverse("acknowledge:letter", args=["A" * 43]))
    with time_machine.travel(NOW.replace(month=3), tick=False):
        old = client.get(address(delivery))

    assert (stranger.status_code, old.status_code) == (404, 410)
    assert "blood pressure" not in stranger.content.decode() + old.content.decode()


def prove(client: Client, delivery: Delivery) -> str:
    """Ask for a code, type it, return the page that opens."""
    client.post(address(delivery, "code"))
    code = links.code_of(LinkCode.objects.latest("pk").uid, keys=read_letterhead().link_keys)
    return client.post(address(delivery, "code"), {"code": code}).content.decode()


def reading(page: str, **more: str) -> dict[str, str]:
    """A reading as the form sends it."""
    proof = page.split('name="proof" value="')[1].split('"', maxsplit=1)[0]
    sent = {"measured_on": "2027-01-04", "systolic": "92", "diastolic": "54", "state": "calm"}
    return {**sent, "proof": proof, **more}


def test_after_the_code_the_page_tells_the_child_by_two_things_and_no_more(
    client: Client, delivery: Delivery
) -> None:
    page = prove(client, delivery)

    assert "Canaria, born Saturday 20 June 2026" in page
    assert "Canaryson" not in page


def test_a_blood_pressure_typed_there_is_recorded_by_the_practice(
    client: Client, delivery: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clinic.recording.review_enrolment", lambda **more: None)

    page = client.post(address(delivery, "reading"), reading(prove(client, delivery)))

    row = BloodPressure.objects.get()
    assert "The reading is recorded" in page.content.decode()
    assert (row.systolic, row.recorded_by, row.via) == (92, delivery.reader, "link")
    assert LinkUse.objects.get().answer == "entered"


def test_without_the_proof_of_a_code_no_reading_is_taken(client: Client, delivery: Delivery) -> None:
    page = client.post(address(delivery, "reading"), {"systolic": "92", "diastolic": "54", "proof": "0" * 64})

    assert page.status_code == 404
    assert not BloodPressure.objects.exists()


def test_a_letter_about_an_escalation_says_after_the_code_what_is_asked_and_of_whom(client: Client) -> None:
    enrolment = EnrolmentFactory.create(patient__given_names="Canaria", patient__family_name="Canaryson")
    row = EscalationFactory.create(enrolment=enrolment, asks_for="Decide the next treatment by Friday.")
    delivery = DeliveryFactory.create(
        enrolment=enrolment, letter="escalation_raised", cause_kind="escalation", cause_uid=row.uid
    )

    before = client.get(address(delivery)).content.decode()
    after = prove(client, delivery)
    typed = client.post(address(delivery, "reading"), {"systolic": "92", "diastolic": "54"})
    row.state, row.resolved_on = "resolved", row.raised_on
    row.save()
    later = prove(client, delivery)

    assert "Which child is it about?" in before
    assert "Canar" not in before
    assert "Decide" not in before
    assert "Canaria, born" in after
    assert "Decide the next treatment by Friday." in after
    assert "Canaryson" not in after
    assert typed.status_code == 404
    assert "this has been settled since" in later


def test_an_impossible_reading_is_refused_with_its_reason(client: Client, delivery: Delivery) -> None:
    page = client.post(
        address(delivery, "reading"), reading(prove(client, delivery), systolic="54", diastolic="92")
    )

    assert "must be below the upper one" in page.content.decode()
    assert not LinkUse.objects.exists()


def test_s3_an_emergency_value_first_tells_the_person_who_typed_it_what_to_do(
    client: Client, delivery: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery.clinic.emergency_phone = "+1 555 0100"
    delivery.clinic.save()

    def raise_one(**more: Any) -> None:
        EscalationFactory.create(
            enrolment=delivery.enrolment, urgency="emergency", asks_for="Go to the emergency department now."
        )

    monkeypatch.setattr("clinic.recording.review_enrolment", raise_one)

    page = client.post(address(delivery, "reading"), reading(prove(client, delivery))).content.decode()

    assert "This reading needs action now" in page
    assert "Go to the emergency department now." in page
    assert "+1 555 0100" in page


def test_one_click_unsubscribe_is_taken_without_a_cookie_and_makes_a_work_item(delivery: Delivery) -> None:
    mail_program = Client(enforce_csrf_checks=True)

    answered = mail_program.post(address(delivery, "stop"), {"List-Unsubscribe": "One-Click"})

    assert answered.status_code == 200
    assert WorkItem.objects.get().kind == WorkItem.Kind.OPT_OUT


def test_answers_from_another_site_are_refused(delivery: Delivery) -> None:
    elsewhere = Client(enforce_csrf_checks=True)

    assert elsewhere.post(address(delivery), {"answer": "not_my_patient"}).status_code == 403
    assert not LinkUse.objects.exists()


def test_one_visitor_cannot_knock_for_ever(client: Client, delivery: Delivery) -> None:
    answers = [client.post(address(delivery, "code"), {"code": "000000"}).status_code for _ in range(61)]

    assert answers[-1] == 429
