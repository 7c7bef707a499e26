"""The steps of a ladder with their moments, worked out from the pathway edition's rows.

Ladders are data: an edition names them `check` and `escalation`, and may give one kind of check, or one role,
a ladder of its own (`check:VISION`, `check:pediatrician`). The delays of `check` count from the due day and
may be negative, those of `escalation` from the day it was raised. The shared ladder speaks to the
pediatrician, who does most checks; where a rule names somebody else, that person takes the place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from uuid import UUID

from notifications.policy.hours import moment_of
from notifications.policy.ladder import Rung
from protocols.engine.days import add_months
from protocols.engine.pathway import Role, Span, SpanUnit, Urgency
from protocols.models import PathwayEdition, ReminderRung


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a ladder as the edition says it."""

    step: int
    role: str
    delay: Span
    urgency: str


# An edition that says nothing about reminders must not be an edition that reminds nobody.
WHEN_THE_EDITION_IS_SILENT = {
    "check": (
        Step(step=1, role=Role.PEDIATRICIAN, delay=Span(count=-2), urgency=Urgency.ROUTINE),
        Step(step=2, role=Role.PEDIATRICIAN, delay=Span(count=0), urgency=Urgency.ROUTINE),
        Step(step=3, role=Role.PEDIATRICIAN, delay=Span(count=1), urgency=Urgency.HIGH),
        Step(step=4, role=Role.NURSE, delay=Span(count=2), urgency=Urgency.HIGH),
    ),
    "escalation": (
        Step(step=1, role=Role.NURSE, delay=Span(count=1), urgency=Urgency.URGENT),
        Step(step=2, role=Role.CLINIC_LEAD, delay=Span(count=3), urgency=Urgency.CRITICAL),
    ),
}
# An emergency cannot wait for a day to pass (clinic policy P: nobody answered, so more people are told).
EMERGENCY_AGAIN = (timedelta(minutes=30), timedelta(minutes=60), timedelta(minutes=120))


Ladders = Mapping[str, tuple[Step, ...]]


def ladders_of(edition: PathwayEdition) -> Ladders:
    """All ladders of an edition, by name. A signed edition never changes: it is read once per process."""
    if edition.state in {PathwayEdition.State.DRAFT, PathwayEdition.State.CHECKED}:
        return _read(edition.pk)
    return _read_once(edition.pk, edition.uid)


@lru_cache(maxsize=128)
def _read_once(edition_id: int, uid: UUID) -> Ladders:
    return _read(edition_id)


def _read(edition_id: int) -> Ladders:
    found: dict[str, list[Step]] = {}
    for row in ReminderRung.objects.filter(edition=edition_id).order_by("ladder", "step", "position"):
        step = Step(step=row.step, role=row.role, delay=_span(row.delay), urgency=row.urgency)
        found.setdefault(row.ladder, []).append(step)
    return {name: tuple(steps) for name, steps in found.items()}


def check_steps(ladders: Ladders, *, code: str, who: str) -> Sequence[Step]:
    """The ladder for one check: its own, its role's, the edition's, or the one for a silent edition."""
    for name in (f"check:{code}", f"check:{who}"):
        if name in ladders:
            return ladders[name]
    shared = ladders.get("check") or WHEN_THE_EDITION_IS_SILENT["check"]
    return [replace(one, role=who) if one.role == Role.PEDIATRICIAN and who else one for one in shared]


def escalation_steps(ladders: Ladders, *, rule: str) -> Sequence[Step]:
    """The ladder for one escalation: its rule's own, the edition's, or the one for a silent edition."""
    for name in (f"escalation:{rule}", "escalation"):
        if name in ladders:
            return ladders[name]
    return WHEN_THE_EDITION_IS_SILENT["escalation"]


def rungs_from(
    steps: Sequence[Step], *, counted_on: date, not_before: date | None, zone: str
) -> tuple[Rung, ...]:
    """Steps as rungs with moments: the start of a day by the clinic's clock."""
    found: dict[tuple[int, str], Rung] = {}
    for one in steps:
        day = _after(counted_on, one.delay)
        on = max(day, not_before) if not_before else day
        found[one.step, one.role] = Rung(
            key=f"{one.step}@{counted_on}",
            level=one.step,
            at=moment_of(on, time(0), zone),
            role=one.role,
            urgency=one.urgency,
        )
    return tuple(found.values())


def emergency_rungs(*, raised_at: datetime) -> tuple[Rung, ...]:
    """More and more people, by the minute, until somebody was spoken to."""
    return tuple(
        Rung(
            key=f"{level}@{raised_at:%Y-%m-%dT%H:%M}",
            level=level,
            at=raised_at + wait,
            role=role,
            urgency=Urgency.EMERGENCY,
        )
        for level, wait in enumerate(EMERGENCY_AGAIN, start=1)
        for role in (Role.ON_CALL, Role.NURSE, Role.CLINIC_LEAD)
    )


def _span(words: str) -> Span:
    """The column holds words such as `-2 days`; its pattern is checked where it is typed."""
    count, unit = words.split()
    return Span(count=int(count), unit=SpanUnit(unit))


def _after(day: date, span: Span) -> date:
    if span.unit is SpanUnit.MONTHS:
        return add_months(day, span.count)
    return day + timedelta(days=span.count)
