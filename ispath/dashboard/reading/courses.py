"""Courses as pages show them: the dose of today, what changes next, the whole calendar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from clinic.calendars import laid_out, laid_out_many
from clinic.models import Course
from clinic.treatment import void_calendars
from ispath.dashboard.reading import calendars
from ispath.dashboard.reading.course_bars import bars_of
from ispath.dashboard.reading.doses import DoseNow, dose_now
from ispath.dashboard.reading.sources import citations, cited_words
from ispath.dashboard.words import amount
from protocols import reading
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from django.db.models import QuerySet

    from clinic.calendars import LaidOut
    from clinic.models import Patient
    from ispath.dashboard.drawing.timeline import Stretch as Drawn

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
    last_dose_on: date | None
    protocol: str
    edition: str
    source: str
    product: str
    dosed_for: str
    void: str
    now: DoseNow
    acts: tuple[tuple[str, str], ...]
    calendar: calendars.CalendarView | None
    stretches: tuple[Drawn, ...]


def _dosed_for(course: Course) -> str:
    if course.weight_kg is None:
        return "a fixed dose"
    length = f", {amount(course.length_cm)} cm" if course.length_cm is not None else ""
    return f"{amount(course.weight_kg)} kg{length}"


def _laid_out(
    course: Course, laid: LaidOut | None, today: date, cited: Mapping[str, str]
) -> Mapping[str, Any]:
    if laid is None:
        return {"now": DoseNow(), "calendar": None, "stretches": ()}
    sources = calendars.sources_of(laid.calendar, cited)
    return {
        "now": dose_now(course, laid, today, sources),
        "calendar": calendars.view_of(laid.calendar, laid.formulary, cited),
        "stretches": bars_of(course, laid.calendar, laid.formulary, today),
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
        last_dose_on=course.last_dose_on,
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
        line = _line(course, laid.get(course.pk), today, cited)
        found[course.patient_id] = (*found.get(course.patient_id, ()), line)
    return found


def _line(course: Course, laid: LaidOut | None, today: date, cited: Mapping[str, str]) -> DoseLine:
    sources = calendars.sources_of(laid.calendar, cited) if laid else {}
    now = dose_now(course, laid, today, sources) if laid else DoseNow()
    text = now.today_text or course.get_status_display()
    return DoseLine(drug=course.drug.name, text=text, source=now.today_source)
