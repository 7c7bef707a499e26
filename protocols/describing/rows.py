"""Every dose step of an edition as it is written, with its note and where each number comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from protocols.describing.rules import PER, value_words
from protocols.engine.citing import Cited, cited_words
from protocols.engine.regimen import DoseStep, Length, Phase, ProtocolEdition
from protocols.engine.terms import Branch, LengthUnit, Per
from protocols.library_files.library import Library


def marks(cited: Iterable[Cited]) -> str:
    """Citations in brackets: [V S1, P]."""
    words = ", ".join(cited_words(one) for one in cited)
    return f"[{words}]" if words else ""


def rows_of(edition: ProtocolEdition, *, library: Library) -> Iterator[str]:
    """A line for each phase, and one for each of its steps."""
    for phase in edition.phases:
        words = [f"**{phase.name}**", f"({', '.join(_about(phase))}).", phase.note, marks(phase.cited)]
        yield " ".join(filter(None, words))
        for step in phase.steps:
            name = library.formulary.drugs[step.drug].name
            words = [f"{phase.name}, {_days(step)}: {name} {_dose(step)}{_where(step)}.", step.note]
            yield " ".join(filter(None, [*words, marks(step.cited)]))


def _about(phase: Phase) -> Iterator[str]:
    yield str(phase.purpose)
    yield _length(phase.length)
    if phase.verdict is not None:
        yield f"only for a {phase.verdict}"
    if phase.given is not None:
        yield f"where `{phase.given.choice}` is {phase.given.equals}"


def _length(length: Length) -> str:
    if length.unit is LengthUnit.RAMP:
        return "as long as its steps"
    if length.count is None:
        return "length not known"
    months = " in all from the start" if length.unit is LengthUnit.MONTHS else ""
    return f"{value_words(length.count)} {length.unit}{months}"


def _days(step: DoseStep) -> str:
    if step.on_days:
        return f"days {', '.join(map(str, step.on_days))} of it"
    days = f"from day {step.from_day}" if step.to_day is None else f"days {step.from_day} to {step.to_day}"
    return f"{days} of it" if step.every_days == 1 else f"{days} of it, every {step.every_days} days"


def _dose(step: DoseStep) -> str:
    if step.ramp is not None:
        ramp = step.ramp
        start = "on from the dose before" if ramp.start is None else f"from {value_words(ramp.start)}"
        change = f"by {value_words(ramp.by)} every {value_words(ramp.every_days)} days"
        amount = f"{start} {change} until {value_words(ramp.until)}"
    elif step.amount is None:
        return "not defined"
    else:
        amount = value_words(step.amount)
    a_day = "/day" if step.per is Per.DAY else ""
    return f"{amount} {step.unit}{PER[step.basis]}{a_day}, doses a day: {value_words(step.times)}"


def _where(step: DoseStep) -> str:
    words = []
    if step.condition is not None:
        taken = "once it is decided" if step.branch is Branch.TAKEN else "unless it is decided"
        words.append(f", {taken} (`{step.condition}`)")
    if step.given is not None:
        words.append(f", where `{step.given.choice}` is {step.given.equals}")
    if step.slot is not None:
        words.append(f", {step.slot}")
    return "".join(words)
