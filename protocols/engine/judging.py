"""The dates on which a response is judged, by each definition's own day convention. Shown, not checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from protocols.engine.days import date_of_days_since_start, date_of_treatment_day
from protocols.engine.dosing import Calendar
from protocols.engine.limits import Judgement
from protocols.engine.terms import Convention


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedOn:
    """A definition of response with its dates for one course."""

    definition: str
    text: str
    first_on: date
    last_on: date
    eeg: bool


def judged_on(calendar: Calendar) -> tuple[JudgedOn, ...]:
    """Each definition once, in order of date."""
    editions = dict.fromkeys((calendar.edition, *(part.edition for part in calendar.parts)))
    judgements = [judgement for edition in editions for judgement in edition.judgements]
    wanted = [j for j in judgements if j.verdict in {None, calendar.details.verdict}]
    found = (dates_of(judgement, start_on=calendar.details.start_on) for judgement in wanted)
    return tuple(sorted(dict.fromkeys(found), key=lambda judged: (judged.first_on, judged.last_on)))


def dates_of(judgement: Judgement, *, start_on: date) -> JudgedOn:
    """A definition's days as dates."""

    def on(number: int) -> date:
        if judgement.convention is Convention.FIRST_DOSE_IS_DAY_1:
            return date_of_treatment_day(start_on=start_on, day=number)
        return date_of_days_since_start(start_on=start_on, elapsed=number)

    return JudgedOn(
        definition=judgement.definition,
        text=judgement.text,
        first_on=on(judgement.first),
        last_on=on(judgement.last),
        eeg=judgement.eeg,
    )
