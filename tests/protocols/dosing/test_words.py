"""Calendars in words, side by side, undecided, and stopped."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from protocols.engine.comparing import difference
from protocols.engine.course import CourseDetails, Hold, Reweigh
from protocols.engine.dosing import Calendar, State, dose_calendar
from protocols.engine.stopping import abrupt_stop
from protocols.engine.terms import Verdict
from protocols.engine.undecided import undecided_calendar
from protocols.engine.warnings_of import (
    warnings_of,
    what_a_decision_would_lack,
    what_must_be_entered_first,
)
from protocols.engine.words import dose_change_days, stretches_of, todays_dose
from tests.protocols.dosing.calendars import library

FORMULARY = library().formulary
START = date(2026, 11, 30)


def course(key: str, **details: Any) -> Calendar:
    products = {"prednisolone": FORMULARY.products["prednisolone-10mg-ml"]}
    asked = CourseDetails(
        **{
            "start_on": START,
            "weight_kg": Decimal("7.2"),
            "length_cm": Decimal(66),
            "products": products,
            **details,
        }
    )
    return dose_calendar(library().editions[key], details=asked, formulary=FORMULARY)


def said(found: Calendar, on: date) -> str:
    today = todays_dose(found, on=on, formulary=FORMULARY)
    assert today is not None
    return today.text


def test_todays_dose_is_one_sentence_with_its_last_date() -> None:
    found = course("prednisolone-ukiss")

    assert said(found, START) == "10 mg by mouth four times daily (1 mL of 10 mg/mL each) until 2026-12-13"
    assert said(found, date(2026, 12, 28)) == "10 mg by mouth once daily (1 mL of 10 mg/mL) until 2026-12-28"
    assert todays_dose(found, on=date(2026, 12, 29), formulary=FORMULARY) is None


def test_a_day_off_names_the_next_dose() -> None:
    found = course("acth-gel-us-label")

    assert said(found, date(2026, 12, 24)) == "no dose today; next dose on 2026-12-25"
    assert said(found, date(2026, 12, 28)) == "no dose today"


def test_alternate_days_are_one_stretch() -> None:
    found = course("acth-tetracosactide-ukiss")

    first = stretches_of(found, formulary=FORMULARY)[0]
    assert (first.first_day, first.last_day) == (1, 13)
    assert first.text == "tetracosactide depot 0.5 mg into the muscle once daily, every other day"


def test_a_hold_breaks_a_stretch_and_says_so() -> None:
    found = course("acth-tetracosactide-ukiss", holds=(Hold(from_day=5, to_day=5),))

    texts = [stretch.text for stretch in stretches_of(found, formulary=FORMULARY)]
    assert texts[1:4] == ["no dose", "held: no dose", "no dose"]


def test_days_without_a_rhythm_are_listed() -> None:
    edition = library().editions["acth-tetracosactide-ukiss"]
    phase = edition.phases[0]
    odd = replace(phase, steps=(replace(phase.steps[0], every_days=1, on_days=(1, 2, 5)),))
    details = CourseDetails(start_on=START)

    found = dose_calendar(replace(edition, phases=(odd,)), details=details, formulary=FORMULARY)

    assert stretches_of(found, formulary=FORMULARY)[0].text.endswith("once daily, on days 1, 2, 5")


def test_the_days_on_which_the_instruction_changes() -> None:
    found = course("prednisolone-ukiss")

    assert dose_change_days(found, formulary=FORMULARY) == (
        date(2026, 12, 14),
        date(2026, 12, 19),
        date(2026, 12, 24),
    )


def test_several_drugs_are_named() -> None:
    found = course("combination-iciss")

    assert said(found, START).startswith("prednisolone 10 mg by mouth four times daily")
    assert "vigabatrin 180 mg by mouth twice daily" in said(found, START)


def test_an_unknown_dose_and_an_unknown_split_are_said() -> None:
    unknown = course("acth-hrachovy-low")
    unsplit = course("prednisolone-ukiss", decisions={"week-2-dose": 8})

    assert said(unknown, date(2026, 12, 20)).startswith("dose not known")
    assert "40 mg by mouth in the day (how it is divided is not entered)" in said(unsplit, date(2026, 12, 14))


def test_a_known_dose_stands_beside_an_unknown_one() -> None:
    found = course("combination-iciss", taper_from_day=10, decisions={"dose-at-96-hours": 5})

    text = said(found, date(2026, 12, 9))
    assert text.startswith("prednisolone 10 mg by mouth")
    assert "dose not known" in text


def test_what_must_be_entered_first_blocks_a_start() -> None:
    assert what_must_be_entered_first(course("prednisolone-ukiss"), formulary=FORMULARY) == ()
    blocked = what_must_be_entered_first(course("prednisolone-weight-based"), formulary=FORMULARY)
    assert [warning.code for warning in blocked] == ["steps-missing"]


def test_an_open_verdict_needs_both_its_ways_known_before_the_start() -> None:
    waiting = course("ucla-sequential", verdict=None)
    blocked = what_must_be_entered_first(waiting, formulary=FORMULARY)

    assert [warning.code for warning in blocked] == ["steps-missing", "steps-missing"]
    assert "verdict-open" in {warning.code for warning in warnings_of(waiting, formulary=FORMULARY)}


def test_what_a_decision_would_lack_is_said_before_it_and_blocks_no_start() -> None:
    found = course("prednisolone-ukiss")
    entered = course("prednisolone-ukiss", choices={"times_at_40_mg": "4"})

    lacking = what_a_decision_would_lack(found, formulary=FORMULARY)

    assert [(warning.code, warning.first_day, warning.last_day) for warning in lacking] == [
        ("split-missing", 15, 19)
    ]
    assert what_must_be_entered_first(found, formulary=FORMULARY) == ()
    assert what_a_decision_would_lack(entered, formulary=FORMULARY) == ()


def test_the_gravest_warning_comes_first() -> None:
    found = course("ucla-sequential", verdict=Verdict.NON_RESPONDER)

    assert warnings_of(found, formulary=FORMULARY)[0].code == "abrupt-stop"


def open_course(**more: Any) -> Calendar:
    details = CourseDetails(start_on=START, products={}, **more)
    return undecided_calendar(
        library().editions["prednisolone-ukiss"],
        details=details,
        open_from={"week-2-dose": 8},
        formulary=FORMULARY,
    )


def test_until_a_prescriber_decides_the_days_that_would_differ_are_undecided() -> None:
    found = open_course()

    states = [day.state for day in found.days]
    assert states[:7] == [State.DOSE] * 7
    assert states[7:19] == [State.UNDECIDED] * 12
    assert states[19:] == [State.DOSE] * 10
    text = said(found, date(2026, 12, 7))
    assert text.startswith("not decided: the prescriber decides between 10 mg by mouth four times daily")
    assert "and 20 mg by mouth three times daily" in text


def test_two_open_questions_leave_each_days_first_answer_open() -> None:
    edition = library().editions["combination-iciss"]
    details = CourseDetails(start_on=START, weight_kg=Decimal(7))

    found = undecided_calendar(
        edition, details=details, open_from={"dose-at-96-hours": 5, "week-2-dose": 8}, formulary=FORMULARY
    )

    assert [day.state for day in found.days[:9]] == [State.DOSE] * 4 + [State.UNDECIDED] * 5


def test_a_taper_that_one_answer_makes_longer_is_undecided_to_its_end() -> None:
    edition = library().editions["vigabatrin-ukiss"]
    choices = {"duration_months": "3", "taper_steps": "us-label"}
    details = CourseDetails(start_on=START, weight_kg=Decimal(7), choices=choices)
    short = dose_calendar(edition, details=details, formulary=FORMULARY)
    taken = replace(details, decisions={"dose-at-96-hours": 5})
    long = dose_calendar(edition, details=taken, formulary=FORMULARY)

    found = undecided_calendar(
        edition, details=details, open_from={"dose-at-96-hours": 5}, formulary=FORMULARY
    )

    beyond = found.days[len(short.days) :]
    assert len(found.days) == len(long.days) > len(short.days)
    assert {day.state for day in beyond} == {State.UNDECIDED}
    assert all(not_taken == () and given for not_taken, given in (day.either for day in beyond))


def test_a_new_weight_shows_its_difference_in_runs() -> None:
    before = course("acth-gel-us-label")
    details = replace(before.details, reweighs=(Reweigh(day=10, weight_kg=Decimal(8)),))
    after = dose_calendar(before.edition, details=details, formulary=FORMULARY)

    changes = difference(before, after, formulary=FORMULARY)

    assert (changes[0].first_on, changes[0].last_on) == (date(2026, 12, 9), date(2026, 12, 13))
    assert "27.249 U" in changes[0].before
    assert "28.723 U" in changes[0].after
    assert difference(before, before, formulary=FORMULARY) == ()


def test_a_longer_course_shows_the_days_the_other_has_not() -> None:
    short, long = course("vigabatrin-us-label", taper_from_day=10), course("vigabatrin-us-label")

    changes = difference(short, long, formulary=FORMULARY)

    assert changes[-1].before == "not in the course"
    assert changes[-1].last_on == long.days[-1].on


def test_stopping_a_hormone_before_its_taper_ends_is_abrupt() -> None:
    found = course("prednisolone-ukiss")

    stopped = abrupt_stop(found, stop_on=date(2026, 12, 10), formulary=FORMULARY)

    assert stopped is not None
    assert (stopped.code, stopped.first_day) == ("abrupt-stop", 11)
    assert "days 12 to 29" in stopped.text
    assert abrupt_stop(found, stop_on=date(2026, 12, 28), formulary=FORMULARY) is None


def test_an_abrupt_stop_is_silent_where_another_hormone_starts_the_next_day() -> None:
    found = course("prednisolone-ukiss")
    stop = date(2026, 12, 13)

    next_day = abrupt_stop(found, stop_on=stop, formulary=FORMULARY, next_hormone_on=date(2026, 12, 14))
    later = abrupt_stop(found, stop_on=stop, formulary=FORMULARY, next_hormone_on=date(2026, 12, 20))

    assert next_day is None
    assert later is not None


def test_stopping_vigabatrin_is_no_abrupt_stop_of_a_hormone() -> None:
    found = course("vigabatrin-ukiss")

    assert abrupt_stop(found, stop_on=date(2026, 12, 10), formulary=FORMULARY) is None
