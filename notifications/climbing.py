"""Climbing: which ladders have come to a step, what is said there, and when to look again.

The cost follows what is due: a ladder carries the moment at which it is next to be looked at, and the index
holds running ladders only. A ladder is never behind for good: however late it is looked at, it says the rung
that stands and marks the earlier ones as overtaken.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from clinic.actors import sweep_actor
from clinic.manyrows import rewrite
from clinic.models import Check, Enrolment, Escalation, WorkItem
from clinic.workitems import open_item
from notifications.conflicts import will_pass
from notifications.ladders import (
    check_data,
    check_letter,
    check_rungs,
    escalation_data,
    escalation_letter,
    escalation_rungs,
    mark_stopped,
)
from notifications.models import CalendarEntry, Delivery, Ladder
from notifications.policy.ladder import Rung, standing
from notifications.readership import Readership
from notifications.rungs import ladders_of
from notifications.writing import News, letters_to

log = logging.getLogger(__name__)

AT_ONCE = 200
LOOK_AGAIN_AFTER = timedelta(hours=1)


def climb(*, now: datetime) -> int:
    """Look at the ladders whose moment has come; return how many there were.

    Together, for most of what they rest on is shared. Where one of them fails each is looked at alone.
    """
    due = _due(now=now)
    if not _climbed(due, now=now):
        for pk in due:
            _climbed([pk], now=now)
    return len(due)


@transaction.atomic
def _due(*, now: datetime) -> list[int]:
    """The ladders whose moment has come, but for those in another worker's hands."""
    running = Ladder.objects.filter(stopped_at=None, next_at__lte=now).order_by("next_at", "id")
    return list(running.select_for_update(skip_locked=True).values_list("pk", flat=True)[:AT_ONCE])


def _climbed(pks: Sequence[int], *, now: datetime) -> bool:
    """Climb some ladders. One that fails even alone is set aside; what will pass is tried again."""
    try:
        climb_together(pks, now=now)
    except Exception as error:
        if len(pks) == 1:
            log.exception("ladder_not_climbed", extra={"ladder": pks[0]})
            if not will_pass(error):
                _set_aside(pks[0], now=now)
        return False
    return True


@transaction.atomic
def climb_together(pks: Sequence[int], *, now: datetime) -> None:
    """Look at some ladders. Those that another worker looks at in the same moment are left to it."""
    locked = Ladder.objects.select_for_update(skip_locked=True)
    due = locked.filter(pk__in=pks, stopped_at=None, next_at__lte=now).order_by("next_at", "id")
    ladders = list(due.prefetch_related("enrolment__clinic", "enrolment__pathway_edition"))
    if not ladders:
        return
    climb = _Climb([ladder.enrolment for ladder in ladders], now=now)
    causes = _causes_of(ladders)
    for ladder in ladders:
        match causes.get(ladder.cause_uid):
            case Check() as check:
                climb.check(ladder, check)
            case Escalation() as escalation:
                climb.escalation(ladder, escalation)
            case _:
                mark_stopped(ladder, why="gone", now=now)
    climb.put_down()
    rewrite(ladders, ("said", "parked_until", "next_at", "stopped_at", "stopped_why"))


def _causes_of(ladders: Sequence[Ladder]) -> dict[UUID, Check | Escalation]:
    """What some ladders are about. The chains behind it are long, and no letter tells them."""
    uids: dict[str, list[UUID]] = {"check": [], "escalation": []}
    for ladder in ladders:
        uids[ladder.cause_kind].append(ladder.cause_uid)
    checks = Check.objects.filter(uid__in=uids["check"]).defer("chain")
    escalations = Escalation.objects.filter(uid__in=uids["escalation"]).defer("chain", "because")
    return {row.uid: row for rows in (checks, escalations) for row in rows}


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


class _Climb:
    """Ladders in hand: to whom they speak, read once, and what they have to say, written at once."""

    def __init__(self, children: Iterable[Enrolment], *, now: datetime) -> None:
        self.readership, self.by, self.now = Readership(children, now=now), sweep_actor(), now
        self.letters: list[Delivery] = []
        self.dates: list[CalendarEntry] = []
        self.reached: dict[UUID, int] = {}

    def check(self, ladder: Ladder, check: Check) -> None:
        """Say where a check stands."""
        if check.state not in Check.OPEN_STATES:
            mark_stopped(ladder, why=check.state, now=self.now)
            return
        enrolment = ladder.enrolment
        rungs = check_rungs(check, enrolment, ladders_of(enrolment.pathway_edition))
        letter = check_letter(check, today=enrolment.clinic.local_date(self.now))
        told = self._say(ladder, rungs, letter=letter, data=check_data(check))
        # Each reader who is told the date gets it for the calendar, once.
        self.dates += [CalendarEntry(reader=row.reader, check_uid=check.uid, on=check.due_on) for row in told]

    def escalation(self, ladder: Ladder, escalation: Escalation) -> None:
        """Tell the next people of an escalation to which nobody answered."""
        if escalation.state not in Escalation.OPEN_STATES or escalation.spoke_at is not None:
            why = "spoken-to" if escalation.spoke_at else escalation.state
            mark_stopped(ladder, why=why, now=self.now)
            return
        enrolment = ladder.enrolment
        rungs = escalation_rungs(escalation, enrolment, ladders_of(enrolment.pathway_edition))
        self._say(ladder, rungs, letter=escalation_letter(escalation), data=escalation_data(escalation))

    def _say(
        self, ladder: Ladder, rungs: Sequence[Rung], *, letter: str, data: Mapping[str, str]
    ) -> list[Delivery]:
        """Write the rung that stands, and move the ladder on to its next moment."""
        answer = standing(rungs, said=ladder.said, parked_until=ladder.parked_until, now=self.now)
        told: list[Delivery] = []
        for role, rung in _by_role(answer.now).items():
            news = News(
                letter=letter,
                cause_kind=ladder.cause_kind,
                cause_uid=ladder.cause_uid,
                rung=f"{ladder.cause_kind} {rung.key}",
                level=rung.level,
                urgency=rung.urgency,
                from_calendar=True,
                data=data,
            )
            told += letters_to(
                news, roles=[role], enrolment=ladder.enrolment, by=self.by, readership=self.readership
            )
        self.letters += told
        if answer.now:
            ladder.said = self.reached[ladder.cause_uid] = answer.now[0].level
        if ladder.parked_until is not None and ladder.parked_until <= self.now:
            ladder.parked_until = None
        ladder.next_at = answer.next_at
        return told

    def put_down(self) -> None:
        """Write the letters and the dates, and take back the lower rungs that still wait to be sent."""
        Delivery.objects.bulk_create(self.letters, ignore_conflicts=True)
        CalendarEntry.objects.bulk_create(self.dates, ignore_conflicts=True)
        if waiting := [pk for pk, state in self._lower_rungs() if state == Delivery.State.WAITING]:
            rows = Delivery.objects.select_for_update().filter(pk__in=waiting).order_by("pk")
            still = [pk for pk, state in rows.values_list("pk", "state") if state == Delivery.State.WAITING]
            Delivery.objects.filter(pk__in=still).update(state=Delivery.State.OVERTAKEN)

    def _lower_rungs(self) -> Iterator[tuple[int, str]]:
        """Looked for by their cause alone: asked for what waits, PostgreSQL reads all that waits."""
        told = Delivery.objects.filter(cause_kind__in=("check", "escalation"), cause_uid__in=self.reached)
        of_ladders = told.exclude(letter__in=("check_moved", "check_not_needed"))
        for pk, state, cause, level in of_ladders.values_list("pk", "state", "cause_uid", "level"):
            if level < self.reached[cause]:
                yield pk, state


def _by_role(rungs: Sequence[Rung]) -> dict[str, Rung]:
    return {rung.role: rung for rung in rungs}
