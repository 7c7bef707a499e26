"""The week ahead, once for each reader and week: also when Monday was missed, and never twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from clinic.actors import actors_for_contacts, sweep_actor
from clinic.models import Actor, CareTeamMember, Check, Clinic, Contact, Enrolment, Membership
from notifications.models import Delivery
from notifications.policy.hours import next_digest
from notifications.readers import hours_of, members_as, usable

AHEAD = timedelta(days=7)
BRIEF = (Membership.Role.NURSE, Membership.Role.CLINIC_LEAD)


def write_weekly(*, now: datetime) -> int:
    """Write this week's letters of every clinic that has none yet; return how many."""
    return sum(_write_for(clinic, now=now) for clinic in Clinic.objects.order_by("pk"))


def _write_for(clinic: Clinic, *, now: datetime) -> int:
    today = clinic.local_date(now)
    week = f"{today:%G-W%V}"
    if Delivery.objects.filter(cause_kind="week", cause_uid=clinic.uid, rung=week).exists():
        return 0
    counts = {reader: numbers for reader, numbers in _counts(clinic, today) if sum(numbers.values())}
    hours = hours_of([reader.pk for reader in counts], clinics=[clinic.pk])
    rows = [
        Delivery(
            clinic=clinic,
            reader=reader,
            letter="weekly_digest",
            cause_kind="week",
            cause_uid=clinic.uid,
            rung=week,
            caused_by=sweep_actor(),
            created_at=now,
            send_at=next_digest(now, hours[reader.pk, clinic.pk]),
            data=dict(numbers),
        )
        for reader, numbers in counts.items()
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _counts(clinic: Clinic, today: date) -> Iterable[tuple[Actor, Counter[str]]]:
    """How much is overdue, due and coming up: in all for the house, of their own children for practices."""
    checks = Check.objects.filter(
        enrolment__clinic=clinic,
        enrolment__state=Enrolment.State.ACTIVE,
        state__in=Check.OPEN_STATES,
        opens_on__lte=today + AHEAD,
    )
    by_child: dict[int, Counter[str]] = {}
    for patient, state in checks.values_list("patient", "state"):
        by_child.setdefault(patient, Counter())[state] += 1
    total = sum(by_child.values(), Counter[str]())
    for role in BRIEF:
        for member in members_as(role, clinic):
            yield member, total
    practices = _children_of_practices(clinic, by_child)
    actors = actors_for_contacts(practices)
    for contact, children in practices.items():
        yield actors[contact.pk], sum((by_child[child] for child in children), Counter[str]())


def _children_of_practices(clinic: Clinic, by_child: Iterable[int]) -> dict[Contact, set[int]]:
    found: dict[Contact, set[int]] = {}
    team = CareTeamMember.objects.filter(
        clinic=clinic,
        patient__in=list(by_child),
        role=CareTeamMember.Role.PEDIATRICIAN,
        ended_on=None,
    )
    for member in team.select_related("contact"):
        if usable(member.contact):
            found.setdefault(member.contact, set()).add(member.patient_id)
    return found
