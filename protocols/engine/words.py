"""A calendar in words: today's dose, the stretches of one dose, the days on which it changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import assert_never

from protocols.engine.administration import Dose
from protocols.engine.course import Formulary
from protocols.engine.dosing import Calendar, CalendarDay, State
from protocols.engine.formulary import Form, Product
from protocols.engine.quantities import short_text
from protocols.engine.regimen import DoseStep
from protocols.engine.terms import Slot

TIMES_A_DAY = {1: "once daily", 2: "twice daily", 3: "three times daily", 4: "four times daily"}
DECIMALS_FOR_PEOPLE = 3
EVERY_OTHER = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Days in a row with one instruction, and the rows it comes from; days off in between belong to it."""

    first_day: int
    last_day: int
    first_on: date
    last_on: date
    phase: str
    state: State
    text: str
    steps: tuple[DoseStep, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TodaysDose:
    """What a day's instruction is, in words."""

    day: int
    on: date
    phase: str
    state: State
    text: str


def dose_words(dose: Dose, *, formulary: Formulary, named: bool = False) -> str:
    """One dose: 10 mg by mouth four times daily (1 mL of 10 mg/mL each)."""
    route = formulary.drugs[dose.drug].route.words
    if dose.tablets is not None and dose.slot is not None:
        words = f"{_tablets(dose)} {route} {_frequency(dose)}"
    else:
        amount = f"{short_text(dose.amount, decimals=DECIMALS_FOR_PEOPLE)} {dose.unit}"
        words = f"{amount} {route} {_frequency(dose)}{_measured_words(dose)}"
    return f"{formulary.drugs[dose.drug].name} {words}" if named else words


def _frequency(dose: Dose) -> str:
    if dose.times is None:
        return "in the day (how it is divided is not entered)"
    if dose.slot is not None and dose.times == 1:
        return "in the morning" if dose.slot is Slot.MORNING else "in the evening"
    return TIMES_A_DAY.get(dose.times, f"{dose.times} times daily")


def _measured_words(dose: Dose) -> str:
    each = " each" if dose.times != 1 else ""
    if dose.tablets is not None:
        return f" ({_tablets(dose)}{each})"
    if dose.product is None or dose.volume_ml_rounded is None:
        return ""
    volume = short_text(dose.volume_ml_rounded, decimals=2)
    return f" ({volume} mL of {strength_words(dose.product, unit=dose.unit)}{each})"


def _tablets(dose: Dose) -> str:
    """1.5 x 100 mg tablet; only asked of a dose in tablets."""
    count = short_text(dose.tablets or Decimal(0), decimals=2)
    return f"{count} x {strength_words(dose.product, unit=dose.unit)}" if dose.product else count


def strength_words(product: Product, *, unit: str) -> str:
    """10 mg/mL, or 100 mg tablet: a volume is never shown without it."""
    strength = f"{short_text(product.strength, decimals=DECIMALS_FOR_PEOPLE)} {unit}"
    return f"{strength} tablet" if product.form is Form.TABLET else f"{strength}/mL"


def day_words(day: CalendarDay, *, formulary: Formulary, named: bool) -> str:
    """The instruction of one day."""
    match day.state:
        case State.DOSE:
            return _all_words(day.doses, formulary=formulary, named=named)
        case State.OFF:
            return "no dose"
        case State.HELD:
            return "held: no dose"
        case State.UNDEFINED:
            known = _all_words(day.doses, formulary=formulary, named=True)
            return "; ".join(
                filter(None, [known, "dose not known: no source gives it and nobody entered it"])
            )
        case State.UNDECIDED:
            ways = (_all_words(doses, formulary=formulary, named=named) or "no dose" for doses in day.either)
            return f"not decided: the prescriber decides between {' and '.join(ways)}"
        case unknown:
            assert_never(unknown)


def _all_words(doses: Iterable[Dose], *, formulary: Formulary, named: bool) -> str:
    return "; ".join(dose_words(dose, formulary=formulary, named=named) for dose in doses)


def stretches_of(calendar: Calendar, *, formulary: Formulary) -> tuple[Stretch, ...]:
    """The course as a short list: one line for each run of days with one instruction."""
    named = _has_several_drugs(calendar)
    singles = [_single(day, day_words(day, formulary=formulary, named=named)) for day in calendar.days]
    runs: list[list[Stretch]] = []
    for position, single in enumerate(singles):
        if runs and _continues(runs[-1], singles[position:]):
            runs[-1].append(single)
        else:
            runs.append([single])
    return tuple(_joined(run) for run in runs)


def _has_several_drugs(calendar: Calendar) -> bool:
    doses = (dose for day in calendar.days for given in (day.doses, *day.either) for dose in given)
    return len({dose.drug for dose in doses}) > 1


def _single(day: CalendarDay, text: str) -> Stretch:
    return Stretch(
        first_day=day.day,
        last_day=day.day,
        first_on=day.on,
        last_on=day.on,
        phase=day.phase,
        state=day.state,
        text=text,
        steps=tuple(dict.fromkeys(dose.step for dose in day.doses)),
    )


def _key(single: Stretch) -> tuple[object, ...]:
    return single.phase, single.state, single.text, single.steps


def _continues(run: list[Stretch], rest: list[Stretch]) -> bool:
    """The next day goes on with the run's instruction, or is a day off before it goes on."""
    if _key(rest[0]) == _key(run[0]):
        return True
    if rest[0].state is not State.OFF or run[0].state is not State.DOSE:
        return False
    following = next((single for single in rest if single.state is not State.OFF), None)
    return following is not None and _key(following) == _key(run[0])


def _joined(run: list[Stretch]) -> Stretch:
    given = [single for single in run if single.state is not State.OFF] or run
    rhythm = _rhythm([single.first_day for single in given])
    return replace(
        given[0], last_day=given[-1].last_day, last_on=given[-1].last_on, text=given[0].text + rhythm
    )


def _rhythm(days: list[int]) -> str:
    """How the dosing days lie among days off: every other day, or listed."""
    gaps = {later - earlier for earlier, later in pairwise(days)}
    if gaps <= {1}:
        return ""
    if gaps == {EVERY_OTHER}:
        return ", every other day"
    return f", on days {', '.join(map(str, days))}"


def todays_dose(calendar: Calendar, *, on: date, formulary: Formulary) -> TodaysDose | None:
    """The instruction of a date, with the last date it holds for; None outside the course."""
    day = next((day for day in calendar.days if day.on == on), None)
    if day is None:
        return None
    if day.state is State.OFF:
        text = _off_words(calendar, on=on)
    else:
        stretch = next(
            s for s in stretches_of(calendar, formulary=formulary) if s.first_on <= on <= s.last_on
        )
        text = f"{stretch.text} until {stretch.last_on.isoformat()}"
    return TodaysDose(day=day.day, on=on, phase=day.phase, state=day.state, text=text)


def _off_words(calendar: Calendar, *, on: date) -> str:
    following = next((day.on for day in calendar.days if day.on > on and day.state is State.DOSE), None)
    return "no dose today" if following is None else f"no dose today; next dose on {following.isoformat()}"


def dose_change_days(calendar: Calendar, *, formulary: Formulary) -> tuple[date, ...]:
    """The dates on which the instruction becomes another one; the first day is not a change."""
    return tuple(stretch.first_on for stretch in stretches_of(calendar, formulary=formulary)[1:])
