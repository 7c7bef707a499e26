"""Climbing: which ladders have come to a step, what is said there, and when to look again.

The cost follows what is due: a ladder carries the moment at which it is next to be looked at, and the index
holds running ladders only. A ladder is never behind for good: however late it is looked at, it says the rung
that stands and marks the earlier ones as overtaken.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction

from clinic.actors import sweep_actor
from clinic.models import Check, Enrolment, Escalation, WorkItem
from clinic.workitems import open_item
from notifications.conflicts import is_conflict
from notifications.models import CalendarEntry, Delivery, Ladder
from notifications.policy.hours import moment_of
from notifications.policy.ladder import Rung, standing
from notifications.rungs import (
    Ladders,
    check_steps,
    emergency_rungs,
    escalation_steps,
    ladders_of,
    rungs_from,
)
from notifications.writing import News, tell

log = logging.getLogger(__name__)

AT_ONCE = 200
LOOK_AGAIN_AFTER = timedelta(hours=1)
# What a person decides rather than observes.
DECISIONS = frozenset({"spasm-verdict", "trial-adequacy", "dose-decision", "review"})


def climb(*, now: datetime) -> int:
    """Look at the ladders whose moment has come; return how many there were."""
    due = list(
        Ladder.objects.filter(stopped_at=None, next_at__lte=now)
        .order_by("next_at", "id")
        .values_list("pk", flat=True)[:AT_ONCE]
    )
    for pk in due:
        try:
            _climb_one(pk, now=now)
        except Exception as error:
            log.exception("ladder_not_climbed", extra={"ladder": pk})
            if not is_conflict(error):
                _set_aside(pk, now=now)
    return len(due)


@transaction.atomic
def _climb_one(pk: int, *, now: datetime) -> None:
    """Look at one ladder. Another worker that looks at the same moment finds it locked and leaves it."""
    ladder = (
        Ladder.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("enrolment__clinic", "enrolment__pathway_edition")
        .filter(pk=pk, stopped_at=None, next_at__lte=now)
        .first()
    )
    if ladder is None:
        return
    if ladder.cause_kind == "check":
        _climb_check(ladder, Check.objects.filter(uid=ladder.cause_uid).first(), now=now)
    else:
        _climb_escalation(ladder, Escalation.objects.filter(uid=ladder.cause_uid).first(), now=now)


@transaction.atomic
def _set_aside(pk: int, *, now: datetime) -> None:
    """A person is told; the ladder itself is looked at again later, in case the fault was not its own."""
    ladder = Ladder.objects.select_related("enrolment__clinic").get(pk=pk)
    Ladder.objects.filter(pk=pk).update(next_at=now + LOOK_AGAIN_AFTER)
    open_item(
        clinic=ladder.enrolment.clinic,
        kind=WorkItem.Kind.DEAD_LETTER,
        cause=f"ladder/{ladder.uid}",
        patient_id=ladder.enrolment.patient_id,
        text="A reminder could not be written. Tell the people concerned, and the operator.",
        due_on=ladder.enrolment.clinic.local_date(now),
        by=sweep_actor(),
        now=now,
    )


def _climb_check(ladder: Ladder, check: Check | None, *, now: datetime) -> None:
    if check is None:
        stop(ladder, why="gone", now=now)
        return
    if check.state not in Check.OPEN_STATES:
        stop(ladder, why=check.state, now=now)
        return
    rungs = check_rungs(check, ladder.enrolment, ladders_of(ladder.enrolment.pathway_edition))
    answer = standing(rungs, said=ladder.said, parked_until=ladder.parked_until, now=now)
    today = ladder.enrolment.clinic.local_date(now)
    for role, rung in _by_role(answer.now).items():
        news = News(
            letter=check_letter(check, today=today),
            cause_kind="check",
            cause_uid=check.uid,
            rung=f"check {rung.key}",
            level=rung.level,
            urgency=rung.urgency,
            from_calendar=True,
            data=check_data(check),
        )
        written = tell(news, roles=[role], enrolment=ladder.enrolment, by=sweep_actor(), now=now)
        _put_into_calendars(check, written)
    _move_on(ladder, answer.now, answer.next_at, now=now)


def _put_into_calendars(check: Check, written: Sequence[Delivery]) -> None:
    """Each reader who is told the date gets it for the calendar, once."""
    CalendarEntry.objects.bulk_create(
        [CalendarEntry(reader=row.reader, check_uid=check.uid, on=check.due_on) for row in written],
        ignore_conflicts=True,
    )


def _climb_escalation(ladder: Ladder, escalation: Escalation | None, *, now: datetime) -> None:
    if escalation is None:
        stop(ladder, why="gone", now=now)
        return
    if escalation.state not in Escalation.OPEN_STATES or escalation.spoke_at is not None:
        stop(ladder, why="spoken-to" if escalation.spoke_at else escalation.state, now=now)
        return
    rungs = escalation_rungs(escalation, ladder.enrolment, ladders_of(ladder.enrolment.pathway_edition))
    answer = standing(rungs, said=ladder.said, parked_until=ladder.parked_until, now=now)
    for role, rung in _by_role(answer.now).items():
        news = News(
            letter=escalation_letter(escalation),
            cause_kind="escalation",
            cause_uid=escalation.uid,
            rung=f"escalation {rung.key}",
            level=rung.level,
            urgency=rung.urgency,
            from_calendar=True,
            data=escalation_data(escalation),
        )
        tell(news, roles=[role], enrolment=ladder.enrolment, by=sweep_actor(), now=now)
    _move_on(ladder, answer.now, answer.next_at, now=now)


def check_rungs(check: Check, enrolment: Enrolment, ladders: Ladders) -> tuple[Rung, ...]:
    """The ladder of one check. Nothing is said before its window opens."""
    steps = check_steps(ladders, code=check.code, who=check.who)
    zone = enrolment.clinic.zone
    return rungs_from(steps, counted_on=check.due_on, not_before=check.opens_on, zone=zone)


def escalation_rungs(escalation: Escalation, enrolment: Enrolment, ladders: Ladders) -> tuple[Rung, ...]:
    """The ladder of one escalation, after the letters that went when it was raised."""
    if escalation.urgency == "emergency":
        return emergency_rungs(raised_at=escalation.raised_at)
    steps = escalation_steps(ladders, rule=escalation.rule)
    raised_on = enrolment.clinic.local_date(escalation.raised_at)
    return rungs_from(steps, counted_on=raised_on, not_before=None, zone=enrolment.clinic.zone)


def check_letter(check: Check, *, today: date) -> str:
    """Which letter tells where a check stands on a day."""
    if check.observes in DECISIONS and today <= check.due_on:
        return "verdict_due"
    if today < check.due_on:
        return "check_upcoming"
    if today == check.due_on:
        return "check_due"
    closed = check.closes_on is not None and today > check.closes_on
    return "check_missed" if closed else "check_late"


def check_data(check: Check) -> dict[str, str]:
    """What the letters of a check need: general words and dates, nothing of the child."""
    return {
        "observes": check.observes,
        "opens_on": check.opens_on.isoformat(),
        "due_on": check.due_on.isoformat(),
    }


def escalation_letter(escalation: Escalation) -> str:
    """An emergency asks for a call, anything else for an answer."""
    return "escalation_emergency" if escalation.urgency == "emergency" else "escalation_raised"


def escalation_data(escalation: Escalation) -> dict[str, str]:
    """What the letters of an escalation need."""
    return {"act_by_on": escalation.act_by_on.isoformat()} if escalation.act_by_on else {}


def stop(ladder: Ladder, *, why: str, now: datetime) -> None:
    """Nothing more is said here."""
    ladder.stopped_at, ladder.stopped_why, ladder.next_at = now, why, None
    ladder.save(update_fields=["stopped_at", "stopped_why", "next_at"])


def park(*, cause_kind: str, cause_uid: UUID, until: datetime) -> None:
    """Be silent until a moment; then go on one rung higher. A later answer replaces an earlier one."""
    running = Ladder.objects.filter(cause_kind=cause_kind, cause_uid=cause_uid, stopped_at=None)
    running.update(parked_until=until, next_at=until)


def resume(*, cause_kind: str, cause_uid: UUID, now: datetime) -> None:
    """Go on as if nobody had answered: the climber looks now, and finds which rung stands."""
    running = Ladder.objects.filter(cause_kind=cause_kind, cause_uid=cause_uid, stopped_at=None)
    running.update(parked_until=None, next_at=now)


def start_of(day: date, zone: str) -> datetime:
    """The first moment of a day in a zone."""
    return moment_of(day, time(0), zone)


def _move_on(ladder: Ladder, said: Sequence[Rung], next_at: datetime | None, *, now: datetime) -> None:
    if said:
        ladder.said = said[0].level
        _overtake(ladder, level=said[0].level)
    if ladder.parked_until is not None and ladder.parked_until <= now:
        ladder.parked_until = None
    ladder.next_at = next_at
    ladder.save(update_fields=["said", "parked_until", "next_at"])


def _overtake(ladder: Ladder, *, level: int) -> None:
    """Lower rungs that still wait to be sent are overtaken by this one.

    Looked for by their cause alone: asked for what waits, PostgreSQL reads all that waits, for each ladder.
    """
    told = Delivery.objects.select_for_update().filter(
        cause_kind=ladder.cause_kind, cause_uid=ladder.cause_uid, level__lt=level
    )
    lower = told.exclude(letter__in=("check_moved", "check_not_needed")).values_list("pk", "state")
    waiting = [pk for pk, state in lower if state == Delivery.State.WAITING]
    if waiting:
        Delivery.objects.filter(pk__in=waiting).update(state=Delivery.State.OVERTAKEN)


def _by_role(rungs: Sequence[Rung]) -> dict[str, Rung]:
    return {rung.role: rung for rung in rungs}
