"""A child comes onto the clinic's books and leaves them: with acknowledgement, and never silently."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q

from clinic.children import stamps
from clinic.correcting import take_back_locked
from clinic.entries import Entry, lock, write
from clinic.models import (
    Check,
    Course,
    Enrolment,
    EnrolmentStep,
    Escalation,
    PathwayAdoption,
    Referral,
    ResponseAssessment,
    WorkItem,
)
from clinic.review import review_enrolment
from clinic.roles import require
from clinic.timeline import Kind, tell
from clinic.workitems import open_item
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from datetime import date, datetime

    from clinic.models import Actor, Clinic, Patient
    from protocols.models import PathwayEdition

Steps = EnrolmentStep.Kind
State = Enrolment.State


class AlreadyEnrolled(Refusal):
    """The child is followed already."""

    code = "already-enrolled"


class NoPathway(Refusal):
    """The clinic has adopted no pathway edition."""

    code = "no-pathway"


class NotOpen(Refusal):
    """A step that an enrolment in this state cannot take."""

    code = "enrolment-not-open"


class NotOffered(Refusal):
    """A hand-over that nobody offered."""

    code = "transfer-not-offered"


class NotFinished(Refusal):
    """Follow-up that cannot be completed: something is missed, open or unknown."""

    code = "not-finished"


@transaction.atomic
def adopt_pathway(
    *, clinic: Clinic, pathway_edition: PathwayEdition, from_on: date, by: Actor, now: datetime
) -> PathwayAdoption:
    """Let new enrolments of a clinic follow an edition from a day on; nobody already enrolled moves."""
    require(actor=by, permission="clinic.add_pathwayadoption", clinic=clinic)
    last = PathwayAdoption.objects.select_for_update().filter(clinic=clinic, until_on=None).first()
    if last is not None and last.pathway_edition_id == pathway_edition.pk:
        return last
    if last is not None:
        last.until_on, last.changed_at, last.changed_by = max(from_on, last.from_on), now, by
        last.save()
    return PathwayAdoption.objects.create(
        clinic=clinic, pathway_edition=pathway_edition, from_on=from_on, **stamps(by, now)
    )


def pathway_in_use(clinic: Clinic, *, on: date) -> PathwayEdition:
    """Return the edition that a clinic gives to new enrolments on a day."""
    adopted = (
        PathwayAdoption.objects.filter(clinic=clinic, from_on__lte=on)
        .filter(Q(until_on=None) | Q(until_on__gt=on))
        .select_related("pathway_edition__pathway")
        .order_by("-from_on", "-pk")
        .first()
    )
    if adopted is None:
        raise NoPathway(
            f"{clinic.name} has no pathway in use on {on.isoformat()}. The clinic lead or pathway lead "
            "adopts a signed edition first.",
            field="pathway",
        )
    return adopted.pathway_edition


@transaction.atomic
def enrol(
    *,
    patient: Patient,
    clinic: Clinic,
    by: Actor,
    now: datetime,
    enrolled_on: date | None = None,
    pathway_edition: PathwayEdition | None = None,
) -> Enrolment:
    """Put a child on a clinic's books, pinned to the pathway edition in use. Twice at one clinic is once."""
    require(actor=by, permission="clinic.enrol", clinic=clinic)
    day = enrolled_on or clinic.local_date(now)
    open_now = Enrolment.objects.open().filter(patient=patient).select_related("clinic").first()
    if open_now is not None and open_now.clinic_id == clinic.pk:
        return open_now
    if open_now is not None:
        raise AlreadyEnrolled(
            "This child is followed by another clinic. Ask that clinic to transfer the child to you.",
            field="patient",
        )
    enrolment = Enrolment.objects.create(
        patient=patient,
        clinic=clinic,
        pathway_edition=pathway_edition or pathway_in_use(clinic, on=day),
        enrolled_on=day,
        **stamps(by, now),
    )
    take_step(enrolment, Steps.ENROLLED, entry=Entry(happened_on=day), by=by, now=now, tells=Kind.ENROLLED)
    review_enrolment(enrolment=enrolment, by=by, now=now)
    return enrolment


def take_step(
    enrolment: Enrolment,
    kind: str,
    *,
    entry: Entry,
    by: Actor,
    now: datetime,
    tells: Kind,
    permission: str = "clinic.enrol",
    **more: Any,
) -> EnrolmentStep:
    """Write a step of an enrolment's life as a fact, and tell of it."""
    values = {"enrolment": enrolment, "kind": kind, **more}
    step, new = write(
        EnrolmentStep,
        enrolment=enrolment,
        entry=entry,
        by=by,
        now=now,
        values=values,
        permission=permission,
    )
    if new:
        tell(tells, about=enrolment, enrolment=enrolment, by=by, now=now, data={"step": str(step.uid)})
    return step


def opened(enrolment: Enrolment) -> Enrolment:
    """Lock an enrolment that must be open."""
    locked = lock(enrolment)
    if locked.state not in Enrolment.OPEN_STATES:
        raise NotOpen(
            f"This enrolment has ended ({locked.get_state_display()}). Enrol the child again, "
            "or take the last step back first."
        )
    return locked


def set_state(enrolment: Enrolment, state: str, *, by: Actor, now: datetime) -> None:
    """Bring a locked enrolment into a state; an ended one says when and by whom."""
    ends = state not in Enrolment.OPEN_STATES
    enrolment.state = state
    enrolment.ended_at, enrolment.ended_by = (now, by) if ends else (None, None)
    enrolment.changed_at, enrolment.changed_by = now, by
    enrolment.save(
        update_fields=[
            "state",
            "ended_at",
            "ended_by",
            "handed_over_to",
            "sending_paused_at",
            "sending_paused_by",
            "changed_at",
            "changed_by",
        ]
    )


def offer_of(enrolment: Enrolment) -> EnrolmentStep | None:
    """Return the transfer that is offered and neither accepted nor called off."""
    offers = enrolment.steps.filter(kind=Steps.TRANSFER_OUT, entered_in_error=False, corrected_by_row=None)
    last = offers.order_by("-pk").first()
    accepted = enrolment.steps.filter(kind=Steps.TRANSFER_ACCEPTED)
    return None if last is None or accepted.filter(pk__gt=last.pk).exists() else last


@transaction.atomic
def offer_transfer(
    *,
    enrolment: Enrolment,
    by: Actor,
    now: datetime,
    to_clinic: Clinic | None = None,
    to: str = "",
    entry: Entry | None = None,
) -> EnrolmentStep:
    """Offer a child to another clinic. This clinic owns the checks until the other one accepts."""
    locked = opened(enrolment)
    standing = offer_of(locked)
    if standing is not None:
        return standing
    if to_clinic is None and not to.strip():
        raise NotOffered("Say to whom the child is handed over.", field="to")
    step = take_step(
        locked,
        Steps.TRANSFER_OUT,
        entry=entry or Entry(),
        by=by,
        now=now,
        tells=Kind.TRANSFER_OFFERED,
        other_clinic=to_clinic,
        other_party=to or (to_clinic.name if to_clinic else ""),
    )
    review_enrolment(enrolment=locked, by=by, now=now)
    return step


@transaction.atomic
def call_off_transfer(*, enrolment: Enrolment, by: Actor, now: datetime, why: str) -> None:
    """Take an offer back; the checks were this clinic's all along."""
    locked = opened(enrolment)
    require(actor=by, permission="clinic.enrol", clinic=locked.clinic)
    offer = offer_of(locked)
    if offer is None:
        raise NotOffered("No transfer is offered for this child.")
    take_back_locked(offer, enrolment=locked, by=by, now=now, why=why)
    tell(Kind.TRANSFER_CALLED_OFF, about=locked, enrolment=locked, by=by, now=now)
    review_enrolment(enrolment=locked, by=by, now=now)


@transaction.atomic
def decline_transfer(*, enrolment: Enrolment, clinic: Clinic, by: Actor, now: datetime, why: str) -> None:
    """The receiving clinic does not take the child over: the offer ends, and the sending clinic is told."""
    locked = opened(enrolment)
    require(actor=by, permission="clinic.enrol", clinic=clinic)
    offer = offer_of(locked)
    if offer is None or offer.other_clinic_id != clinic.pk:
        raise NotOffered("No transfer of this child is offered to you any more. Reload the page.")
    if not why.strip():
        raise NotOffered("Say why you do not take the child over: the other clinic reads it.", field="why")
    take_back_locked(offer, enrolment=locked, by=by, now=now, why=f"declined by {clinic.name}: {why.strip()}")
    tell(Kind.TRANSFER_CALLED_OFF, about=locked, enrolment=locked, by=by, now=now)
    open_item(
        clinic=locked.clinic,
        kind=WorkItem.Kind.OTHER,
        cause=f"transfer/{offer.uid}",
        patient_id=locked.patient_id,
        subject=offer,
        text=f"{clinic.name} does not take the child over: {why.strip()} The checks stay with you.",
        due_on=locked.clinic.local_date(now),
        by=by,
        now=now,
    )
    review_enrolment(enrolment=locked, by=by, now=now)


@transaction.atomic
def accept_transfer(
    *,
    enrolment: Enrolment,
    by: Actor,
    now: datetime,
    clinic: Clinic | None = None,
    accepted_by: str = "",
) -> Enrolment | None:
    """Acknowledge a hand-over: the receiving clinic owns the child from now on.

    A clinic of this installation (`clinic`) enrols the child with its running courses; for another hospital
    the sending clinic records who accepted (`accepted_by`), and None is returned.
    """
    locked = opened(enrolment)
    offer = offer_of(locked)
    if offer is None or (offer.other_clinic_id or None) != (None if clinic is None else clinic.pk):
        raise NotOffered("No transfer of this child is offered to you. Ask the sending clinic to offer it.")
    if clinic is not None:
        require(actor=by, permission="clinic.enrol", clinic=clinic)
    step = EnrolmentStep.objects.create(
        patient=locked.patient,
        clinic=locked.clinic,
        enrolment=locked,
        kind=Steps.TRANSFER_ACCEPTED,
        other_clinic=clinic,
        other_party=accepted_by or (clinic.name if clinic else ""),
        happened_on=locked.clinic.local_date(now),
        known_at=now,
        recorded_at=now,
        recorded_by=by,
    )
    locked.handed_over_to = step.other_party
    set_state(locked, State.TRANSFERRED, by=by, now=now)
    tell(Kind.TRANSFER_ACCEPTED, about=locked, enrolment=locked, by=by, now=now)
    review_enrolment(enrolment=locked, by=by, now=now)
    return None if clinic is None else take_over(locked, clinic=clinic, by=by, now=now)


def take_over(sent: Enrolment, *, clinic: Clinic, by: Actor, now: datetime) -> Enrolment:
    """Enrol a child that was handed over; running courses and the open referral come along."""
    day = clinic.local_date(now)
    received = Enrolment.objects.create(
        patient=sent.patient,
        clinic=clinic,
        pathway_edition=pathway_in_use(clinic, on=day),
        enrolled_on=day,
        **stamps(by, now),
    )
    moved = {"enrolment": received, "changed_at": now, "changed_by": by}
    Course.objects.running().filter(enrolment=sent).update(**moved)
    Referral.objects.open().filter(enrolment=sent).update(**moved)
    take_step(received, Steps.ENROLLED, entry=Entry(happened_on=day), by=by, now=now, tells=Kind.ENROLLED)
    review_enrolment(enrolment=received, by=by, now=now)
    return received


@transaction.atomic
def withdraw(*, enrolment: Enrolment, by: Actor, now: datetime, detail: str = "") -> Enrolment:
    """The family withdraws. Safety items of a hormone stay open until a named person closes them."""
    locked = opened(enrolment)
    take_step(
        locked,
        Steps.CONSENT_WITHDRAWN,
        entry=Entry(detail=detail),
        by=by,
        now=now,
        tells=Kind.CONSENT_WITHDRAWN,
    )
    set_state(locked, State.WITHDRAWN, by=by, now=now)
    review_enrolment(enrolment=locked, by=by, now=now)
    return locked


@transaction.atomic
def lose_contact(*, enrolment: Enrolment, by: Actor, now: datetime, detail: str = "") -> Enrolment:
    """The family cannot be reached. Nothing stops: the child stays on the list. Twice is once."""
    locked = opened(enrolment)
    if locked.state == State.LOST:
        return locked
    take_step(locked, Steps.CONTACT_LOST, entry=Entry(detail=detail), by=by, now=now, tells=Kind.CONTACT_LOST)
    set_state(locked, State.LOST, by=by, now=now)
    review_enrolment(enrolment=locked, by=by, now=now)
    return locked


@transaction.atomic
def find_contact(*, enrolment: Enrolment, by: Actor, now: datetime) -> Enrolment:
    """The family was reached again. Twice is once."""
    locked = opened(enrolment)
    if locked.state == State.ACTIVE:
        return locked
    take_step(locked, Steps.CONTACT_FOUND, entry=Entry(), by=by, now=now, tells=Kind.CONTACT_FOUND)
    set_state(locked, State.ACTIVE, by=by, now=now)
    review_enrolment(enrolment=locked, by=by, now=now)
    return locked


@transaction.atomic
def complete(*, enrolment: Enrolment, by: Actor, now: datetime) -> Enrolment:
    """End the follow-up as finished. Missed is not finished: what is open or unknown is refused."""
    locked = opened(enrolment)
    review_enrolment(enrolment=locked, by=by, now=now)
    if left := what_is_left(locked):
        raise NotFinished(
            f"The follow-up is not finished: {'; '.join(left)}. "
            "Do it, waive it with a reason, or decide it first."
        )
    take_step(locked, Steps.COMPLETED, entry=Entry(), by=by, now=now, tells=Kind.COMPLETED)
    set_state(locked, State.COMPLETED, by=by, now=now)
    locked.next_review_on = None
    locked.save(update_fields=["next_review_on"])
    return locked


def what_is_left(enrolment: Enrolment) -> list[str]:
    """Return, in words, what stands between a child and the end of the follow-up."""
    unclear = ResponseAssessment.objects.filter(
        enrolment=enrolment, superseded_on=None, verdict__in=("cannot_tell", "provisional")
    )
    counted = {
        "running courses": Course.objects.running().filter(enrolment=enrolment).count(),
        "open checks": Check.objects.unsatisfied().filter(enrolment=enrolment).count(),
        "open escalations": Escalation.objects.open().filter(enrolment=enrolment).count(),
        "referrals under way": Referral.objects.open().filter(enrolment=enrolment).count(),
        "verdicts that are not clear": unclear.count(),
    }
    return [f"{count} {what}" for what, count in counted.items() if count]
