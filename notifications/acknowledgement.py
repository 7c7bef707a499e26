"""What a reader answers by the link in a letter. Reading a link changes nothing; each link answers once.

An answer about a check parks its ladder until the promised day and two working days more (safety S7): booked
is not done. "Cannot" and "not my patient" go to a person at once, and the ladder goes to the next rung.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F

from clinic import escalation as escalations
from clinic.entries import Entry
from clinic.models import BloodPressure, Check, Escalation, Via, WorkItem
from clinic.recording import record_blood_pressure
from clinic.workitems import open_item
from notifications import ladders, links
from notifications.models import Delivery, Ladder, LinkCode, LinkUse
from notifications.policy.hours import working_day_after
from notifications.readers import hours_of_one
from protocols.refusal import Refusal

Answer = LinkUse.Answer
# A promise is given two working days of grace before the ladder goes on (clinic policy P, safety S7).
GRACE_WORKING_DAYS = 2
# How long a result may be under way when nobody said until when (clinic policy P).
RESULT_FOLLOWS_DAYS = 3
# A "no" goes to a person, as an item of this kind.
HANDED_OVER: dict[str, WorkItem.Kind] = {
    Answer.CANNOT: WorkItem.Kind.ASK_AGAIN,
    Answer.NOT_MY_PATIENT: WorkItem.Kind.NOT_MY_PATIENT,
}
LONGEST_PROMISE = timedelta(days=90)
MOST_TRIES = 5
MOST_CODES_AN_HOUR = 3


class LinkNotValid(Refusal):
    """A link we did not sign, or whose letter is gone: one sentence, which tells a stranger nothing."""

    code = "link-not-valid"


class LinkExpired(Refusal):
    """A link that is too old."""

    code = "link-expired"


class LinkUsed(Refusal):
    """A link that has answered already."""

    code = "link-used"


class AnswerNotClear(Refusal):
    """An answer without the date or the reason it needs."""

    code = "answer-not-clear"


class CodeNotRight(Refusal):
    """A one-time code that is wrong, too old, or tried too often."""

    code = "code-not-right"


class TooManyCodes(Refusal):
    """More codes than anybody needs."""

    code = "too-many-codes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a link leads to, before any identity is shown."""

    delivery: Delivery
    answers: tuple[LinkUse, ...] = ()

    @property
    def used(self) -> LinkUse | None:
        """The answer that stands."""
        return next((use for use in self.answers if use.undone_at is None), None)

    @property
    def taken_back(self) -> tuple[LinkUse, ...]:
        """The answers that were slips."""
        return tuple(use for use in self.answers if use.undone_at is not None)

    @property
    def takes_blood_pressure(self) -> bool:
        """Whether a reading can be entered on the page."""
        return str(self.delivery.data.get("observes")) == "blood-pressure"


def open_link(*, token: str, keys: Sequence[bytes], now: datetime) -> Opened:
    """Read a link. Whoever reads it, and however often, nothing changes."""
    uid = links.uid_in(token)
    rows = Delivery.objects.select_related("reader__contact", "reader__user", "clinic", "enrolment__clinic")
    delivery = None if uid is None else rows.filter(uid=uid).first()
    if delivery is None or not links.is_token_of(token, delivery, keys=keys):
        raise LinkNotValid("This link is not valid. Please use the link in the newest letter, or call us.")
    if links.expires_at(delivery) <= now:
        raise LinkExpired("This link is too old. Please use the link in the newest letter, or call us.")
    return answers_of(delivery)


def answers_of(delivery: Delivery) -> Opened:
    """Read what a letter was answered."""
    return Opened(delivery=delivery, answers=tuple(delivery.link_uses.order_by("pk")))


@transaction.atomic
def answer(
    *,
    delivery: Delivery,
    answer: str,
    now: datetime,
    booked_for: date | None = None,
    reason: str = "",
) -> LinkUse:
    """Take the one answer of a link, and do what follows from it."""
    locked = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    _refuse_second_answer(locked)
    _refuse_unclear(answer, booked_for=booked_for, reason=reason, today=delivery.clinic.local_date(now))
    use = LinkUse.objects.create(
        delivery=locked,
        answer=answer,
        answered_at=now,
        answered_by=delivery.reader,
        booked_for=booked_for,
        reason=reason.strip(),
    )
    _follow_up(delivery, use, now=now)
    return use


def ask_for_code(*, delivery: Delivery, now: datetime) -> LinkCode:
    """Send a one-time code to the address the letter went to, and to no other."""
    recent = LinkCode.objects.filter(delivery=delivery, issued_at__gt=now - timedelta(hours=1))
    if recent.count() >= MOST_CODES_AN_HOUR:
        raise TooManyCodes("We have sent several codes already. Please use the newest one, or call us.")
    with transaction.atomic():
        code = LinkCode.objects.create(delivery=delivery, issued_at=now, expires_at=now + links.CODE_LIFE)
        Delivery.objects.create(
            clinic=delivery.clinic,
            enrolment=delivery.enrolment,
            reader=delivery.reader,
            role=delivery.role,
            letter="code",
            cause_kind="code",
            cause_uid=code.uid,
            rung="code",
            pace=Delivery.Pace.EMERGENCY,
            caused_by=delivery.reader,
            created_at=now,
            send_at=now,
        )
    return code


def prove(*, delivery: Delivery, typed: str, keys: Sequence[bytes], now: datetime) -> str:
    """Check a one-time code; return the proof that opens the page for a short time."""
    code = LinkCode.objects.filter(delivery=delivery).order_by("-issued_at", "-pk").first()
    if code is None or code.used_at is not None or code.expires_at <= now or code.tries >= MOST_TRIES:
        raise CodeNotRight("This code does not work any more. Please ask for a new one.")
    # Counted before it is compared, and outside any transaction that a wrong code would take back.
    counted = LinkCode.objects.filter(pk=code.pk, tries__lt=MOST_TRIES).update(tries=F("tries") + 1)
    if not counted or not links.is_same(links.code_of(code.uid, keys=keys), typed.strip()):
        raise CodeNotRight("This code is not right. Please type the six digits of the newest letter.")
    LinkCode.objects.filter(pk=code.pk).update(used_at=now, used_by=delivery.reader)
    return links.proof_of(code.uid, keys=keys)


def is_proven(*, delivery: Delivery, proof: str, keys: Sequence[bytes], now: datetime) -> bool:
    """Whether a page may show whom it is about."""
    recent = LinkCode.objects.filter(delivery=delivery, used_at__gt=now - links.PROOF_LIFE)
    return any(links.is_same(links.proof_of(code.uid, keys=keys), proof) for code in recent)


@transaction.atomic
def enter_blood_pressure(
    *,
    delivery: Delivery,
    systolic: int,
    diastolic: int,
    state: str,
    measured_on: date,
    now: datetime,
) -> BloodPressure:
    """Record a reading that a proven reader typed. The link has then given its answer."""
    locked = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    _refuse_second_answer(locked)
    if delivery.enrolment is None:
        raise LinkNotValid("This link is not valid. Please use the link in the newest letter, or call us.")
    reading = record_blood_pressure(
        enrolment=delivery.enrolment,
        entry=Entry(happened_on=measured_on, via=Via.LINK),
        by=delivery.reader,
        now=now,
        systolic=systolic,
        diastolic=diastolic,
        state=state,
    )
    LinkUse.objects.create(
        delivery=locked, answer=Answer.ENTERED, answered_at=now, answered_by=delivery.reader
    )
    return reading


def opt_out(*, delivery: Delivery, now: datetime) -> None:
    """The reader wants no more letters. Nothing is switched off: a person calls and agrees on another way."""
    open_item(
        clinic=delivery.clinic,
        kind=WorkItem.Kind.OPT_OUT,
        cause=f"reader/{delivery.reader.uid}",
        patient_id=delivery.enrolment.patient_id if delivery.enrolment else None,
        subject=delivery,
        text="The reader asked for no more letters. Call, and agree how this practice is to be told.",
        due_on=delivery.clinic.local_date(now),
        by=delivery.reader,
        now=now,
    )


def _refuse_second_answer(delivery: Delivery) -> None:
    if delivery.link_uses.standing().exists():
        raise LinkUsed("This link has been answered already. To change the answer, please call us.")


def _refuse_unclear(answer: str, *, booked_for: date | None, reason: str, today: date) -> None:
    if answer not in {
        Answer.BOOKED,
        Answer.RESULT_FOLLOWS,
        Answer.CANNOT,
        Answer.NOT_MY_PATIENT,
        Answer.SEEN,
    }:
        raise AnswerNotClear("Please choose one of the answers.", field="answer")
    if answer == Answer.BOOKED and (booked_for is None or booked_for < today):
        raise AnswerNotClear("Please give the date it is booked for, today or later.", field="booked_for")
    if booked_for is not None and booked_for - today > LONGEST_PROMISE:
        raise AnswerNotClear("This date is very far away. Please call us.", field="booked_for")
    if answer == Answer.CANNOT and not reason.strip():
        raise AnswerNotClear("Please write in a few words why it cannot be done.", field="reason")


def _follow_up(delivery: Delivery, use: LinkUse, *, now: datetime) -> None:
    if use.answer in HANDED_OVER:
        _hand_to_a_person(delivery, use, now=now)
        _go_on_at_once(delivery, now=now)
        return
    if delivery.cause_kind == "escalation":
        _acknowledge_escalation(delivery, promised_on(use), now=now)
    elif delivery.cause_kind == "check":
        ladders.park(cause_kind="check", cause_uid=delivery.cause_uid, until=silent_until(use))


def promised_on(use: LinkUse) -> date:
    """The day for which an answer promises something."""
    answered_on = use.delivery.clinic.local_date(use.answered_at)
    return use.booked_for or answered_on + timedelta(days=RESULT_FOLLOWS_DAYS)


def silent_until(use: LinkUse) -> datetime:
    """Until when an answer parks a ladder: two working days after the promised day."""
    delivery = use.delivery
    hours = hours_of_one(delivery.reader, delivery.clinic)
    until_on = working_day_after(promised_on(use), GRACE_WORKING_DAYS, hours)
    return ladders.start_of(until_on, delivery.clinic.zone)


def _acknowledge_escalation(delivery: Delivery, promised: date, *, now: datetime) -> None:
    """The clinic's own verb decides what an acknowledgement means; a closed one needs none."""
    standing = Escalation.objects.filter(uid=delivery.cause_uid, state__in=Escalation.OPEN_STATES)
    row = standing.select_related("enrolment").first()
    if row is not None:
        escalations.acknowledge(escalation=row, by=delivery.reader, now=now, result_on=promised, via=Via.LINK)


def _go_on_at_once(delivery: Delivery, *, now: datetime) -> None:
    """Nobody waits for somebody who has said no: the next rung is said now."""
    running = Ladder.objects.filter(
        cause_kind=delivery.cause_kind, cause_uid=delivery.cause_uid, stopped_at=None
    )
    running.update(parked_until=now, next_at=now)


def _hand_to_a_person(delivery: Delivery, use: LinkUse, *, now: datetime) -> None:
    open_item(
        clinic=delivery.clinic,
        kind=HANDED_OVER[use.answer],
        cause=f"delivery/{delivery.uid}",
        patient_id=delivery.enrolment.patient_id if delivery.enrolment else None,
        subject=delivery,
        text=NOT_MINE if use.answer == Answer.NOT_MY_PATIENT else CANNOT,
        due_on=delivery.clinic.local_date(now),
        by=use.answered_by,
        now=now,
    )


NOT_MINE = (
    "A practice says this is not its patient. Find out who looks after the child, and correct the team."
)
CANNOT = "A practice says it cannot do this; its reason is with the letter. Call, and find another way."


def what_is_asked(*, delivery: Delivery) -> str:
    """What an escalation asks for now, for a proven reader; empty where the letter says it all."""
    if delivery.cause_kind != "escalation":
        return ""
    row = Escalation.objects.filter(uid=delivery.cause_uid).first()
    if row is None or row.state not in Escalation.OPEN_STATES:
        return "Nothing is asked any more: this has been settled since."
    return row.asks_for


def who_it_is_about(*, delivery: Delivery) -> tuple[str, date] | None:
    """Given name and birth date, for a proven reader: two things to tell a child by, and no more."""
    if delivery.enrolment is None:
        return None
    patient = delivery.enrolment.patient
    return patient.given_names, patient.birth_date


def check_of(*, delivery: Delivery) -> Check | None:
    """The check a letter is about."""
    return Check.objects.filter(uid=delivery.cause_uid).first() if delivery.cause_kind == "check" else None
