"""Asking the engine about one child at one moment, and writing down what is new. Twice is once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from clinic import chains, facts
from clinic.entries import lock
from clinic.models import Enrolment, Holiday
from clinic.pen import Pen
from clinic.planwriting import write_plans
from clinic.standing import standing_of
from protocols.engine.review import review
from protocols.engine.workdays import WorkingCalendar
from protocols.reading import pathway_values

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from clinic.models import Actor, Clinic
    from protocols.engine.facts import Facts
    from protocols.engine.pathway import PathwayEdition
    from protocols.engine.plan import Plan

REVIEWED = ("next_review_on", "plan_reviewed_at", "plan_digest")


@transaction.atomic
def review_enrolment(*, enrolment: Enrolment, by: Actor, now: datetime) -> Plan:
    """Ask the engine about one child and write the difference to what stands, in one transaction."""
    locked = lock(enrolment)
    plan = plan_of(locked, now=now)
    settle([(locked, plan)], by=by, now=now)
    locked.save(update_fields=REVIEWED)
    return plan


def plan_of(
    enrolment: Enrolment, *, now: datetime, pathway: PathwayEdition | None = None, known: Facts | None = None
) -> Plan:
    """Return the plan as the engine sees it, writing nothing; under another pathway if one is given."""
    return plan_with(
        enrolment,
        known=known or facts.facts_of(enrolment),
        workdays=workdays_of(enrolment.clinic),
        now=now,
        pathway=pathway,
    )


def plan_with(
    enrolment: Enrolment,
    *,
    known: Facts,
    workdays: WorkingCalendar,
    now: datetime,
    pathway: PathwayEdition | None = None,
) -> Plan:
    """Return the plan that follows from facts gathered before."""
    edition = pathway or pathway_values(enrolment.pathway_edition)
    return review(edition, known, enrolment.clinic.local_date(now), workdays)


def settle(plans: Sequence[tuple[Enrolment, Plan]], *, by: Actor, now: datetime) -> int:
    """Write what some plans say of locked enrolments, together; return how many said anything new.

    The caller saves the columns `REVIEWED` of the enrolments.
    """
    digests = {enrolment.pk: chains.digest_of(plan) for enrolment, plan in plans}
    new = [(each, plan) for each, plan in plans if each.plan_digest != digests[each.pk]]
    if new:
        referred = [enrolment.patient_id for enrolment, plan in new if plan.referral is not None]
        standing = standing_of([enrolment for enrolment, _ in new], referred=referred)
        pen = Pen()
        write_plans(new, standing=standing, by=by, now=now, pen=pen)
        pen.put_down()
    for enrolment, plan in plans:
        note(enrolment, plan, digest=digests[enrolment.pk], now=now)
    return len(new)


def note(enrolment: Enrolment, plan: Plan, *, digest: str, now: datetime) -> None:
    """Note on an enrolment when it was reviewed, what its plan said, and when to look again."""
    enrolment.next_review_on, enrolment.plan_reviewed_at = plan.next_change_on, now
    enrolment.plan_digest = digest


def workdays_of(clinic: Clinic) -> WorkingCalendar:
    """Return the days a clinic works."""
    return workdays_of_many([clinic])[clinic.pk]


def workdays_of_many(clinics: Sequence[Clinic]) -> Mapping[int, WorkingCalendar]:
    """Return the days some clinics work, in one query. ISO weekdays begin with 1, Python's with 0."""
    closed = Holiday.objects.by_clinic(clinic.pk for clinic in clinics)
    return {
        clinic.pk: WorkingCalendar(
            weekdays=frozenset(day - 1 for day in clinic.working_days),
            holidays=closed.get(clinic.pk, frozenset()),
        )
        for clinic in clinics
    }
