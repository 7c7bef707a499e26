"""A course: planned, checked by a second person, decided, changed, held, stopped; always by a name."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from clinic import calendars, courses, recording, treatment
from clinic.entries import Entry
from clinic.models import Check, Course, CourseStart, TimelineEntry, WorkItem
from protocols.engine.dosing import State
from protocols.models import ProtocolEdition
from tests.factories import ward as w

NOW = w.at(w.START)


def draft(ward: w.Ward, protocol: str = "prednisolone-ukiss", **more: Any) -> Course:
    edition = ProtocolEdition.objects.get(protocol__key=protocol)
    said: dict[str, Any] = {
        "start_on": w.START,
        "weight_kg": Decimal("7.2"),
        "length_cm": Decimal(66),
        **more,
    }
    return courses.plan_course(
        enrolment=ward.child(), protocol_edition=edition, by=ward.nurse, now=NOW, **said
    )[0]


def given(course: Course, elapsed: int) -> Decimal:
    """The day's amount so many days after the start."""
    calendar = calendars.calendar_of(Course.objects.get(pk=course.pk))
    day = next(each for each in calendar.days if each.on == w.day(elapsed))
    return sum((dose.day_amount for dose in day.doses), Decimal())


def test_a_draft_runs_only_when_a_second_person_has_checked_its_calendar(ward: w.Ward) -> None:
    course = draft(ward)
    assert not Check.objects.filter(patient=course.patient).exists()

    checked = courses.check_calendar(course=course, digest=course.calendar_digest, by=ward.colleague, now=NOW)

    assert (checked[0].status, checked[0].calendar_checked_by) == ("active", ward.colleague)
    assert CourseStart.objects.get(course=course).planned_last_dose_on == w.day(28)
    assert Check.objects.unsatisfied().filter(patient=course.patient, code="EEG14").exists()
    twice = courses.check_calendar(course=course, digest=course.calendar_digest, by=ward.colleague, now=NOW)
    assert [each.pk for each in twice] == [course.pk]
    assert CourseStart.objects.filter(course=course).count() == 1


def test_a_draft_stands_on_the_list_until_somebody_else_has_looked(ward: w.Ward) -> None:
    course = draft(ward)
    asked = WorkItem.objects.open().get(kind=WorkItem.Kind.CALENDAR_CHECK)
    assert (asked.patient_id, asked.subject_uid) == (course.patient_id, course.uid)

    pharmacist = w.person("pharmacist", "pharmacist", ward.clinic)
    courses.check_calendar(course=course, digest=course.calendar_digest, by=pharmacist, now=NOW)

    asked.refresh_from_db()
    assert (asked.closed_by, asked.closed_because) == (pharmacist, "checked")


def test_a_dropped_draft_is_taken_off_the_list(ward: w.Ward) -> None:
    courses.drop_draft(course=draft(ward), by=ward.nurse, now=NOW)

    assert not WorkItem.objects.open().exists()


def test_a_dropped_draft_never_runs(ward: w.Ward) -> None:
    course = draft(ward)

    courses.drop_draft(course=course, by=ward.nurse, now=NOW)
    courses.drop_draft(course=course, by=ward.nurse, now=NOW)

    course.refresh_from_db()
    assert course.status == "dropped"
    assert TimelineEntry.objects.filter(kind="course-dropped").count() == 1


def test_a_calendar_never_doses_itself(ward: w.Ward) -> None:
    """S2: a conditional step says "not decided" until a named prescriber records a decision."""
    course = ward.start(ward.child())
    days = {day.on: day for day in calendars.calendar_of(course).days}
    assert days[w.day(8)].state is State.UNDECIDED
    assert CourseStart.objects.get(course=course).dose_decision_on == w.day(6)

    treatment.decide_dose(
        course=course,
        step_key="week-2-dose",
        taken=True,
        from_on=w.day(8),
        prescriber="Dr Neuro",
        by=ward.neurologist,
        now=w.at(w.day(8)),
    )

    assert given(course, 7) == Decimal(40)
    assert given(course, 8) == Decimal(60)


def test_a_new_weight_changes_no_dose_until_a_prescriber_accepts_it(ward: w.Ward) -> None:
    child = ward.child()
    course = ward.start(child, "vigabatrin-us-label", products={"vigabatrin": "vigabatrin-50mg-ml"})
    before = given(course, 30)
    weight = recording.record_weight(
        enrolment=child,
        entry=Entry(happened_on=w.day(14)),
        by=ward.nurse,
        now=w.at(w.day(14)),
        kg=Decimal("8.0"),
        source="clinic",
    )
    assert given(course, 30) == before
    assert WorkItem.objects.open().filter(kind="weight_changed", patient=child.patient).exists()

    treatment.accept_weight(
        course=course,
        measurement=weight,
        from_on=w.day(15),
        prescriber="Dr Neuro",
        by=ward.neurologist,
        now=w.at(w.day(15)),
    )

    assert given(course, 30) == before / Decimal("7.2") * 8
    assert not WorkItem.objects.open().filter(kind="weight_changed").exists()


def test_a_hold_does_not_shift_the_calendar(ward: w.Ward) -> None:
    course = ward.start(ward.child())
    last = calendars.calendar_of(course).last_dose_on

    treatment.hold_course(course=course, from_on=w.day(2), by=ward.neurologist, now=w.at(w.day(2)))
    course.refresh_from_db()
    assert course.status == "held"
    treatment.resume_course(course=course, on=w.day(4), by=ward.neurologist, now=w.at(w.day(4)))

    course.refresh_from_db()
    calendar = calendars.calendar_of(course)
    states = {day.on: day.state for day in calendar.days}
    assert course.status == "active"
    assert (states[w.day(2)], states[w.day(3)], states[w.day(4)]) == (State.HELD, State.HELD, State.DOSE)
    assert calendar.last_dose_on == last
    with pytest.raises(treatment.NotOnHold):
        treatment.resume_course(course=course, on=w.day(5), by=ward.neurologist, now=w.at(w.day(5)))


def test_a_course_that_ends_as_planned_needs_no_prescriber(ward: w.Ward) -> None:
    course = ward.start(ward.child())

    stopped = treatment.stop_course(
        course=course, last_dose_on=w.day(28), reason="completed", by=ward.nurse, now=w.at(w.day(28))
    )
    again = treatment.stop_course(
        course=course, last_dose_on=w.day(28), reason="completed", by=ward.nurse, now=w.at(w.day(28))
    )

    course.refresh_from_db()
    assert again == stopped
    assert (course.status, course.last_dose_on) == ("completed", w.day(28))


def test_an_abrupt_stop_passes_with_a_reason(ward: w.Ward) -> None:
    course = ward.start(ward.child())

    stopped = treatment.stop_course(
        course=course,
        last_dose_on=w.day(10),
        reason="intolerance",
        abrupt_because="sepsis; hydrocortisone cover arranged",
        by=ward.neurologist,
        now=w.at(w.day(10)),
    )

    assert stopped.abrupt_because


def test_the_warning_is_silent_when_another_hormone_starts_the_next_day(ward: w.Ward) -> None:
    """S18: a switch from one hormone to another is no abrupt stop."""
    child = ward.child()
    course = ward.start(child)
    ward.start(child, "acth-gel-us-label", on=w.day(11))

    stopped = treatment.stop_course(
        course=course, last_dose_on=w.day(10), reason="no_response", by=ward.neurologist, now=w.at(w.day(11))
    )

    assert not stopped.abrupt_because


def test_a_missed_dose_is_a_fact(ward: w.Ward) -> None:
    course = ward.start(ward.child())

    missed = treatment.miss_dose(
        course=course, entry=Entry(happened_on=w.START), by=ward.nurse, now=NOW, kind="vomited"
    )

    assert (missed.course, missed.kind) == (course, "vomited")


def test_a_moved_last_dose_is_shown_on_the_course(ward: w.Ward) -> None:
    course = ward.start(ward.child())

    treatment.change_dose(
        course=course,
        kind="last_dose",
        from_on=w.day(31),
        prescriber="Dr Neuro",
        by=ward.neurologist,
        now=w.at(w.day(3)),
    )

    course.refresh_from_db()
    assert course.planned_last_dose_on == w.day(31)


def test_a_titrated_drug_knows_the_day_of_its_target_dose(ward: w.Ward) -> None:
    course = ward.start(ward.child(), "vigabatrin-us-label", products={"vigabatrin": "vigabatrin-50mg-ml"})

    start = CourseStart.objects.get(course=course)
    assert start.target_dose_on is not None
    assert start.target_dose_on > w.START
