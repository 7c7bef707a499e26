"""From rows to the charts: what is drawn on the child's page."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from clinic.models import BloodPressure
from ispath.dashboard.drawing import pressure, timeline
from ispath.dashboard.reading.limits import limits_on, source_of
from ispath.dashboard.reading.same_child import same_child

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from clinic.models import Enrolment, Patient
    from ispath.dashboard.reading.courses import CourseView
    from ispath.dashboard.reading.escalations import EscalationLine
    from ispath.dashboard.reading.facts import Record

_STEP = timedelta(days=14)


def pressure_chart(
    patient: Patient, enrolment: Enrolment | None, *, today: date
) -> pressure.PressureChart | None:
    """Draw the readings under the limits of the child's own age and sex."""
    rows = BloodPressure.objects.filter(
        patient__in=same_child(patient), corrected_by_row=None, entered_in_error=False
    )
    readings = list(rows.order_by("happened_on", "pk"))
    if not readings:
        return None
    limit_on = limits_on(patient, enrolment)
    first, last = readings[0].happened_on, max(today, readings[-1].happened_on)
    days = [first + _STEP * number for number in range((last - first) // _STEP + 1)] + [last]
    limits = [(on, limit_on(on)) for on in days]
    drawn = tuple(pressure.Limit(on=on, p90=limit.sbp90, p95=limit.sbp95) for on, limit in limits if limit)
    source = source_of(enrolment, limit_on(last))
    return pressure.draw(
        tuple(_reading(row, limit_on) for row in readings), drawn, today=today, source=source
    )


def _reading(row: BloodPressure, limit_on: Callable[[date], Any]) -> pressure.Reading:
    limit = limit_on(row.happened_on)
    level = ""
    if limit and row.systolic >= limit.sbp95:
        level = "at or above the 95th percentile"
    elif limit and row.systolic >= limit.sbp90:
        level = "at or above the 90th percentile"
    return pressure.Reading(on=row.happened_on, systolic=row.systolic, diastolic=row.diastolic, level=level)


_LANES = {
    "Eeg": ("EEG", "square"),
    "eeg": ("EEG", "square"),
    "spasmreport": ("Spasms", "circle"),
    "visionexam": ("Eye exam", "circle"),
}


def _mark(record: Record) -> timeline.Mark:
    lane, _shape = _LANES[record.kind]
    bad = any(word in record.text for word in ("hypsarrhythmia", "confirmed", "abnormal")) and not any(
        word in record.text for word in ("no hypsarrhythmia", "no abnormality")
    )
    pending = "pending" in record.text or "awaited" in record.text or "reported" in record.text
    tone, shape = ("stop", "square") if bad else ("info", "hollow") if pending else ("good", "circle")
    return timeline.Mark(on=record.on, lane=lane, text=f"{lane}: {record.text}", tone=tone, shape=shape)


def timeline_chart(
    courses: Iterable[CourseView], records: Iterable[Record], lines: Iterable[EscalationLine], *, today: date
) -> timeline.TimelineChart | None:
    """Draw courses with their doses, EEGs, spasms, eye exams and escalations."""
    lanes = tuple(
        timeline.Lane(name=course.drug, tone="a" if course.is_hormonal else "b", stretches=course.stretches)
        for course in courses
        if course.stretches
    )
    marks = [_mark(record) for record in records if record.kind in _LANES and not record.struck]
    marks += [
        timeline.Mark(
            on=line.row.raised_on,
            lane="Escalations",
            text=f"{line.title} ({line.row.rule})",
            tone="stop" if line.is_open else "info",
            shape="triangle",
        )
        for line in lines
    ]
    return timeline.draw(_one_lane_a_drug(lanes), tuple(marks), today=today)


def _one_lane_a_drug(lanes: tuple[timeline.Lane, ...]) -> tuple[timeline.Lane, ...]:
    """Join the courses of one drug in one lane."""
    joined: dict[str, timeline.Lane] = {}
    for lane in lanes:
        before = joined.get(lane.name)
        stretches = (before.stretches if before else ()) + lane.stretches
        joined[lane.name] = timeline.Lane(name=lane.name, tone=lane.tone, stretches=stretches)
    return tuple(joined.values())
