"""What an edition changes, before anybody signs it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from protocols import models, reading
from protocols.changes import calendar_difference, what_changes
from protocols.differing import differences, digest_of
from protocols.engine.course import CourseDetails
from protocols.engine.regimen import ProtocolEdition
from protocols.engine.terms import Value
from protocols.in_force import formulary_with
from protocols.shipping import example_children
from tests.factories.protocols import library_files


def shipped_values(key: str) -> ProtocolEdition:
    return next(values for values in library_files().protocols if values.key == key)


def first_step(values: ProtocolEdition, **changed: Any) -> ProtocolEdition:
    """The edition with its very first dose step changed."""
    phase, *phases = values.phases
    step, *steps = phase.steps
    return replace(values, phases=(replace(phase, steps=(replace(step, **changed), *steps)), *phases))


def words(before: Any, after: Any) -> list[str]:
    return [difference.words for difference in differences(before, after)]


def test_the_same_edition_differs_in_nothing() -> None:
    values = shipped_values("prednisolone-ukiss")

    assert differences(values, values) == ()


def test_a_changed_dose_is_said_in_words_a_clinician_finds() -> None:
    before = shipped_values("prednisolone-ukiss")
    amount = Value(number=Decimal(15))

    assert words(before, first_step(before, amount=amount)) == ["phase Full dose, step 1, amount: 10 → 15"]


def test_a_row_in_between_does_not_make_all_others_differ() -> None:
    before = shipped_values("prednisolone-ukiss")
    added = replace(before.phases[0], name="Week 0")

    said = words(before, replace(before, phases=(added, *before.phases)))

    assert len(said) == 1
    assert said[0].startswith("phase Week 0: added (name Week 0, purpose full-dose")


def test_a_row_that_is_gone_and_an_order_that_is_other_are_said() -> None:
    before = shipped_values("prednisolone-ukiss")

    assert words(before, replace(before, phases=before.phases[:1]))[0].startswith("phase Taper: removed (")
    assert words(before, replace(before, phases=before.phases[::-1])) == [
        "order of phases: Full dose, Taper → Taper, Full dose"
    ]


def test_a_number_written_in_another_way_is_another_digest() -> None:
    """What two people sign is the text they read, down to a trailing zero."""
    before = shipped_values("prednisolone-ukiss")
    amount = Value(number=Decimal("10.0"))

    assert digest_of(first_step(before, amount=amount)) != digest_of(before)


def test_a_draft_shows_its_difference_in_words_and_in_the_calendars_of_example_children(
    shipped_edition: models.ProtocolEdition, draft: models.ProtocolEdition
) -> None:
    models.DoseStep.objects.filter(phase__edition=draft, position=0, phase__position=0).update(amount=15)

    change = what_changes(shipped_edition, draft, examples=example_children())

    assert [difference.words for difference in change.in_words] == [
        "phase Full dose, step 1, amount: 10 → 15"
    ]
    assert {calendar.child.key for calendar in change.in_calendars} == {"small", "usual", "large", "toddler"}
    first = change.in_calendars[0].changes[0]
    assert "10 mg by mouth four times daily" in first.before
    assert "15 mg by mouth four times daily" in first.after


def test_a_change_that_touches_no_dose_changes_no_calendar(
    shipped_edition: models.ProtocolEdition, draft: models.ProtocolEdition
) -> None:
    draft.summary = "Said otherwise."
    draft.save()

    change = what_changes(shipped_edition, draft, examples=example_children())

    assert [difference.path for difference in change.in_words] == ["summary"]
    assert change.in_calendars == ()


@pytest.mark.usefixtures("library")
def test_a_running_course_sees_what_another_edition_would_change_from_its_own_start_and_weight() -> None:
    before = shipped_values("prednisolone-weight-based")
    after = replace(before, maxima=tuple(replace(row, amount=Decimal(40)) for row in before.maxima))
    details = CourseDetails(
        start_on=date(2026, 11, 2),
        weight_kg=Decimal("7.2"),
        choices={"mg_per_kg": "8", "unknown": "1"},
        decisions={"not-asked": 9},
    )

    changes = calendar_difference(before, after, details=details, formulary=formulary_with(before))

    assert changes[0].first_on == date(2026, 11, 2)
    assert changes[0].before != changes[0].after
    assert calendar_difference(before, before, details=details, formulary=formulary_with(before)) == ()


@pytest.mark.usefixtures("library")
def test_pathways_differ_in_words_alone() -> None:
    edition = models.PathwayEdition.objects.select_related("pathway").order_by("pk")[0]
    values = reading.pathway_values(edition)
    rule, *rules = values.escalation_rules
    other = replace(values, escalation_rules=(replace(rule, asks_for="Call."), *rules))

    assert words(values, other) == [f"escalation rule {rule.code}, asks for: {rule.asks_for} → Call."]
