"""Is it still true? Asked at the moment of sending, not when the letter was written.

Between the two a result may have come, a person may have answered, a child may have been transferred or have
died. A letter that is no longer true is withheld, with the reason on its row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from clinic.models import Actor, Check, Course, Enrolment, EnrolmentStep, Escalation, Referral
from notifications.claiming import PAUSED
from notifications.ladders import check_letter
from notifications.models import CalendarEntry, Delivery, Ladder


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """A delivery as things stand now. `why_not` empty: it may go. `enclosed`: what travels inside it."""

    delivery: Delivery
    why_not: str = ""
    # The letter that tells how things stand now: what was "due" when written may be "late" when sent.
    letter: str = ""
    dates: Mapping[str, date] = field(default_factory=dict)
    calendar: CalendarEntry | None = None
    enclosed: tuple[Circumstances, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Causes:
    """The rows that deliveries speak about, fetched for a whole batch."""

    checks: Mapping[UUID, Check]
    escalations: Mapping[UUID, Escalation]
    referrals: Mapping[UUID, Referral]
    parked: Mapping[UUID, datetime]
    running: frozenset[UUID]
    handing_over: frozenset[int]
    calendars: Mapping[tuple[UUID, int], CalendarEntry]


def look_again(ids: Sequence[int], *, now: datetime) -> list[Circumstances]:
    """Look at claimed deliveries again, and at what is enclosed in them, in a handful of queries."""
    rows = list(_with_relations(Delivery.objects.filter(pk__in=ids)))
    outer = [row.pk for row in rows if row.letter == "digest"]
    inner: dict[int, list[Delivery]] = defaultdict(list)
    if outer:
        joined = Delivery.objects.filter(parcel__in=outer, state=Delivery.State.JOINED).order_by(
            "created_at", "pk"
        )
        for row in _with_relations(joined):
            inner[row.parcel_id or 0].append(row)
    causes = _fetch([*rows, *(row for found in inner.values() for row in found)])
    return [_circumstances(row, inner.get(row.pk, []), causes, now=now) for row in rows]


def _with_relations(rows: Any) -> Any:
    return rows.select_related("reader__user", "reader__contact").prefetch_related("clinic", "enrolment")


def _fetch(rows: Sequence[Delivery]) -> _Causes:
    uids: dict[str, set[UUID]] = defaultdict(set)
    for row in rows:
        uids[row.cause_kind].add(row.cause_uid)
    ladders = Ladder.objects.filter(
        cause_uid__in=uids["check"] | uids["escalation"], parked_until__isnull=False
    )
    calendars = CalendarEntry.objects.filter(
        check_uid__in=uids["check"], reader__in={row.reader_id for row in rows}
    )
    return _Causes(
        checks={row.uid: row for row in Check.objects.filter(uid__in=uids["check"])},
        escalations={row.uid: row for row in Escalation.objects.filter(uid__in=uids["escalation"])},
        referrals={row.uid: row for row in Referral.objects.filter(uid__in=uids["referral"])},
        parked={row.cause_uid: row.parked_until for row in ladders if row.parked_until is not None},
        running=frozenset(_running(uids["course"])),
        handing_over=frozenset(_handing_over({row.enrolment_id for row in rows if row.enrolment_id})),
        calendars={(row.check_uid, row.reader_id): row for row in calendars},
    )


def _running(courses: set[UUID]) -> Iterable[UUID]:
    if not courses:
        return ()
    running = Course.objects.filter(uid__in=courses, status=Course.Status.ACTIVE)
    return running.values_list("uid", flat=True)


def _handing_over(enrolments: set[int]) -> Iterable[int]:
    """Children offered to another clinic, which has not answered: nobody is asked for anything meanwhile."""
    offers = EnrolmentStep.objects.filter(
        enrolment__in=enrolments,
        enrolment__state=Enrolment.State.ACTIVE,
        kind=EnrolmentStep.Kind.TRANSFER_OUT,
        entered_in_error=False,
        corrected_by_row=None,
    )
    return offers.values_list("enrolment", flat=True) if enrolments else ()


def _circumstances(
    row: Delivery, inner: Sequence[Delivery], causes: _Causes, *, now: datetime
) -> Circumstances:
    if row.letter != "digest":
        return _one(row, causes, now=now)
    enclosed = tuple(_one(item, causes, now=now) for item in inner)
    wanted = any(not item.why_not for item in enclosed)
    return Circumstances(delivery=row, why_not="" if wanted else "nothing-left", enclosed=enclosed)


def _one(row: Delivery, causes: _Causes, *, now: datetime) -> Circumstances:
    if why_not := _of_the_child(row, causes):
        return Circumstances(delivery=row, why_not=why_not)
    match row.cause_kind:
        case "check":
            return _about_check(row, causes, now=now)
        case "escalation":
            return _about_escalation(row, causes, now=now)
        case "referral":
            return _about_referral(row, causes)
        case "course" if row.letter in {"course_started", "phase_changes", "vaccine_hold"}:
            running = row.cause_uid in causes.running
            return Circumstances(delivery=row, why_not="" if running else "course-not-running")
        case _:
            return Circumstances(delivery=row)


def _of_the_child(row: Delivery, causes: _Causes) -> str:
    enrolment = row.enrolment
    if enrolment is None or row.letter in {"hand_over", "correction", "code"}:
        return ""
    handing_over = enrolment.pk in causes.handing_over and row.cause_kind != "escalation"
    if enrolment.sending_paused_at is not None or handing_over:
        return PAUSED
    to_the_house = row.reader.kind == Actor.Kind.USER
    # Steroid safety outlives a withdrawal, but then only the clinic itself is reminded of it.
    if enrolment.state == Enrolment.State.WITHDRAWN and to_the_house:
        return ""
    followed = enrolment.state in {Enrolment.State.ACTIVE, Enrolment.State.LOST}
    return "" if followed else f"enrolment-{enrolment.state}"


def _about_check(row: Delivery, causes: _Causes, *, now: datetime) -> Circumstances:
    check = causes.checks.get(row.cause_uid)
    if check is None:
        return Circumstances(delivery=row, why_not="gone")
    dates = {"opens_on": check.opens_on, "due_on": check.due_on, "closes_on": check.closes_on or check.due_on}
    entry = causes.calendars.get((row.cause_uid, row.reader_id))
    if row.letter in {"check_not_needed", "check_moved"}:
        return Circumstances(delivery=row, dates=dates, calendar=entry)
    if check.state not in Check.OPEN_STATES:
        return Circumstances(delivery=row, why_not=check.state)
    parked_until = causes.parked.get(row.cause_uid)
    if parked_until is not None and parked_until > now:
        return Circumstances(delivery=row, why_not="parked")
    told = row.data.get("due_on")
    if told and check.due_on > date.fromisoformat(told) and row.letter != "check_upcoming":
        return Circumstances(delivery=row, why_not="moved")
    letter = check_letter(check, today=row.clinic.local_date(now))
    return Circumstances(delivery=row, letter=letter, dates=dates, calendar=entry)


def _about_escalation(row: Delivery, causes: _Causes, *, now: datetime) -> Circumstances:
    escalation = causes.escalations.get(row.cause_uid)
    if escalation is None:
        return Circumstances(delivery=row, why_not="gone")
    if escalation.state not in Escalation.OPEN_STATES:
        return Circumstances(delivery=row, why_not=escalation.state)
    parked_until = causes.parked.get(row.cause_uid)
    if row.level > 0 and parked_until is not None and parked_until > now:
        return Circumstances(delivery=row, why_not="parked")
    dates = {"act_by_on": escalation.act_by_on} if escalation.act_by_on else {}
    return Circumstances(delivery=row, dates=dates)


def _about_referral(row: Delivery, causes: _Causes) -> Circumstances:
    referral = causes.referrals.get(row.cause_uid)
    if referral is None:
        return Circumstances(delivery=row, why_not="gone")
    why_not = referral.state if referral.state in {"called_off", "declined"} else ""
    return Circumstances(delivery=row, why_not=why_not)
