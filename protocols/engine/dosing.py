"""The dose calendar: every treatment day of a course, with what is given, as exact decimals.

Days are treatment days (the date of the first dose is day 1) and civil dates: no clock change adds
or drops one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import groupby

from protocols.engine.administration import Dose, Measurements, doses_of
from protocols.engine.course import CourseDetails, Formulary, Settings, active_parts, choices_of
from protocols.engine.days import date_of_treatment_day
from protocols.engine.layout import Layout, PlannedDay, laid_out
from protocols.engine.quantities import body_surface_area
from protocols.engine.regimen import ProtocolEdition
from protocols.engine.terms import Basis, Purpose


class State(StrEnum):
    DOSE = "dose"
    OFF = "off"
    UNDEFINED = "undefined"  # no source gives the dose and nobody has entered it: not "off"
    HELD = "held"
    UNDECIDED = "undecided"  # a named prescriber has not decided yet; never printed by the command


@dataclass(frozen=True, slots=True, kw_only=True)
class PartDay:
    """A treatment day of one part (one protocol): what is given, and which drugs nobody has a dose for."""

    day: int
    on: date
    phase: str
    purpose: Purpose
    state: State
    doses: tuple[Dose, ...]
    undefined: tuple[str, ...] = ()
    measurements: Measurements


@dataclass(frozen=True, slots=True, kw_only=True)
class PartCalendar:
    """The days of one part. A calendar has one part; a combination's has several, all from the same day."""

    edition: ProtocolEdition
    settings: Settings
    layout: Layout
    days: tuple[PartDay, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay:
    """One civil date of the course, all drugs together; where undecided, `either` of these is given."""

    day: int
    on: date
    phase: str
    state: State
    doses: tuple[Dose, ...] = ()
    either: tuple[tuple[Dose, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """A whole course."""

    edition: ProtocolEdition
    details: CourseDetails
    bsa_m2: Decimal | None
    days: tuple[CalendarDay, ...]
    parts: tuple[PartCalendar, ...]

    @property
    def last_dose_on(self) -> date | None:
        """The date of the last dose; None where days without a known dose follow it."""
        given = [day for day in self.days if day.state is not State.OFF and day.state is not State.HELD]
        last = given[-1] if given else None
        return last.on if last is not None and last.state is State.DOSE else None


def dose_calendar(edition: ProtocolEdition, *, details: CourseDetails, formulary: Formulary) -> Calendar:
    """The calendar of a course on an edition."""
    choices = choices_of(edition, formulary=formulary)
    settings = Settings(choices=choices, values=details.choices)
    parts = tuple(
        _part(part, details=details, settings=settings)
        for part in active_parts(edition, details=details, formulary=formulary)
    )
    return Calendar(
        edition=edition,
        details=details,
        bsa_m2=_start_surface(parts, details=details),
        days=_merged(parts),
        parts=parts,
    )


def measurements_on(day: int, *, details: CourseDetails) -> Measurements:
    """The weight and length in force on a treatment day: those of the last re-weigh up to it."""
    weight, length = details.weight_kg, details.length_cm
    for reweigh in sorted(details.reweighs, key=lambda reweigh: reweigh.day):
        if reweigh.day <= day:
            weight = reweigh.weight_kg
            length = reweigh.length_cm or length
    return Measurements(weight_kg=weight, length_cm=length)


def _part(edition: ProtocolEdition, *, details: CourseDetails, settings: Settings) -> PartCalendar:
    layout = laid_out(edition, details=details, settings=settings)
    days = tuple(
        _part_day(planned, edition=edition, details=details, settings=settings) for planned in layout.days
    )
    return PartCalendar(edition=edition, settings=settings, layout=layout, days=days)


def _part_day(
    planned: PlannedDay, *, edition: ProtocolEdition, details: CourseDetails, settings: Settings
) -> PartDay:
    measurements = measurements_on(planned.day, details=details)
    maxima = {maximum.drug: maximum for maximum in edition.maxima}
    held = {step.drug for step in planned.phase.steps if _is_held(step.drug, planned.day, details=details)}
    due = [dose for dose in planned.doses if dose.step.drug not in held]
    doses = tuple(
        given
        for dose in due
        for given in doses_of(
            dose,
            measurements=measurements,
            settings=settings,
            product=details.products.get(dose.step.drug),
            maximum=maxima.get(dose.step.drug),
        )
    )
    undefined = tuple(dose.step.drug for dose in due if dose.amount is None)
    return PartDay(
        day=planned.day,
        on=date_of_treatment_day(start_on=details.start_on, day=planned.day),
        phase=planned.phase.name,
        purpose=planned.phase.purpose,
        state=_state(doses=bool(doses), undefined=bool(undefined), held=bool(held)),
        doses=doses,
        undefined=undefined,
        measurements=measurements,
    )


def _is_held(drug: str, day: int, *, details: CourseDetails) -> bool:
    return any(hold.from_day <= day <= hold.to_day and hold.drug in {None, drug} for hold in details.holds)


def _state(*, doses: bool, undefined: bool, held: bool) -> State:
    """An unknown dose outweighs a known one; a dose outweighs a hold of another drug."""
    if undefined:
        return State.UNDEFINED
    if doses:
        return State.DOSE
    return State.HELD if held else State.OFF


def _merged(parts: tuple[PartCalendar, ...]) -> tuple[CalendarDay, ...]:
    every = sorted((day for part in parts for day in part.days), key=lambda day: day.day)
    return tuple(_calendar_day(tuple(same)) for _, same in groupby(every, key=lambda day: day.day))


def _calendar_day(same: tuple[PartDay, ...]) -> CalendarDay:
    states = {day.state for day in same}
    return CalendarDay(
        day=same[0].day,
        on=same[0].on,
        phase=" + ".join(dict.fromkeys(day.phase for day in same)),
        state=_state(
            doses=State.DOSE in states, undefined=State.UNDEFINED in states, held=State.HELD in states
        ),
        doses=tuple(dose for day in same for dose in day.doses),
    )


def _start_surface(parts: Iterable[PartCalendar], *, details: CourseDetails) -> Decimal | None:
    """The body surface at the start, where any step of the course doses by it."""
    steps = (step for part in parts for phase in part.edition.phases for step in phase.steps)
    if details.weight_kg is None or details.length_cm is None:
        return None
    if not any(step.basis is Basis.PER_M2 for step in steps):
        return None
    return body_surface_area(weight_kg=details.weight_kg, length_cm=details.length_cm)
