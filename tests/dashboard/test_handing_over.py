"""Two records of one child, a child that changes clinics, and letters that did not arrive."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from clinic import careteam, enrolment
from clinic.actors import actor_for_contact
from clinic.models import BloodPressure, Enrolment, EnrolmentStep, PatientMerge, WorkItem
from clinic.recording import record_blood_pressure
from notifications.models import Delivery, LinkUse
from tests.dashboard.conftest import MORNING, desk
from tests.factories import ward as wards
from tests.factories.ward import Ward

pytestmark = pytest.mark.django_db


def home(child: Enrolment) -> str:
    return f"/admin/children/{child.patient.uid}/"


def compare(one: Enrolment, other: Enrolment) -> str:
    return f"{home(one)}merge/{other.patient.uid}/"


MERGE = {"stays": "this", "reason": "registered twice", "compared": "on"}


@pytest.fixture
def twice(ward: Ward) -> tuple[Enrolment, Enrolment]:
    """One child, registered twice; a reading stands on the second record."""
    kept = ward.child(identifiers=[("urn:oid:2.999.1", "900001")])
    gone = ward.child(identifiers=[("urn:oid:2.999.2", "777001")], given_names="Aurora M")
    record_blood_pressure(
        enrolment=gone, entry=wards.on(wards.day(8)), systolic=88, by=ward.nurse, now=MORNING
    )
    return kept, gone


def test_look_alikes_are_offered_for_a_merge_and_any_record_is_found(
    nurse: Client, twice: tuple[Enrolment, Enrolment]
) -> None:
    kept, gone = twice

    offered = nurse.get(f"{home(kept)}merge/").content.decode()
    found = nurse.get(f"{home(kept)}merge/?q=777").content.decode()

    assert compare(kept, gone) in offered
    assert compare(kept, gone) in found
    assert f"{home(kept)}merge/" in nurse.get(home(kept)).content.decode()


def test_a_merge_shows_both_records_and_why_it_is_impossible(
    ward: Ward, twice: tuple[Enrolment, Enrolment]
) -> None:
    kept, gone = twice
    lead = desk(ward.lead)

    shown = lead.get(compare(kept, gone)).content.decode()
    refused = lead.post(compare(kept, gone), MERGE)

    assert "Side by side" in shown
    assert "Aurora M" in shown
    assert "Both records are followed at present" in shown
    assert refused.status_code == 422
    assert "merge-impossible" in refused.content.decode()
    assert not PatientMerge.objects.exists()


def test_merged_records_are_one_page_with_the_facts_of_both_and_the_history_says_so(
    ward: Ward, twice: tuple[Enrolment, Enrolment]
) -> None:
    kept, gone = twice
    enrolment.withdraw(enrolment=gone, by=ward.nurse, now=MORNING)
    lead = desk(ward.lead)

    merged = lead.post(compare(kept, gone), MERGE)
    old = lead.get(home(gone))
    page = lead.get(home(kept)).content.decode()
    phone = lead.get("/admin/phone/?q=777", headers={"HX-Request": "true"}).content.decode()

    assert (merged.status_code, merged["Location"]) == (302, home(kept))
    assert (old.status_code, old["Location"]) == (302, home(kept))
    assert "88 mmHg" in page
    assert "registered twice" in page
    assert "88 mmHg" in phone


def test_the_other_record_can_be_the_one_that_stays(ward: Ward, twice: tuple[Enrolment, Enrolment]) -> None:
    kept, gone = twice
    enrolment.withdraw(enrolment=kept, by=ward.nurse, now=MORNING)

    desk(ward.lead).post(compare(kept, gone), {**MERGE, "stays": "other"})

    assert PatientMerge.objects.get().survivor == gone.patient


def test_a_reading_of_the_merged_record_can_still_be_corrected(
    ward: Ward, nurse: Client, twice: tuple[Enrolment, Enrolment]
) -> None:
    kept, gone = twice
    enrolment.withdraw(enrolment=gone, by=ward.nurse, now=MORNING)
    desk(ward.lead).post(compare(kept, gone), MERGE)
    wrong = BloodPressure.objects.get()

    answer = nurse.post(
        f"{home(kept)}records/bloodpressure/{wrong.uid}/correct/",
        {"systolic": "78", "happened_at": "2027-01-12T10:00", "why": "misread"},
    )

    assert answer.status_code == 302, answer.content.decode()
    assert BloodPressure.objects.get(corrects=wrong).systolic == 78


def test_a_merge_of_two_records_with_the_same_pediatrician_lists_her_once(ward: Ward) -> None:
    kept, gone = ward.child(), ward.child()
    stamps: dict[str, Any] = {"by": ward.nurse, "now": MORNING}
    contact = careteam.add_contact(clinic=ward.clinic, name="Dr Old Mill", **stamps)
    for row in (kept, gone):
        careteam.add_to_team(
            patient=row.patient, clinic=ward.clinic, contact=contact, role="pediatrician", **stamps
        )
    enrolment.withdraw(enrolment=gone, **stamps)

    desk(ward.lead).post(compare(kept, gone), MERGE)

    assert kept.patient.care_team.filter(ended_on=None).count() == 1


def test_two_running_courses_of_one_drug_keep_two_records_apart(ward: Ward) -> None:
    kept, gone = ward.child(), ward.child()
    for row in (kept, gone):
        ward.start(row, products={"prednisolone": "prednisolone-10mg-ml"})
    enrolment.withdraw(enrolment=gone, by=ward.nurse, now=MORNING)

    shown = desk(ward.lead).get(compare(kept, gone)).content.decode()

    assert "a running course of prednisolone" in shown


def offered_to_the_south(ward: Ward, nurse: Client) -> tuple[Enrolment, Ward, EnrolmentStep]:
    child, south = ward.child(), wards.ward(key="south")
    answer = nurse.post(f"{home(child)}enrolment/transfer/", {"to_clinic": str(south.clinic.uid), "to": ""})
    assert answer.status_code == 302, answer.content.decode()
    return child, south, EnrolmentStep.objects.get(kind="transfer_out")


def test_s12_the_receiving_clinic_sees_the_offer_and_accepts_it(ward: Ward, nurse: Client) -> None:
    child, south, offer = offered_to_the_south(ward, nurse)
    there = desk(south.nurse)

    today = there.get("/admin/").content.decode()
    listed = there.get("/admin/transfers/").content.decode()
    ours = nurse.get("/admin/transfers/").content.decode()
    hidden = there.get(home(child))
    there.post(f"/admin/transfers/{offer.uid}/", {"answer": "accept"})

    assert "1 child is offered to you" in today
    assert "Testinfant, Aurora" in listed
    assert "To South clinic" in ours
    assert hidden.status_code == 404
    child.refresh_from_db()
    assert child.state == "transferred"
    assert there.get(home(child)).status_code == 200
    assert nurse.get(home(child)).status_code == 200


def test_s12_a_declined_transfer_stays_with_the_sender_who_reads_why(ward: Ward, nurse: Client) -> None:
    child, south, offer = offered_to_the_south(ward, nurse)
    there = desk(south.nurse)

    silent = there.post(f"/admin/transfers/{offer.uid}/", {"answer": "decline"})
    there.post(f"/admin/transfers/{offer.uid}/", {"answer": "decline", "why": "no bed for the EEG"})

    assert silent.status_code == 422
    child.refresh_from_db()
    assert child.state == "active"
    assert "no bed for the EEG" in WorkItem.objects.get(patient=child.patient).text
    assert "no bed for the EEG" in nurse.get("/admin/").content.decode()
    assert "No child is offered" in there.get("/admin/transfers/").content.decode()


def test_an_offer_to_another_hospital_waits_for_a_word_from_there(ward: Ward, nurse: Client) -> None:
    child = ward.child()

    silent = nurse.post(f"{home(child)}enrolment/transfer/", {"to_clinic": "", "to": ""})
    nurse.post(f"{home(child)}enrolment/transfer/", {"to_clinic": "", "to": "Harbour hospital"})
    listed = nurse.get("/admin/transfers/").content.decode()
    steps = nurse.get(f"{home(child)}enrolment/").content.decode()

    assert silent.status_code == 422
    assert "To Harbour hospital" in listed
    assert "The other clinic accepted" in steps
    assert "Offer to another clinic" not in steps


def test_an_offer_to_one_clinic_is_hidden_from_the_others(ward: Ward, nurse: Client) -> None:
    _child, _south, offer = offered_to_the_south(ward, nurse)
    west = desk(wards.ward(key="west").nurse)

    assert west.get(f"/admin/transfers/{offer.uid}/").status_code == 404
    assert "Testinfant" not in west.get("/admin/transfers/").content.decode()


def letter(ward: Ward, child: Enrolment, **values: object) -> Delivery:
    """A letter to the pediatrician."""
    stamps: dict[str, Any] = {"by": ward.nurse, "now": MORNING}
    contact = careteam.add_contact(
        clinic=ward.clinic, name="Dr Old Mill", email="mill@demo.example", phone="+1 555 0142", **stamps
    )
    careteam.confirm_address(contact=contact, **stamps)
    said = {
        "letter": "check_due",
        "cause_kind": "check",
        "rung": "due",
        "state": "dead",
        "why": "server-away",
    }
    reader = actor_for_contact(contact)
    times = {"created_at": MORNING, "send_at": MORNING, "cause_uid": child.uid, "caused_by": ward.nurse}
    return Delivery.objects.create(
        clinic=ward.clinic, enrolment=child, reader=reader, role="pediatrician", **{**said, **times, **values}
    )


def test_a_dead_letter_says_why_and_goes_again(ward: Ward, nurse: Client) -> None:
    row = letter(ward, ward.child(), settled_at=MORNING)

    listed = nurse.get("/admin/letters/").content.decode()
    again = nurse.post(f"/admin/letters/{row.uid}/again/")
    after = nurse.get("/admin/letters/").content.decode()

    assert "The mail server did not answer for too long." in listed
    assert "+1 555 0142" in listed
    assert again.status_code == 302
    row.refresh_from_db()
    assert row.state == "waiting"
    assert "Every letter arrived" in after


def test_s18_a_waiting_letter_is_taken_back_and_an_emergency_is_not(ward: Ward, nurse: Client) -> None:
    child = ward.child()
    later = MORNING + dt.timedelta(minutes=9)
    slip = letter(ward, child, state="waiting", why="", send_at=later)
    loud = letter(ward, child, state="waiting", why="", send_at=later, rung="now", pace="emergency")

    page = nurse.get(home(child)).content.decode()
    nurse.post(f"/admin/letters/{slip.uid}/undo/", {"back": home(child)})
    refused = nurse.post(f"/admin/letters/{loud.uid}/undo/")

    assert f"/admin/letters/{slip.uid}/undo/" in page
    assert f"/admin/letters/{loud.uid}/undo/" not in page
    slip.refresh_from_db()
    assert slip.state == "undone"
    assert "emergency-stays" in refused.content.decode()


def test_another_clinics_letter_is_not_found(ward: Ward) -> None:
    row = letter(ward, ward.child(), settled_at=MORNING)
    stranger = desk(wards.ward(key="south").nurse)

    assert stranger.post(f"/admin/letters/{row.uid}/again/").status_code == 404
    assert "Old Mill" not in stranger.get("/admin/letters/").content.decode()


def test_the_answer_to_a_reminder_is_its_fate(ward: Ward, nurse: Client) -> None:
    child = ward.child()
    ward.start(child, products={"prednisolone": "prednisolone-10mg-ml"})
    check = child.checks.filter(code="EEG14").get()
    row = letter(ward, child, cause_uid=check.uid, state="sent", why="", sent_at=MORNING)
    LinkUse.objects.create(
        delivery=row,
        answer="booked",
        booked_for=dt.date(2027, 1, 18),
        answered_at=MORNING,
        answered_by=row.reader,
    )

    today = nurse.get("/admin/").content.decode()
    file = nurse.get("/admin/today.csv").content.decode()
    page = nurse.get(home(child)).content.decode()

    for said in (today, file, page):
        assert "answered: booked for Mon 18 Jan 2027" in said


def test_an_answer_given_by_mistake_is_taken_back_by_the_nurse_and_stays_struck_through(
    ward: Ward, nurse: Client
) -> None:
    child = ward.child()
    ward.start(child, products={"prednisolone": "prednisolone-10mg-ml"})
    check = child.checks.filter(code="EEG14").get()
    row = letter(ward, child, cause_uid=check.uid, state="sent", why="", sent_at=MORNING)
    said = {"answer": "booked", "booked_for": dt.date(2027, 1, 18)}
    LinkUse.objects.create(delivery=row, answered_at=MORNING, answered_by=row.reader, **said)

    page = nurse.post(f"/admin/letters/{row.uid}/answer/undo/", {"back": home(child)}, follow=True)

    text = page.content.decode()
    assert "reminders go on as if it had not come" in text
    assert "<s>answered: booked for Mon 18 Jan 2027</s> taken back" in text
    assert f"by {ward.nurse.name}" in text
    assert "answered: booked" not in nurse.get("/admin/").content.decode()
