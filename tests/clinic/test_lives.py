"""Enrolled, handed over, withdrawn, lost, found, dead, alive after all, merged, finished."""

from __future__ import annotations

import datetime as dt

import pytest

from clinic import access, careteam, children, correcting, deaths, enrolment, recording, treatment, waiving
from clinic.actors import actor_for_contact
from clinic.entries import Entry
from clinic.models import (
    Actor,
    BloodPressure,
    Check,
    Course,
    Enrolment,
    EnrolmentStep,
    Escalation,
    Patient,
    TimelineEntry,
    WorkItem,
)
from protocols.models import Product
from tests.factories import clinic as make
from tests.factories import ward as w

NOW = w.at(w.START)


def south(ward: w.Ward) -> w.Ward:
    """Another clinic of the same house, with the same pathway."""
    clinic = make.ClinicFactory(key="south", name="South clinic", zone="Europe/London")
    other = w.Ward(
        clinic=clinic,
        nurse=w.person("nurse-south", "nurse", clinic),
        colleague=w.person("colleague-south", "nurse", clinic),
        neurologist=w.person("neurologist-south", "neurologist", clinic),
        lead=w.person("lead-south", "clinic lead", clinic),
    )
    edition = enrolment.pathway_in_use(ward.clinic, on=w.START)
    enrolment.adopt_pathway(
        clinic=clinic, pathway_edition=edition, from_on=dt.date(2026, 12, 1), by=other.lead, now=NOW
    )
    return other


def bp(child: Enrolment, by: Actor, day: dt.date, systolic: int = 92) -> BloodPressure:
    return recording.record_blood_pressure(
        enrolment=child,
        entry=Entry(happened_on=day),
        by=by,
        now=w.at(day),
        systolic=systolic,
        diastolic=54,
    )


def test_a_child_is_enrolled_once(ward: w.Ward) -> None:
    child = ward.child()

    again = enrolment.enrol(patient=child.patient, clinic=ward.clinic, by=ward.nurse, now=NOW)

    assert again == child
    assert child.steps.count() == 1


def test_a_child_of_another_clinic_does_not_exist(ward: w.Ward) -> None:
    child = ward.child()
    other = south(ward)

    assert access.child_for(ward.nurse, child.patient.uid) == child.patient
    with pytest.raises(Patient.DoesNotExist):
        access.child_for(other.nurse, child.patient.uid)
    assert not access.enrolments_visible_to(other.nurse).exists()


def test_a_contact_sees_the_children_whose_team_it_is_on(ward: w.Ward) -> None:
    child, stranger = ward.child(), ward.child()
    contact = careteam.add_contact(
        clinic=ward.clinic, by=ward.nurse, now=NOW, name="Dr Practice", email="p@demo.example"
    )
    careteam.confirm_address(contact=contact, by=ward.nurse, now=NOW)
    member = careteam.add_to_team(
        patient=child.patient,
        clinic=ward.clinic,
        contact=contact,
        role="pediatrician",
        by=ward.nurse,
        now=NOW,
    )
    actor = actor_for_contact(contact)

    assert list(access.children_visible_to(actor)) == [child.patient]
    assert stranger.patient not in access.children_visible_to(actor)
    assert bp(child, actor, w.START).recorded_by == actor

    careteam.take_off_team(member=member, by=ward.nurse, now=NOW)
    assert not access.children_visible_to(actor).exists()


def test_another_address_must_be_confirmed_again(ward: w.Ward) -> None:
    contact = careteam.add_contact(
        clinic=ward.clinic, by=ward.nurse, now=NOW, name="Dr Practice", email="p@demo.example"
    )
    careteam.confirm_address(contact=contact, by=ward.nurse, now=NOW)

    changed = careteam.change_contact(
        contact=contact, by=ward.nurse, now=NOW, changes={"email": "q@demo.example"}
    )

    assert changed.confirmed_at is None


def test_a_hand_over_keeps_the_checks_until_the_other_clinic_accepts(ward: w.Ward) -> None:
    child, other = ward.child(), south(ward)
    course = ward.start(child)

    enrolment.offer_transfer(enrolment=child, by=ward.nurse, now=NOW, to_clinic=other.clinic)
    assert Check.objects.unsatisfied().filter(enrolment=child).exists()
    received = enrolment.accept_transfer(
        enrolment=child, by=other.nurse, now=w.at(w.day(2)), clinic=other.clinic
    )

    child.refresh_from_db()
    assert received is not None
    assert (child.state, received.state) == ("transferred", "active")
    assert not Check.objects.unsatisfied().filter(enrolment=child).exists()
    assert Check.objects.unsatisfied().filter(enrolment=received, code="EEG14").exists()
    assert Course.objects.get(pk=course.pk).enrolment == received
    assert access.child_for(other.nurse, child.patient.uid) == child.patient


def test_a_hand_over_nobody_acknowledges_is_escalated(ward: w.Ward) -> None:
    child = ward.child()
    enrolment.offer_transfer(enrolment=child, by=ward.nurse, now=NOW, to="other hospital")

    w.review(child, w.day(8), ward)

    assert Escalation.objects.filter(enrolment=child, rule="E16").exists()


def test_a_hand_over_that_is_called_off_was_none(ward: w.Ward) -> None:
    child = ward.child()
    enrolment.offer_transfer(enrolment=child, by=ward.nurse, now=NOW, to="other hospital")

    enrolment.call_off_transfer(enrolment=child, by=ward.nurse, now=NOW, why="family stays")

    w.review(child, w.day(8), ward)
    assert not Escalation.objects.filter(enrolment=child, rule="E16", state="open").exists()
    assert enrolment.offer_of(child) is None


def test_a_withdrawn_child_stays_visible_and_is_no_longer_open(ward: w.Ward) -> None:
    child = ward.child()
    ward.start(child)

    gone = enrolment.withdraw(enrolment=child, by=ward.nurse, now=NOW, detail="comfort care only")

    assert (gone.state, gone.ended_by) == ("withdrawn", ward.nurse)
    assert access.child_for(ward.nurse, child.patient.uid) == child.patient
    with pytest.raises(enrolment.NotOpen):
        enrolment.withdraw(enrolment=child, by=ward.nurse, now=NOW)


def test_a_lost_family_stops_nothing(ward: w.Ward) -> None:
    child = ward.child()
    ward.start(child)

    lost = enrolment.lose_contact(enrolment=child, by=ward.nurse, now=NOW, detail="3 unanswered calls")

    assert lost.state == "lost"
    assert Check.objects.unsatisfied().filter(enrolment=child).exists()
    assert enrolment.find_contact(enrolment=child, by=ward.nurse, now=NOW).state == "active"


def test_a_reported_death_pauses_letters_at_once_and_a_person_confirms(ward: w.Ward) -> None:
    child = ward.child()
    ward.start(child)

    reported = deaths.report_death(enrolment=child, by=ward.nurse, now=NOW)
    assert (reported.sending_paused_at, reported.state) == (NOW, "active")
    assert WorkItem.objects.open().filter(kind="death_reported").count() == 1

    confirmed = deaths.confirm_death(enrolment=child, by=ward.neurologist, now=NOW, died_on=w.START)
    assert confirmed.state == "deceased"
    assert not WorkItem.objects.open().filter(kind="death_reported").exists()
    assert not Check.objects.unsatisfied().filter(enrolment=child).exists()


def test_a_death_that_was_reported_wrongly_is_taken_back(ward: w.Ward) -> None:
    child = ward.child()
    ward.start(child)
    deaths.report_death(enrolment=child, by=ward.nurse, now=NOW)
    deaths.confirm_death(enrolment=child, by=ward.neurologist, now=NOW, died_on=w.START)

    alive = deaths.reverse_death(enrolment=child, by=ward.neurologist, now=NOW, why="another child")

    assert (alive.state, alive.sending_paused_at, alive.ended_at) == ("active", None, None)
    assert Check.objects.unsatisfied().filter(enrolment=child, code="EEG14").exists()
    assert EnrolmentStep.objects.filter(enrolment=child, entered_in_error=True).count() == 2


def test_two_records_of_one_child_become_one_and_the_facts_of_both_count(ward: w.Ward) -> None:
    kept, twin = ward.child(identifiers=[("urn:a", "1")]), ward.child(identifiers=[("urn:a", "2")])
    bp(twin, ward.nurse, w.START, systolic=99)
    enrolment.withdraw(enrolment=twin, by=ward.nurse, now=NOW)
    ward.start(kept, on=w.START)

    children.merge_children(
        survivor=kept.patient,
        replaced=twin.patient,
        clinic=ward.clinic,
        reason="registered twice",
        by=ward.lead,
        now=NOW,
    )

    twin.patient.refresh_from_db()
    assert twin.patient.replaced_by == kept.patient
    assert kept.patient.identifiers.count() == 2
    assert Check.objects.get(enrolment=kept, code="BP", state="done").done_on == w.START
    again = children.merge_children(
        survivor=kept.patient,
        replaced=twin.patient,
        clinic=ward.clinic,
        reason="twice",
        by=ward.lead,
        now=NOW,
    )
    assert again.reason == "registered twice"


def test_what_was_typed_on_the_wrong_child_moves_and_both_histories_say_so(ward: w.Ward) -> None:
    wrong, right = ward.child(), ward.child()
    for child in (wrong, right):
        ward.start(child)
    reading = bp(wrong, ward.nurse, w.day(1), systolic=125)
    assert Escalation.objects.filter(enrolment=wrong, state="open", rule__startswith="E08").exists()

    moved = correcting.move_to_right_child(
        fact=reading, enrolment=wrong, to=right, by=ward.nurse, now=w.at(w.day(1)), why="twins"
    )

    assert (moved.patient, moved.moved_from) == (right.patient, reading.uid)
    assert Escalation.objects.filter(enrolment=right, state="open", rule__startswith="E08").exists()
    fallen = Escalation.objects.get(enrolment=wrong, rule__startswith="E08")
    assert (fallen.state, fallen.withdrawn_on) == ("withdrawn", w.day(1))
    assert WorkItem.objects.open().filter(kind="basis_withdrawn", patient=wrong.patient).exists()
    assert TimelineEntry.objects.filter(kind="fact-moved", patient=right.patient).exists()


def test_a_child_whose_follow_up_is_finished_leaves_the_list(ward: w.Ward) -> None:
    child = ward.child()

    done = enrolment.complete(enrolment=child, by=ward.nurse, now=NOW)

    assert (done.state, done.next_review_on) == ("completed", None)


def test_look_alikes_are_found_within_the_clinics_of_the_actor(ward: w.Ward) -> None:
    child = ward.child(given_names="Aurora", household="Testinfant twins")
    twin = ward.child(given_names="Berta", birth_date=dt.date(2026, 6, 20))
    ward.child(family_name="Mockchild", birth_date=dt.date(2026, 5, 1))

    assert list(children.lookalikes(child.patient, actor=ward.nurse)) == [twin.patient]


def test_a_call_is_kept_and_cannot_be_put_off_beyond_the_window(ward: w.Ward) -> None:
    child = ward.child()
    ward.start(child)
    check = Check.objects.get(enrolment=child, code="EEG14")

    with pytest.raises(waiving.AskAgainTooLate):
        waiving.record_call(
            enrolment=child,
            entry=Entry(),
            by=ward.nurse,
            now=NOW,
            outcome="no_answer",
            about="check",
            check=check,
            ask_again_on=w.day(30),
        )
    call = waiving.record_call(
        enrolment=child,
        entry=Entry(),
        by=ward.nurse,
        now=NOW,
        outcome="no_answer",
        about="check",
        check=check,
        ask_again_on=w.day(2),
    )
    assert call.ask_again_on == w.day(2)


def test_a_changed_birth_date_is_reviewed(ward: w.Ward) -> None:
    child = ward.child()

    changed = children.change_child(
        patient=child.patient,
        clinic=ward.clinic,
        by=ward.nurse,
        now=NOW,
        changes={"birth_date": dt.date(2026, 6, 21)},
    )

    assert changed.birth_date == dt.date(2026, 6, 21)


def test_strength_that_changes_voids_the_calendar_until_the_family_is_taught(ward: w.Ward) -> None:
    child = ward.child()
    course = ward.start(child, products={"prednisolone": "prednisolone-1mg-ml"})
    stronger = Product.objects.get(key="prednisolone-3mg-ml")

    treatment.dispense(course=course, entry=Entry(), by=ward.nurse, now=NOW, product=stronger)
    assert treatment.calendar_is_void(course)

    treatment.teach_calendar(course=course, entry=Entry(), by=ward.nurse, now=NOW, taught_to="mother")
    assert not treatment.calendar_is_void(course)
