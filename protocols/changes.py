"""What an edition changes: in words, row by row, and in the dose calendars of example children."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from protocols import models, reading
from protocols.describing.variants import calendar_for, variants_of
from protocols.differing import Difference, differences
from protocols.engine import regimen
from protocols.engine.comparing import Change, difference
from protocols.engine.course import choices_of, conditions_of
from protocols.engine.dosing import dose_calendar
from protocols.in_force import formulary_with

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocols.engine.course import CourseDetails, Formulary
    from protocols.engine.formulary import ExampleChild


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarChange:
    """How one example child's course would differ, going one of the ways a course can go."""

    child: ExampleChild
    variant: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionChange:
    """What `after` says otherwise than `before`."""

    before: models.Edition
    after: models.Edition
    in_words: tuple[Difference, ...]
    in_calendars: tuple[CalendarChange, ...]


def what_changes(
    before: models.Edition, after: models.Edition, *, examples: tuple[ExampleChild, ...]
) -> EditionChange:
    """Everything in which two editions of one protocol or pathway differ, their numbers apart."""
    old, new = reading.values_of(before), reading.values_of(after)
    calendars: tuple[CalendarChange, ...] = ()
    if isinstance(old, regimen.ProtocolEdition) and isinstance(new, regimen.ProtocolEdition):
        calendars = tuple(calendar_changes(old, new, examples=examples))
    return EditionChange(
        before=before,
        after=after,
        in_words=differences(replace(old, edition=""), replace(new, edition="")),
        in_calendars=calendars,
    )


def calendar_changes(
    before: regimen.ProtocolEdition, after: regimen.ProtocolEdition, *, examples: tuple[ExampleChild, ...]
) -> Iterator[CalendarChange]:
    """The example children whose doses would differ, on each way that both editions know."""
    old, new = formulary_with(before), formulary_with(after)
    ways = {variant.title: variant for variant in variants_of(before, formulary=old)}
    for variant in variants_of(after, formulary=new):
        if variant.title not in ways:
            continue
        for child in examples:
            was = calendar_for(before, ways[variant.title], child=child, formulary=old)
            becomes = calendar_for(after, variant, child=child, formulary=new)
            changes = difference(was, becomes, formulary=new)
            if changes:
                yield CalendarChange(child=child, variant=variant.title, changes=changes)


def calendar_difference(
    before: regimen.ProtocolEdition,
    after: regimen.ProtocolEdition,
    *,
    details: CourseDetails,
    formulary: Formulary,
) -> tuple[Change, ...]:
    """What a running course's calendar would change if it moved to another edition; it moves by itself never.

    Decisions and choices that the other edition does not know are left out: its calendar then says
    "not decided" or takes its own default.
    """
    known = {choice.name for choice in choices_of(after, formulary=formulary)}
    asked = {condition.key for condition in conditions_of(after, formulary=formulary)}
    moved = replace(
        details,
        choices={name: value for name, value in details.choices.items() if name in known},
        decisions={key: day for key, day in details.decisions.items() if key in asked},
    )
    return difference(
        dose_calendar(before, details=details, formulary=formulary),
        dose_calendar(after, details=moved, formulary=formulary),
        formulary=formulary,
    )
