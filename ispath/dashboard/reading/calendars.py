"""A dose calendar as a page shows it: weeks to look at, stretches to read, what it warns of."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ispath.dashboard.reading.sources import day_words as source_words
from ispath.dashboard.words import amount
from protocols.engine.dosing import State
from protocols.engine.totals import totals_of
from protocols.engine.warning import words_of_days
from protocols.engine.warnings_of import warnings_of
from protocols.engine.words import day_words, stretches_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from decimal import Decimal

    from protocols.engine.course import Formulary
    from protocols.engine.dosing import Calendar, CalendarDay
    from protocols.engine.warning import DoseWarning
    from protocols.engine.words import Stretch

WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One day of the weeks; without a day it only keeps its place."""

    on: date | None = None
    day: int = 0
    state: str = ""
    text: str = ""
    source: str = ""
    opens: bool = False  # the first day with this source: the one that the keyboard stops at


# What nobody may overlook; the rest is said in one line, to be opened, so that a warning stays a warning.
LOUD = frozenset(
    {
        "steps-missing",
        "split-missing",
        "abrupt-stop",
        "contraindicated-age",
        "outside-label-age",
        "outside-label-weight",
        "over-8-mg-per-kg",
        "over-maximum-after-weight-change",
        "renal-no-infant-dosing",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Days in a row with one dose, and where it comes from."""

    first_on: date
    last_on: date
    first_day: int
    last_day: int
    phase: str
    state: str
    text: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningLine:
    """A warning and the days it is about."""

    code: str
    text: str
    days: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalLine:
    """What the whole course adds up to, of one drug."""

    drug: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarView:
    """Everything the template lays out."""

    cells: tuple[Cell, ...]
    stretches: tuple[Line, ...]
    loud: tuple[WarningLine, ...]
    notes: tuple[WarningLine, ...]
    totals: tuple[TotalLine, ...]
    bsa: Decimal | None
    first_on: date
    last_dose_on: date | None
    undefined: bool

    @property
    def days(self) -> int:
        """How many days the calendar has."""
        return sum(1 for cell in self.cells if cell.on)

    @property
    def notes_in_short(self) -> str:
        """What the notes are about: disputed (5), strength differs."""
        kinds = Counter(line.code.replace("-", " ") for line in self.notes)
        return ", ".join(f"{kind} ({number})" if number > 1 else kind for kind, number in kinds.items())


def _text(day: CalendarDay, formulary: Formulary) -> str:
    if day.state is State.UNDECIDED:
        return "not decided"
    if day.state is State.UNDEFINED:
        return "dose not known"
    return day_words(day, formulary=formulary, named=len({dose.drug for dose in day.doses}) > 1)


def _cells(calendar: Calendar, formulary: Formulary, sources: Mapping[int, str]) -> tuple[Cell, ...]:
    if not calendar.days:
        return ()
    cells = [Cell() for _ in range(calendar.days[0].on.weekday())]
    before = ""
    for day in calendar.days:
        source = sources[day.day]
        cells.append(
            Cell(
                on=day.on,
                day=day.day,
                state=str(day.state),
                text=_text(day, formulary),
                source=source,
                opens=source != before,
            )
        )
        before = source
    return tuple(cells)


def lines_of(stretches: Iterable[Stretch], sources: Mapping[int, str]) -> tuple[Line, ...]:
    """Put its source beside each stretch."""
    return tuple(
        Line(
            first_on=stretch.first_on,
            last_on=stretch.last_on,
            first_day=stretch.first_day,
            last_day=stretch.last_day,
            phase=stretch.phase,
            state=str(stretch.state),
            text=stretch.text,
            source=sources.get(stretch.first_day, ""),
        )
        for stretch in stretches
    )


def sources_of(calendar: Calendar, cited: Mapping[str, str]) -> dict[int, str]:
    """Return where the dose of each treatment day comes from."""
    return {day.day: source_words(day, cited) for day in calendar.days}


def _warning(warning: DoseWarning) -> WarningLine:
    days = words_of_days(warning.first_day, warning.last_day)
    return WarningLine(code=warning.code, text=warning.text, days=days)


def _total_words(calendar: Calendar, formulary: Formulary) -> tuple[TotalLine, ...]:
    lines = []
    for total in totals_of(calendar):
        known = f"{amount(total.amount)} {total.unit}" if total.amount is not None else "amount not known"
        doses = f"{total.administrations} administrations" if total.administrations is not None else ""
        volume = f"{amount(total.volume_ml_rounded)} mL" if total.volume_ml_rounded is not None else ""
        tablets = f"{amount(total.tablets)} tablets" if total.tablets is not None else ""
        containers = f"{total.containers} containers" if total.containers is not None else ""
        text = ", ".join(part for part in (known, doses, volume, tablets, containers) if part)
        lines.append(TotalLine(drug=formulary.drugs[total.drug].name, text=text))
    return tuple(lines)


def view_of(calendar: Calendar, formulary: Formulary, cited: Mapping[str, str]) -> CalendarView:
    """Lay a calendar out; `cited` are the sources by key."""
    sources = sources_of(calendar, cited)
    warnings = [_warning(one) for one in warnings_of(calendar, formulary=formulary)]
    return CalendarView(
        cells=_cells(calendar, formulary, sources),
        stretches=lines_of(stretches_of(calendar, formulary=formulary), sources),
        loud=tuple(line for line in warnings if line.code in LOUD),
        notes=tuple(line for line in warnings if line.code not in LOUD),
        totals=_total_words(calendar, formulary),
        bsa=calendar.bsa_m2,
        first_on=calendar.details.start_on,
        last_dose_on=calendar.last_dose_on,
        undefined=any(day.state is State.UNDEFINED for day in calendar.days),
    )
