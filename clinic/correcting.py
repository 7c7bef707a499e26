"""What was written down wrong is put right by a new row; the old one stays and is shown struck through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.db import transaction

from clinic.entries import Entry, day_of, lock
from clinic.measures import kept
from clinic.models import Enrolment, Fact, Measurement
from clinic.plausibility import judge_said
from clinic.review import review_enrolment
from clinic.roles import require
from clinic.timeline import Kind, tell
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from clinic.models import Actor

F = TypeVar("F", bound=Fact)

# What every fact has; all other columns are what it says.
HOUSEKEEPING = frozenset(field.name for field in Fact._meta.get_fields()) | {"id", "pk"}


class AlreadyCorrected(Refusal):
    """Somebody has corrected this row before."""

    code = "already-corrected"


class ReasonNeeded(Refusal):
    """A correction without a word why."""

    code = "reason-needed"


class UnknownField(Refusal):
    """A correction of something the fact does not have."""

    code = "unknown-field"


class SameChild(Refusal):
    """A move to the child the fact is already on."""

    code = "same-child"


def says(row: Fact) -> dict[str, Any]:
    """Return what a fact says, without the housekeeping that every fact has."""
    return {
        field.name: getattr(row, field.name)
        for field in row._meta.concrete_fields
        if field.name not in HOUSEKEEPING
    }


@transaction.atomic
def correct(
    *,
    fact: F,
    enrolment: Enrolment,
    by: Actor,
    now: datetime,
    why: str,
    changes: Mapping[str, Any],
    happened_on: date | None = None,
    entry: Entry | None = None,
) -> F:
    """Write the right values as a new row that names the old one; the plan follows it."""
    locked = lock(enrolment)
    refuse_what_cannot_be_corrected(fact, enrolment=locked, by=by, why=why)
    values = says(fact)
    if unknown := sorted(set(changes) - set(values)):
        raise UnknownField(f"There is no {unknown[0]} to correct here. It has: {', '.join(sorted(values))}.")
    given = entry or Entry()
    day = day_of(Entry(happened_on=happened_on or fact.happened_on), enrolment=locked, now=now)
    said = {**values, **changes}
    if isinstance(fact, Measurement):
        said = kept(said)
    judge_said(type(fact), said, patient=locked.patient, on=day, entry=Entry(true_because=why))
    row = successor(fact, by=by, now=now, why=why, values=said, entry=given, day=day)
    tell(Kind.FACT_CORRECTED, about=row, enrolment=locked, by=by, now=now, data={"corrects": str(fact.uid)})
    review_enrolment(enrolment=locked, by=by, now=now)
    return row


@transaction.atomic
def take_back(*, fact: F, enrolment: Enrolment, by: Actor, now: datetime, why: str) -> F:
    """Say that a row was entered in error. It stays, and counts for nothing."""
    locked = lock(enrolment)
    refuse_what_cannot_be_corrected(fact, enrolment=locked, by=by, why=why)
    row = take_back_locked(fact, enrolment=locked, by=by, now=now, why=why)
    review_enrolment(enrolment=locked, by=by, now=now)
    return row


@transaction.atomic
def move_to_right_child(
    *, fact: F, enrolment: Enrolment, to: Enrolment, by: Actor, now: datetime, why: str
) -> F:
    """Take a fact back on one child and write it on the other; both histories say so."""
    if enrolment.patient_id == to.patient_id:
        raise SameChild("The entry is on this child already. Choose the child it belongs to.", field="to")
    # always the older row first, so that two moves in opposite directions cannot wait for each other
    locked = {row.pk: row for row in (lock(each) for each in sorted((enrolment, to), key=lambda e: e.pk))}
    here, there = locked[enrolment.pk], locked[to.pk]
    refuse_what_cannot_be_corrected(fact, enrolment=here, by=by, why=why)
    require(actor=by, permission=f"clinic.add_{fact._meta.model_name}", clinic=there.clinic)
    day = day_of(Entry(happened_on=fact.happened_on), enrolment=there, now=now)
    take_back_locked(fact, enrolment=here, by=by, now=now, why=why)
    row = type(fact)(
        **says(fact),
        patient_id=there.patient_id,
        clinic_id=there.clinic_id,
        happened_on=day,
        happened_at=fact.happened_at,
        known_at=fact.known_at,
        recorded_at=now,
        recorded_by=by,
        via=fact.via,
        moved_from=fact.uid,
        detail=fact.detail,
    )
    row.save(force_insert=True)
    tell(Kind.FACT_MOVED, about=row, enrolment=there, by=by, now=now, data={"moved_from": str(fact.uid)})
    for each in (here, there):
        review_enrolment(enrolment=each, by=by, now=now)
    return row


def refuse_what_cannot_be_corrected(fact: Fact, *, enrolment: Enrolment, by: Actor, why: str) -> None:
    """Refuse a correction without a reason, of another child's fact, or of a row corrected before."""
    require(actor=by, permission=f"clinic.add_{fact._meta.model_name}", clinic=enrolment.clinic)
    if not why.strip():
        raise ReasonNeeded("Say in a few words why it was wrong.", field="why")
    if fact.patient_id not in child_rows(enrolment):
        raise AlreadyCorrected("This entry belongs to another child. Open that child's page.", field="fact")
    rows: Any = type(fact)._default_manager
    if fact.entered_in_error or rows.filter(corrects=fact.pk).exists():
        raise AlreadyCorrected(
            "This entry was corrected already. Reload the page and correct the newest one.", field="fact"
        )


def child_rows(enrolment: Enrolment) -> set[int]:
    """Return the keys of all rows that are this one child, merged ones included."""
    return {enrolment.patient_id, *enrolment.patient.replaces.values_list("pk", flat=True)}


def take_back_locked(fact: F, *, enrolment: Enrolment, by: Actor, now: datetime, why: str) -> F:
    """Write the row that takes another back, on a locked enrolment; the caller reviews."""
    row = successor(
        fact,
        by=by,
        now=now,
        why=why,
        values={**says(fact), "entered_in_error": True},
        entry=Entry(),
        day=fact.happened_on,
    )
    tell(Kind.FACT_TAKEN_BACK, about=row, enrolment=enrolment, by=by, now=now, data={"of": str(fact.uid)})
    return row


def successor(
    fact: F, *, by: Actor, now: datetime, why: str, values: Mapping[str, Any], entry: Entry, day: date
) -> F:
    """Write the row that follows another one."""
    row = type(fact)(
        **values,
        patient_id=fact.patient_id,
        clinic_id=fact.clinic_id,
        happened_on=day,
        happened_at=entry.happened_at or (fact.happened_at if day == fact.happened_on else None),
        known_at=now,
        recorded_at=now,
        recorded_by=by,
        via=entry.via,
        corrects=fact,
        why_corrected=why,
        true_because=entry.true_because,
        seconded_by=entry.seconded_by,
        detail=entry.detail or fact.detail,
    )
    row.save(force_insert=True)
    return row


def standing(rows: Iterable[F]) -> list[F]:
    """Return the rows nobody has corrected or taken back."""
    kept = list(rows)
    replaced = {row.serializable_value("corrects") for row in kept}
    return [row for row in kept if row.pk not in replaced and not row.entered_in_error]
