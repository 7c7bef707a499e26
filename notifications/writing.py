"""Writing deliveries: one row for one reader about one cause at one rung, and never a second one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from clinic.actors import sweep_actor
from clinic.models import Actor, Clinic, Enrolment, WorkItem
from clinic.workitems import open_item
from notifications.models import Delivery
from notifications.policy.digest import Urgency, pace_of, send_at
from notifications.policy.hours import moment_of
from notifications.readership import Readership


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Something to tell: which letter, about what, how urgent. Who hears it is said when it is written."""

    letter: str
    cause_kind: str
    cause_uid: UUID
    rung: str
    urgency: str
    level: int = 0
    from_calendar: bool = False
    not_before_on: date | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


def tell(
    news: News, *, roles: Iterable[str], enrolment: Enrolment, by: Actor, now: datetime
) -> list[Delivery]:
    """Write the news to everybody in the roles. The person who caused it is not told (safety S18)."""
    readership = Readership([enrolment], now=now)
    written = letters_to(news, roles=roles, enrolment=enrolment, by=by, readership=readership)
    Delivery.objects.bulk_create(written, ignore_conflicts=True)
    return written


def letters_to(
    news: News, *, roles: Iterable[str], enrolment: Enrolment, by: Actor, readership: Readership
) -> list[Delivery]:
    """The rows for everybody in the roles but the person who caused it, not yet saved."""
    found: dict[int, Delivery] = {}
    for role in roles:
        people = readership.of(role, enrolment)
        if not people:
            _say_that_nobody_hears(role, enrolment, now=readership.now)
        for reader in people:
            if reader.pk != by.pk and reader.pk not in found:
                found[reader.pk] = delivery_of(
                    news, role=role, reader=reader, enrolment=enrolment, by=by, readership=readership
                )
    return list(found.values())


def _say_that_nobody_hears(role: str, enrolment: Enrolment, *, now: datetime) -> None:
    """A letter to nobody is silence: it stands on the list of the clinic, once for each role."""
    open_item(
        clinic=enrolment.clinic,
        kind=WorkItem.Kind.DEAD_LETTER,
        cause=f"nobody/{role}",
        text=f"Letters to the role “{role}” reach nobody: none in it has an address that works, and no nurse "
        "or lead has. Give one of them an address; until then look at Today each day.",
        due_on=enrolment.clinic.local_date(now),
        by=sweep_actor(),
        now=now,
    )


def delivery_of(
    news: News, *, role: str, reader: Actor, enrolment: Enrolment, by: Actor, readership: Readership
) -> Delivery:
    """One row, not yet saved."""
    now, pace = readership.now, pace_of(news.urgency)
    if by.kind == Actor.Kind.SEED and pace is Urgency.URGENT:
        pace = Urgency.ROUTINE  # a caseload that is put in place is no news of the day
    return Delivery(
        clinic=enrolment.clinic,
        enrolment=enrolment,
        reader=reader,
        role=role,
        letter=news.letter,
        cause_kind=news.cause_kind,
        cause_uid=news.cause_uid,
        rung=news.rung,
        level=news.level,
        pace=pace.value,
        edition=str(enrolment.pathway_edition_id),
        data=dict(news.data),
        caused_by=by,
        created_at=now,
        outage=None if pace is Urgency.EMERGENCY else readership.outage,
        send_at=send_at(
            pace=pace,
            now=_not_before(news, enrolment.clinic, now=now),
            hours=readership.hours(reader, enrolment.clinic),
            from_calendar=news.from_calendar,
        ),
    )


def _not_before(news: News, clinic: Clinic, *, now: datetime) -> datetime:
    if news.not_before_on is None:
        return now
    return max(now, moment_of(news.not_before_on, time(0), clinic.zone))
