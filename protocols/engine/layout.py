"""Lay an edition out over days: which dose step is in force on which day, before any weight comes in."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never

from protocols.engine.course import CourseDetails, Settings
from protocols.engine.days import add_months, date_of_treatment_day, treatment_day
from protocols.engine.quantities import WORKING
from protocols.engine.regimen import DoseStep, Phase, ProtocolEdition, Ramp
from protocols.engine.terms import Branch, LengthUnit, Purpose

DAYS_IN_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDose:
    """A dose step on a dosing day. `amount` is in the step's basis; None is undefined."""

    step: DoseStep
    amount: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDay:
    """One treatment day of one edition; no doses is a day off."""

    day: int
    phase: Phase
    doses: tuple[PlannedDose, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The days of a course; the phase that waits for a verdict; the phase of which nobody says how long."""

    days: tuple[PlannedDay, ...]
    waiting: Phase | None = None
    endless: Phase | None = None


def laid_out(edition: ProtocolEdition, *, details: CourseDetails, settings: Settings) -> Layout:
    """Every treatment day of an edition, in order and without a gap."""
    phases, waiting = _phases_in_order(edition, details=details, settings=settings)
    cut = _moved_taper(phases, details=details)
    draft = _Draft(details=details, settings=settings)
    for phase in phases:
        if cut is not None and phase.purpose is Purpose.TAPER:
            draft.start_taper(cut)
            cut = None
        draft.lay(phase, cut=cut)
    endless = next((phase for phase in phases if _is_endless(phase)), None)
    return Layout(days=tuple(draft.days), waiting=waiting, endless=endless)


def moves_its_taper(edition: ProtocolEdition) -> bool:
    """The start of the taper is a matter of calendar months, so a prescriber may move it."""
    return any(phase.length.unit is LengthUnit.MONTHS for phase in edition.phases)


def _phases_in_order(
    edition: ProtocolEdition, *, details: CourseDetails, settings: Settings
) -> tuple[list[Phase], Phase | None]:
    """The phases the choices and the verdict lead to, and the first one that waits for an open verdict."""
    phases: list[Phase] = []
    for phase in edition.phases:
        if not settings.holds(phase.given):
            continue
        if phase.verdict is not None and details.verdict is None:
            return phases, phase
        if phase.verdict in {None, details.verdict}:
            phases.append(phase)
    return phases, None


def _moved_taper(phases: list[Phase], *, details: CourseDetails) -> int | None:
    by_months = any(phase.length.unit is LengthUnit.MONTHS for phase in phases)
    return details.taper_from_day if by_months else None


def _is_endless(phase: Phase) -> bool:
    return phase.length.unit is not LengthUnit.RAMP and phase.length.count is None


class _Draft:
    """The days laid out so far, and where the next phase begins."""

    def __init__(self, *, details: CourseDetails, settings: Settings) -> None:
        self.details = details
        self.settings = settings
        self.days: list[PlannedDay] = []
        self.first = 1
        self.months = 0
        self.months_from_on = details.start_on

    def start_taper(self, day: int) -> None:
        """The taper was moved: it starts here, and its own months count from here."""
        self.first = day
        self.months = 0
        self.months_from_on = date_of_treatment_day(start_on=self.details.start_on, day=day)

    def lay(self, phase: Phase, *, cut: int | None) -> None:
        """Lay one phase out; `cut` is the day of a moved taper, before which it must end."""
        last = self._last_day(phase)
        if cut is not None:
            last = cut - 1 if phase.length.unit is LengthUnit.MONTHS else min(last, cut - 1)
        before = {step.drug: self._amount_before(step.drug) for step in phase.steps}
        for day in range(self.first, last + 1):
            doses = self._doses(phase, day=day, before=before)
            self.days.append(PlannedDay(day=day, phase=phase, doses=doses))
        self.first = max(self.first, last + 1)

    def _last_day(self, phase: Phase) -> int:
        count = self.settings.whole(phase.length.count) or 0
        match phase.length.unit:
            case LengthUnit.DAYS:
                return self.first - 1 + count
            case LengthUnit.WEEKS:
                return self.first - 1 + count * DAYS_IN_WEEK
            case LengthUnit.MONTHS:
                self.months += count
                end = add_months(self.months_from_on, self.months)
                return treatment_day(start_on=self.details.start_on, on=end) - 1
            case LengthUnit.RAMP:
                return self.first - 1 + max(self._ramp_days(step) for step in phase.steps)
            case unknown:
                assert_never(unknown)

    def _ramp_days(self, step: DoseStep) -> int:
        if step.ramp is None:
            return 0
        levels = self._levels(step.ramp, before=self._amount_before(step.drug))
        return len(levels) * (self.settings.whole(step.ramp.every_days) or 0)

    def _amount_before(self, drug: str) -> Decimal | None:
        """The amount of the drug's last dosing day so far."""
        doses = (dose for planned in reversed(self.days) for dose in planned.doses if dose.step.drug == drug)
        return next((dose.amount for dose in doses), None)

    def _levels(self, ramp: Ramp, *, before: Decimal | None) -> list[Decimal]:
        """The amounts of a ramp, one after the other, up or down to `until` (which is not one of them)."""
        start, by = self.settings.number(ramp.start), self.settings.number(ramp.by)
        until = self.settings.number(ramp.until)
        origin = before if start is None else start
        if origin is None or by is None or until is None or by <= 0:
            return []
        signed = by if until > origin else -by
        level = origin if start is not None else WORKING.add(origin, signed)
        levels: list[Decimal] = []
        while (level < until) if signed > 0 else (level > until):
            levels.append(level)
            level = WORKING.add(level, signed)
        return levels

    def _doses(self, phase: Phase, *, day: int, before: dict[str, Decimal | None]) -> tuple[PlannedDose, ...]:
        day_of_phase = day - self.first + 1
        in_force = {
            step.drug: step
            for step in phase.steps
            if self._is_in_force(step, day=day, day_of_phase=day_of_phase)
        }
        return tuple(
            PlannedDose(step=step, amount=self._amount(step, day_of_phase, before=before[step.drug]))
            for step in in_force.values()
            if _is_dosing_day(step, day_of_phase)
        )

    def _is_in_force(self, step: DoseStep, *, day: int, day_of_phase: int) -> bool:
        if day_of_phase < step.from_day or (step.to_day is not None and day_of_phase > step.to_day):
            return False
        if not self.settings.holds(step.given):
            return False
        if step.condition is None:
            return True
        taken_from = self.details.decisions.get(step.condition)
        taken = taken_from is not None and day >= taken_from
        return taken is (step.branch is Branch.TAKEN)

    def _amount(self, step: DoseStep, day_of_phase: int, *, before: Decimal | None) -> Decimal | None:
        if step.ramp is None:
            return self.settings.number(step.amount)
        levels = self._levels(step.ramp, before=before)
        every = self.settings.whole(step.ramp.every_days) or 1
        return levels[(day_of_phase - step.from_day) // every] if levels else None


def _is_dosing_day(step: DoseStep, day_of_phase: int) -> bool:
    if step.on_days:
        return day_of_phase in step.on_days
    return (day_of_phase - step.from_day) % step.every_days == 0
