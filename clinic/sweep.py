"""What time alone changes: the sweep reviews those whose plan can have changed, and nobody else.

It can be missed for a week or run twice at once: each child is taken by one sweep at a time, and a
review that finds nothing new writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from clinic import facts
from clinic.actors import sweep_actor
from clinic.manyrows import rewrite
from clinic.models import Clinic, Enrolment, SweepHeartbeat
from clinic.review import REVIEWED, plan_with, settle, workdays_of_many
from clinic.worklist import SWEEP

if TYPE_CHECKING:
    from datetime import datetime

    from clinic.models import Actor

BATCH = 100


@dataclass(slots=True, kw_only=True)
class Swept:
    """What a sweep did."""

    looked_at: int = 0
    changed: int = 0
    failed: int = 0


def sweep(*, now: datetime, batch: int = BATCH) -> Swept:
    """Review every enrolment whose plan can have changed by now, in batches; raise at the end what failed.

    A child whose review fails blocks nobody: it is left for last, and told by an exception group.
    """
    by = sweep_actor()
    beat(now=now, started=True, swept=Swept())
    swept, failures = Swept(), list[Exception]()
    skipped: set[int] = set()
    for clinic in Clinic.objects.order_by("pk"):
        while keys := due_keys(clinic, now=now, skipped=skipped, batch=batch):
            try:
                swept_now, left = sweep_batch(keys, clinic, by=by, now=now)
            except Exception:  # noqa: BLE001 - one child must not keep the others of its batch waiting
                swept_now, left = sweep_singly(keys, clinic, by=by, now=now, failures=failures)
            swept.looked_at += swept_now.looked_at
            swept.changed += swept_now.changed
            skipped |= left
    swept.failed = len(failures)
    beat(now=now, started=False, swept=swept)
    if failures:
        message = "some plans could not be reviewed"
        raise ExceptionGroup(message, failures)
    return swept


def due_keys(clinic: Clinic, *, now: datetime, skipped: set[int], batch: int) -> list[int]:
    """Return the next enrolments of a clinic whose plan can have changed, longest waiting first."""
    due = Enrolment.objects.plan_can_change_by(clinic.local_date(now)).filter(clinic=clinic)
    unseen = due.exclude(pk__in=skipped) if skipped else due
    return list(unseen.exclude(plan_reviewed_at__gte=now).values_list("pk", flat=True)[:batch])


@transaction.atomic
def sweep_batch(keys: list[int], clinic: Clinic, *, by: Actor, now: datetime) -> tuple[Swept, set[int]]:
    """Review one batch; those another sweep has in hand are left to it. Returns them too."""
    rows = list(
        Enrolment.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(pk__in=keys)
        .select_related("patient", "clinic", "pathway_edition__pathway")
        .order_by("pk")
    )
    known = facts.facts_of_many(rows)
    workdays = workdays_of_many([clinic])[clinic.pk]
    plans = [(row, plan_with(row, known=known[row.pk], workdays=workdays, now=now)) for row in rows]
    swept = Swept(looked_at=len(plans), changed=settle(plans, by=by, now=now))
    rewrite(rows, REVIEWED)
    waits = {row.pk for row in rows if row.next_review_on and row.next_review_on <= clinic.local_date(now)}
    return swept, (set(keys) - {row.pk for row in rows}) | waits


def sweep_singly(
    keys: list[int], clinic: Clinic, *, by: Actor, now: datetime, failures: list[Exception]
) -> tuple[Swept, set[int]]:
    """Review a batch child by child, because one of them fails; keep what fails for the end."""
    swept, left = Swept(), set[int]()
    for key in keys:
        try:
            one, waits = sweep_batch([key], clinic, by=by, now=now)
        except Exception as failure:  # noqa: BLE001 - raised at the end of the sweep, with the others
            failures.append(failure)
            left.add(key)
            continue
        swept.looked_at += one.looked_at
        swept.changed += one.changed
        left |= waits
    return swept, left


def beat(*, now: datetime, started: bool, swept: Swept) -> None:
    """Leave a heartbeat for those who watch."""
    values = {"started_at": now} if started else {"finished_at": now}
    counts = {"looked_at": swept.looked_at, "changed": swept.changed, "failed": swept.failed}
    SweepHeartbeat.objects.update_or_create(
        name=SWEEP,
        defaults=values if started else {**values, **counts},
        create_defaults={"started_at": now, **values, **counts},
    )
