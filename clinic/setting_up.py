"""A clinic sets itself up: zone and working days, holidays, who answers when. What follows is reviewed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction

from clinic.children import stamps
from clinic.models import Clinic, CoverShift, Enrolment, Holiday
from clinic.roles import require
from clinic.timeline import Kind, tell_of_child
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from clinic.models import Actor

CHANGEABLE = frozenset(
    {
        "name",
        "zone",
        "language",
        "working_days",
        "mrn_system",
        "phone",
        "emergency_phone",
        "video_instructions",
        "start_horizon_days",
    }
)


class CannotBeSetUp(Refusal):
    """A value a clinic cannot work with."""

    code = "cannot-be-set-up"


@transaction.atomic
def change_clinic(*, clinic: Clinic, by: Actor, now: datetime, changes: Mapping[str, Any]) -> Clinic:
    """Change a clinic's own data; what depends on zone or working days is reviewed by the next sweep."""
    require(actor=by, permission="clinic.change_clinic", clinic=clinic)
    row = Clinic.objects.select_for_update().get(pk=clinic.pk)
    for name in CHANGEABLE & set(changes):
        setattr(row, name, changes[name])
    try:
        row.full_clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise CannotBeSetUp(" ".join(messages), field=field) from error
    row.save()
    tell_of_child(Kind.CLINIC_CHANGED, about=row, patient=None, clinic=row, by=by, now=now)
    review_soon(row, now=now)
    return row


@transaction.atomic
def add_holiday(*, clinic: Clinic, on: date, name: str, by: Actor, now: datetime) -> Holiday:
    """Add a day on which the clinic does not work. Twice is once."""
    require(actor=by, permission="clinic.add_holiday", clinic=clinic)
    holiday, new = Holiday.objects.get_or_create(clinic=clinic, on=on, defaults={"name": name})
    if new:
        tell_of_child(Kind.CLINIC_CHANGED, about=holiday, patient=None, clinic=clinic, by=by, now=now)
        review_soon(clinic, now=now)
    return holiday


@transaction.atomic
def remove_holiday(*, holiday: Holiday, by: Actor, now: datetime) -> None:
    """Work on a day after all."""
    clinic = holiday.clinic
    require(actor=by, permission="clinic.add_holiday", clinic=clinic)
    tell_of_child(Kind.CLINIC_CHANGED, about=holiday, patient=None, clinic=clinic, by=by, now=now)
    holiday.delete()
    review_soon(clinic, now=now)


@transaction.atomic
def add_cover(
    *,
    clinic: Clinic,
    starts_at: datetime,
    ends_at: datetime,
    name: str,
    phone: str,
    by: Actor,
    now: datetime,
    email: str = "",
) -> CoverShift:
    """Say who answers for the clinic during a stretch of time."""
    require(actor=by, permission="clinic.add_covershift", clinic=clinic)
    if ends_at <= starts_at:
        raise CannotBeSetUp("The shift must end after it starts.", field="ends_at")
    shift = CoverShift.objects.create(
        clinic=clinic,
        starts_at=starts_at,
        ends_at=ends_at,
        name=name,
        phone=phone,
        email=email,
        **stamps(by, now),
    )
    tell_of_child(Kind.CLINIC_CHANGED, about=shift, patient=None, clinic=clinic, by=by, now=now)
    return shift


@transaction.atomic
def end_cover(*, shift: CoverShift, by: Actor, now: datetime) -> None:
    """Take a shift off the rota from now on: one that has not begun goes, one that runs ends now."""
    require(actor=by, permission="clinic.add_covershift", clinic=shift.clinic)
    tell_of_child(Kind.CLINIC_CHANGED, about=shift, patient=None, clinic=shift.clinic, by=by, now=now)
    if shift.starts_at >= now:
        shift.delete()
    elif shift.ends_at > now:
        shift.ends_at, shift.changed_at, shift.changed_by = now, now, by
        shift.save()


def review_soon(clinic: Clinic, *, now: datetime) -> None:
    """Let the next sweep review every child of a clinic."""
    Enrolment.objects.open().filter(clinic=clinic).update(next_review_on=clinic.local_date(now))
