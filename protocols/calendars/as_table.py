"""A calendar as a table a person wants to read: dates first, one line for each run of days with one dose."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from textwrap import wrap

from protocols.calendars.answer import Answer
from protocols.engine.citing import cited_words
from protocols.engine.course import Formulary
from protocols.engine.dosing import Calendar
from protocols.engine.quantities import short_text
from protocols.engine.totals import DrugTotal
from protocols.engine.words import Stretch, stretches_of

WIDTH = 110
DECIMALS = 3


def as_table(answer: Answer, *, formulary: Formulary) -> str:
    calendar = answer.calendar
    lines = [
        f"{calendar.edition.name} ({calendar.edition.key}, edition {calendar.edition.edition})",
        " · ".join(_facts(calendar)),
        "Day 1 is the date of the first dose. To be checked by a clinician before anything is given.",
        "",
        *columns([_row(stretch) for stretch in stretches_of(calendar, formulary=formulary)]),
        "",
        "Course total",
        *(f"  {_total_words(total, formulary=formulary)}" for total in answer.totals),
        f"  last dose: {_last_dose(calendar)}",
        *_section("Response is judged", _judged(answer)),
        *_section(
            "Settings", (f"{name} = {value or 'not entered'}" for name, value in answer.choices.items())
        ),
        *_section("Warnings", (f"{warning.code}: {warning.text}" for warning in answer.warnings)),
    ]
    return "\n".join(lines)


def day_name(on: date) -> str:
    return f"{on:%a} {on.isoformat()}"


def columns(rows: list[tuple[str, ...]]) -> list[str]:
    """The rows with each column as wide as its widest word; the last one may run on."""
    widths = [max(len(row[position]) for row in rows) for position in range(len(rows[0]) - 1)] if rows else []
    return [
        "  " + "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]])
        for row in rows
    ]


def _facts(calendar: Calendar) -> Iterator[str]:
    details = calendar.details
    yield f"first dose {day_name(details.start_on)}"
    if details.weight_kg is not None:
        yield f"{short_text(details.weight_kg, decimals=DECIMALS)} kg"
    if details.length_cm is not None:
        yield f"{short_text(details.length_cm, decimals=DECIMALS)} cm"
    if calendar.bsa_m2 is not None:
        yield f"body surface {short_text(calendar.bsa_m2, decimals=4)} m2"


def _row(stretch: Stretch) -> tuple[str, ...]:
    one_day = stretch.first_day == stretch.last_day
    days = f"day {stretch.first_day}" if one_day else f"days {stretch.first_day}–{stretch.last_day}"
    dates = (
        day_name(stretch.first_on)
        if one_day
        else f"{day_name(stretch.first_on)} – {day_name(stretch.last_on)}"
    )
    return dates, days, stretch.phase, f"{stretch.text}{_marks(stretch)}"


def _marks(stretch: Stretch) -> str:
    """Where the doses come from: "[V S1]"."""
    cited = dict.fromkeys(cited_words(cited) for step in stretch.steps for cited in step.cited)
    return f"  [{', '.join(cited)}]" if cited else ""


def _total_words(total: DrugTotal, *, formulary: Formulary) -> str:
    name = formulary.drugs[total.drug].name
    if total.amount is None:
        return f"{name}: not known, because some days are not defined"
    words = [f"{name}: {short_text(total.amount, decimals=DECIMALS)} {total.unit}"]
    if total.administrations is not None:
        words.append(f"in {total.administrations} doses")
    if total.volume_ml_rounded is not None:
        words.append(f"{short_text(total.volume_ml_rounded, decimals=DECIMALS)} mL drawn up")
    if total.tablets is not None:
        words.append(f"{short_text(total.tablets, decimals=DECIMALS)} tablets")
    if total.containers is not None:
        words.append(f"{total.containers} containers, no wastage counted")
    return ", ".join(words)


def _last_dose(calendar: Calendar) -> str:
    return "not known" if calendar.last_dose_on is None else day_name(calendar.last_dose_on)


def _judged(answer: Answer) -> Iterator[str]:
    for judged in answer.judged:
        until = "" if judged.first_on == judged.last_on else f" to {day_name(judged.last_on)}"
        yield f"{day_name(judged.first_on)}{until}: {judged.text} ({judged.definition})"


def _section(title: str, items: Iterator[str]) -> list[str]:
    lines = [
        line
        for item in items
        for line in wrap(item, WIDTH, initial_indent="  - ", subsequent_indent="    ", break_on_hyphens=False)
    ]
    return ["", title, *lines] if lines else []
