"""What a calendar's reader gets: days, totals, when the response is judged, what to beware of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from protocols.engine.course import CourseDetails, Formulary, Settings, active_parts
from protocols.engine.dosing import Calendar, dose_calendar
from protocols.engine.judging import JudgedOn, judged_on
from protocols.engine.regimen import ProtocolEdition
from protocols.engine.totals import DrugTotal, totals_of
from protocols.engine.warning import DoseWarning
from protocols.engine.warnings_of import warnings_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A calendar with all that is said about it. `choices` are the values in force."""

    calendar: Calendar
    choices: Mapping[str, str | None]
    totals: tuple[DrugTotal, ...]
    judged: tuple[JudgedOn, ...]
    warnings: tuple[DoseWarning, ...]


def answer_for(edition: ProtocolEdition, *, details: CourseDetails, formulary: Formulary) -> Answer:
    calendar = dose_calendar(edition, details=details, formulary=formulary)
    return Answer(
        calendar=calendar,
        choices=_choices(edition, details=details, formulary=formulary),
        totals=totals_of(calendar),
        judged=judged_on(calendar),
        warnings=warnings_of(calendar, formulary=formulary),
    )


def _choices(
    edition: ProtocolEdition, *, details: CourseDetails, formulary: Formulary
) -> dict[str, str | None]:
    parts = active_parts(edition, details=details, formulary=formulary)
    choices = tuple(choice for one in dict.fromkeys((edition, *parts)) for choice in one.choices)
    settings = Settings(choices=choices, values=details.choices)
    return {choice.name: settings.text(choice.name) for choice in choices}
