"""Courses as pages show them: the dose of today, what changes next, the whole calendar."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from clinic.calendars import laid_out, laid_out_many
from clinic.models import Course
from clinic.nextpart import waits_for_verdict
from clinic.treatment import void_calendars
from ispath.dashboard.drawing.timeline import Stretch as Drawn
from ispath.dashboard.reading import calendars
from ispath.dashboard.reading.sources import citations, cited_words
from ispath.dashboard.words import amount, day, humane
from protocols import reading
from protocols.engine.dosing import State
from protocols.engine.words import day_words, stretches_of, todays_dose
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from django.db.models import QuerySet

    from clinic.calendars import LaidOut
    from clinic.models import Patient
    from protocols.engine.course import Formulary
    from protocols.engine.dosing import Calendar

_TONES = {"active": "good", "held": "warn", "draft": "info", "completed": "", "stopped": "", "dropped": ""}
_ACTS = {
    "active": (
        ("missed", "Dose missed"),
        ("dispensed", "Dispensed"),
        ("taught", "Calendar taught"),
        ("weight", "New weight"),
        ("hold", "Hold"),
        ("stop", "Stop"),
    ),
    "held": (("resume", "Give again"), ("stop", "Stop")),
    "draft": (("drop", "Drop the draft"),),
}


VOID = "the printed calendar is void: teach the family again"
_DOSE = re.compile(r"[\d.]+ \S+")
_TIMES = {"once": 1, "twice": 2, "three times": 3, "four times": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """A conditional dose step, or a next part, that waits for a named prescriber."""

    say: str
    text: str
    act: str = "decide"


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseView:
    """One course."""

    uid: UUID
    drug: str
    is_hormonal: bool
    status: str
    status_words: str
    tone: str
    is_current: bool
    is_draft: bool
    start_on: date
    planned_last_on: date | None
    protocol: str
    edition: str
    source: str
    product: str
    dosed_for: str
    void: str
    today_text: str
    today_source: str
    today_day: int | None
    phase: str
    next_change: str
    next_source: str
    undecided: tuple[Undecided, ...]
    acts: tuple[tuple[str, str], ...]
    calendar: calendars.CalendarView | None
    stretches: tuple[Drawn, ...]


def _dosed_for(course: Course) -> str:
    if course.weight_kg is None:
        return "a fixed dose"
    length = f", {amount(course.length_cm)} cm" if course.length_cm is not None else ""
    return f"{amount(course.weight_kg)} kg{length}"


def _drawn(course: Course, calendar: Calendar, formulary: Formulary, today: date) -> tuple[Drawn, ...]:
    last = course.last_dose_on
    drawn = []
    for stretch in stretches_of(calendar, formulary=formulary):
        if stretch.state not in {State.DOSE, State.UNDECIDED} or (last and stretch.first_on > last):
            continue
        until = min(stretch.last_on, last) if last else stretch.last_on
        drawn.append(
            Drawn(
                start=stretch.first_on,
                until=until,
                text=stretch.text,
                label=_label(stretch.text),
                planned=stretch.first_on > today,
            )
        )
    return tuple(drawn)


def _label(text: str) -> str:
    """Write a dose as a bar can bear it: 10 mg x 4."""
    found = _DOSE.match(text)
    if not found:
        return "?" if text.startswith("not decided") else ""
    times = next((f" × {number}" for words, number in _TIMES.items() if words in text), "")
    return f"{found[0]}{times}"


def _waiting(calendar: Calendar, today: date) -> tuple[Undecided, ...]:
    """Say that the calendar ends where the verdict decides how it goes on."""
    if not waits_for_verdict(calendar):
        return ()
    last = calendar.days[-1]
    when = "today" if last.on <= today else f"by {day(last.on)}"
    text = f"After {day(last.on)} (treatment day {last.day}) the course goes on as the verdict decides."
    return (Undecided(say=f"Prescriber decides the next part {when}.", text=text, act="next-part"),)


def _undecided(calendar: Calendar, formulary: Formulary, today: date) -> tuple[Undecided, ...]:
    waiting = [one for one in calendar.days if one.state is State.UNDECIDED]
    if not waiting:
        return ()
    first = waiting[0]
    when = "today" if first.on <= today else f"from {day(first.on)}"
    return (
        Undecided(
            say=f"Prescriber decides the dose {when}.",
            text=f"From {day(first.on)} (treatment day {first.day}) the protocol has two ways. "
            f"{humane(day_words(first, formulary=formulary, named=False))}",
        ),
    )


def _now(course: Course, laid: LaidOut, today: date, sources: Mapping[int, str]) -> dict[str, Any]:
    """Return what is given today, and what changes next, each with its source."""
    calendar, formulary = laid
    now = todays_dose(calendar, on=today, formulary=formulary)
    later = [one for one in stretches_of(calendar, formulary=formulary) if one.first_on > today]
    change = (
        f"{day(later[0].first_on)} (treatment day {later[0].first_day}): {later[0].text}" if later else ""
    )
    active = course.status == Course.Status.ACTIVE
    return {
        "today_text": humane(now.text) if now and active else "",
        "today_source": sources.get(now.day, "") if now and active else "",
        "today_day": now.day if now else None,
        "phase": now.phase if now else "",
        "next_change": change,
        "next_source": sources.get(later[0].first_day, "") if later else "",
        "undecided": (*_undecided(calendar, formulary, today), *_waiting(calendar, today)) if active else (),
    }


_NOT_LAID_OUT: Mapping[str, Any] = {
    "today_text": "",
    "today_source": "",
    "today_day": None,
    "phase": "",
    "next_change": "",
    "next_source": "",
    "undecided": (),
    "calendar": None,
    "stretches": (),
}


def _laid_out(
    course: Course, laid: LaidOut | None, today: date, cited: Mapping[str, str]
) -> Mapping[str, Any]:
    if laid is None:
        return _NOT_LAID_OUT
    sources = calendars.sources_of(laid.calendar, cited)
    return {
        **_now(course, laid, today, sources),
        "calendar": calendars.view_of(laid.calendar, laid.formulary, cited),
        "stretches": _drawn(course, laid.calendar, laid.formulary, today),
    }


def _view(
    course: Course, laid: LaidOut | None, today: date, *, void: bool, cited: Mapping[str, str]
) -> CourseView:
    drug, edition = course.drug, course.protocol_edition
    values = reading.protocol_values(edition)
    return CourseView(
        uid=course.uid,
        drug=drug.name,
        is_hormonal=str(drug.drug_class) == "hormonal",
        status=course.status,
        status_words=course.get_status_display(),
        tone=_TONES.get(course.status, ""),
        is_current=course.status in {Course.Status.ACTIVE, Course.Status.HELD, Course.Status.DRAFT},
        is_draft=course.status == Course.Status.DRAFT,
        start_on=course.start_on,
        planned_last_on=course.planned_last_dose_on,
        protocol=edition.name,
        edition=edition.number,
        source=f"{edition.summary} {cited_words(values.cited, cited)}".strip(),
        product=course.product.name if course.product else "",
        dosed_for=_dosed_for(course),
        void=VOID if void and course.status == Course.Status.ACTIVE else "",
        acts=_ACTS.get(course.status, ()),
        **_laid_out(course, laid, today, cited),
    )


def _rows(courses: QuerySet[Course]) -> list[Course]:
    joined = ("drug", "product", "protocol_edition__protocol", "patient")
    return list(courses.select_related(*joined).order_by("-start_on", "-pk"))


def _laid(rows: Sequence[Course]) -> Mapping[int, LaidOut]:
    """Lay the calendars out together; where one of them cannot be, the others still are."""
    try:
        return laid_out_many(rows)
    except Refusal:
        return {row.pk: laid for row in rows if (laid := _alone(row)) is not None}


def _alone(course: Course) -> LaidOut | None:
    try:
        return laid_out(course)
    except Refusal:
        return None


def courses_of(patient: Patient, today: date) -> list[CourseView]:
    """Return the child's courses, the running ones first; as many queries for ten as for one."""
    rows = _rows(patient.courses.exclude(status=Course.Status.DROPPED))
    if not rows:
        return []
    laid, void, cited = _laid(rows), void_calendars(rows), citations()
    views = [
        _view(course, laid.get(course.pk), today, void=course.uid in void, cited=cited) for course in rows
    ]
    return sorted(views, key=lambda view: not view.is_current)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseLine:
    """Today's dose of one drug in mg, mL and strength, and where it comes from."""

    drug: str
    text: str
    source: str


def today_lines(courses: QuerySet[Course], today: date) -> dict[int, tuple[DoseLine, ...]]:
    """Return today's doses of each child; as many queries for ten courses as for one."""
    rows = _rows(courses)
    if not rows:
        return {}
    laid, cited = _laid(rows), citations()
    found: dict[int, tuple[DoseLine, ...]] = {}
    for course in rows:
        now = _now_of(course, laid.get(course.pk), today, cited)
        found[course.patient_id] = (*found.get(course.patient_id, ()), now)
    return found


def _now_of(course: Course, laid: LaidOut | None, today: date, cited: Mapping[str, str]) -> DoseLine:
    known = _now(course, laid, today, calendars.sources_of(laid.calendar, cited)) if laid else _NOT_LAID_OUT
    text = known["today_text"] or course.get_status_display()
    return DoseLine(drug=course.drug.name, text=text, source=known["today_source"])
