"""Warnings that follow from single doses: missing, not split, capped, rounded, high, not verified."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from protocols.engine.administration import Dose
from protocols.engine.citing import Mark
from protocols.engine.course import Formulary
from protocols.engine.dosing import Calendar, PartCalendar, PartDay
from protocols.engine.limits import Caution
from protocols.engine.quantities import divided, passes, short_text, times
from protocols.engine.terms import Basis
from protocols.engine.warning import DoseWarning, drugs_in, stretches, words_of_days

IsAbout = Callable[[PartDay, tuple[Dose, ...]], bool]


def dose_warnings(calendar: Calendar, *, formulary: Formulary) -> Iterator[DoseWarning]:
    for part in calendar.parts:
        for drug in drugs_in(part):
            name = formulary.drugs[drug].name
            yield from _missing(part, drug, name)
            yield from _not_split(part, drug, name)
            yield from _capped(part, drug, name)
            yield from _rounded_down(part, drug, name)
            yield from _large_errors(part, drug, name)
            yield from _unverified_steps(part, drug, name)
            for caution in part.edition.cautions:
                if caution.drug == drug:
                    yield from _above(part, caution)
        yield from _endless(part)


def _each(code: str, text: str, part: PartCalendar, drug: str, is_about: IsAbout) -> Iterator[DoseWarning]:
    """One warning per run of days; `text` may name them as {days}."""
    for first, last in stretches(part, drug=drug, is_about=is_about):
        days = words_of_days(first, last)
        yield DoseWarning(code=code, text=text.format(days=days), first_day=first, last_day=last, drug=drug)


def _missing(part: PartCalendar, drug: str, name: str) -> Iterator[DoseWarning]:
    text = (
        f"{name}, {{days}}: no source read gives the dose, and the clinic has not entered one. "
        'This is not "no dose". A course cannot start until an edition of the clinic says the dose.'
    )
    return _each("steps-missing", text, part, drug, lambda day, _: drug in day.undefined)


def _not_split(part: PartCalendar, drug: str, name: str) -> Iterator[DoseWarning]:
    text = (
        f"{name}, {{days}}: only the amount of the whole day is known, not how it is divided. "
        "A course cannot start until the clinic enters the number of doses a day."
    )
    return _each("split-missing", text, part, drug, lambda _, doses: any(d.times is None for d in doses))


def _capped(part: PartCalendar, drug: str, name: str) -> Iterator[DoseWarning]:
    text = f"{name}, {{days}}: the dose by weight is more than the maximum; the maximum is given."
    return _each("capped", text, part, drug, lambda _, doses: any(d.capped for d in doses))


def _rounded_down(part: PartCalendar, drug: str, name: str) -> Iterator[DoseWarning]:
    text = (
        f"{name}, {{days}}: rounded down, because rounding the other way would pass the maximum of the day."
    )
    return _each(
        "rounded-down-at-cap", text, part, drug, lambda _, doses: any(d.rounded_down_at_cap for d in doses)
    )


def _large_errors(part: PartCalendar, drug: str, name: str) -> Iterator[DoseWarning]:
    text = f"{name}, {{days}}: what can be measured differs from the dose by more than {{limit}} %."
    limit = next(
        (d.product.large_error_pct for day in part.days for d in day.doses if d.drug == drug and d.product),
        None,
    )
    if limit is None:
        return iter(())
    text = text.replace("{limit}", short_text(limit, decimals=1))
    return _each(
        "large-rounding-error", text, part, drug, lambda _, doses: any(_is_large(d, limit) for d in doses)
    )


def _is_large(dose: Dose, limit: Decimal) -> bool:
    return dose.rounding_error_pct is not None and abs(dose.rounding_error_pct) > limit


def _above(part: PartCalendar, caution: Caution) -> Iterator[DoseWarning]:
    """Days whose amount is above a caution, per kg of the weight in force; silent without a weight."""

    def is_above(day: PartDay, doses: tuple[Dose, ...]) -> bool:
        if caution.basis is not Basis.FIXED and day.measurements.weight_kg is None:
            return False
        limit = times(caution.above, day.measurements.factor(caution.basis))
        return any(passes(dose.day_amount, limit) for dose in doses)

    for first, last in stretches(part, drug=caution.drug, is_about=is_above):
        text = f"{caution.text} ({_highest(part, caution, first, last)}, {words_of_days(first, last)})."
        yield DoseWarning(code=caution.code, text=text, first_day=first, last_day=last, drug=caution.drug)


def _highest(part: PartCalendar, caution: Caution, first: int, last: int) -> str:
    """The highest amount of the run, in the caution's own terms: "15.385 mg/kg/day"."""
    amounts = [
        divided(dose.day_amount, day.measurements.factor(caution.basis))
        for day in part.days
        if first <= day.day <= last
        for dose in day.doses
        if dose.drug == caution.drug
    ]
    per = {Basis.FIXED: "", Basis.PER_KG: "/kg", Basis.PER_M2: "/m2"}[caution.basis]
    return f"{short_text(max(amounts), decimals=3)} {caution.unit}{per}/day"


def _unverified_steps(part: PartCalendar, drug: str, name: str) -> Iterator[DoseWarning]:
    text = f"{name}, {{days}}: this dose step is general knowledge, not verified in any source read."

    def is_general(_: PartDay, doses: tuple[Dose, ...]) -> bool:
        return any(cited.mark is Mark.GENERAL for dose in doses for cited in dose.step.cited)

    return _each("source-not-verified", text, part, drug, is_general)


def _endless(part: PartCalendar) -> Iterator[DoseWarning]:
    phase = part.layout.endless
    if phase is not None and part.days:
        last = part.days[-1].day
        text = (
            f"{phase.name}, after day {last}: no source read gives its steps or its length, and the clinic "
            "has not entered them. A course cannot start until they are entered."
        )
        yield DoseWarning(code="steps-missing", text=text, first_day=last, last_day=last)
