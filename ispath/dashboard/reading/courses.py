"""Courses as pages show them: the dose of today, what changes next, the whole calendar."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clinic.models import Course
from clinic.treatment import calendar_is_void
from ispath.dashboard.drawing.timeline import Stretch as Drawn
from ispath.dashboard.reading import calendars
from ispath.dashboard.reading.course_calendar import calendar_of
from ispath.dashboard.words import amount, day, humane
from protocols.engine.dosing import State
from protocols.engine.words import stretches_of, todays_dose
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from django.db.models import QuerySet

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
    """A conditional dose step that waits for a named prescriber."""

    say: str
    text: str


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
    today_day: int | None
    phase: str
    next_change: str
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


def _undecided(calendar: Calendar, today: date) -> tuple[Undecided, ...]:
    waiting = [one for one in calendar.days if one.state is State.UNDECIDED]
    if not waiting:
        return ()
    first = waiting[0]
    when = "today" if first.on <= today else f"from {day(first.on)}"
    return (
        Undecided(
            say=f"Prescriber decides the dose {when}.",
            text=f"From {day(first.on)} (treatment day {first.day}) the protocol has two ways.",
        ),
    )


def _view(course: Course, today: date) -> CourseView:
    drug, edition = course.drug, course.protocol_edition
    try:
        calendar, formulary = calendar_of(course)
    except Refusal:
        calendar, formulary = None, None
    now = todays_dose(calendar, on=today, formulary=formulary) if calendar and formulary else None
    later = [
        stretch
        for stretch in (stretches_of(calendar, formulary=formulary) if calendar and formulary else ())
        if stretch.first_on > today
    ]
    change = (
        f"{day(later[0].first_on)} (treatment day {later[0].first_day}): {later[0].text}" if later else ""
    )
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
        source=edition.summary,
        product=course.product.name if course.product else "",
        dosed_for=_dosed_for(course),
        void=VOID if course.status == Course.Status.ACTIVE and calendar_is_void(course) else "",
        today_text=humane(now.text) if now and course.status == Course.Status.ACTIVE else "",
        today_day=now.day if now else None,
        phase=now.phase if now else "",
        next_change=change,
        undecided=_undecided(calendar, today) if calendar and course.status == Course.Status.ACTIVE else (),
        acts=_ACTS.get(course.status, ()),
        calendar=calendars.view_of(calendar, formulary) if calendar and formulary else None,
        stretches=_drawn(course, calendar, formulary, today) if calendar and formulary else (),
    )


def _rows(courses: QuerySet[Course]) -> list[Course]:
    joined = ("drug", "product", "protocol_edition__protocol", "patient")
    return list(courses.select_related(*joined).order_by("-start_on", "-pk"))


def courses_of(patient: Patient, today: date) -> list[CourseView]:
    """Return the child's courses, the running ones first."""
    views = [_view(course, today) for course in _rows(patient.courses.exclude(status=Course.Status.DROPPED))]
    return sorted(views, key=lambda view: not view.is_current)


def today_lines(courses: QuerySet[Course], today: date) -> dict[int, tuple[str, ...]]:
    """Return today's dose of each child in mg, mL and strength."""
    found: dict[int, tuple[str, ...]] = {}
    for course in _rows(courses):
        view = _view(course, today)
        said = view.today_text or view.status_words
        found[course.patient_id] = (*found.get(course.patient_id, ()), f"{view.drug}: {said}")
    return found
