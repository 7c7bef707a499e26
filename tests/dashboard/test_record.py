"""Recording: the meaning is said before saving, refusals keep what was typed, nothing is written twice."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client

from clinic.models import BloodPressure, CoverShift, Eeg, Enrolment, Measurement, SpasmReport, Symptom
from tests.dashboard.conftest import desk
from tests.factories import ward as wards
from tests.factories.ward import Ward

pytestmark = pytest.mark.django_db
AT = "2027-01-13T10:00"


@pytest.fixture
def child(ward: Ward) -> Enrolment:
    """A child nine days into high-dose prednisolone."""
    enrolment = ward.child()
    ward.start(enrolment, products={"prednisolone": "prednisolone-10mg-ml"})
    return enrolment


def page(child: Enrolment, kind: str) -> str:
    return f"/admin/children/{child.patient.uid}/record/{kind}/"


def reading(**typed: object) -> dict[str, object]:
    return {"systolic": 95, "diastolic": 60, "happened_at": AT, "once": uuid4().hex, **typed}


def test_a_blood_pressure_is_recorded_and_the_next_page_says_so(nurse: Client, child: Enrolment) -> None:
    answer = nurse.post(page(child, "blood-pressure"), reading(), follow=True)

    assert answer.status_code == 200
    assert "Blood pressure of Aurora" in answer.content.decode()
    assert BloodPressure.objects.get().systolic == 95


def test_the_same_form_sent_twice_writes_one_fact(nurse: Client, child: Enrolment) -> None:
    typed = reading()

    nurse.post(page(child, "blood-pressure"), typed)
    nurse.post(page(child, "blood-pressure"), typed)

    assert BloodPressure.objects.count() == 1


def test_the_meaning_is_shown_before_it_is_saved(nurse: Client, child: Enrolment) -> None:
    answer = nurse.post(f"{page(child, 'blood-pressure')}meaning/", reading(systolic=109))

    said = answer.content.decode()
    assert "at or above the 90th percentile" in said
    assert "Saving raises" in said
    assert not BloodPressure.objects.exists()


def test_s5_a_crying_reading_asks_for_a_calm_repeat(nurse: Client, child: Enrolment) -> None:
    answer = nurse.post(f"{page(child, 'blood-pressure')}meaning/", reading(systolic=109, state="crying"))

    assert "measure again when calm" in answer.content.decode()


def test_s5_a_high_reading_opens_a_re_check_of_its_own(nurse: Client, child: Enrolment) -> None:
    nurse.post(page(child, "blood-pressure"), reading(systolic=113))

    codes = child.checks.filter(state__in=("upcoming", "due", "overdue")).values_list("code", flat=True)
    assert len([code for code in codes if code.startswith("BP")]) > 1


def test_s3_an_emergency_is_shown_with_whom_to_phone_before_it_is_saved(
    nurse: Client, child: Enrolment, covered: CoverShift
) -> None:
    typed = reading(systolic=150, diastolic=95, symptomatic="on")

    first = nurse.post(page(child, "blood-pressure"), typed)

    said = first.content.decode()
    assert "Emergency: act before you go on" in said
    assert covered.phone in said
    assert not BloodPressure.objects.exists()

    nurse.post(page(child, "blood-pressure"), {**typed, "confirmed": "yes"})

    assert BloodPressure.objects.count() == 1
    assert child.escalations.open().filter(urgency="emergency").exists()


def test_an_impossible_value_is_refused_and_stays_in_the_form(nurse: Client, child: Enrolment) -> None:
    typed = {"value": "72", "unit": "kg", "happened_at": AT, "once": uuid4().hex}

    answer = nurse.post(page(child, "weight"), typed)

    said = answer.content.decode()
    assert answer.status_code == 422
    assert "impossible-value" in said
    assert 'value="72"' in said
    assert not Measurement.objects.filter(value=72).exists()


def test_s13_an_unlikely_value_passes_with_a_reason_and_a_second_person(
    ward: Ward, nurse: Client, child: Enrolment
) -> None:
    colleague = ward.colleague.user
    assert colleague is not None
    colleague.set_password("a long second password")
    colleague.save()
    typed = {"value": "14", "unit": "kg", "happened_at": AT, "once": uuid4().hex}

    refused = nurse.post(page(child, "weight"), typed)
    passed = nurse.post(
        page(child, "weight"),
        {
            **typed,
            "true_because": "edema, weighed twice",
            "second_username": colleague.username,
            "second_password": "a long second password",
        },
    )

    assert "True because" in refused.content.decode()
    assert passed.status_code == 302
    assert Measurement.objects.get(value=14).seconded_by == ward.colleague


def test_s19_a_weight_keeps_the_unit_it_was_typed_in(nurse: Client, child: Enrolment) -> None:
    typed = {"value": "7300", "unit": "g", "happened_at": AT, "source": "clinic", "once": uuid4().hex}

    nurse.post(page(child, "weight"), typed)

    row = Measurement.objects.get(kind="weight")
    assert (row.value, row.unit, row.as_typed, row.source) == (Decimal("7.3"), "kg", "7300 g", "clinic")


def test_s11_an_unconfirmed_report_is_no_failure(nurse: Client, child: Enrolment) -> None:
    typed = {"status": "reported", "clusters": 2, "happened_at": AT, "once": uuid4().hex}

    nurse.post(page(child, "spasm-report"), typed)

    assert SpasmReport.objects.get().status == "reported"
    assert not child.escalations.filter(rule="E02").exists()


def test_s18_a_pending_report_is_recorded_and_not_missing(nurse: Client, child: Enrolment) -> None:
    typed = {"report": "pending", "happened_at": AT, "once": uuid4().hex}

    answer = nurse.post(page(child, "eeg"), typed, follow=True)

    assert Eeg.objects.get().report == "pending"
    assert "recorded, report pending" in answer.content.decode()


def test_s16_a_twin_is_chosen_by_first_name_before_saving(
    ward: Ward, nurse: Client, child: Enrolment
) -> None:
    ward.child(given_names="Basil")

    missing = nurse.post(page(child, "blood-pressure"), reading())
    wrong = nurse.post(page(child, "blood-pressure"), reading(first_name_again="Basil"))
    right = nurse.post(page(child, "blood-pressure"), reading(first_name_again="Aurora"))

    assert "Mind the name" in missing.content.decode()
    assert (missing.status_code, wrong.status_code, right.status_code) == (422, 422, 302)
    assert BloodPressure.objects.count() == 1


def test_a_child_of_another_clinic_is_not_found(child: Enrolment) -> None:
    other = wards.ward(key="south")
    stranger = desk(other.nurse)

    answers = [
        stranger.get(f"/admin/children/{child.patient.uid}/").status_code,
        stranger.get(page(child, "eeg")).status_code,
        stranger.post(page(child, "blood-pressure"), reading()).status_code,
        stranger.get(f"/admin/clinic/patient/{child.patient.uid}/change/").status_code,
    ]

    assert answers[:3] == [404, 404, 404]
    assert answers[3] in {302, 404}
    assert not BloodPressure.objects.exists()


KINDS: dict[str, dict[str, object]] = {
    "length": {"value": "66", "unit": "cm"},
    "glucose": {"value": "5.1", "unit": "mmol/L"},
    "urine-glucose": {"result": "2+"},
    "electrolytes": {"value": "3.9", "unit": "mmol/L"},
    "sodium": {"value": "138", "unit": "mmol/L"},
    "stool": {"result": "negative"},
    "vision-exam": {"result": "no_abnormality_detected", "happened_on": "2027-01-13"},
    "symptom": {"temperature_c": "38.4", "signs": ["vomiting"]},
    "exposure": {"agent": "varicella", "happened_on": "2027-01-12"},
    "vaccine": {"name": "MMR", "live": "yes", "status": "scheduled", "on": "2027-02-01"},
    "call": {"outcome": "reached", "about": "weekly_call", "spoke_to": "mother", "sleep": "good"},
    "finding": {"lesion": "present", "happened_on": "2027-01-12"},
    "investigation": {"kind": "mri", "status": "pending", "happened_on": "2027-01-12"},
    "therapy": {"therapy": "ketogenic diet", "status": "started", "happened_on": "2027-01-12"},
}


def test_every_kind_of_record_is_saved_and_shown(nurse: Client, child: Enrolment) -> None:
    for kind, typed in KINDS.items():
        sent = {"happened_at": AT, "once": uuid4().hex, "confirmed": "yes", **typed}

        answer = nurse.post(page(child, kind), sent)

        assert answer.status_code == 302, f"{kind}: {answer.content.decode()}"
    assert nurse.get(f"/admin/children/{child.patient.uid}/").status_code == 200


def test_an_eeg_before_its_window_names_the_one_that_counts(nurse: Client, child: Enrolment) -> None:
    typed = {"happened_at": AT, "report": "final", "hypsarrhythmia": "yes", "once": uuid4().hex}

    said = nurse.post(f"{page(child, 'eeg')}meaning/", typed).content.decode()

    assert "It answers no check yet: EEG two weeks after the start counts from" in said


def test_a_control_character_that_was_pasted_is_refused(nurse: Client, child: Enrolment) -> None:
    answer = nurse.post(page(child, "symptom"), {"happened_at": AT, "detail": "fe\x0bver"})

    assert "There is a control character in it. Take it out." in answer.content.decode()
    assert not Symptom.objects.exists()
