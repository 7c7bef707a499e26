"""Explain the dose of one day: what it rests on as data that can be replayed by itself, and in words.

The chain carries the edition in force that day with those it combines, the drugs and products it names, what
was planned, decided and done with the course, and the ids of the facts that say so. Replaying it gives the
same day of the calendar again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from protocols.engine.administration import Dose
from protocols.engine.as_data import from_data, to_data
from protocols.engine.citing import Cited, Source
from protocols.engine.course import CourseDetails, Formulary
from protocols.engine.dosing import CalendarDay, measurements_on
from protocols.engine.explain import NothingToExplain
from protocols.engine.formulary import Drug, Product
from protocols.engine.quantities import body_surface_area, short_text
from protocols.engine.regimen import Phase, ProtocolEdition
from protocols.engine.telling import day_words as spoken_day
from protocols.engine.terms import Basis
from protocols.engine.undecided import undecided_calendar
from protocols.engine.words import day_words

_DECIMALS, _DIGITS = 3, 6  # of numbers that are read aloud; the chain holds them whole


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseChain:
    """Everything the dose of one day rests on, and that day of the calendar. `open_from`: the conditions
    nobody has decided about, each with the first day it could change.
    """

    on: date
    zone: str
    edition: ProtocolEdition
    parts: tuple[ProtocolEdition, ...]
    drugs: tuple[Drug, ...]
    products: tuple[Product, ...]
    sources: tuple[Source, ...]
    details: CourseDetails
    open_from: Mapping[str, int]
    facts: tuple[str, ...]
    answer: CalendarDay


def explain_dose(
    on: date,
    *,
    edition: ProtocolEdition,
    details: CourseDetails,
    formulary: Formulary,
    open_from: Mapping[str, int] | None = None,
    facts: tuple[str, ...] = (),
    sources: tuple[Source, ...] = (),
    zone: str = "",
) -> DoseChain:
    """The chain behind the dose of a day. Raises NothingToExplain for a day outside the course."""
    parts = tuple(formulary.editions[part.protocol] for part in edition.parts)
    given = {step.drug for each in (edition, *parts) for phase in each.phases for step in phase.steps}
    products = tuple(each for each in formulary.products.values() if each.drug in given)
    drugs = tuple(each for each in formulary.drugs.values() if each.key in given)
    answer = _day(on, edition, details, open_from or {}, _formulary(edition, parts, drugs, products))
    cited = {each.source for each in _citations(answer, (edition, *parts))}
    return DoseChain(
        on=on,
        zone=zone,
        edition=edition,
        parts=parts,
        drugs=drugs,
        products=products,
        sources=tuple(source for source in sources if source.key in cited),
        details=details,
        open_from=open_from or {},
        facts=facts,
        answer=answer,
    )


def replay_dose(chain: DoseChain) -> CalendarDay:
    """The day again, from the chain alone."""
    known = _formulary(chain.edition, chain.parts, chain.drugs, chain.products)
    return _day(chain.on, chain.edition, chain.details, chain.open_from, known)


def dose_chain_as_data(chain: DoseChain) -> dict[str, Any]:
    """The chain as plain data that JSON can hold."""
    data: dict[str, Any] = to_data(chain)
    return {"subject": "dose", **data}


def dose_chain_from_data(data: Mapping[str, Any]) -> DoseChain:
    """The chain that plain data describes."""
    return from_data(DoseChain, {name: value for name, value in data.items() if name != "subject"})


def _formulary(
    edition: ProtocolEdition,
    parts: tuple[ProtocolEdition, ...],
    drugs: tuple[Drug, ...],
    products: tuple[Product, ...],
) -> Formulary:
    return Formulary(
        drugs={drug.key: drug for drug in drugs},
        products={product.key: product for product in products},
        editions={each.key: each for each in (edition, *parts)},
    )


def _day(
    on: date,
    edition: ProtocolEdition,
    details: CourseDetails,
    open_from: Mapping[str, int],
    formulary: Formulary,
) -> CalendarDay:
    calendar = undecided_calendar(edition, details=details, open_from=open_from, formulary=formulary)
    for day in calendar.days:
        if day.on == on:
            return day
    message = f"{on} is no day of this course"
    raise NothingToExplain(message)


def dose_in_words(chain: DoseChain) -> str:
    """What is given that day, by which phase of which edition, how it was counted, and where it was read."""
    known = _formulary(chain.edition, chain.parts, chain.drugs, chain.products)
    day, edition = chain.answer, chain.edition
    named = len({dose.drug for dose in _doses(day)}) > 1
    sentences = [
        f"On {spoken_day(day.on)}: {day_words(day, formulary=known, named=named)}",
        f"It is treatment day {day.day}; the first dose, on {spoken_day(chain.details.start_on)}, is day 1",
        f"{edition.name}, edition {edition.edition}, phase “{day.phase}”",
        *_counted(chain),
        *_decided(chain),
        *(_source(each, chain) for each in _citations(day, (edition, *chain.parts))),
    ]
    if chain.zone:
        sentences.append(f"Days are counted in the time zone {chain.zone}")
    return " ".join(f"{sentence.rstrip('.')}." for sentence in sentences)


def _doses(day: CalendarDay) -> tuple[Dose, ...]:
    return (*day.doses, *(dose for either in day.either for dose in either))


def _counted(chain: DoseChain) -> list[str]:
    """How each dose came from what was measured, and what was drawn up for it."""
    said = []
    measured = measurements_on(chain.answer.day, details=chain.details)
    bases = {dose.step.basis for dose in _doses(chain.answer)}
    if bases & {Basis.PER_KG, Basis.PER_M2} and measured.weight_kg is not None:
        said.append(f"Counted for {short_text(measured.weight_kg, decimals=_DECIMALS)} kg")
    if Basis.PER_M2 in bases and measured.weight_kg is not None and measured.length_cm is not None:
        surface = body_surface_area(weight_kg=measured.weight_kg, length_cm=measured.length_cm)
        said[-1] += (
            f" and {short_text(measured.length_cm, decimals=1)} cm:"
            f" {short_text(surface, decimals=_DECIMALS)} m² of body surface"
        )
    return said + [
        f"{_each(dose)} {short_text(dose.amount, decimals=_DIGITS)} {dose.unit}{_drawn(dose)}"
        for dose in chain.answer.doses
    ]


def _each(dose: Dose) -> str:
    return "The day's amount is" if dose.times is None else "Each administration is"


def _drawn(dose: Dose) -> str:
    if dose.measured is None or dose.rounding is None:
        return ""
    unit = "mL" if dose.tablets is None else "tablets"
    cap = ", so that the maximum is kept" if dose.rounded_down_at_cap else ""
    said = f", measured as {short_text(dose.measured, decimals=_DECIMALS)} {unit}"
    if not dose.rounding_error_pct:
        return said
    off = short_text(dose.rounding_error_pct, decimals=_DECIMALS)
    return f"{said} (rounded {dose.rounding.value}{cap}: {off} %)"


def _decided(chain: DoseChain) -> list[str]:
    """What people decided that changed the calendar up to this day."""
    questions = {each.key: each.question for each in chain.edition.conditions}
    said = [
        f"Decided: {questions.get(key, key).rstrip('?.')}: yes, from treatment day {day}"
        for key, day in chain.details.decisions.items()
        if day <= chain.answer.day
    ]
    said += [
        f"A new weight was accepted from treatment day {each.day}"
        for each in chain.details.reweighs
        if each.day <= chain.answer.day
    ]
    titles = {each.name: each.title for edition in (chain.edition, *chain.parts) for each in edition.choices}
    chosen = chain.details.choices.items()
    return said + [f"Chosen: {titles.get(name, name)}: {value}" for name, value in chosen]


def _citations(day: CalendarDay, editions: tuple[ProtocolEdition, ...]) -> list[Cited]:
    """Where the dose was read: at its step; where that says nothing, at its phase, or at the edition."""
    found = [cited for dose in _doses(day) for cited in dose.step.cited]
    if not found:
        phases: list[Phase] = [phase for each in editions for phase in each.phases if phase.name in day.phase]
        found = [cited for phase in phases for cited in phase.cited]
    return list(dict.fromkeys(found or [cited for each in editions for cited in each.cited]))


def _source(cited: Cited, chain: DoseChain) -> str:
    read = (source.citation for source in chain.sources if source.key == cited.source)
    citation = next(read, "none was read")
    about = f"; {cited.about}" if cited.about else ""
    return f"Source: {citation.rstrip('.')} ({cited.mark.words}{about})"
