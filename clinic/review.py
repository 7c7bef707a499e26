"""Asking the engine about one child at one moment, and writing down what is new. Twice is once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from clinic import chains, facts
from clinic.entries import lock
from clinic.models import Enrolment, Holiday
from clinic.planwriting import Insert, insert_now, write_plan
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
    settle(locked, plan, by=by, now=now)
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


def settle(
    enrolment: Enrolment, plan: Plan, *, by: Actor, now: datetime, insert: Insert = insert_now
) -> bool:
    """Write what a plan says of a locked enrolment; return whether anything was new.

    The caller saves the columns `REVIEWED` of the enrolment itself, many at once where there are many.
    """
    digest = chains.digest_of(plan)
    new = digest != enrolment.plan_digest
    if new:
        write_plan(enrolment=enrolment, plan=plan, by=by, now=now, insert=insert)
    enrolment.next_review_on, enrolment.plan_reviewed_at = plan.next_change_on, now
    enrolment.plan_digest = digest
    return new


def workdays_of(clinic: Clinic) -> WorkingCalendar:
    """Return the days a clinic works."""
    return workdays_of_many([clinic])[clinic.pk]


def workdays_of_many(clinics: Sequence[Clinic]) -> Mapping[int, WorkingCalendar]:
    """Return the days some clinics work, in one query. ISO weekdays begin with 1, Python's with 0."""
    closed: dict[int, set[object]] = {clinic.pk: set() for clinic in clinics}
    for clinic_id, on in Holiday.objects.filter(clinic__in=list(closed)).values_list("clinic", "on"):
        closed[clinic_id].add(on)
    return {
        clinic.pk: WorkingCalendar(
            weekdays=frozenset(day - 1 for day in clinic.working_days),
            holidays=frozenset(closed[clinic.pk]),  # type: ignore[arg-type]
        )
        for clinic in clinics
    }
