"""A dose step in words, as the protocol writes it: before any weight."""

from __future__ import annotations

from protocols.engine.course import Settings
from protocols.engine.formulary import Drug
from protocols.engine.layout import PlannedDose
from protocols.engine.quantities import short_text
from protocols.engine.regimen import DoseStep, Value
from protocols.engine.terms import Basis, Per, Slot
from protocols.engine.words import TIMES_A_DAY

PER = {Basis.FIXED: "", Basis.PER_KG: "/kg", Basis.PER_M2: "/m2"}


def rule_words(dose: PlannedDose, *, drug: Drug, settings: Settings) -> str:
    """ACTH gel 75 U/m2 twice daily; vigabatrin 150 mg/kg/day in 2 doses."""
    if dose.amount is None:
        return f"{drug.name}: not defined"
    step = dose.step
    number = f"{short_text(dose.amount, decimals=3)} {step.unit}{PER[step.basis]}"
    return f"{drug.name} {number}{_frequency(step, settings=settings)}{_days(step)}"


def value_words(value: Value | None) -> str:
    """A number, or which choice sets it."""
    if value is None:
        return "not entered"
    return f"`{value.choice}`" if value.number is None else short_text(value.number, decimals=3)


def _frequency(step: DoseStep, *, settings: Settings) -> str:
    times = settings.whole(step.times)
    if step.per is Per.DAY:
        split = "how divided: not entered" if times is None else f"in {times} dose{'s' if times > 1 else ''}"
        return f"/day, {split}" if times is None else f"/day {split}"
    if times == 1 and step.slot is not None:
        return " each morning" if step.slot is Slot.MORNING else " each evening"
    return f" {TIMES_A_DAY.get(times or 0, f'{times} times daily')}"


def _days(step: DoseStep) -> str:
    if step.on_days:
        return " on listed days"
    return "" if step.every_days == 1 else f", every {step.every_days} days"
