"""The whole round, as Celery nudges it: from a timeline entry to a letter in a real mail server."""

from __future__ import annotations

import ast
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

import notifications
from clinic.models import SweepHeartbeat
from clinic.timeline import Kind, tell
from ispath.celery import SCHEDULE, app
from ispath.settings import REDIS_AS_BROKER
from notifications import tasks
from notifications.models import Delivery
from tests.factories.clinic import (
    NOW,
    TODAY,
    ActorFactory,
    CareTeamMemberFactory,
    CheckFactory,
    EnrolmentFactory,
)
from tests.notifications.mailsink import MailSink

pytestmark = pytest.mark.django_db
MORNING = NOW.replace(hour=14)


def a_check_opens(*, due_on: date) -> None:
    """A check of a child whose pediatrician has an address, and the news of it."""
    enrolment = EnrolmentFactory.create()
    CareTeamMemberFactory.create(
        patient=enrolment.patient, clinic=enrolment.clinic, contact__email="doctor@demo.example"
    )
    check = CheckFactory.create(enrolment=enrolment, due_on=due_on)
    tell(Kind.CHECK_OPENED, about=check, enrolment=enrolment, by=ActorFactory.create(), now=NOW)


def at(moment: datetime) -> None:
    """One cycle of the schedule at a moment."""
    with time_machine.travel(moment, tick=False):
        tasks.relay()
        tasks.send_due()


def test_a_check_that_comes_due_reaches_the_practice_in_the_morning_and_never_twice(
    mail_server: MailSink,
) -> None:
    a_check_opens(due_on=TODAY + timedelta(days=1))

    night = MORNING - timedelta(hours=7)
    for minutes in range(0, 60 * 9, 20):
        at(night + timedelta(minutes=minutes))

    assert mail_server.to == ["doctor@demo.example"]
    letter = mail_server.letters[0]
    assert letter["Subject"] == "Coming up: a check by Tue 5 Jan"
    assert {part.get_content_type() for part in letter.walk()} >= {"text/plain", "text/html", "text/calendar"}
    assert Delivery.objects.get().sent_at == MORNING


def test_each_round_leaves_a_sign_of_life(mail_server: MailSink) -> None:
    at(NOW)

    assert set(SweepHeartbeat.objects.values_list("name", "finished_at")) == {("relay", NOW), ("send", NOW)}


def test_b7_however_often_beat_ticks_each_rung_is_said_once(mail_server: MailSink) -> None:
    """B7: one patient got the same message every five minutes for seven days."""
    a_check_opens(due_on=TODAY)

    for day in range(7):
        for minutes in range(0, 40, 5):
            SweepHeartbeat.objects.update(finished_at=MORNING + timedelta(days=day))  # no outage in between
            at(MORNING + timedelta(days=day, minutes=minutes))

    said = [(row.letter, row.reader_id) for row in Delivery.objects.filter(state="sent")]
    assert len(said) == len(set(said)) == len(mail_server.letters) == 2
    assert [letter["Subject"].partition(":")[0] for letter in mail_server.letters] == ["Due", "Overdue"]


def test_b8_no_task_is_put_off_by_celery() -> None:
    """B8: brokers deliver tasks with a far ETA again and again; a later letter is a row with a date."""
    for path in Path(notifications.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.keyword):
                assert node.arg not in {"eta", "countdown"}, path


def test_tasks_ask_nothing_that_only_one_kind_of_broker_can_do() -> None:
    """RabbitMQ takes the place of Redis by another address: nothing is asked back, nothing has a rank."""
    app.loader.import_default_modules()
    ours = [task for name, task in app.tasks.items() if not name.startswith("celery.")]

    assert app.conf.result_backend is None
    assert all(task.ignore_result and task.priority is None for task in ours)
    assert all(set(entry["options"]) == {"expires"} for entry in app.conf.beat_schedule.values())


def test_b10_the_schedule_counts_seconds_and_knows_no_clock_to_change() -> None:
    """B10: crontabs in a local zone skip or double an hour twice a year, and lose what was missed."""
    assert all(isinstance(entry["schedule"], float) for entry in SCHEDULE.values())


def test_b9_a_broker_that_forgets_everything_loses_nothing(mail_server: MailSink) -> None:
    """B9: workers stayed deaf after a reset of Redis. Tasks carry nothing: the next nudge finds the work."""
    for task in (tasks.relay, tasks.send_due, tasks.weekly):
        assert task.run.__code__.co_argcount == 0


def test_b9_every_wait_for_redis_ends_and_what_a_dead_worker_held_comes_back_soon() -> None:
    """B9: without a time-out a worker read for ever from a line that a reset had cut."""
    waits = REDIS_AS_BROKER

    assert 0 < waits["socket_connect_timeout"] <= waits["socket_timeout"] <= 60
    assert waits["health_check_interval"] < waits["socket_timeout"]
    assert waits["unacked_restore_interval"] * waits["unacked_restore_throttle"] <= 60
    assert app.conf.task_time_limit < waits["visibility_timeout"]


def test_sweeps_that_run_only_now_and_then_still_send_what_they_held(mail_server: MailSink) -> None:
    a_check_opens(due_on=TODAY)

    for hours in range(0, 30, 2):  # each time the sweeps were away for two hours
        at(NOW + timedelta(hours=hours))

    assert mail_server.to == ["doctor@demo.example"]
