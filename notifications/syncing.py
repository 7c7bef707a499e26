"""Keeping ladders and readers' calendars in step with the plan, after anything happened to a child.

Whatever the timeline says, the question is the same: which checks and escalations stand now, and which
ladders stand? So a kind of entry that nobody foresaw, two entries in one, or an entry read twice lead to
the same ladders.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from clinic.models import Actor, Check, Enrolment, Escalation, TimelineEntry
from notifications.ladders import (
    check_data,
    check_rungs,
    escalation_data,
    escalation_letter,
    escalation_rungs,
    start_of,
    stop,
)
from notifications.models import CalendarEntry, Delivery, Ladder
from notifications.policy.ladder import Rung
from notifications.readership import Readership
from notifications.rungs import Ladders, ladders_of
from notifications.writing import News, delivery_of, letters_to

TOLD = (Delivery.State.SENT, Delivery.State.CLAIMED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """The child in hand, its readers, the ladders of its edition, who wrote which row, and who wrote last."""

    enrolment: Enrolment
    readership: Readership
    rungs: Ladders
    authors: Mapping[UUID, Actor]
    by: Actor

    @property
    def now(self) -> datetime:
        """The moment of this look at the child."""
        return self.readership.now

    def author_of(self, uid: UUID) -> Actor:
        """Who caused a row: that person is not told of it (safety S18)."""
        return self.authors.get(uid, self.by)


@transaction.atomic
def sync(enrolment: Enrolment, *, news: Sequence[TimelineEntry], now: datetime) -> None:
    """Make the ladders of one child those of its plan."""
    ladders = {
        (row.cause_kind, row.cause_uid): row
        for row in Ladder.objects.select_for_update().filter(enrolment=enrolment)
    }
    child = Child(
        enrolment=enrolment,
        readership=Readership([enrolment], now=now),
        rungs=ladders_of(enrolment.pathway_edition),
        authors={entry.subject_uid: entry.by for entry in news},
        by=news[-1].by,
    )
    for check in Check.objects.filter(enrolment=enrolment):
        _sync_check(check, ladders.get(("check", check.uid)), child)
    for escalation in Escalation.objects.filter(enrolment=enrolment):
        _sync_escalation(escalation, ladders.get(("escalation", escalation.uid)), child)


def _sync_check(check: Check, ladder: Ladder | None, child: Child) -> None:
    standing = check.state in Check.OPEN_STATES
    if ladder is None:
        if standing:
            rungs = check_rungs(check, child.enrolment, child.rungs)
            Ladder.objects.create(
                enrolment=child.enrolment,
                cause_kind="check",
                cause_uid=check.uid,
                counted_on=check.due_on,
                next_at=min(rung.at for rung in rungs),
            )
    elif not standing:
        if ladder.stopped_at is None:
            stop(ladder, why=check.state, now=child.now)
            _take_out_of_calendars(check, child)
    elif ladder.stopped_at is not None or ladder.counted_on != check.due_on:
        _begin_again(ladder, check, child)


def _begin_again(ladder: Ladder, check: Check, child: Child) -> None:
    """The check moved, or stands again. A later date is told as a move, an earlier one by its ladder."""
    rungs = check_rungs(check, child.enrolment, child.rungs)
    moved = ladder.counted_on != check.due_on
    if moved:
        _move_in_calendars(check, child, before=ladder.counted_on)
    if check.due_on > ladder.counted_on:
        ladder.said = max((rung.level for rung in rungs if rung.at <= child.now), default=None)
    elif moved:
        ladder.said = None
    ladder.counted_on = check.due_on
    ladder.next_at = _first_after(rungs, ladder.said)
    ladder.stopped_at, ladder.stopped_why, ladder.parked_until = None, "", None
    ladder.save()


def _first_after(rungs: Iterable[Rung], said: int | None) -> datetime | None:
    return min((rung.at for rung in rungs if said is None or rung.level > said), default=None)


def _sync_escalation(escalation: Escalation, ladder: Ladder | None, child: Child) -> None:
    standing = escalation.state in Escalation.OPEN_STATES
    if ladder is None and standing:
        _raise(escalation, child)
    elif ladder is not None and not standing and ladder.stopped_at is None:
        stop(ladder, why=escalation.state, now=child.now)
        if escalation.state == Escalation.State.WITHDRAWN:
            _correct(escalation, child)
    elif ladder is not None and standing and ladder.stopped_at is None:
        _park_acknowledged(escalation, ladder, child.enrolment)


def _raise(escalation: Escalation, child: Child) -> None:
    """Tell everybody the rule names, at its own urgency, and let the ladder watch for silence."""
    news = News(
        letter=escalation_letter(escalation),
        cause_kind="escalation",
        cause_uid=escalation.uid,
        rung="escalation raised",
        urgency=escalation.urgency,
        data=escalation_data(escalation),
    )
    roles = [one["role"] if isinstance(one, dict) else one for one in escalation.recipients]
    by = child.author_of(escalation.uid)
    rows = letters_to(news, roles=roles, enrolment=child.enrolment, by=by, readership=child.readership)
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    rungs = escalation_rungs(escalation, child.enrolment, child.rungs)
    Ladder.objects.create(
        enrolment=child.enrolment,
        cause_kind="escalation",
        cause_uid=escalation.uid,
        counted_on=child.enrolment.clinic.local_date(escalation.raised_at),
        said=0,
        next_at=min((rung.at for rung in rungs), default=None),
    )


def _park_acknowledged(escalation: Escalation, ladder: Ladder, enrolment: Enrolment) -> None:
    until_on = escalation.parked_until_on
    if until_on is None:
        return
    until = start_of(until_on, enrolment.clinic.zone)
    if ladder.parked_until != until and (ladder.next_at is None or ladder.next_at < until):
        ladder.parked_until = ladder.next_at = until
        ladder.save(update_fields=["parked_until", "next_at"])


def _correct(escalation: Escalation, child: Child) -> None:
    """Tell everyone who was told that what it rested on has changed (safety S3). Unsent letters just stop."""
    told = Delivery.objects.filter(cause_kind="escalation", cause_uid=escalation.uid, state__in=TOLD)
    rows = [
        delivery_of(
            News(
                letter="correction",
                cause_kind="escalation",
                cause_uid=escalation.uid,
                rung="correction",
                urgency="high",
                data={"told_on": child.enrolment.clinic.local_date(first.sent_at or child.now).isoformat()},
            ),
            role=first.role,
            reader=first.reader,
            enrolment=child.enrolment,
            by=child.by,
            readership=child.readership,
        )
        for first in _first_to_each(told.select_related("reader__contact"))
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)


def _first_to_each(told: Iterable[Delivery]) -> list[Delivery]:
    first: dict[int, Delivery] = {}
    for row in told:
        first.setdefault(row.reader_id, row)
    return list(first.values())


def _move_in_calendars(check: Check, child: Child, *, before: date) -> None:
    """Whoever has the date in a calendar gets the new one."""
    for entry in _entries_of(check):
        entry.on, entry.sequence, entry.cancelled = check.due_on, entry.sequence + 1, False
        entry.save(update_fields=["on", "sequence", "cancelled"])
        data = check_data(check) | {"before_on": before.isoformat()}
        _about_calendar("check_moved", entry, check, child, data=data)


def _take_out_of_calendars(check: Check, child: Child) -> None:
    """A check that is no longer needed leaves every calendar it was put into; a done one has had its day."""
    if check.state == Check.State.DONE:
        return
    for entry in _entries_of(check).filter(cancelled=False):
        entry.sequence, entry.cancelled = entry.sequence + 1, True
        entry.save(update_fields=["sequence", "cancelled"])
        _about_calendar("check_not_needed", entry, check, child, data=check_data(check))


def _entries_of(check: Check) -> QuerySet[CalendarEntry]:
    standing = CalendarEntry.objects.select_for_update(of=("self",)).filter(check_uid=check.uid)
    return standing.select_related("reader__contact")


def _about_calendar(
    letter: str, entry: CalendarEntry, check: Check, child: Child, *, data: dict[str, str]
) -> None:
    if entry.reader_id == child.by.pk:
        return
    news = News(
        letter=letter,
        cause_kind="check",
        cause_uid=check.uid,
        rung=f"calendar {entry.sequence}",
        urgency="routine",
        data=data,
    )
    row = delivery_of(
        news,
        role="",
        reader=entry.reader,
        enrolment=child.enrolment,
        by=child.by,
        readership=child.readership,
    )
    Delivery.objects.bulk_create([row], ignore_conflicts=True)
