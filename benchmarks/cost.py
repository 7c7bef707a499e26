"""What a round of the relay costs when a thousand times more is stored than is due."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection

from benchmarks import caseload
from notifications.ladders import climb
from notifications.models import Delivery, Ladder

DUE = 10_000
FILL = """
    INSERT INTO notifications_ladder
        (uid, enrolment_id, cause_kind, cause_uid, counted_on, next_at, stopped_why)
    SELECT gen_random_uuid(), %(enrolment)s, 'check', gen_random_uuid(), %(day)s, %(next_at)s, ''
    FROM generate_series(1, %(count)s)
"""


def measure() -> None:
    """Finding what is due, and what has to be sent, among 10,000 and among 1,000,000 rows."""
    figures = {}
    for stored in (DUE, 1_000_000):
        Ladder.objects.all().delete()
        fill(DUE, datetime.now(tz=UTC) - timedelta(minutes=1))
        fill(stored - DUE, datetime.now(tz=UTC) + timedelta(days=30))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE notifications_ladder")
        began = time.perf_counter()
        looked_at = 0
        while handled := climb(now=datetime.now(tz=UTC)):
            looked_at += handled
        figures[stored] = time.perf_counter() - began
        print(f"  {stored:9,d} ladders, {looked_at:,d} due: {figures[stored]:6.1f} s", flush=True)
    print(f"  ratio {figures[1_000_000] / figures[DUE]:.2f}")
    assert not Delivery.objects.exists()


def fill(count: int, next_at: datetime) -> None:
    """Ladders of checks that no longer exist: looking at one costs the same, and writes no letter."""
    with connection.cursor() as cursor:
        values: dict[str, Any] = {
            "enrolment": caseload.enrolment().pk,
            "day": date(2026, 11, 1),
            "next_at": next_at,
        }
        cursor.execute(FILL, values | {"count": count})
