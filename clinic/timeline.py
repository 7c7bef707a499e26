"""What happened, told in the transaction in which it happened. Whoever watches comes and reads."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from clinic.models import TimelineEntry

if TYPE_CHECKING:
    from datetime import datetime

    from clinic.models import Actor, Clinic, Enrolment, Patient, Row


class Kind(StrEnum):
    """All kinds of timeline entries. Add, never rename: letters and interfaces know them by these words."""

    CHILD_REGISTERED = "child-registered"
    CHILD_CHANGED = "child-changed"
    CHILDREN_MERGED = "children-merged"
    CHILD_ERASED = "child-erased"
    CARE_TEAM_CHANGED = "care-team-changed"
    CONTACT_CHANGED = "contact-changed"
    ENROLLED = "enrolled"
    TRANSFER_OFFERED = "transfer-offered"
    TRANSFER_ACCEPTED = "transfer-accepted"
    TRANSFER_CALLED_OFF = "transfer-called-off"
    CONSENT_WITHDRAWN = "consent-withdrawn"
    CONTACT_LOST = "contact-lost"
    CONTACT_FOUND = "contact-found"
    DEATH_REPORTED = "death-reported"
    DEATH_CONFIRMED = "death-confirmed"
    DEATH_REVERSED = "death-reversed"
    COMPLETED = "completed"
    COURSE_PLANNED = "course-planned"
    COURSE_STARTED = "course-started"
    COURSE_DROPPED = "course-dropped"
    COURSE_HELD = "course-held"
    COURSE_RESUMED = "course-resumed"
    COURSE_STOPPED = "course-stopped"
    DOSE_DECIDED = "dose-decided"
    DOSE_CHANGED = "dose-changed"
    FACT_RECORDED = "fact-recorded"
    FACT_CORRECTED = "fact-corrected"
    FACT_TAKEN_BACK = "fact-taken-back"
    FACT_MOVED = "fact-moved"
    CALLED = "called"
    FAMILY_TOLD = "family-told"
    CHECK_OPENED = "check-opened"
    CHECK_MOVED = "check-moved"
    CHECK_DUE = "check-due"
    CHECK_OVERDUE = "check-overdue"
    CHECK_UPCOMING = "check-upcoming"
    CHECK_DONE = "check-done"
    CHECK_WAIVED = "check-waived"
    CHECK_CANCELLED = "check-cancelled"
    CHECK_ASSIGNED = "check-assigned"
    VERDICT_REACHED = "verdict-reached"
    ESCALATION_RAISED = "escalation-raised"
    ESCALATION_ACKNOWLEDGED = "escalation-acknowledged"
    ESCALATION_SPOKE = "escalation-spoke"
    ESCALATION_ACTED = "escalation-acted"
    ESCALATION_DECLINED = "escalation-declined"
    ESCALATION_REOPENED = "escalation-reopened"
    ESCALATION_RESOLVED = "escalation-resolved"
    ESCALATION_WITHDRAWN = "escalation-withdrawn"
    REFERRAL_ASKED = "referral-asked"
    REFERRAL_REASON_JOINED = "referral-reason-joined"
    REFERRAL_STEPPED = "referral-stepped"
    REFERRAL_BASIS_WITHDRAWN = "referral-basis-withdrawn"
    CLINIC_CHANGED = "clinic-changed"
    WORK_ITEM_OPENED = "work-item-opened"
    WORK_ITEM_CLOSED = "work-item-closed"
    PLAN_REVIEWED = "plan-reviewed"


def kind_of(row: Row) -> str:
    """Return the word under which a row is known outside: its model's name in small letters."""
    return str(row._meta.model_name)


def entry_for(
    kind: Kind,
    *,
    about: Row,
    enrolment: Enrolment,
    by: Actor,
    now: datetime,
    data: dict[str, Any] | None = None,
) -> TimelineEntry:
    """Return an entry, not yet saved: many are written at once."""
    return TimelineEntry(
        kind=kind,
        patient_id=enrolment.patient_id,
        enrolment=enrolment,
        clinic_id=enrolment.clinic_id,
        at=now,
        by=by,
        subject_kind=kind_of(about),
        subject_uid=about.uid,
        data=data or {},
    )


def tell(
    kind: Kind,
    *,
    about: Row,
    enrolment: Enrolment,
    by: Actor,
    now: datetime,
    data: dict[str, Any] | None = None,
) -> TimelineEntry:
    """Write one entry. `data` holds ids and codes, never a name, a number or a finding."""
    entry = entry_for(kind, about=about, enrolment=enrolment, by=by, now=now, data=data)
    entry.save(force_insert=True)
    return entry


def tell_of_child(
    kind: Kind, *, about: Row, patient: Patient | None, clinic: Clinic, by: Actor, now: datetime
) -> TimelineEntry:
    """Write one entry about a child that is not (or not yet) enrolled, or about a clinic's own row."""
    return TimelineEntry.objects.create(
        kind=kind,
        patient=patient,
        clinic=clinic,
        at=now,
        by=by,
        subject_kind=kind_of(about),
        subject_uid=about.uid,
    )
