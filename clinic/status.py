"""One child's true status in one document: read from the rows that every view reads."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings

from clinic import calendars
from clinic.models import (
    Check,
    Course,
    Enrolment,
    Escalation,
    PatientIdentifier,
    Referral,
    ResponseAssessment,
)
from protocols.engine.words import todays_dose

if TYPE_CHECKING:
    from datetime import date, datetime

    from clinic.models import Patient

NEXT_CHECKS = 10
STALE_AFTER = timedelta(hours=26)  # the nightly sweep, and two hours of grace


def status_document(child: Patient, now: datetime) -> dict[str, Any]:
    """Return the status document of a child: no course is an empty list, never an error."""
    patient = child if child.replaced_by is None else child.replaced_by
    enrolment = newest_enrolment(patient)
    zone = "UTC" if enrolment is None else enrolment.clinic.zone
    today = now.date() if enrolment is None else enrolment.clinic.local_date(now)
    reviewed = None if enrolment is None else enrolment.plan_reviewed_at
    return {
        "as_of": moment(now),
        "zone": zone,
        "plan_reviewed_at": None if reviewed is None else moment(reviewed),
        "stale": is_stale(enrolment, now),
        "child": child_part(child),
        "enrolment": None if enrolment is None else enrolment_part(enrolment),
        "courses": courses_part(patient, today),
        "checks": checks_part(patient),
        "verdict": verdict_part(patient),
        "escalations": escalations_part(patient),
        "referral": referral_part(patient),
        "links": links(patient),
    }


def moment(at: datetime) -> str:
    """Return a moment in UTC as ISO text with Z."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def newest_enrolment(patient: Patient) -> Enrolment | None:
    """Return the enrolment that is open, else the one that ended last."""
    rows = Enrolment.objects.filter(patient=patient).select_related("clinic", "pathway_edition__pathway")
    found = list(rows.order_by("-pk"))
    return next((row for row in found if row.state in Enrolment.OPEN_STATES), found[0] if found else None)


def is_stale(enrolment: Enrolment | None, now: datetime) -> bool:
    """Say whether a plan should have been reviewed since and was not."""
    if enrolment is None or enrolment.next_review_on is None:
        return False
    overdue = enrolment.next_review_on < enrolment.clinic.local_date(now - STALE_AFTER)
    return overdue or enrolment.plan_reviewed_at is None


def child_part(child: Patient) -> dict[str, Any]:
    """Return who the child is, without a name."""
    owners = [child.pk] if child.replaced_by is None else [child.pk, child.replaced_by.pk]
    identifiers = PatientIdentifier.objects.filter(patient__in=owners)
    return {
        "id": str(child.uid),
        "identifiers": [
            {"system": row.system, "value": row.value} for row in identifiers.order_by("system", "value")
        ],
        "replaced_by": None if child.replaced_by is None else str(child.replaced_by.uid),
    }


def enrolment_part(enrolment: Enrolment) -> dict[str, Any]:
    """Return where the child is followed."""
    edition = enrolment.pathway_edition
    return {"state": enrolment.state, "pathway": edition.pathway.key, "edition": edition.number}


def courses_part(patient: Patient, today: date) -> list[dict[str, Any]]:
    """Return the courses that were ever checked, the newest first; those that run with today's dose."""
    courses = courses_of(patient)
    running = [course for course in courses if course.status in {Course.Status.ACTIVE, Course.Status.HELD}]
    laid_out = calendars.laid_out_many(running) if running else {}
    return [course_part(course, laid_out.get(course.pk), today) for course in courses]


def courses_of(patient: Patient) -> list[Course]:
    """Return the courses that were ever checked, the newest first."""
    rows = Course.objects.filter(patient=patient).exclude(
        status__in=(Course.Status.DRAFT, Course.Status.DROPPED)
    )
    joined = rows.select_related("drug", "product", "patient", "protocol_edition__protocol")
    return list(joined.order_by("-start_on", "-pk"))


def course_part(course: Course, laid_out: calendars.LaidOut | None, today: date) -> dict[str, Any]:
    """Return one course with today's dose in words."""
    edition = course.protocol_edition
    return {
        "id": str(course.uid),
        "drug": course.drug.key,
        "protocol": edition.protocol.key,
        "edition": edition.number,
        "state": course.status,
        "start_on": course.start_on.isoformat(),
        "end_on": iso(course.last_dose_on or course.planned_last_dose_on),
        "today": today_part(laid_out, today),
    }


def today_part(laid_out: calendars.LaidOut | None, today: date) -> dict[str, Any] | None:
    """Return what is given today; None outside the course."""
    if laid_out is None:
        return None
    dose = todays_dose(laid_out.calendar, on=today, formulary=laid_out.formulary)
    return None if dose is None else {"day": dose.day, "phase": dose.phase, "text": dose.text}


def iso(day: date | None) -> str | None:
    """Return a date as ISO text."""
    return None if day is None else day.isoformat()


def checks_part(patient: Patient) -> dict[str, Any]:
    """Return the open checks: how many, and the next ones, the late ones first."""
    found = list(Check.objects.unsatisfied().filter(patient=patient).order_by("due_on", "pk"))
    states = [row.state for row in found]
    return {
        "overdue": states.count(Check.State.OVERDUE),
        "due": states.count(Check.State.DUE),
        "upcoming": states.count(Check.State.UPCOMING),
        "next": [
            {
                "code": row.code,
                "opens_on": row.opens_on.isoformat(),
                "due_on": row.due_on.isoformat(),
                "closes_on": iso(row.closes_on),
                "state": row.state,
            }
            for row in found[:NEXT_CHECKS]
        ],
    }


def verdict_part(patient: Patient) -> dict[str, Any] | None:
    """Return the verdict on the newest episode; None before any treatment."""
    rows = ResponseAssessment.objects.filter(patient=patient, superseded_on=None)
    row = rows.order_by("-episode_start_on", "-pk").first()
    if row is None:
        return None
    return {
        "value": row.verdict,
        "definition": row.definition,
        "missing": row.missing,
        "final": row.final,
    }


def escalations_part(patient: Patient) -> list[dict[str, Any]]:
    """Return the escalations that still ask somebody for something, the most urgent first."""
    return [
        {
            "id": str(row.uid),
            "rule": row.rule,
            "urgency": row.urgency,
            "raised_at": moment(row.raised_at),
            "act_by": iso(row.act_by_on),
            "state": row.state,
        }
        for row in Escalation.objects.open().filter(patient=patient).by_urgency()
    ]


def referral_part(patient: Patient) -> dict[str, Any] | None:
    """Return the referral that is under way, else the last one."""
    row = Referral.objects.filter(patient=patient).prefetch_related("reasons").order_by("-pk").first()
    if row is None:
        return None
    return {
        "id": str(row.uid),
        "state": row.state,
        "asked_on": row.asked_on.isoformat(),
        "reasons": sorted({reason.rule for reason in row.reasons.all()}),
    }


def links(patient: Patient) -> dict[str, str]:
    """Return where more is to be read; the installation says its own address."""
    base = str(getattr(settings, "BASE_URL", "")).rstrip("/")
    return {
        "fhir": f"{base}/fhir/Patient/{patient.uid}",
        "explain": f"{base}/api/v1/children/{patient.uid}/explain",
        "dashboard": f"{base}/admin/children/{patient.uid}/",
    }
