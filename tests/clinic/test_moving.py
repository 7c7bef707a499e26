"""A new edition moves nobody: it shows what it would change; a named prescriber accepts it for one child."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from clinic import calendars, courses
from clinic.models import Course, DoseChange, WorkItem
from clinic.moving import (
    AlreadyOnIt,
    DayPassed,
    Move,
    OtherProtocol,
    accept_edition,
    preview_move,
    preview_moves,
)
from clinic.roles import NotAllowed
from clinic.treatment import PrescriberNeeded
from protocols import models as protocol_rows
from protocols import signing
from protocols.drafting import clone_edition
from protocols.editing import change_row, remove_row
from protocols.models import ProtocolEdition
from tests.factories import protocols as library
from tests.factories.ward import START, Ward, at, day

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
