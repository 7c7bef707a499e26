"""What a morning costs when a hundred times more is stored than is due: the whole of it, step by step.

    python -m benchmarks.sweep [--due 10000] [--enrolments 1000000]

The due children are the synthetic clinic's, with all their facts, checks, ladders and letters; the others
are copies of one of them whose day has not come. The same morning is worked off twice, in two copies of one
database, each by a process of its own: without the others, and among them. A step is what Celery nudges,
until nothing is left; letters go to a mail server that takes everything at once. Starts servers of its own,
on disk: a million enrolments need 15 GB of it.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.field import ROOT, Field, battlefield
from benchmarks.others import fill
from devstack import surroundings

if TYPE_CHECKING:
    from django.core.mail import EmailMultiAlternatives

# A Tuesday's afternoon, the night after it, and half past eight in Chicago, where the seeded clinic is.
EVENING = datetime(2026, 11, 17, 20, tzinfo=UTC)
NIGHT = datetime(2026, 11, 18, 6, 10, tzinfo=UTC)
MORNING = datetime(2026, 11, 18, 14, 30, tzinfo=UTC)
FEW, MANY = "few", surroundings.DATABASE
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What something took: seconds of processor and of the clock, rows and pages as PostgreSQL counts."""

    handled: int = 0
    clock: float = 0.0
    python: float = 0.0
    postgres: float = 0.0
    read: int = 0
    written: int = 0
    pages: int = 0

    def since(self, before: Cost, *, handled: int) -> Cost:
        took = {one.name: getattr(self, one.name) - getattr(before, one.name) for one in fields(Cost)}
        return Cost(**took | {"handled": handled})

    @property
    def processor(self) -> float:
        return self.python + self.postgres


COUNTED = """
    SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::bigint,
        sum(n_tup_ins + n_tup_upd + n_tup_del)::bigint,
        (SELECT sum(heap_blks_read + heap_blks_hit + coalesce(idx_blks_read + idx_blks_hit, 0))::bigint
         FROM pg_statio_user_tables)
    FROM pg_stat_user_tables
"""


def ask(statement: str) -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def so_far() -> Cost:
    """What this process and its one session have cost until now."""
    ((session, _),) = ask("SELECT pg_backend_pid(), pg_stat_force_next_flush()")
    ((read, written, pages),) = ask(COUNTED)
    ticks = Path(f"/proc/{session}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
    return Cost(
        clock=time.perf_counter(),
        python=time.process_time(),
        postgres=sum(map(int, ticks)) / TICKS,
        read=read,
        written=written,
        pages=pages,
    )


class TakesAll:
    """A mail server that takes everything at once."""

    def hand_over(self, message: EmailMultiAlternatives) -> str:
        return ""

    def close(self) -> None:
        """Nothing is open."""


def steps() -> Mapping[str, Callable[[], int]]:
    """What Celery nudges; each says how much there was to do."""
    from clinic.sweep import sweep
    from ispath.health import parts
    from notifications.climbing import climb
    from notifications.letterhead import read_letterhead
    from notifications.packing import pack
    from notifications.receipts import handle_waiting
    from notifications.relay import relay_entries
    from notifications.sending import send_due
    from notifications.weekly import write_weekly

    house = read_letterhead()
    return {
        "the clinic's sweep": lambda: sweep(now=NIGHT).looked_at,
        "relay: news": lambda: until_nothing(lambda: relay_entries(now=NIGHT)),
        "relay: ladders": lambda: until_nothing(lambda: climb(now=NIGHT)),
        "the week's letters": lambda: write_weekly(now=NIGHT),
        "the next nudge, with nothing to do": lambda: (
            sweep(now=NIGHT).looked_at + relay_entries(now=NIGHT) + climb(now=NIGHT) + write_weekly(now=NIGHT)
        ),
        "receipts, packing": lambda: handle_waiting(now=MORNING) + until_nothing(lambda: pack(now=MORNING)),
        "sending": lambda: (
            send_due(
                posts=[TakesAll()], house=house, clock=lambda: MORNING, until=EVENING.max.replace(tzinfo=UTC)
            ).handled
        ),
        "/readyz": lambda: len(parts(MORNING)),
    }


def until_nothing(step: Callable[[], int]) -> int:
    done = 0
    while more := step():
        done += more
    return done


def morning() -> dict[str, Cost]:
    """Every step once."""
    costs = {}
    for name, step in steps().items():
        before = so_far()
        handled = step()
        costs[name] = so_far().since(before, handled=handled)
    return costs


def in_a_process_of_its_own(one: Field, database: str) -> dict[str, Cost]:
    one.postgres.psql(database, "VACUUM ANALYZE")
    one.postgres.psql(database, "CHECKPOINT")
    env = one.env | {"DATABASE_URL": surroundings.postgres_url(one.sockets, surroundings.APP, database)}
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.sweep", "--one-morning"]
    done = subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE)
    return {name: Cost(**cost) for name, cost in json.loads(done.stdout).items()}


def prepare(due: int) -> None:
    """A clinic whose open children are due on the morning after; what happened before has been told."""
    from django.core.management import call_command
    from django.db import connection

    from clinic.models import Enrolment
    from notifications.models import Delivery

    call_command("load_library", verbosity=0)
    call_command("seed_clinic", children=due * 5 // 4, as_of=EVENING.date(), verbosity=0)
    soonest = Enrolment.objects.exclude(next_review_on=None).order_by("next_review_on", "pk")
    keys = list(soonest.values_list("pk", flat=True)[:due])
    Enrolment.objects.update(next_review_on=None)
    Enrolment.objects.filter(pk__in=keys).update(next_review_on=MORNING.date())
    connection.close()
    tellers = [multiprocessing.Process(target=tell_what_happened) for _ in range(os.cpu_count() or 1)]
    for teller in tellers:
        teller.start()
    for teller in tellers:
        teller.join()
    Delivery.objects.filter(state="waiting").update(state="sent", sent_at=EVENING, settled_at=EVENING)
    connection.close()


def tell_what_happened() -> None:
    from notifications.relay import relay

    until_nothing(lambda: relay(now=EVENING))


def show(few: dict[str, Cost], many: dict[str, Cost], enrolments: tuple[int, int]) -> None:
    """Two lines for each step, and what the many cost against the few."""
    print(f"  {'':36s}    handled  processor (Python + PostgreSQL)  rows read    written  pages")
    for name, cost_of_few in few.items():
        for stored, cost in zip(enrolments, (cost_of_few, many[name]), strict=True):
            print(
                f"  {name:36s} {stored:9,d} {cost.handled:8,d} {cost.processor:8.2f} s"
                f" ({cost.python:.2f} + {cost.postgres:.2f}) {cost.clock:8.2f} s by the clock"
                f" {cost.read:12,d} {cost.written:10,d} {cost.pages:12,d}",
                flush=True,
            )
    for what in ("processor", "clock", "read", "written", "pages"):
        sums = [sum(getattr(cost, what) for cost in costs.values()) for costs in (few, many)]
        print(f"  {what:10s} {sums[0]:14,.1f} {sums[1]:14,.1f}   ratio {sums[1] / sums[0]:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--due", type=int, default=10_000)
    parser.add_argument("--enrolments", type=int, default=1_000_000)
    parser.add_argument("--one-morning", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one_morning:
        import django

        django.setup()
        print(json.dumps({name: asdict(cost) for name, cost in morning().items()}))
        return
    compare(due=given.due, enrolments=given.enrolments)


def compare(*, due: int, enrolments: int) -> None:
    began = time.perf_counter()
    with battlefield(forgetful=True) as one:
        import django

        os.environ["DATABASE_ROLE"] = "owner"
        django.setup()
        prepare(due)
        one.postgres.psql("postgres", f"CREATE DATABASE {FEW} TEMPLATE {MANY}")
        ((stored,),) = ask("SELECT count(*) FROM clinic_enrolment")
        print(f"  {stored:,} enrolments after {time.perf_counter() - began:.0f} s", flush=True)
        few = in_a_process_of_its_own(one, FEW)
        fill(one.postgres, MANY, more=enrolments - stored, day=MORNING.date())
        print(f"  {enrolments:,} enrolments after {time.perf_counter() - began:.0f} s", flush=True)
        many = in_a_process_of_its_own(one, MANY)
        show(few, many, (stored, enrolments))


if __name__ == "__main__":
    main()
