"""What pages do through verbs: courses, checks, escalations, referrals, enrolment, editions, the clinic."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from clinic import courses
from clinic.models import (
    BloodPressure,
    CareTeamMember,
    Check,
    Course,
    Enrolment,
    Holiday,
    Measurement,
    Patient,
    Referral,
    Waiver,
)
from clinic.recording import record_blood_pressure, record_eeg, record_finding, record_weight
from protocols import models as protocol_rows
from protocols import signing
from protocols.drafting import clone_edition
from protocols.editing import change_row
from protocols.models import ProtocolEdition
from tests.dashboard.conftest import MORNING, desk
from tests.factories import protocols as library
from tests.factories import ward as wards
from tests.factories.ward import START, Ward

pytestmark = pytest.mark.django_db
PRODUCT = {"prednisolone": "prednisolone-10mg-ml"}


@pytest.fixture
def child(ward: Ward) -> Enrolment:
    """A child nine days into prednisolone."""
    enrolment = ward.child()
    ward.start(enrolment, products=PRODUCT)
    return enrolment


def home(child: Enrolment) -> str:
    return f"/admin/children/{child.patient.uid}/"


def test_a_course_is_planned_by_one_and_started_by_another(ward: Ward, nurse: Client) -> None:
    child = ward.child()
    typed = {
        "start_on": "2027-01-13",
        "weight": "7.2",
        "unit": "kg",
        "product_prednisolone": "prednisolone-10mg-ml",
        "choice_times_at_40_mg": "",
    }
    address = f"{home(child)}courses/start/prednisolone-ukiss/"

    shown = nurse.post(f"{address}preview/", typed).content.decode()
    planned = nurse.post(address, typed)
    course = Course.objects.get()
    own = nurse.post(
        f"{home(child)}courses/{course.uid}/check/", {"digest": course.calendar_digest, "looked": "on"}
    )
    second = desk(ward.colleague).post(
        f"{home(child)}courses/{course.uid}/check/", {"digest": course.calendar_digest, "looked": "on"}
    )

    weight = Measurement.objects.get(patient=child.patient, kind="weight")
    assert (weight.value, weight.source) == (Decimal("7.2"), "clinic")
    assert "10 mg by mouth four times daily" in shown
    assert "EEG two weeks after the start" in shown
    assert planned.status_code == 302, planned.content.decode()
    assert "second-person-needed" in own.content.decode()
    assert second.status_code == 302
    course.refresh_from_db()
    assert course.status == Course.Status.ACTIVE


def test_s2_a_conditional_dose_waits_for_a_named_prescriber(
    nurse: Client, neurologist: Client, child: Enrolment
) -> None:
    course = Course.objects.get()
    typed = {"step_key": "week-2-dose", "taken": "no", "from_on": "2027-01-13", "prescriber": "Dr Nils"}

    before = nurse.get(home(child)).content.decode()
    refused = nurse.post(f"{home(child)}courses/{course.uid}/decide/", typed)
    neurologist.post(f"{home(child)}courses/{course.uid}/decide/", typed)
    after = nurse.get(home(child)).content.decode()

    assert "Prescriber decides the dose" in before
    assert "not-allowed" in refused.content.decode()
    assert "Prescriber decides the dose" not in after


def test_s17_another_strength_asks_for_the_family_to_be_taught_again(nurse: Client, child: Enrolment) -> None:
    course = Course.objects.get()
    typed = {"product": "prednisolone-3mg-ml", "happened_on": "2027-01-13"}

    nurse.post(f"{home(child)}courses/{course.uid}/dispensed/", typed)
    said = nurse.get(home(child)).content.decode()

    assert "printed calendar is void" in said


def test_an_abrupt_stop_is_refused_with_its_reason_asked_for(neurologist: Client, child: Enrolment) -> None:
    course = Course.objects.get()
    typed = {"last_dose_on": "2027-01-13", "reason": "intolerance"}

    answer = neurologist.post(f"{home(child)}courses/{course.uid}/stop/", typed)

    assert "abrupt-stop" in answer.content.decode()
    course.refresh_from_db()
    assert course.status == Course.Status.ACTIVE


def test_s13_only_a_neurologist_waives_the_deciding_eeg(
    nurse: Client, neurologist: Client, child: Enrolment
) -> None:
    eeg = Check.objects.unsatisfied().get(patient=child.patient, code="EEG14")
    typed = {"reason": "recorded elsewhere", "until_on": "2027-01-20"}

    refused = nurse.post(f"/admin/checks/{eeg.uid}/waive/", typed)
    passed = neurologist.post(f"/admin/checks/{eeg.uid}/waive/", typed)

    assert refused.status_code == 422
    assert "not-allowed" in refused.content.decode()
    assert passed.status_code == 302, passed.content.decode()
    assert Waiver.objects.count() == 1


def test_s13_ask_again_cannot_pass_the_closing_day(nurse: Client, child: Enrolment) -> None:
    eeg = Check.objects.unsatisfied().get(patient=child.patient, code="EEG14")

    late = nurse.post(
        f"/admin/checks/{eeg.uid}/called/", {"outcome": "no_answer", "ask_again_on": "2027-03-01"}
    )
    fine = nurse.post(
        f"/admin/checks/{eeg.uid}/called/", {"outcome": "no_answer", "ask_again_on": "2027-01-18"}
    )

    assert "ask-again-too-late" in late.content.decode()
    assert fine.status_code == 302, fine.content.decode()


def test_a_check_is_assigned_and_the_filter_shows_mine(ward: Ward, nurse: Client, child: Enrolment) -> None:
    check = Check.objects.unsatisfied().filter(patient=child.patient, state="overdue").first()
    check = check or Check.objects.unsatisfied().filter(patient=child.patient).order_by("due_on")[0]

    nurse.post(f"/admin/checks/{check.uid}/assign/", {"to": str(ward.nurse.uid)})
    mine = nurse.get("/admin/?mine=1").content.decode()

    check.refresh_from_db()
    assert check.assigned_to == ward.nurse
    assert "Assigned to you" in mine


def test_a_correction_keeps_the_old_value_struck_through(ward: Ward, nurse: Client, child: Enrolment) -> None:
    wrong = record_blood_pressure(
        enrolment=child, entry=wards.on(wards.day(8)), systolic=119, by=ward.nurse, now=MORNING
    )
    address = f"{home(child)}records/bloodpressure/{wrong.uid}/correct/"

    form = nurse.get(address).content.decode()
    silent = nurse.post(address, {"systolic": "91", "happened_at": "2027-01-12T10:00"})
    nurse.post(address, {"systolic": "91", "happened_at": "2027-01-12T10:00", "why": "digits exchanged"})
    said = nurse.get(home(child)).content.decode()

    assert 'value="119"' in form
    assert silent.status_code == 422
    assert BloodPressure.objects.get(corrects=wrong).systolic == 91
    assert 'class="struck"' in said
    assert "119 mmHg" in said


def test_a_correction_is_judged_for_slips_and_keeps_the_unit_it_was_typed_in(
    ward: Ward, nurse: Client, child: Enrolment
) -> None:
    wrong = record_weight(
        enrolment=child, entry=wards.on(wards.day(8)), kg=Decimal("7.3"), by=ward.nurse, now=MORNING
    )
    address = f"{home(child)}records/measurement/{wrong.uid}/correct/"
    said = {"happened_at": "2027-01-12T10:00", "why": "misread"}

    slip = nurse.post(address, {**said, "value": "72", "unit": "kg"})
    nurse.post(address, {**said, "value": "7400", "unit": "g"})

    assert slip.status_code == 422
    assert "cannot be the weight" in slip.content.decode()
    right = Measurement.objects.get(corrects=wrong)
    assert (right.value, right.unit, right.as_typed) == (Decimal("7.4"), "kg", "7400 g")


def test_s16_a_record_is_moved_to_the_right_child(ward: Ward, nurse: Client, child: Enrolment) -> None:
    twin = ward.child(given_names="Basil")
    wrong = record_blood_pressure(
        enrolment=child, entry=wards.on(wards.day(8)), systolic=99, by=ward.nurse, now=MORNING
    )

    nurse.post(
        f"{home(child)}records/bloodpressure/{wrong.uid}/move/",
        {"to": str(twin.uid), "why": "the twin's reading"},
    )

    assert BloodPressure.objects.get(patient=twin.patient).moved_from == wrong.uid
    assert BloodPressure.objects.filter(patient=child.patient, entered_in_error=True).exists()


def test_s3_an_escalation_stays_open_until_somebody_was_spoken_to(
    ward: Ward, nurse: Client, neurologist: Client, child: Enrolment
) -> None:
    record_blood_pressure(
        enrolment=child,
        entry=wards.on(wards.day(9)),
        systolic=150,
        symptomatic=True,
        by=ward.nurse,
        now=MORNING,
    )
    row = child.escalations.open().by_urgency().first()
    assert row is not None
    address = f"/admin/escalations/{row.uid}/"

    early = neurologist.post(address, {"act": "act", "reason": "sent home"})
    nurse.post(address, {"act": "speak", "spoke_to": "Dr Cover", "spoke_at": "2027-01-13T09:55"})

    assert "nobody-spoken-to" in early.content.decode()
    row.refresh_from_db()
    assert row.spoke_to == "Dr Cover"


def test_the_referral_goes_its_way_with_a_packet(ward: Ward, clock: object) -> None:
    child = ward.child()
    ward.start(child, products=PRODUCT)
    later = wards.at(wards.day(16))
    clock.move_to(later)  # type: ignore[attr-defined]
    nurse = desk(ward.nurse)
    who: dict[str, Any] = {"by": ward.nurse, "now": later}
    record_finding(enrolment=child, entry=wards.on(wards.day(2)), lesion="present", **who)
    record_eeg(
        enrolment=child, entry=wards.on(wards.day(15)), hypsarrhythmia=True, sleep=True, minutes=180, **who
    )
    referral = Referral.objects.get()
    address = f"/admin/referrals/{referral.uid}/"

    packet = nurse.get(address).content.decode()
    paper = nurse.get(f"{address}paper/")
    pdf = nurse.get(f"{address}packet.pdf")
    sent = nurse.post(address, {"kind": "sent", "happened_on": "2027-01-20", "party": "Epilepsy surgery"})

    assert "parts are missing" in packet
    assert "Genetics, pending included" in packet
    assert paper.status_code == 200
    assert pdf.content.startswith(b"%PDF")
    assert sent.status_code == 302, sent.content.decode()
    referral.refresh_from_db()
    assert referral.state == Referral.State.SENT


def enrolment_of_a_child(**typed: str) -> dict[str, str]:
    return {
        "family_name": "Testinfant",
        "given_names": "Clover",
        "birth_date": "2026-08-01",
        "sex": "f",
        "language": "en",
        "mrn": "900123",
        "mrn_system": "urn:oid:2.999.1",
        "diagnosed_on": "2027-01-12",
        "etiology": "tsc",
        "hypsarrhythmia_at_baseline": "yes",
        "lesion": "not-imaged",
        "metabolic_or_degenerative": "not_assessed",
        **typed,
    }


def test_a_child_is_enrolled_and_a_look_alike_is_asked_about(nurse: Client, child: Enrolment) -> None:
    asked = nurse.post("/admin/children/enrol/", enrolment_of_a_child())
    enrolled = nurse.post("/admin/children/enrol/", enrolment_of_a_child(another_child="on"))
    twice = nurse.post("/admin/children/enrol/", enrolment_of_a_child(another_child="on"))

    assert "looks-alike" in asked.content.decode()
    assert 'value="Clover"' in asked.content.decode()
    assert enrolled.status_code == 302, enrolled.content.decode()
    assert "duplicate-identifier" in twice.content.decode()
    assert Patient.objects.filter(given_names="Clover").count() == 1


def test_an_address_is_confirmed_before_its_first_use(nurse: Client, child: Enrolment) -> None:
    typed = {"role": "pediatrician", "name": "Dr Old Mill", "email": "mill@demo.example", "language": "en"}

    nurse.post(f"{home(child)}team/", typed)
    member = CareTeamMember.objects.get(role="pediatrician", patient=child.patient)
    shown = nurse.get(home(child)).content.decode()
    nurse.post(f"{home(child)}team/", {"do": "confirm", "member": str(member.uid)})

    assert "address not confirmed: nothing is sent" in shown
    member.contact.refresh_from_db()
    assert member.contact.confirmed_at is not None


@pytest.mark.parametrize(
    ("step", "typed", "state"),
    [
        ("transfer", {"to": "Harbour clinic"}, "active"),
        ("withdraw", {"detail": "moves away"}, "withdrawn"),
        ("lost", {"detail": "no answer for weeks"}, "lost"),
        ("death-reported", {"died_on": "2027-01-12"}, "active"),
    ],
)
def test_a_child_leaves_with_its_step(
    nurse: Client, child: Enrolment, step: str, typed: dict[str, str], state: str
) -> None:
    assert "What happens" in nurse.get(f"{home(child)}enrolment/{step}/").content.decode()

    answer = nurse.post(f"{home(child)}enrolment/{step}/", typed)

    assert answer.status_code == 302, answer.content.decode()
    child.refresh_from_db()
    assert child.state == state
    assert nurse.get(home(child)).status_code == 200


def test_an_edition_is_cloned_edited_compared_checked_and_signed_by_two(ward: Ward) -> None:
    lead = desk(wards.person("paths", "pathway lead", ward.clinic))
    other = desk(ward.neurologist)
    shipped = ProtocolEdition.objects.get(protocol__key="prednisolone-ukiss")
    at = "/admin/editions"

    read = lead.get(f"{at}/{shipped.uid}/").content.decode()
    lead.post(f"{at}/{shipped.uid}/clone/", {"reason": "a longer taper"})
    draft = ProtocolEdition.objects.get(protocol=shipped.protocol, state="draft")
    form = lead.get(f"{at}/{draft.uid}/rows/phases.0.steps.0/")
    fields = form.context["form"].initial | {"amount": "9"}
    typed = {name: "" if value is None else getattr(value, "pk", value) for name, value in fields.items()}
    changed = lead.post(f"{at}/{draft.uid}/rows/phases.0.steps.0/", typed)
    difference = lead.get(f"{at}/{draft.uid}/difference/").content.decode()
    lead.post(f"{at}/{draft.uid}/check/", {})
    lead.post(f"{at}/{draft.uid}/sign/", {"role": "pathway lead", "read": "on"})
    again = lead.post(f"{at}/{draft.uid}/sign/", {"role": "pathway lead", "read": "on"})
    other.post(f"{at}/{draft.uid}/sign/", {"role": "neurologist", "read": "on"})

    assert "Full dose" in read
    assert changed.status_code == 302, changed.content.decode()
    assert "9" in difference
    assert "same-person" in again.content.decode()
    draft.refresh_from_db()
    assert draft.state == "signed"


def test_a_lead_sets_the_clinic_up_and_a_nurse_does_not(ward: Ward, nurse: Client) -> None:
    lead = desk(ward.lead)
    typed = {"do": "holiday", "on": "2027-02-15", "name": "Founders' day"}

    nurse.post("/admin/set-up/", typed)
    none = Holiday.objects.count()
    lead.post("/admin/set-up/", typed)
    cover = {"starts_at": "2027-01-13T08:00", "ends_at": "2027-01-13T18:00", "name": "Dr Cover", "phone": "1"}
    lead.post("/admin/set-up/", {"do": "cover", **cover})

    assert none == 0
    assert Holiday.objects.get().on == dt.date(2027, 2, 15)
    assert "This hour is not covered" not in nurse.get("/admin/").content.decode()


def test_a_course_in_sequence_asks_for_its_next_part_and_proposes_the_next_drug(
    neurologist: Client, ward: Ward
) -> None:
    by, now = library.lead(), wards.at(START)
    draft = clone_edition(library.protocol_edition("ucla-sequential"), reason="Our taper.", by=by, now=now)
    step = protocol_rows.DoseStep.objects.get(phase__edition=draft, phase__name="Taper of a responder")
    change_row(step, columns={"amount": 20, "times": 2}, by=by)
    ours = library.in_force(signing.check_edition(draft, by=by, now=now), on=START, now=now)
    said: dict[str, Any] = {"weight_kg": 7.2, "length_cm": 66, "choices": {"acth_ending": "us-label"}}
    (course,) = courses.plan_course(
        enrolment=ward.child(), protocol_edition=ours, start_on=START, by=ward.nurse, now=now, **said
    )
    courses.check_calendar(course=course, digest=course.calendar_digest, by=ward.colleague, now=now)
    child = f"/admin/children/{course.patient.uid}/"
    act = f"{child}courses/{course.uid}/next-part/"

    shown = neurologist.get(child).content.decode()
    form = neurologist.get(act).content.decode()
    done = neurologist.post(act, {"verdict": "non-responder", "prescriber": "Dr Aster"}, follow=True)

    assert "Prescriber decides the next part by Sun 17 Jan 2027." in shown
    assert act in shown
    assert "has not worked: ACTH gel" in form
    assert "waits as a draft" in done.content.decode()
    assert Course.objects.get(drug__key="acth-gel").status == Course.Status.DRAFT
