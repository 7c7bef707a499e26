"""A new edition moves nobody: it shows what it would change; a named prescriber accepts it for one child."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from clinic import calendars, correcting, courses, explaining, facts
from clinic.entries import Entry
from clinic.models import Course, CourseStart, DoseChange, TimelineEntry, WorkItem
from clinic.moving import (
    AlreadyOnIt,
    DayPassed,
    Move,
    OtherProtocol,
    accept_edition,
    newest_start,
    preview_move,
    preview_moves,
)
from clinic.roles import NotAllowed
from clinic.staying import DosesGiven, LaterMove, moves_ahead, take_back_move
from clinic.treatment import PrescriberNeeded
from protocols import models as protocol_rows
from protocols import signing
from protocols.drafting import clone_edition
from protocols.editing import change_row, remove_row
from protocols.engine import facts as engine
from protocols.engine.known import Known, in_order_known
from protocols.models import ProtocolEdition
from tests.factories import protocols as library
from tests.factories.ward import START, Ward, at, day

VIGABATRIN = "vigabatrin-50mg-ml"
TODAY = day(3)
TOMORROW = day(4)
NOW = at(TODAY)


def edition_of(key: str) -> ProtocolEdition:
    return library.protocol_edition(key)


@pytest.fixture
def course(ward: Ward) -> Course:
    return ward.start(ward.child())


@pytest.fixture
def gentler(ward: Ward) -> ProtocolEdition:
    """Our own edition of the course's protocol: in force, with half the dose."""
    draft = clone_edition(
        edition_of("prednisolone-ukiss"), reason="Half the dose.", by=library.lead(), now=NOW
    )
    for step in protocol_rows.DoseStep.objects.filter(phase__edition=draft, phase__position=0):
        change_row(step, columns={"amount": step.amount / 2}, by=library.lead())
    return library.in_force(signing.check_edition(draft, by=library.lead(), now=NOW), on=TODAY, now=NOW)


def accept(move: Move, edition: ProtocolEdition, ward: Ward, **other: Any) -> DoseChange:
    said: dict[str, Any] = {
        "course": move.course,
        "edition": edition,
        "from_on": move.from_on,
        "digest": move.digest,
        "prescriber": "Dr Aster",
        "by": ward.neurologist,
        "now": NOW,
    }
    return accept_edition(**{**said, **other})


def amounts(course: Course) -> dict[int, Decimal]:
    days = calendars.calendar_of(course).days
    return {each.day: sum((dose.day_amount for dose in each.doses), Decimal(0)) for each in days}


def test_a_new_edition_in_force_moves_nobody(course: Course, gentler: ProtocolEdition) -> None:
    course.refresh_from_db()

    assert course.protocol_edition.number == "1"
    assert amounts(course)[5] == 40


def test_the_preview_shows_each_running_child_what_would_change_from_tomorrow(
    course: Course, gentler: ProtocolEdition, ward: Ward
) -> None:
    moves = list(preview_moves(gentler, actor=ward.neurologist, now=NOW))

    assert [(move.course, move.from_on, move.missing) for move in moves] == [(course, TOMORROW, "")]
    first = moves[0].changes[0]
    assert first.first_on == TOMORROW
    assert "10 mg by mouth four times daily" in first.before
    assert "5 mg by mouth four times daily" in first.after
    assert not DoseChange.objects.exists()


def test_a_clinic_sees_only_its_own_children(course: Course, gentler: ProtocolEdition, ward: Ward) -> None:
    from tests.factories.clinic import ClinicFactory
    from tests.factories.ward import person

    stranger = person("stranger", "neurologist", ClinicFactory(key="south", name="South clinic"))

    assert list(preview_moves(gentler, actor=stranger, now=NOW)) == []


def test_an_accepted_edition_counts_from_its_day_and_leaves_the_days_before(
    course: Course, gentler: ProtocolEdition, ward: Ward
) -> None:
    move = preview_move(course, gentler, from_on=TOMORROW)

    accepted = accept(move, gentler, ward)

    course.refresh_from_db()
    assert course.protocol_edition == gentler
    assert accepted.kind == "edition"
    assert (accepted.prescriber, accepted.from_on) == ("Dr Aster", TOMORROW)
    assert [amounts(course)[each] for each in (4, 5)] == [40, 20]
    assert calendars.digest_of(calendars.calendar_of(course)) == move.digest
    said = [explaining.explain_dose_of(course, on=day(each - 1)).paragraph for each in (4, 5)]
    assert ["edition 1," in each for each in said] == [True, False]
    assert "edition 1.1," in said[1]
    assert WorkItem.objects.open().filter(kind=WorkItem.Kind.TEACH_AGAIN).exists()


def test_once_moved_a_course_is_not_shown_and_not_moved_again(
    course: Course, gentler: ProtocolEdition, ward: Ward
) -> None:
    move = preview_move(course, gentler, from_on=TOMORROW)
    accept(move, gentler, ward)

    assert list(preview_moves(gentler, actor=ward.neurologist, now=NOW)) == []
    with pytest.raises(AlreadyOnIt, match=r"follows edition 1\.1 already"):
        accept(move, gentler, ward)


def test_a_second_move_goes_on_from_the_first(course: Course, gentler: ProtocolEdition, ward: Ward) -> None:
    accept(preview_move(course, gentler, from_on=TOMORROW), gentler, ward)
    course.refresh_from_db()
    back = edition_of("prednisolone-ukiss")

    accept(preview_move(course, back, from_on=day(5)), back, ward)

    course.refresh_from_db()
    assert [amounts(course)[each] for each in (4, 5, 6)] == [40, 20, 40]


def test_a_shorter_edition_plans_the_last_dose_anew(course: Course, ward: Ward) -> None:
    draft = clone_edition(edition_of("prednisolone-ukiss"), reason="Shorter.", by=library.lead(), now=NOW)
    taper = protocol_rows.Phase.objects.get(edition=draft, name="Taper")
    for step in protocol_rows.DoseStep.objects.filter(phase=taper, from_day__gt=10).order_by("-position"):
        remove_row(step, by=library.lead())
    change_row(taper, columns={"length_count": 10}, by=library.lead())
    shorter = library.in_force(signing.check_edition(draft, by=library.lead(), now=NOW), on=TODAY, now=NOW)

    accept(preview_move(course, shorter, from_on=TOMORROW), shorter, ward)

    course.refresh_from_db()
    assert course.planned_last_dose_on == START + timedelta(days=23)
    assert set(DoseChange.objects.values_list("kind", flat=True)) == {"edition", "last_dose"}


def test_a_calendar_that_changed_since_it_was_shown_is_refused(
    course: Course, gentler: ProtocolEdition, ward: Ward
) -> None:
    move = preview_move(course, gentler, from_on=TOMORROW)

    with pytest.raises(courses.CalendarChanged):
        accept(move, gentler, ward, from_on=day(9))


def test_a_day_that_has_passed_is_refused(course: Course, gentler: ProtocolEdition, ward: Ward) -> None:
    with pytest.raises(DayPassed, match="Choose today or a later day"):
        accept(preview_move(course, gentler, from_on=day(1)), gentler, ward)


def test_another_protocol_is_refused(course: Course, ward: Ward) -> None:
    other = edition_of("vigabatrin-ukiss")

    with pytest.raises(OtherProtocol, match="plan a new one"):
        accept(preview_move(course, other, from_on=TOMORROW), other, ward)


def test_an_edition_that_is_not_in_force_is_refused(course: Course, ward: Ward) -> None:
    draft = clone_edition(edition_of("prednisolone-ukiss"), reason="Not yet.", by=library.lead(), now=NOW)

    with pytest.raises(courses.NotInForce):
        accept(preview_move(course, draft, from_on=TOMORROW), draft, ward)


@pytest.mark.parametrize("columns", [{"amount": None}, {"per": "day", "times": None}])
def test_an_edition_with_days_that_nobody_has_a_dose_for_is_refused(
    columns: dict[str, object], course: Course, ward: Ward
) -> None:
    draft = clone_edition(edition_of("prednisolone-ukiss"), reason="Unfinished.", by=library.lead(), now=NOW)
    step = protocol_rows.DoseStep.objects.get(phase__edition=draft, phase__name="Full dose", position=0)
    change_row(step, columns=columns, by=library.lead())
    unfinished = library.in_force(signing.check_edition(draft, by=library.lead(), now=NOW), on=TODAY, now=NOW)

    move = preview_move(course, unfinished, from_on=TOMORROW)

    assert move.missing
    with pytest.raises(courses.DoseNotKnown, match="an edition of the clinic's own"):
        accept(move, unfinished, ward)


def test_a_prescriber_is_named_and_a_nurse_does_not_decide(
    course: Course, gentler: ProtocolEdition, ward: Ward
) -> None:
    move = preview_move(course, gentler, from_on=TOMORROW)

    with pytest.raises(PrescriberNeeded):
        accept(move, gentler, ward, prescriber=" ")
    with pytest.raises(NotAllowed):
        accept(move, gentler, ward, by=ward.nurse)


# --- the days the plan counts from -------------------------------------------------------------------------


@pytest.fixture
def longer(ward: Ward) -> ProtocolEdition:
    """Our own edition: seventeen days at full dose, so that the taper begins three days later."""
    draft = clone_edition(edition_of("prednisolone-ukiss"), reason="Longer.", by=library.lead(), now=NOW)
    full = protocol_rows.Phase.objects.get(edition=draft, name="Full dose")
    change_row(full, columns={"length_count": 17}, by=library.lead())
    return library.in_force(signing.check_edition(draft, by=library.lead(), now=NOW), on=TODAY, now=NOW)


def start_of(course: Course) -> CourseStart:
    found = newest_start(course)
    assert found is not None
    return found


def test_an_accepted_edition_moves_the_day_of_the_taper_that_the_plan_counts_from(
    course: Course, longer: ProtocolEdition, ward: Ward
) -> None:
    assert start_of(course).taper_on == START + timedelta(days=14)

    accept(preview_move(course, longer, from_on=TOMORROW), longer, ward)

    start = start_of(course)
    assert (start.happened_on, start.taper_on) == (START, START + timedelta(days=17))
    (told,) = [
        x for x in facts.facts_of(course.enrolment).facts if getattr(x, "taper_on", None) and x.corrects
    ]
    assert isinstance(told, engine.TreatmentStart)
    assert told.taper_on == START + timedelta(days=17)


def test_an_edition_that_moves_no_such_day_leaves_the_start_as_it_was_written(
    course: Course, gentler: ProtocolEdition, ward: Ward
) -> None:
    accept(preview_move(course, gentler, from_on=TOMORROW), gentler, ward)

    assert CourseStart.objects.filter(course=course).count() == 1


def test_correcting_a_start_moves_the_day_of_its_target_dose_too(ward: Ward) -> None:
    course = ward.start(ward.child(), protocol="vigabatrin-us-label", products={"vigabatrin": VIGABATRIN})
    before = start_of(course)
    assert before.target_dose_on is not None
    later = before.target_dose_on + timedelta(days=3)

    correcting.successor(
        before,
        by=ward.neurologist,
        now=NOW,
        why="Three days later.",
        values={**correcting.says(before), "target_dose_on": later},
        entry=Entry(),
        day=START,
    )

    known = Known()
    known.learn(fact for _, fact in in_order_known(facts.facts_of(course.enrolment)))
    assert [fact.on for fact in known.of(engine.TargetDoseReached)] == [later]
    assert len(known.of(engine.TreatmentStart)) == 1


# --- taking a move back ------------------------------------------------------------------------------------


def test_a_move_taken_back_before_its_day_leaves_the_course_as_it_was(
    course: Course, longer: ProtocolEdition, ward: Ward
) -> None:
    first = edition_of("prednisolone-ukiss")
    before, planned = calendars.digest_of(calendars.calendar_of(course)), course.planned_last_dose_on
    accepted = accept(preview_move(course, longer, from_on=TOMORROW), longer, ward)

    taken = take_back_move(move=accepted, why="The wrong child.", by=ward.neurologist, now=NOW)
    again = take_back_move(move=accepted, why="The wrong child.", by=ward.neurologist, now=NOW)

    course.refresh_from_db()
    assert (course.protocol_edition, course.planned_last_dose_on) == (first, planned)
    assert calendars.digest_of(calendars.calendar_of(course)) == before
    assert start_of(course).taper_on == START + timedelta(days=14)
    assert (taken.entered_in_error, again) == (True, taken)
    assert TimelineEntry.objects.filter(kind="fact-taken-back", subject_uid=taken.uid).exists()
    assert WorkItem.objects.open().filter(kind=WorkItem.Kind.TEACH_AGAIN).exists()
    assert moves_ahead(longer, actor=ward.neurologist, now=NOW) == []


def test_a_move_whose_doses_were_given_is_not_taken_back(
    course: Course, gentler: ProtocolEdition, ward: Ward
) -> None:
    accepted = accept(preview_move(course, gentler, from_on=TOMORROW), gentler, ward)

    assert moves_ahead(gentler, actor=ward.neurologist, now=NOW) == [accepted]
    assert moves_ahead(gentler, actor=ward.neurologist, now=at(TOMORROW)) == []
    with pytest.raises(DosesGiven, match="from tomorrow on instead"):
        take_back_move(move=accepted, why="Too late.", by=ward.neurologist, now=at(TOMORROW))


def test_a_move_that_a_later_one_rests_on_is_not_taken_back(
    course: Course, gentler: ProtocolEdition, ward: Ward
) -> None:
    accepted = accept(preview_move(course, gentler, from_on=TOMORROW), gentler, ward)
    course.refresh_from_db()
    back = edition_of("prednisolone-ukiss")
    accept(preview_move(course, back, from_on=day(5)), back, ward)

    with pytest.raises(LaterMove):
        take_back_move(move=accepted, why="Hm.", by=ward.neurologist, now=NOW)


def test_taking_a_move_back_needs_a_reason_and_somebody_who_decides_doses(
    course: Course, gentler: ProtocolEdition, ward: Ward
) -> None:
    accepted = accept(preview_move(course, gentler, from_on=TOMORROW), gentler, ward)

    with pytest.raises(correcting.ReasonNeeded):
        take_back_move(move=accepted, why=" ", by=ward.neurologist, now=NOW)
    with pytest.raises(NotAllowed):
        take_back_move(move=accepted, why="Hm.", by=ward.nurse, now=NOW)
