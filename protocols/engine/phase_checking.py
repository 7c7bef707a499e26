"""What must hold of the phases and dose steps of an edition."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from protocols.engine.course import Formulary
from protocols.engine.mistakes import Mistake
from protocols.engine.regimen import DoseStep, Phase, ProtocolEdition
from protocols.engine.terms import Branch, Given, LengthUnit, Per


def phase_mistakes(edition: ProtocolEdition, *, formulary: Formulary) -> Iterator[Mistake]:
    for number, phase in enumerate(edition.phases):
        here = f"phases[{number}]"
        yield from (mistake.inside(here) for mistake in _of_phase(phase))
        for position, step in enumerate(phase.steps):
            found = _of_step(step, formulary=formulary)
            yield from (mistake.inside(f"{here}.steps[{position}]") for mistake in found)


def _of_phase(phase: Phase) -> Iterator[Mistake]:
    if not phase.steps:
        yield Mistake(path="steps", sentence="a phase needs a dose step, be it an undefined one")
    by_ramp = phase.length.unit is LengthUnit.RAMP
    if by_ramp is not any(step.ramp for step in phase.steps):
        yield Mistake(path="length", sentence="a phase is as long as a ramp exactly where it has one")
    if by_ramp and phase.length.count is not None:
        yield Mistake(path="length.count", sentence="a ramp says itself how long it lasts")
    yield from _hidden(phase)
    days = _days_in(phase)
    if days is not None:
        yield from _uncovered(phase, days=days)
        late = [p for p, step in enumerate(phase.steps) if max(step.to_day or 1, *step.on_days, 1) > days]
        for position in late:
            yield Mistake(path=f"steps[{position}].to_day", sentence=f"the phase has {days} days")


def _hidden(phase: Phase) -> Iterator[Mistake]:
    """The later row wins: a row that always wins over an earlier one says something about the wrong days."""
    for position, step in enumerate(phase.steps):
        for later in phase.steps[position + 1 :]:
            if later.drug == step.drug and _overlap(step, later) and _wins_always(later, over=step):
                sentence = (
                    f"from day {later.from_day} of the phase on a later row of {step.drug} hides this one"
                )
                yield Mistake(path=f"steps[{position}].to_day", sentence=sentence)


def _overlap(one: DoseStep, other: DoseStep) -> bool:
    ends = [step.to_day for step in (one, other) if step.to_day is not None]
    return max(one.from_day, other.from_day) <= min(ends, default=max(one.from_day, other.from_day))


def _wins_always(later: DoseStep, *, over: DoseStep) -> bool:
    whatever_is_decided = later.condition is None or (later.condition, later.branch) == (
        over.condition,
        over.branch,
    )
    alternatives = None not in {later.given, over.given} and later.given != over.given
    return whatever_is_decided and not alternatives


def _uncovered(phase: Phase, *, days: int) -> Iterator[Mistake]:
    """Days for which, by some choice and decision, no row says anything: neither a dose nor "undefined"."""
    givens: set[Given | None] = {step.given for step in phase.steps} - {None} or {None}
    branches: set[Branch | None] = {step.branch for step in phase.steps} - {None} or {None}
    bare: set[int] = set()
    for given, branch in product(givens, branches):
        steps = [s for s in phase.steps if s.given in {None, given} and s.branch in {None, branch}]
        bare |= {day for day in range(1, days + 1) if not any(_covers(step, day) for step in steps)}
    if bare:
        listed = ", ".join(map(str, sorted(bare)))
        yield Mistake(
            path="steps", sentence=f"no step covers day {listed} of the phase: say so if it is undefined"
        )


def _days_in(phase: Phase) -> int | None:
    """The days of a phase of fixed length."""
    count = phase.length.count
    fixed = phase.length.unit is LengthUnit.DAYS and count is not None and count.number is not None
    return int(count.number) if fixed and count is not None and count.number is not None else None


def _covers(step: DoseStep, day: int) -> bool:
    return step.from_day <= day and (step.to_day is None or day <= step.to_day)


def _of_step(step: DoseStep, *, formulary: Formulary) -> Iterator[Mistake]:
    drug = formulary.drugs.get(step.drug)
    if drug is not None and step.unit != drug.unit:
        yield Mistake(
            path="unit", sentence=f"{drug.key} is written in {drug.unit}; units are never converted"
        )
    if step.amount is not None and step.ramp is not None:
        yield Mistake(path="ramp", sentence="an amount or a ramp: not both")
    if step.per is Per.DOSE and step.times is None and (step.amount is not None or step.ramp is not None):
        yield Mistake(path="times", sentence="an amount per dose needs the number of doses a day")
    if (step.condition is None) is not (step.branch is None):
        yield Mistake(path="branch", sentence="a condition and the branch it leads to belong together")
    if step.from_day < 1 or step.every_days < 1 or (step.to_day is not None and step.to_day < step.from_day):
        yield Mistake(path="from_day", sentence="days count from 1, and a step does not end before it begins")
