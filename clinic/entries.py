"""How a fact enters the record: checked against the calendar, and once per source."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from clinic.models import Actor, Enrolment, Fact, Patient
from clinic.plausibility import judge_said
from clinic.roles import require
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

F = TypeVar("F", bound=Fact)
AS_KEPT = Decimal("0.001")


class BeforeBirth(Refusal):
    """A date before the child was born."""

    code = "before-birth"


class InTheFuture(Refusal):
    """Something said to have happened that cannot have happened yet."""

    code = "in-the-future"


class DaysDiffer(Refusal):
    """A day and a moment that lies on another day."""

    code = "days-differ"


class RecordedOtherwise(Refusal):
    """A result that came in before, with other values."""

    code = "already-recorded-otherwise"


class OtherChild(Refusal):
    """A result that came in before, for another child."""

    code = "source-belongs-to-another-child"


class SecondPersonNeeded(Refusal):
    """An unlikely value whose second person is missing or is the same person."""

    code = "second-person-needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """How something came to be written down.

    `happened_on` may be left out where `happened_at` is given. `known_at` is when the clinic learned it (now,
    unless told otherwise). The same `source_value` of the same `source_system` is recorded once. An unlikely
    value is `true_because`, and somebody else has looked at it (`seconded_by`).
    """

    happened_on: date | None = None
    happened_at: datetime | None = None
    known_at: datetime | None = None
    via: str = "admin"
    source_system: str = ""
    source_value: str = ""
    true_because: str = ""
    seconded_by: Actor | None = None
    detail: str = ""


def lock(enrolment: Enrolment) -> Enrolment:
    """Lock the enrolment that a verb decides about; whoever comes second waits here."""
    return (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("patient", "clinic", "pathway_edition__pathway")
        .get(pk=enrolment.pk)
    )


def day_of(entry: Entry, *, enrolment: Enrolment, now: datetime) -> date:
    """Return the clinical day of an entry, in the clinic's zone; refuse one that cannot be."""
    today = enrolment.clinic.local_date(now)
    of_moment = None if entry.happened_at is None else enrolment.clinic.local_date(entry.happened_at)
    day = entry.happened_on or of_moment or today
    if of_moment not in (None, day):
        raise DaysDiffer(
            f"The moment lies on {of_moment}, at {enrolment.clinic.name}, and the day is {day}. Correct one "
            "of them, or leave the moment out.",
            field="happened_at",
        )
    refuse_before_birth(day, patient=enrolment.patient, field="happened_on")
    if day > today or (entry.happened_at is not None and entry.happened_at > now):
        raise InTheFuture(
            f"{day.isoformat()} has not come yet: it is {today.isoformat()} at {enrolment.clinic.name}. "
            "Correct the date, or record it when it has happened.",
            field="happened_on",
        )
    return day


def refuse_before_birth(day: date, *, patient: Patient, field: str) -> None:
    """Refuse a date before the child was born."""
    if day < patient.birth_date:
        raise BeforeBirth(
            f"{day.isoformat()} is before the child was born ({patient.birth_date.isoformat()}). "
            "Correct the date; if the birth date is wrong, correct that first.",
            field=field,
        )


def known_at_of(entry: Entry, *, now: datetime) -> datetime:
    """Return when the clinic learned it; refuse a moment that has not come."""
    known_at = entry.known_at or now
    if known_at > now:
        raise InTheFuture("It cannot become known later than now. Correct the time.", field="known_at")
    return known_at


def already_in(model: type[F], entry: Entry, *, enrolment: Enrolment, values: Mapping[str, Any]) -> F | None:
    """Return the row that the same source has brought before; refuse other values under its name."""
    if not entry.source_value:
        return None
    found = model._default_manager.filter(
        source_system=entry.source_system, source_value=entry.source_value
    ).first()
    if found is not None and found.patient_id != enrolment.patient_id:
        raise OtherChild(
            "This result was recorded before, for another child. Check which child it belongs to; "
            "if it was recorded on the wrong one, move it to the right child.",
            field="source",
        )
    when = {"happened_on": entry.happened_on, "happened_at": entry.happened_at}
    says = {**values, "detail": entry.detail, **{name: at for name, at in when.items() if at is not None}}
    if found is not None and not all(is_as_kept(getattr(found, name), said) for name, said in says.items()):
        raise RecordedOtherwise(
            "This result was recorded before, with other values, and nothing was changed. Correct the entry "
            "at the clinic; if it is another result, send it under an identifier of its own.",
            field="source",
        )
    return found


def is_as_kept(kept: Any, said: Any) -> bool:
    """Say whether a column holds what was said, as far as it keeps decimals."""
    if isinstance(said, Decimal) and isinstance(kept, Decimal):
        return abs(kept - said) < AS_KEPT
    return bool(kept == said)


def refuse_a_second_person_who_is_the_first(entry: Entry, *, by: Actor) -> None:
    """Refuse half of the pair "true because" and second person, and a person seconding themselves."""
    if bool(entry.true_because) != (entry.seconded_by is not None) or entry.seconded_by == by:
        raise SecondPersonNeeded(
            "An unlikely value is recorded with the reason why it is true and a second person who looked. "
            "Write the reason and name a colleague other than yourself.",
            field="true_because",
        )


def write(
    model: type[F],
    *,
    enrolment: Enrolment,
    entry: Entry,
    by: Actor,
    now: datetime,
    values: Mapping[str, Any],
    permission: str = "",
) -> tuple[F, bool]:
    """Write one fact of a locked enrolment; return the row and whether it is new."""
    asked = permission or f"clinic.add_{model._meta.model_name}"
    require(actor=by, permission=asked, clinic=enrolment.clinic)
    refuse_a_second_person_who_is_the_first(entry, by=by)
    day = day_of(entry, enrolment=enrolment, now=now)
    known_at = known_at_of(entry, now=now)
    before = already_in(model, entry, enrolment=enrolment, values=values)
    if before is not None:
        return before, False
    judge_said(model, values, patient=enrolment.patient, on=day, entry=entry)
    row = model(
        patient_id=enrolment.patient_id,
        clinic_id=enrolment.clinic_id,
        happened_on=day,
        happened_at=entry.happened_at,
        known_at=known_at,
        recorded_at=now,
        recorded_by=by,
        via=entry.via,
        true_because=entry.true_because,
        seconded_by=entry.seconded_by,
        source_system=entry.source_system,
        source_value=entry.source_value,
        detail=entry.detail,
        **values,
    )
    row.save(force_insert=True)
    return row, True
