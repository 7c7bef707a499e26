"""What is really done with a running course: decided, changed, held, missed, dispensed, taught, stopped."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from clinic import calendars
from clinic.entries import Entry, lock, write
from clinic.models import (
    CalendarTaught,
    Course,
    CourseStart,
    CourseStop,
    Dispensed,
    DoseChange,
    DoseDecision,
    Hold,
    HoldEnd,
    Measurement,
    MissedDose,
    StopReason,
    WorkItem,
)
from clinic.recording import record
from clinic.review import review_enrolment
from clinic.timeline import Kind, tell
from clinic.workitems import open_item, settle_items
from protocols.engine.course import conditions_of
from protocols.engine.days import treatment_day
from protocols.engine.stopping import abrupt_stop
from protocols.reading import protocol_values
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime
    from decimal import Decimal
    from uuid import UUID

    from clinic.models import Actor, Enrolment
    from protocols.models import Product

HORMONAL = "hormonal"
Kinds = DoseChange.Kind


class CourseNotRunning(Refusal):
    """Something done with a course that is not running."""

    code = "course-not-running"


class UnknownStep(Refusal):
    """A decision about a step the protocol does not have."""

    code = "unknown-dose-step"


class PrescriberNeeded(Refusal):
    """A change of a dose without the name of a prescriber."""

    code = "prescriber-needed"


class AbruptStop(Refusal):
    """A hormone that would end without a taper."""

    code = "abrupt-stop"


class StopBeforeStart(Refusal):
    """A last dose before the first."""

    code = "stop-before-start"


class NotOnHold(Refusal):
    """A course that goes on without having been held."""

    code = "not-on-hold"


def running(course: Course) -> tuple[Course, Enrolment]:
    """Lock the enrolment of a course that must be running; return both anew."""
    locked = lock(course.enrolment)
    row = Course.objects.select_related("drug", "product", "patient", "protocol_edition__protocol").get(
        pk=course.pk
    )
    if row.status not in {Course.Status.ACTIVE, Course.Status.HELD}:
        raise CourseNotRunning(
            f"This course is not running ({row.get_status_display()}). Open the course that is.",
            field="course",
        )
    row.enrolment = locked
    return row, locked


def named(prescriber: str) -> str:
    """Return the name of a prescriber; refuse a change nobody answers for."""
    if not prescriber.strip():
        raise PrescriberNeeded("Name the prescriber who decided this.", field="prescriber")
    return prescriber.strip()


@transaction.atomic
def decide_dose(
    *,
    course: Course,
    step_key: str,
    taken: bool,
    from_on: date,
    prescriber: str,
    by: Actor,
    now: datetime,
    entry: Entry | None = None,
) -> DoseDecision:
    """Record what a named prescriber decided about a conditional step. Without it no calendar changes."""
    row, locked = running(course)
    formulary = calendars.formulary_for(row.protocol_edition)
    known = [each.key for each in conditions_of(protocol_values(row.protocol_edition), formulary=formulary)]
    if step_key not in known:
        raise UnknownStep(
            f"This protocol asks nothing called {step_key}. It asks: {', '.join(known) or 'nothing'}."
        )
    return record(
        DoseDecision,
        enrolment=locked,
        entry=entry or Entry(),
        by=by,
        now=now,
        values={
            "course": row,
            "step_key": step_key,
            "taken": taken,
            "from_on": from_on,
            "prescriber": named(prescriber),
        },
        permission="clinic.decide_dose",
        kind=Kind.DOSE_DECIDED,
    )


@transaction.atomic
def change_dose(
    *,
    course: Course,
    kind: str,
    from_on: date,
    prescriber: str,
    by: Actor,
    now: datetime,
    entry: Entry | None = None,
    measurement: Measurement | None = None,
    weight_kg: Decimal | None = None,
    length_cm: Decimal | None = None,
    values: Mapping[str, Any] | None = None,
) -> DoseChange:
    """Record what a named prescriber changed: weight, choice, taper, target reached, last dose, next part."""
    row, locked = running(course)
    changed = record(
        DoseChange,
        enrolment=locked,
        entry=entry or Entry(),
        by=by,
        now=now,
        values={
            "course": row,
            "kind": kind,
            "from_on": from_on,
            "prescriber": named(prescriber),
            "measurement": measurement,
            "weight_kg": weight_kg,
            "length_cm": length_cm,
            "values": dict(values or {}),
        },
        permission="clinic.decide_dose",
        kind=Kind.DOSE_CHANGED,
    )
    if kind == Kinds.LAST_DOSE:
        keep(row, by=by, now=now, planned_last_dose_on=from_on)
    if kind == Kinds.WEIGHT:
        _answered(row, WorkItem.Kind.WEIGHT_CHANGED, by=by, now=now)
    return changed


def accept_weight(
    *, course: Course, measurement: Measurement, from_on: date, prescriber: str, by: Actor, now: datetime
) -> DoseChange:
    """Dose by a new weight from a day on, because a named prescriber accepted it."""
    return change_dose(
        course=course,
        kind=Kinds.WEIGHT,
        from_on=from_on,
        prescriber=prescriber,
        by=by,
        now=now,
        measurement=measurement,
        weight_kg=measurement.value,
    )


@transaction.atomic
def hold_course(
    *,
    course: Course,
    from_on: date,
    by: Actor,
    now: datetime,
    until_on: date | None = None,
    detail: str = "",
) -> Hold:
    """Hold a drug from a day on. The calendar does not shift."""
    row, locked = running(course)
    hold = record(
        Hold,
        enrolment=locked,
        entry=Entry(happened_on=from_on, detail=detail),
        by=by,
        now=now,
        values={"course": row, "until_on": until_on},
        permission="clinic.decide_dose",
        kind=Kind.COURSE_HELD,
    )
    if until_on is None:
        keep(row, by=by, now=now, status=Course.Status.HELD)
    return hold


@transaction.atomic
def resume_course(*, course: Course, on: date, by: Actor, now: datetime) -> HoldEnd:
    """Give a held drug again from a day on."""
    row, locked = running(course)
    held = row.hold_facts.filter(until_on=None, ends=None, entered_in_error=False, corrected_by_row=None)
    hold = held.order_by("-pk").first()
    if hold is None:
        raise NotOnHold("This course is not on hold: there is nothing to resume.", field="course")
    end = record(
        HoldEnd,
        enrolment=locked,
        entry=Entry(happened_on=on),
        by=by,
        now=now,
        values={"course": row, "hold": hold},
        permission="clinic.decide_dose",
        kind=Kind.COURSE_RESUMED,
    )
    keep(row, by=by, now=now, status=Course.Status.ACTIVE)
    return end


@transaction.atomic
def miss_dose(
    *, course: Course, entry: Entry, by: Actor, now: datetime, kind: str, doses: int = 1
) -> MissedDose:
    """Record a dose that was not given, was vomited, or was wrong."""
    row, locked = running(course)
    values = {"course": row, "kind": kind, "doses": doses}
    return record(MissedDose, enrolment=locked, entry=entry, by=by, now=now, values=values)


@transaction.atomic
def dispense(
    *,
    course: Course,
    entry: Entry,
    by: Actor,
    now: datetime,
    product: Product | None = None,
    strength_text: str = "",
    quantity_text: str = "",
) -> Dispensed:
    """Record what the pharmacy gave. Another strength asks for the family to be taught again."""
    row, locked = running(course)
    given = record(
        Dispensed,
        enrolment=locked,
        entry=entry,
        by=by,
        now=now,
        values={
            "course": row,
            "product": product,
            "strength_text": strength_text,
            "quantity_text": quantity_text,
        },
    )
    if product is not None and product.pk != row.product_id:
        keep(row, by=by, now=now, product=product)
        open_item(
            clinic=locked.clinic,
            patient_id=locked.patient_id,
            kind=WorkItem.Kind.TEACH_AGAIN,
            cause=f"course/{row.uid}",
            subject=row,
            due_on=locked.clinic.local_date(now),
            by=by,
            now=now,
        )
    return given


@transaction.atomic
def teach_calendar(
    *, course: Course, entry: Entry, by: Actor, now: datetime, taught_to: str = ""
) -> CalendarTaught:
    """Record that the family was taught the calendar with the product it has in hand."""
    row, locked = running(course)
    values = {"course": row, "product": row.product, "taught_to": taught_to}
    taught = record(CalendarTaught, enrolment=locked, entry=entry, by=by, now=now, values=values)
    _answered(row, WorkItem.Kind.TEACH_AGAIN, by=by, now=now)
    return taught


def calendar_is_void(course: Course) -> bool:
    """Say whether the printed calendar no longer fits the strength that was dispensed."""
    return course.uid in void_calendars([course])


def void_calendars(courses: Iterable[Course]) -> frozenset[UUID]:
    """Return, of some courses, those whose printed calendar no longer fits; one query for all."""
    causes = {f"course/{course.uid}": course.uid for course in courses}
    asked = WorkItem.objects.open().filter(kind=WorkItem.Kind.TEACH_AGAIN, cause__in=list(causes))
    return frozenset(causes[cause] for cause in asked.values_list("cause", flat=True))


@transaction.atomic
def stop_course(
    *,
    course: Course,
    last_dose_on: date,
    reason: str,
    by: Actor,
    now: datetime,
    abrupt_because: str = "",
    detail: str = "",
) -> CourseStop:
    """End a drug with its last dose. A hormone without its taper needs a reason. Twice is once."""
    before = CourseStop.objects.filter(course=course, entered_in_error=False, corrected_by_row=None).first()
    if before is not None and before.happened_on == last_dose_on:
        return before
    row, locked = running(course)
    if last_dose_on < row.start_on:
        raise StopBeforeStart(
            f"The last dose cannot be before the first ({row.start_on.isoformat()}). Correct the date.",
            field="last_dose_on",
        )
    if not abrupt_because:
        refuse_abrupt_stop(row, last_dose_on)
    planned = reason == StopReason.COMPLETED and not abrupt_because
    stop, _ = write(
        CourseStop,
        enrolment=locked,
        entry=Entry(happened_on=last_dose_on, detail=detail),
        by=by,
        now=now,
        values={"course": row, "reason": reason, "abrupt_because": abrupt_because},
        permission="clinic.plan_course" if planned else "clinic.decide_dose",
    )
    status = Course.Status.COMPLETED if reason == StopReason.COMPLETED else Course.Status.STOPPED
    keep(row, by=by, now=now, status=status, last_dose_on=last_dose_on, stop_reason=reason)
    tell(Kind.COURSE_STOPPED, about=row, enrolment=locked, by=by, now=now, data={"reason": reason})
    review_enrolment(enrolment=locked, by=by, now=now)
    return stop


def refuse_abrupt_stop(course: Course, last_dose_on: date) -> None:
    """Refuse to end a hormone before its taper is done, unless another hormone starts by the next day."""
    if course.drug.drug_class != HORMONAL:
        return
    following = CourseStart.objects.filter(
        patient_id=course.patient_id,
        course__drug__drug_class=HORMONAL,
        happened_on__range=(last_dose_on, last_dose_on + timedelta(days=1)),
        entered_in_error=False,
        corrected_by_row=None,
    ).exclude(course=course)
    next_on = following.order_by("happened_on").values_list("happened_on", flat=True).first()
    calendar, formulary = calendars.laid_out(course)
    warning = abrupt_stop(
        calendar,
        stop_on=last_dose_on,
        formulary=formulary,
        next_hormone_on=next_on,
    )
    if warning is not None:
        raise AbruptStop(
            f"{warning.text} If the prescriber wants this stop all the same, write why.",
            field="abrupt_because",
        )


def keep(course: Course, *, by: Actor, now: datetime, **values: Any) -> None:
    """Show on the course what a fact has changed."""
    for name, value in values.items():
        setattr(course, name, value)
    course.changed_at, course.changed_by = now, by
    course.save(update_fields=[*values, "changed_at", "changed_by"])


def _answered(course: Course, kind: str, *, by: Actor, now: datetime) -> None:
    """Take a question about a course off the list."""
    settle_items(
        clinic=course.enrolment.clinic,
        kind=kind,
        cause=f"course/{course.uid}",
        because="answered",
        by=by,
        now=now,
    )


def todays_day(course: Course, *, on: date) -> int:
    """Return the treatment day of a date; the date of the first dose is day 1."""
    return treatment_day(start_on=course.start_on, on=on)
