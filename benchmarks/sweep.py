"""What a night costs: many enrolments of which few are due; rows read and written, children a second.

    python -m benchmarks.sweep [--due 5000] [--enrolments 100000]

The due children are the synthetic clinic's, with all their facts, checks and escalations, swept on the
morning after; the others are more enrolments of the same clinic, whose day has not come. The same night is
swept twice and rolled back: among a tenth of the enrolments, then among all, so that one sees what the cost
follows. Starts servers of its own.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from datetime import datetime, timedelta
from typing import Any

from devstack import testing

# Those who are not due: the rows a sweep must not look at. Each has a few facts and checks, too.
CHILDREN = """
    INSERT INTO clinic_patient (uid, version, created_at, created_by_id, changed_at, changed_by_id, {patient})
    SELECT gen_random_uuid(), 1, t.created_at, t.created_by_id, t.changed_at, t.changed_by_id, {patient_of}
    FROM (SELECT * FROM clinic_patient WHERE is_synthetic LIMIT 1) AS t, generate_series(1, %(more)s)
    RETURNING id
"""
ENROLMENTS = """
    INSERT INTO clinic_enrolment (uid, patient_id, next_review_on, {enrolment})
    SELECT gen_random_uuid(), p.id, %(later)s, {enrolment_of}
    FROM (SELECT * FROM clinic_enrolment WHERE state = 'active' LIMIT 1) AS t,
         (SELECT id FROM clinic_patient WHERE NOT EXISTS
             (SELECT FROM clinic_enrolment AS e WHERE e.patient_id = clinic_patient.id)) AS p
"""
CHECKS = """
    INSERT INTO clinic_check (uid, enrolment_id, patient_id, key, {check})
    SELECT gen_random_uuid(), e.id, e.patient_id, t.key, {check_of}
    FROM (SELECT * FROM clinic_check WHERE course_id IS NULL ORDER BY id LIMIT 4) AS t,
         (SELECT id, patient_id FROM clinic_enrolment AS e WHERE NOT EXISTS
             (SELECT FROM clinic_check AS c WHERE c.enrolment_id = e.id)) AS e
"""


def copied(table: str, alias: str, *own: str) -> dict[str, str]:
    """The columns of a table that a copy of a row takes over, with and without the row's name before them."""
    from django.apps import apps

    fields = apps.get_model("clinic", table)._meta.concrete_fields
    names = [f'"{field.column}"' for field in fields if field.column not in {"id", "uid", *own}]
    return {alias: ", ".join(names), f"{alias}_of": ", ".join(f"t.{name}" for name in names)}


def ask(statement: str, values: Any = None) -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []


def prepare(due: int, now: datetime) -> None:
    """A migrated database and a clinic whose open children are due on the morning after."""
    from django.core.management import call_command

    from clinic.models import Enrolment

    call_command("migrate", verbosity=0, interactive=False)
    call_command("load_library", verbosity=0)
    call_command("seed_clinic", children=due * 5 // 4, as_of=now.date(), verbosity=0)
    tomorrow = now.date() + timedelta(days=1)
    soonest = Enrolment.objects.exclude(next_review_on=None).order_by("next_review_on", "pk")
    keys = list(soonest.values_list("pk", flat=True)[:due])
    Enrolment.objects.update(next_review_on=None)
    Enrolment.objects.filter(pk__in=keys).update(next_review_on=tomorrow)


def grow(enrolments: int, later: Any) -> None:
    """More enrolments, until there are so many; their day has not come."""
    from clinic.models import Enrolment

    stamped = ("version", "created_at", "created_by_id", "changed_at", "changed_by_id")
    more = enrolments - Enrolment.objects.count()
    columns = {
        **copied("patient", "patient", *stamped),
        **copied("enrolment", "enrolment", "patient_id", "next_review_on"),
        **copied("check", "check", "enrolment_id", "patient_id", "key"),
    }
    for statement in (CHILDREN, ENROLMENTS, CHECKS):
        ask(statement.format(**columns), {"more": max(more, 0), "later": later})
    ask("ANALYZE")


COUNTED = """
    SELECT coalesce(sum(seq_tup_read), 0)::bigint, coalesce(sum(idx_tup_fetch), 0)::bigint,
           sum(n_tup_ins)::bigint, sum(n_tup_upd)::bigint, sum(n_tup_del)::bigint
    FROM pg_stat_xact_user_tables
"""


def counted() -> list[int]:
    """Rows read whole and by index, new, changed and deleted in this transaction, as counted."""
    return list(ask(COUNTED)[0])


def night(now: datetime) -> None:
    """One sweep: how long, how many rows."""
    from clinic.models import Enrolment
    from clinic.sweep import sweep

    before, busy, began = counted(), resource.getrusage(resource.RUSAGE_SELF).ru_utime, time.perf_counter()
    swept = sweep(now=now)
    seconds = time.perf_counter() - began
    busy = resource.getrusage(resource.RUSAGE_SELF).ru_utime - busy
    whole, by_index, new, changed, gone = (now - then for now, then in zip(counted(), before, strict=True))
    print(
        f"  {Enrolment.objects.count():,} enrolments, {swept.looked_at:,} due, {swept.changed:,} changed:"
        f" {seconds:.1f} s ({busy:.1f} s of processor), {swept.looked_at / seconds:,.0f} children a second\n"
        f"    rows read {whole + by_index:,} (by index {by_index:,}, from whole tables {whole:,}),"
        f" written {new + changed:,} (new {new:,}, changed {changed:,}), deleted {gone:,}",
        flush=True,
    )


def show_plan(now: datetime) -> None:
    """How PostgreSQL finds the due ones."""
    from clinic.models import Clinic, Enrolment

    clinic = Clinic.objects.get(key="lakeside")
    due = Enrolment.objects.plan_can_change_by(clinic.local_date(now)).filter(clinic=clinic)
    print("  " + due.values_list("pk")[:100].explain(analyze=True).replace("\n", "\n  "), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--due", type=int, default=5_000)
    parser.add_argument("--enrolments", type=int, default=100_000)
    given = parser.parse_args()
    testing.start()
    os.environ.update({"DJANGO_SETTINGS_MODULE": "benchmarks.settings", "DATABASE_ROLE": "owner"})
    import django

    django.setup()
    now = datetime.now().astimezone()
    began = time.perf_counter()
    prepare(given.due, now)
    print(f"  prepared in {time.perf_counter() - began:.0f} s", flush=True)
    from django.db import transaction

    for size in (given.enrolments // 10, given.enrolments):
        grow(size, now.date() + timedelta(days=60))
        show_plan(now + timedelta(days=1))
        with transaction.atomic():
            night(now + timedelta(days=1))
            transaction.set_rollback(True)


if __name__ == "__main__":
    main()
