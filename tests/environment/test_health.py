from __future__ import annotations

from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from clinic.models import SweepHeartbeat
from ispath import health
from ispath.celery import SCHEDULE, SWEEPS, app
from ispath.tasks import ping
from notifications.models import MailServer
from tests.factories.notifications import DeliveryFactory

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def all_sweeps_ran(at: datetime) -> None:
    for name in SWEEPS:
        SweepHeartbeat.objects.create(name=name, started_at=at, finished_at=at)


def unwell(now: datetime) -> dict[str, str]:
    return {part.name: part.says for part in health.parts(now) if not part.well}


def test_a_process_that_lives_says_so_to_whoever_asks(client: Client) -> None:
    answer = client.get("/healthz", headers={"host": "no.such.host"})

    assert (answer.status_code, answer.content) == (200, b"alive\n")


def test_all_is_well_when_every_sweep_has_just_run(client: Client) -> None:
    all_sweeps_ran(datetime.now(tz=UTC))

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["ready"] is True
    assert {"database", "redis", *SWEEPS, "news", "outbox", "mail-server", "editions"} == set(
        answer.json()["parts"]
    )


def test_a_sweep_that_never_ran_makes_it_not_ready(client: Client) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert "are worker and beat running?" in answer.json()["parts"]["relay"]["says"]


@pytest.mark.parametrize("name", SWEEPS)
def test_a_sweep_is_missing_after_two_cycles_and_a_minute(name: str) -> None:
    all_sweeps_ran(NOW)
    SweepHeartbeat.objects.exclude(name=name).update(finished_at=NOW + timedelta(hours=1))
    limit = timedelta(seconds=2 * SCHEDULE[name]["schedule"] + 60)

    assert unwell(NOW + limit) == {}
    assert set(unwell(NOW + limit + timedelta(seconds=1))) == {name}


def test_redis_that_does_not_answer_is_said_without_its_address(settings: Settings) -> None:
    all_sweeps_ran(NOW)
    settings.REDIS_URL = "redis://:secret@127.0.0.1:1/0"

    assert unwell(NOW) == {"redis": "does not answer (ConnectionError)"}


def test_a_letter_that_waits_too_long_is_said() -> None:
    part = health.waiting("outbox", NOW - timedelta(minutes=31), NOW)

    assert (part.well, part.says) == (False, "the oldest has waited 1860 s")


def test_looking_for_a_late_letter_reads_no_letter_that_has_gone() -> None:
    with CaptureQueriesContext(connection) as asked:
        health.outbox(NOW)

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # so few rows are read from the table otherwise
        for query in asked:
            cursor.execute(f"EXPLAIN {query['sql']}")
            assert "using delivery_" in str(cursor.fetchall())


def test_the_oldest_of_waiting_and_packed_letters_counts() -> None:
    DeliveryFactory.create(state="ready", send_at=NOW - timedelta(minutes=40))
    DeliveryFactory.create(state="waiting", send_at=NOW - timedelta(minutes=10))

    assert health.outbox(NOW).seconds == timedelta(minutes=40).total_seconds()


def test_a_mail_server_that_refuses_twice_is_said() -> None:
    all_sweeps_ran(NOW)
    MailServer.objects.create(name="default", refusals_in_a_row=2)

    assert unwell(NOW) == {"mail-server": "has refused 2 times in a row"}


def test_the_numbers_for_a_monitor_hold_no_more_than_parts_and_seconds(client: Client) -> None:
    all_sweeps_ran(datetime.now(tz=UTC))

    lines = client.get("/metrics").content.decode().splitlines()

    assert 'ispath_part_well{part="database"} 1' in lines
    assert any(line.startswith('ispath_part_seconds{part="relay"} ') for line in lines)


def test_every_line_of_the_schedule_names_a_task_that_exists() -> None:
    app.loader.import_default_modules()

    assert {entry["task"] for entry in SCHEDULE.values()} <= set(app.tasks)
    assert set(SWEEPS) <= set(SCHEDULE)


class Monitor:
    def __init__(self) -> None:
        self.asked: list[str] = []
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, daemon=True).start()


def test_the_outside_monitor_hears_only_that_all_is_well(settings: Settings) -> None:
    monitor = Monitor()
    settings.HEARTBEAT_PING_URL = f"http://127.0.0.1:{monitor.server.server_port}/here"

    ping()
    assert monitor.asked == []

    all_sweeps_ran(datetime.now(tz=UTC))
    ping()
    assert monitor.asked == ["/here"]

    monitor.server.shutdown()
    monitor.server.server_close()
