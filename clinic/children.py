"""A child comes into the house: name, identifiers, look-alikes; two rows that turn out to be one child."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q

from clinic.access import clinics_of
from clinic.entries import BeforeBirth, InTheFuture
from clinic.models import (
    CareTeamMember,
    Check,
    Clinic,
    Condition,
    Course,
    Enrolment,
    Escalation,
    Patient,
    PatientIdentifier,
    PatientMerge,
    Referral,
    ResponseAssessment,
    WorkItem,
)
from clinic.review import review_enrolment
from clinic.roles import require
from clinic.timeline import Kind, tell_of_child
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from django.db.models import QuerySet

    from clinic.models import Actor

CHANGEABLE = frozenset(
    {
        "family_name",
        "given_names",
        "birth_date",
        "sex",
        "gestation_weeks",
        "gestation_days",
        "language",
        "needs_interpreter",
        "household",
    }
)
# What points at a child and moves along when two rows turn out to be one; facts stay and are read under both.
MOVES_ALONG = (
    PatientIdentifier,
    CareTeamMember,
    Enrolment,
    Course,
    Check,
    ResponseAssessment,
    Escalation,
    Referral,
    WorkItem,
)


class DuplicateIdentifier(Refusal):
    """A record number that is taken at this authority."""

    code = "duplicate-identifier"


class AuthorityNeeded(Refusal):
    """A record number without the authority that gave it."""

    code = "authority-needed"


class MergeImpossible(Refusal):
    """Two rows that cannot become one."""

    code = "merge-impossible"


class LooksAlike(Refusal):
    """A child one could take for another, a twin for example; an edge asks before it registers the child."""

    code = "looks-alike"


@transaction.atomic
def register_child(
    *,
    clinic: Clinic,
    by: Actor,
    now: datetime,
    family_name: str,
    given_names: str,
    birth_date: Any,
    sex: str,
    identifiers: Iterable[tuple[str, str]] = (),
    **more: Any,
) -> Patient:
    """Write a new child with its record numbers; refuse a number that another child has."""
    require(actor=by, permission="clinic.enrol", clinic=clinic)
    if birth_date > clinic.local_date(now):
        raise InTheFuture(
            f"{birth_date.isoformat()} has not come yet. Correct the birth date.", field="birth_date"
        )
    child = Patient.objects.create(
        family_name=family_name,
        given_names=given_names,
        birth_date=birth_date,
        sex=sex,
        **more,
        **stamps(by, now),
    )
    for system, value in identifiers:
        add_identifier(patient=child, clinic=clinic, system=system, value=value, by=by, now=now)
    Condition.objects.create(patient=child, **stamps(by, now))
    tell_of_child(Kind.CHILD_REGISTERED, about=child, patient=child, clinic=clinic, by=by, now=now)
    return child


@transaction.atomic
def add_identifier(
    *, patient: Patient, clinic: Clinic, system: str, value: str, by: Actor, now: datetime
) -> PatientIdentifier:
    """Give a child one more record number. The same number of the same authority twice is once."""
    require(actor=by, permission="clinic.enrol", clinic=clinic)
    system, value = system.strip(), value.strip()
    if not system or not value:
        raise AuthorityNeeded(
            "A record number counts only together with the authority that gave it. Give both.", field="system"
        )
    row, new = PatientIdentifier.objects.get_or_create(
        system=system,
        value=value,
        defaults={"patient": patient, "assigner": clinic, **stamps(by, now)},
    )
    if not new and row.patient_id != patient.pk:
        raise DuplicateIdentifier(
            "This record number is in use at this authority for another child. Check the number. If it is "
            "the same child, open the child that has it; if two records are one child, merge them.",
            field="value",
        )
    return row


@transaction.atomic
def change_child(
    *, patient: Patient, clinic: Clinic, by: Actor, now: datetime, changes: Mapping[str, Any]
) -> Patient:
    """Put a name, birth date, sex or gestation right; the plan follows."""
    require(actor=by, permission="clinic.change_patient", clinic=clinic)
    row = Patient.objects.select_for_update().get(pk=patient.pk)
    for name in CHANGEABLE & set(changes):
        setattr(row, name, changes[name])
    if row.birth_date > clinic.local_date(now):
        raise BeforeBirth("The birth date has not come yet. Correct it.", field="birth_date")
    row.changed_at, row.changed_by = now, by
    row.save()
    tell_of_child(Kind.CHILD_CHANGED, about=row, patient=row, clinic=clinic, by=by, now=now)
    for enrolment in Enrolment.objects.open().filter(patient=row):
        review_enrolment(enrolment=enrolment, by=by, now=now)
    return row


def lookalikes(patient: Patient, *, actor: Actor) -> QuerySet[Patient]:
    """Return the other children of the actor's clinics who could be taken for this one."""
    alike = Q(family_name__iexact=patient.family_name) | Q(birth_date=patient.birth_date)
    if patient.household:
        alike |= Q(household__iexact=patient.household)
    enrolled = Enrolment.objects.filter(clinic__in=clinics_of(actor), state__in=Enrolment.OPEN_STATES)
    return (
        Patient.objects.filter(alike, pk__in=enrolled.values("patient"), replaced_by=None)
        .exclude(pk=patient.pk)
        .order_by("family_name", "given_names", "pk")
    )


@transaction.atomic
def merge_children(
    *, survivor: Patient, replaced: Patient, clinic: Clinic, reason: str, by: Actor, now: datetime
) -> PatientMerge:
    """Make two rows one child: what points at the second moves; its facts are read under both."""
    require(actor=by, permission="clinic.merge", clinic=clinic)
    both = {survivor.pk, replaced.pk}
    rows = {row.pk: row for row in Patient.objects.select_for_update().filter(pk__in=both).order_by("pk")}
    kept, gone = rows[survivor.pk], rows[replaced.pk]
    before = PatientMerge.objects.filter(replaced=gone, survivor=kept).first()
    if before is not None:
        return before
    refuse_impossible_merge(kept, gone)
    take_doubles_off_team(kept, gone, on=clinic.local_date(now), by=by, now=now)
    for model in MOVES_ALONG:
        model._default_manager.filter(patient=gone).update(patient=kept, changed_at=now, changed_by=by)
    Patient.objects.filter(replaced_by=gone).update(replaced_by=kept, changed_at=now, changed_by=by)
    gone.replaced_by = kept
    for row in (kept, gone):  # the one that stays changes too: whoever reads it learns what it replaces
        row.changed_at, row.changed_by = now, by
        row.save()
    merge = PatientMerge.objects.create(survivor=kept, replaced=gone, reason=reason, **stamps(by, now))
    tell_of_child(Kind.CHILDREN_MERGED, about=gone, patient=kept, clinic=clinic, by=by, now=now)
    for enrolment in Enrolment.objects.open().filter(patient=kept):
        review_enrolment(enrolment=enrolment, by=by, now=now)
    return merge


def refuse_impossible_merge(kept: Patient, gone: Patient) -> None:
    """Refuse a merge into itself, of rows merged before, or of two children followed at the same time."""
    if kept.pk == gone.pk:
        raise MergeImpossible("These are the same record already. Choose two different ones.")
    if kept.replaced_by_id is not None or gone.replaced_by_id is not None:
        raise MergeImpossible(
            "One of these records was merged before. Merge with the record that replaced it."
        )
    if Enrolment.objects.open().filter(patient__in=(kept, gone)).count() > 1:
        raise MergeImpossible(
            "Both records are followed at present. End one of the two enrolments first, then merge."
        )
    running = Course.objects.running().filter(patient__in=(kept, gone)).values_list("drug__name", flat=True)
    twice = sorted({drug for drug in running if list(running).count(drug) > 1})
    if twice:
        raise MergeImpossible(
            f"Both records have a running course of {' and '.join(twice)}. Stop the one that is not given, "
            "then merge."
        )
    if Referral.objects.open().filter(patient__in=(kept, gone)).count() > 1:
        raise MergeImpossible("Both records have a referral under way. Close one of them first, then merge.")


def take_doubles_off_team(kept: Patient, gone: Patient, *, on: date, by: Actor, now: datetime) -> None:
    """End the listing of somebody who stands in one role on the team of both records."""
    listed = {
        (row.clinic_id, row.contact_id, row.role)
        for row in CareTeamMember.objects.filter(patient=kept, ended_on=None)
    }
    for row in CareTeamMember.objects.filter(patient=gone, ended_on=None):
        if (row.clinic_id, row.contact_id, row.role) in listed:
            row.ended_on, row.changed_at, row.changed_by = on, now, by
            row.save()


def stamps(by: Actor, now: datetime) -> dict[str, Any]:
    """Return who writes a row for the first time, and when."""
    return {"created_at": now, "created_by": by, "changed_at": now, "changed_by": by}
