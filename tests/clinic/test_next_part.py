"""A course in sequence: the verdict decides the next part, a prescriber says so, a colleague starts it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from clinic import calendars, courses
from clinic.models import Course, CourseStart, DoseChange, WorkItem
from clinic.nextpart import (
    NextPartDecided,
    NextPartPassed,
    NothingDepends,
    decide_next_part,
    waits_for_verdict,
    ways,
)
from clinic.roles import NotAllowed
from protocols import models as protocol_rows
from protocols import signing
from protocols.drafting import clone_edition
from protocols.editing import change_row
from protocols.models import ProtocolEdition
from tests.factories import protocols as library
from tests.factories.ward import START, Ward, at, day

DAY_14, DAY_15, DAY_28 = (START + timedelta(days=n) for n in (13, 14, 27))
NOW = at(DAY_14)


@pytest.fixture
def sequence(ward: Ward) -> ProtocolEdition:
    """The clinic's own edition of the sequence: the responder's taper is entered."""
    shipped = library.protocol_edition("ucla-sequential")
    draft = clone_edition(shipped, reason="Our taper.", by=library.lead(), now=at(START))
    step = protocol_rows.DoseStep.objects.get(phase__edition=draft, phase__name="Taper of a responder")
    change_row(step, columns={"amount": 20, "times": 2}, by=library.lead())
    checked = signing.check_edition(draft, by=library.lead(), now=at(START))
    return library.in_force(checked, on=START, now=at(START))


@pytest.fixture
def course(ward: Ward, sequence: ProtocolEdition) -> Course:
    said: dict[str, Any] = {"weight_kg": 7.2, "length_cm": 66, "choices": {"acth_ending": "us-label"}}
    (draft,) = courses.plan_course(
        enrolment=ward.child(),
        protocol_edition=sequence,
        start_on=START,
        by=ward.nurse,
        now=at(START),
        **said,
    )
    courses.check_calendar(course=draft, digest=draft.calendar_digest, by=ward.colleague, now=at(START))
    draft.refresh_from_db()
    return draft


def decide(course: Course, verdict: str, ward: Ward, **other: Any) -> DoseChange:
    said: dict[str, Any] = {"prescriber": "Dr Aster", "by": ward.neurologist, "now": NOW, **other}
    return decide_next_part(course=course, verdict=verdict, **said)


def acth() -> Course:
    return Course.objects.get(drug__key="acth-gel")


def start_of(course: Course) -> date | None:
    return CourseStart.objects.filter(course=course).values_list("happened_on", flat=True).first()


def test_before_the_verdict_only_the_first_drug_runs_and_the_calendar_waits(course: Course) -> None:
    assert Course.objects.count() == 1
    assert waits_for_verdict(calendars.calendar_of(course))
    assert course.planned_last_dose_on is None
    assert ways(course) == [
        ("responder", "Taper of a responder"),
        ("non-responder", "ACTH gel, then Taper by the US label"),
    ]


def test_without_response_the_next_drug_is_proposed_from_the_next_day_and_a_colleague_starts_it(
    course: Course, ward: Ward
) -> None:
    decided = decide(course, "non-responder", ward)
    proposed = acth()

    assert (decided.kind, decided.from_on, decided.prescriber) == ("responded", DAY_15, "Dr Aster")
    assert (proposed.status, proposed.start_on, start_of(proposed)) == (Course.Status.DRAFT, DAY_15, None)
    assert (proposed.batch, proposed.product and proposed.product.key) == (course.batch, "acth-gel-80u-ml")

    assert WorkItem.objects.open().get(kind="calendar_check").subject_uid == proposed.uid

    shown = calendars.digest_of(calendars.calendar_of(proposed))
    courses.check_calendar(course=proposed, digest=shown, by=ward.colleague, now=NOW)

    proposed.refresh_from_db()
    course.refresh_from_db()
    assert (proposed.status, start_of(proposed)) == (Course.Status.ACTIVE, DAY_15)
    assert course.planned_last_dose_on == DAY_14
    assert proposed.planned_last_dose_on == START + timedelta(days=27 + 14)
    codes = set(course.enrolment.checks.values_list("code", flat=True))
    assert {"BP", "EEG14"} <= codes


def test_a_responder_tapers_the_drug_that_runs_and_no_other_is_proposed(course: Course, ward: Ward) -> None:
    decide(course, "responder", ward)

    course.refresh_from_db()
    assert Course.objects.count() == 1
    assert course.planned_last_dose_on == DAY_28
    assert CourseStart.objects.order_by("-pk").first().taper_on == DAY_15  # type: ignore[union-attr]
    assert WorkItem.objects.open().filter(kind=WorkItem.Kind.TEACH_AGAIN).exists()


def test_deciding_twice_is_once_and_deciding_otherwise_is_refused(course: Course, ward: Ward) -> None:
    decided = decide(course, "non-responder", ward)

    assert decide(course, "non-responder", ward) == decided
    assert Course.objects.filter(drug__key="acth-gel").count() == 1
    with pytest.raises(NextPartDecided, match="Dr Aster has decided"):
        decide(course, "responder", ward)


def test_a_next_drug_whose_first_day_has_passed_is_planned_as_a_course_of_its_own(
    course: Course, ward: Ward
) -> None:
    with pytest.raises(NextPartPassed, match="plan that drug"):
        decide(course, "non-responder", ward, now=at(DAY_15 + timedelta(days=1)))

    assert not DoseChange.objects.exists()
    assert Course.objects.count() == 1


def test_a_next_part_with_days_nobody_has_a_dose_for_is_refused(
    ward: Ward, sequence: ProtocolEdition, course: Course
) -> None:
    Course.objects.filter(pk=course.pk).update(choices={"acth_ending": "not-entered"})

    with pytest.raises(courses.DoseNotKnown):
        decide(course, "non-responder", ward)


def test_a_course_without_a_next_part_has_nothing_to_decide(ward: Ward) -> None:
    with pytest.raises(NothingDepends):
        decide(ward.start(ward.child()), "responder", ward, now=at(day(3)))


def test_a_nurse_does_not_decide_it(course: Course, ward: Ward) -> None:
    with pytest.raises(NotAllowed):
        decide(course, "non-responder", ward, by=ward.nurse)
