"""One synthetic child's story, told in days since the start of treatment, kept as unsaved rows.

Day numbers here are days since start: the day of the first dose is 0. Values are invented and only have to be
plausible; what a protocol says about them comes from its rows.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from clinic import models

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from random import Random

    from clinic.seeding.place import Place

MORNING = dt.time(10, 0)
CLEAN = {"hypsarrhythmia": False, "spasms_recorded": False, "sleep": True, "minutes": 180, "based": 1}
PERSISTS = {"hypsarrhythmia": True, "spasms_recorded": False, "sleep": True, "minutes": 180, "based": 4}


def invented_weight(child: models.Patient, *, on: dt.date) -> Decimal:
    """A weight that grows with age."""
    months = Decimal((on - child.birth_date).days) / 30
    return (Decimal("4.6") + months * Decimal("0.42")).quantize(Decimal("0.01"))


@dataclass(slots=True, kw_only=True)
class Story:
    """A child, its rows so far, and the pen that writes the next one."""

    place: Place
    patient: models.Patient
    enrolment: models.Enrolment
    chance: Random
    today: dt.date
    start: dt.date
    rows: list[Any] = field(default_factory=list)
    condition: models.Condition = field(init=False)
    courses: dict[str, models.Course] = field(default_factory=dict)
    afterwards: Callable[[Story, models.Referral], None] | None = None

    @property
    def now_t(self) -> int:
        """Days since start, today."""
        return (self.today - self.start).days

    def on(self, t: int) -> dt.date:
        """The date t days after the start."""
        return self.start + dt.timedelta(days=t)

    def moment(self, day: dt.date) -> dt.datetime:
        """Ten in the morning at the clinic; today, the moment of the seed."""
        morning = dt.datetime.combine(day, MORNING, ZoneInfo(self.place.clinic.zone)).astimezone(dt.UTC)
        return min(morning, self.place.now)

    def stamp(self, day: dt.date) -> dict[str, Any]:
        """Who wrote a row first and last, and when."""
        at = self.moment(day)
        return {
            "created_at": at,
            "created_by": self.place.nurse,
            "changed_at": at,
            "changed_by": self.place.nurse,
        }

    def fact(self, model: type[models.Fact], t: int, **values: Any) -> models.Fact:
        """Keep a fact that happened and became known on day t."""
        return self.fact_on(model, self.on(t), **values)

    def fact_on(self, model: type[models.Fact], day: dt.date, **values: Any) -> models.Fact:
        """Keep a fact of a date; one of a day to come is not told."""
        at = self.moment(day)
        columns = {
            "patient": self.patient,
            "clinic": self.place.clinic,
            "happened_on": day,
            "happened_at": at,
            "known_at": at,
            "recorded_at": at,
            "recorded_by": self.place.nurse,
            "via": "seed",
        }
        row = model(**{**columns, **values})
        if day <= self.today:
            self.rows.append(row)
        return row

    def days(self, first: int, last: int, every: int) -> Iterable[int]:
        """The days on which something regular was done, up to today."""
        return range(first, min(last, self.now_t) + 1, every)

    def diagnosis(self, t: int = -1, **condition: Any) -> None:
        """Diagnosed on day t; the condition's columns may be given."""
        day = self.on(t)
        etiology = condition.get("etiology", "unknown")
        onset = day - dt.timedelta(days=self.chance.randint(3, 30))
        onset = max(onset, self.patient.birth_date)
        values = {"onset_on": onset, "hypsarrhythmia_at_baseline": True, **condition}
        self.condition = models.Condition(patient=self.patient, diagnosed_on=day, **values, **self.stamp(day))
        self.rows.append(self.condition)
        self.fact(models.Diagnosis, t, onset_on=onset, etiology=etiology, hypsarrhythmia_at_baseline=True)
        self.finding(t, lesion=condition.get("lesion", "none"))

    def finding(self, t: int, **values: Any) -> None:
        """What imaging or metabolic tests said; the condition shows it as it stands now."""
        for name, value in values.items():
            setattr(self.condition, name, value)
        self.fact(models.Finding, t, **values)

    def course(self, drug: str, t: int = 0, **choices: Any) -> models.Course:
        """The first dose of a drug on day t, its calendar checked by a second person."""
        day, regimen = self.on(t), self.place.regimens[drug]
        planned = regimen.planned(day)
        last = planned["planned_last_dose_on"]
        course = models.Course(
            enrolment=self.enrolment,
            patient=self.patient,
            protocol_edition=regimen.edition,
            drug=regimen.drug,
            product=regimen.product,
            start_on=day,
            weight_kg=self.weight_on(t),
            length_cm=Decimal("66.0"),
            choices={**regimen.choices, **choices},
            planned_last_dose_on=last,
            calendar_checked_at=self.moment(day),
            calendar_checked_by=self.place.neurologist,
            status=models.Course.Status.ACTIVE,
            **self.stamp(day),
        )
        self.courses[drug] = course
        self.rows.append(course)
        self.fact(models.CourseStart, t, course=course, **planned)
        if last is not None and last < self.today:
            self.stop(drug, (last - self.start).days, reason="completed")
        return course

    def stop(self, drug: str, t: int, *, reason: str) -> None:
        """The last dose was given on day t."""
        course = self.courses[drug]
        completed = reason == models.courses.StopReason.COMPLETED
        course.status = models.Course.Status.COMPLETED if completed else models.Course.Status.STOPPED
        course.last_dose_on, course.stop_reason = self.on(t), reason
        self.fact(models.CourseStop, t, course=course, reason=reason)

    def weight_on(self, t: int) -> Decimal:
        """The weight on day t."""
        return invented_weight(self.patient, on=self.on(t))

    def pressure(
        self, t: int, systolic: int | None = None, diastolic: int | None = None, **more: Any
    ) -> None:
        """A reading taken calm on the right arm."""
        values = {"state": "calm", "arm": "right-arm", "position": "supine", **more}
        self.fact(
            models.BloodPressure,
            t,
            systolic=systolic or self.chance.randint(84, 94),
            diastolic=diastolic or self.chance.randint(48, 53),
            **values,
        )

    def measured(self, t: int, kind: str, value: Decimal | None, unit: str = "", result: str = "") -> None:
        """A measurement at the clinic."""
        self.fact(
            models.Measurement, t, kind=kind, value=value, unit=unit, result=result, source="clinic",
            as_typed=f"{value} {unit}" if value is not None else result,
        )  # fmt: skip

    def pressures(self, first: int, last: int, every: int = 3) -> None:
        """Blood pressure in the rhythm a practice keeps."""
        for t in self.days(first, last, every):
            self.pressure(t)

    def weekly(self, first: int, last: int) -> None:
        """Weight, glucose, stool and the call every week; electrolytes at first; length every month."""
        for t in self.days(first, last, 7):
            self.measured(t, "weight", self.weight_on(t), "kg")
            self.measured(t, "glucose", Decimal(self.chance.randint(80, 115)), "mg/dL")
            self.measured(t, "stool_blood", None, result="negative")
            self.fact(models.ContactAttempt, t, about="weekly_call", outcome="reached", spoke_to="mother")
            if t - first in {0, 7, 14}:
                self.measured(t, "potassium", Decimal("4.2"), "mmol/L")
                self.measured(t, "sodium", Decimal(138), "mmol/L")
            if (t - first) % 28 == 0:
                length = (Decimal("66.0") + Decimal(t) / 28).quantize(Decimal("0.1"))
                self.measured(t, "length", length, "cm")

    def eeg(self, t: int, findings: Mapping[str, Any]) -> None:
        """A reported video-EEG."""
        number = f"EEG-{self.patient.uid.hex[:6]}-{t}"
        self.fact(models.Eeg, t, accession=number, **findings)

    def spasms(self, t: int, status: str = "confirmed", **more: Any) -> None:
        """Spasms the family told about."""
        self.fact(models.SpasmReport, t, status=status, clusters=more.pop("clusters", 2), **more)

    def asked(self, t: int) -> None:
        """The family was asked, and has seen none."""
        self.fact(models.SpasmReport, t, status="none-seen", told_by="mother")

    def vision(self, t: int, result: str = "no_abnormality_detected") -> None:
        """An eye exam."""
        self.fact(models.VisionExam, t, result=result, method="fundus and behaviour")

    def therapy(self, t: int, name: str) -> None:
        """Another therapy began."""
        self.fact(models.Therapy, t, therapy=name)

    def dose_decided(self, drug: str, t: int, *, step: str, taken: bool) -> None:
        """The prescriber decided a conditional step."""
        self.fact(
            models.DoseDecision, t, course=self.courses[drug], step_key=step, taken=taken,
            from_on=self.on(t), prescriber="Dr. Nel Neuro-Demo",
        )  # fmt: skip

    def left(self, state: str, t: int, *steps: str, other: str = "") -> None:
        """The child left the books on day t, or will when the other side accepts."""
        for kind in steps:
            self.fact(models.EnrolmentStep, t, enrolment=self.enrolment, kind=kind, other_party=other)
        if state not in models.Enrolment.OPEN_STATES:
            self.enrolment.ended_at = self.moment(self.on(t))
            self.enrolment.ended_by = self.place.nurse
        self.enrolment.state = state
        self.enrolment.handed_over_to = other if state == models.Enrolment.State.TRANSFERRED else ""
