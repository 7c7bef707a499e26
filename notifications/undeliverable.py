"""What follows when a letter did not reach its reader: a person is told, and the alternate is written to.

All of it in the transaction that settles the letter, so that the ladder goes on in the same cycle.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Min

from clinic.actors import actor_for_contact, sweep_actor
from clinic.models import Actor, Contact, Membership, WorkItem
from clinic.workitems import open_item
from notifications.claiming import note_attempt
from notifications.models import Delivery
from notifications.policy.answers import Answer, Meaning
from notifications.policy.backoff import ROUTINE, next_attempt
from notifications.policy.hours import next_allowed
from notifications.readers import hours_of_one, local_day, members_as, reachable

State = Delivery.State
NOT_DELIVERED = "not-delivered"


@transaction.atomic
def give_up(
    *,
    delivery: Delivery,
    why: str,
    address: str,
    answer: Answer | None,
    token: UUID,
    now: datetime,
) -> bool:
    """Settle a letter that will not go out. False when the claim is no longer ours."""
    held = Delivery.objects.filter(pk=delivery.pk, state=State.CLAIMED, claim=token)
    settled = held.update(
        state=State.DEAD,
        why=why,
        claim=None,
        lease_until=None,
        settled_at=now,
        attempts_made=delivery.attempts_made + (1 if address else 0),
    )
    if not settled:
        return False
    if address:
        note_attempt(delivery=delivery, address=address, meaning=why, answer=answer, now=now)
    not_received(delivery=delivery, why=why, now=now)
    return True


def came_back_for_now(*, delivery: Delivery, now: datetime) -> None:
    """Try a letter again that was taken and did not arrive, for a cause that may pass; or tell a person.

    By the waits of a temporary answer. The Message-ID stays: had the first copy arrived after all, mail
    programs show one letter.
    What is urgent waits for no second try. A report about a letter that is not out any more changes nothing.
    """
    out = Delivery.objects.filter(pk=delivery.pk, state=State.SENT)
    again_at = _again_at(delivery, now=now)
    if again_at is None:
        if out.update(state=State.BOUNCED, why=NOT_DELIVERED, settled_at=now):
            not_received(delivery=delivery, why=NOT_DELIVERED, now=now)
    elif out.update(
        state=State.READY,
        claims=0,
        send_at=again_at,
        routine_on=_routine_day(delivery, again_at),
        sent_at=None,
        settled_at=None,
    ):
        enclosed = Delivery.objects.filter(parcel=delivery, state=State.SENT)
        enclosed.update(state=State.JOINED, sent_at=None, settled_at=None)


def _again_at(delivery: Delivery, *, now: datetime) -> datetime | None:
    if delivery.pace != Delivery.Pace.ROUTINE:
        return None
    since = delivery.attempts.aggregate(first=Min("at"))["first"]
    return next_attempt(made=max(delivery.attempts_made, 1), now=now, patience=ROUTINE, since=since)


def _routine_day(delivery: Delivery, moment: datetime) -> date | None:
    """Its place as the one routine letter of a reader's day moves with it, where that day's is still free."""
    if delivery.routine_on is None:
        return None
    day = local_day(delivery, moment)
    same_day = Delivery.objects.filter(reader=delivery.reader_id, clinic=delivery.clinic_id, routine_on=day)
    return delivery.routine_on if same_day.exists() else day


def not_received(*, delivery: Delivery, why: str, now: datetime) -> None:
    """Mark the address where it is at fault, put it on the nurse's list, and write to the alternate."""
    address_at_fault = why in {Meaning.BAD_ADDRESS, "bounced", "complained", "opted-out"}
    if address_at_fault:
        mark_address(delivery.reader, why=why, now=now)
    _put_on_the_list(delivery, why=why, now=now)
    for enclosed in Delivery.objects.filter(parcel=delivery).select_related("reader__contact", "enrolment"):
        if enclosed.state in {State.JOINED, State.SENT}:
            Delivery.objects.filter(pk=enclosed.pk).update(state=State.DEAD, why=why, settled_at=now)
        write_to_alternate(enclosed, now=now)
    if delivery.letter != "digest":
        write_to_alternate(delivery, now=now)


ADDRESS_STATES = {
    "bounced": Contact.AddressState.BOUNCED,
    Meaning.BAD_ADDRESS: Contact.AddressState.BOUNCED,
    "complained": Contact.AddressState.COMPLAINED,
    "opted-out": Contact.AddressState.OPTED_OUT,
}
ITEM_KINDS = {
    "bounced": WorkItem.Kind.BOUNCE,
    Meaning.BAD_ADDRESS: WorkItem.Kind.BOUNCE,
    "complained": WorkItem.Kind.COMPLAINT,
    "opted-out": WorkItem.Kind.OPT_OUT,
}


def mark_address(reader: Actor, *, why: str, now: datetime) -> None:
    """Remember that a contact's address no longer works, so that nothing more is sent to it.

    A log-in has no such mark: the open item about it is the mark, and is read by `address_of`.
    """
    if reader.contact_id is None:
        return
    working = Contact.objects.filter(pk=reader.contact_id, address_state=Contact.AddressState.OK)
    working.update(
        address_state=ADDRESS_STATES[why], address_state_at=now, changed_by=sweep_actor(), changed_at=now
    )


def write_to_alternate(delivery: Delivery, *, now: datetime) -> Delivery | None:
    """Write the same to the alternate contact, or to the clinic's nurses where there is none."""
    if delivery.letter in {"code", "digest"} or delivery.enrolment is None:
        return None
    written = None
    for reader in _stands_in(delivery):
        written, _ = Delivery.objects.get_or_create(
            cause_kind=delivery.cause_kind,
            cause_uid=delivery.cause_uid,
            rung=delivery.rung,
            reader=reader,
            defaults={
                "clinic": delivery.clinic,
                "enrolment": delivery.enrolment,
                "role": delivery.role,
                "letter": delivery.letter,
                "level": delivery.level,
                "pace": delivery.pace,
                "edition": delivery.edition,
                "data": delivery.data | {"instead_of": str(delivery.uid)},
                "caused_by": sweep_actor(),
                "created_at": now,
                "send_at": _by_their_hours(delivery, reader, now=now),
            },
        )
    return written


def _by_their_hours(delivery: Delivery, reader: Actor, *, now: datetime) -> datetime:
    """Whoever stands in is not woken at night either, except for an emergency."""
    if delivery.pace == Delivery.Pace.EMERGENCY:
        return now
    routine = delivery.pace == Delivery.Pace.ROUTINE
    return next_allowed(now, hours_of_one(reader, delivery.clinic), working_days_only=routine)


def _stands_in(delivery: Delivery) -> tuple[Actor, ...]:
    contact = delivery.reader.contact
    alternate = reachable(contact.alternate) if contact is not None else None
    if alternate is not None:
        return (actor_for_contact(alternate),)
    for role in (Membership.Role.NURSE, Membership.Role.CLINIC_LEAD):
        others = (one for one in members_as(role, delivery.clinic) if one.pk != delivery.reader_id)
        if found := tuple(others):
            return found
    return ()


def _put_on_the_list(delivery: Delivery, *, why: str, now: datetime) -> None:
    open_item(
        clinic=delivery.clinic,
        kind=ITEM_KINDS.get(why, WorkItem.Kind.DEAD_LETTER),
        cause=f"reader/{delivery.reader.uid}" if why in ITEM_KINDS else f"delivery/{delivery.uid}",
        patient_id=delivery.enrolment.patient_id if delivery.enrolment else None,
        subject=delivery,
        text=_sentence(delivery.reader, why),
        due_on=delivery.clinic.local_date(now),
        by=sweep_actor(),
        now=now,
    )


def _sentence(reader: Actor, why: str) -> str:
    of_the_house = reader.contact_id is None and why in ITEM_KINDS
    return SENTENCES["log-in"] if of_the_house else SENTENCES.get(why, SENTENCES["other"])


SENTENCES = {
    "log-in": "Letters to a colleague's log-in come back. Correct its address, then close this item: "
    "until then nothing is sent there.",
    "bounced": "A letter came back. Call the practice, and correct the address or name another contact.",
    Meaning.BAD_ADDRESS: "The address does not exist. Call the practice; correct it or name another contact.",
    "complained": "The reader marked a letter as unwanted. Call, and agree how this practice is to be told.",
    "opted-out": "The reader asked for no more letters. Call, and agree how this practice is to be told.",
    "no-address": "There is no confirmed address to write to. Confirm one, or name another contact.",
    NOT_DELIVERED: "A letter was taken and not delivered: the mailbox is full, or its server was away. "
    "Call the practice; send the letter again when it is mended, or name another contact.",
    "other": "A letter could not be sent. Call the reader, and tell the operator.",
}
