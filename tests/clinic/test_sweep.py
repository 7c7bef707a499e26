"""What time alone changes. The sweep may be missed for a week, run twice, or meet a poisonous child."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic import review, sweep
from clinic.models import Check, Enrolment, Escalation, SweepHeartbeat, TimelineEntry
from clinic.tasks import review_due
from tests.factories import ward as w

MORNING = 12  # 12:00 UTC is six in the morning in Chicago


def test_an_eeg_that_never_comes_is_escalated_by_the_sweep(ward: w.Ward) -> None:
    child = ward.child()
    ward.start(child)

    for elapsed in range(1, 29):
        sweep.sweep(now=w.at(w.day(elapsed), MORNING))

    raised = dict(Escalation.objects.filter(enrolment=child).values_list("rule", "raised_on"))
    assert raised["E01"] == w.day(18)
    assert raised["E01b"] == w.day(28)
    assert Check.objects.get(enrolment=child, code="EEG14").state == "overdue"


def test_a_sweep_that_missed_four_weeks_leads_to_the_same_rows(ward: w.Ward) -> None:
    daily, missed = ward.child(), ward.child()
    ward.start(daily)
    ward.start(missed)
    for elapsed in range(1, 29):
        row = Enrolment.objects.get(pk=daily.pk)
        review.review_enrolment(enrolment=row, by=ward.nurse, now=w.at(w.day(elapsed), MORNING))

    sweep.sweep(now=w.at(w.day(28), MORNING))

    def rows(child: Enrolment) -> list[tuple[object, ...]]:
        checks = Check.objects.filter(enrolment=child).order_by("code", "due_on", "opens_on")
        raised = Escalation.objects.filter(enrolment=child).order_by("rule", "raised_on")
        return [
            *checks.values_list("code", "opens_on", "due_on", "state", "state_since_on"),
            *raised.values_list("rule", "raised_on", "act_by_on", "state"),
        ]

    assert rows(missed) == rows(daily)


def test_a_second_run_writes_nothing(ward: w.Ward) -> None:
    ward.start(ward.child())
    sweep.sweep(now=w.at(w.day(18), MORNING))
    told = TimelineEntry.objects.count()

    again = sweep.sweep(now=w.at(w.day(18), MORNING + 1))

    assert again.changed == 0
    assert TimelineEntry.objects.count() == told


def test_every_open_enrolment_has_a_day_on_which_it_is_looked_at_again(ward: w.Ward) -> None:
    ward.start(ward.child())
    ward.child()

    for elapsed in range(60):
        sweep.sweep(now=w.at(w.day(elapsed), MORNING))
        today = w.day(elapsed)
        assert not Enrolment.objects.open().filter(next_review_on=None).exists()
        assert not Enrolment.objects.open().filter(next_review_on__lte=today).exists()


def test_only_those_whose_plan_can_have_changed_are_looked_at(ward: w.Ward) -> None:
    due, later = ward.child(), ward.child()
    Enrolment.objects.filter(pk=due.pk).update(next_review_on=w.day(3))
    Enrolment.objects.filter(pk=later.pk).update(next_review_on=w.day(4))

    swept = sweep.sweep(now=w.at(w.day(3), MORNING))

    assert swept.looked_at == 1


def test_a_child_that_cannot_be_reviewed_blocks_nobody(ward: w.Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    poisonous, other = ward.child(), ward.child()
    ward.start(other)
    Enrolment.objects.update(next_review_on=w.day(18))
    honest = review.plan_with

    def plan_with(enrolment: Enrolment, **known: object) -> object:
        if enrolment.pk == poisonous.pk:
            raise ZeroDivisionError
        return honest(enrolment, **known)  # type: ignore[arg-type]

    monkeypatch.setattr(sweep, "plan_with", plan_with)

    with pytest.raises(ExceptionGroup) as failed:
        sweep.sweep(now=w.at(w.day(18), MORNING))

    assert isinstance(failed.value.exceptions[0], ZeroDivisionError)
    assert Escalation.objects.filter(enrolment=other, rule="E01").exists()
    assert SweepHeartbeat.objects.get().failed == 1


def test_the_cost_follows_the_batches_not_the_children(ward: w.Ward) -> None:
    for _ in range(3):
        ward.child()
    Enrolment.objects.update(next_review_on=w.day(1))
    sweep.sweep(now=w.at(w.day(1), MORNING))
    Enrolment.objects.update(next_review_on=w.day(2))
    with CaptureQueriesContext(connection) as three:
        sweep.sweep(now=w.at(w.day(2), MORNING))
    for _ in range(6):
        ward.child()
    Enrolment.objects.update(next_review_on=w.day(3))

    with CaptureQueriesContext(connection) as nine:
        sweep.sweep(now=w.at(w.day(3), MORNING))

    assert len(nine) == len(three)


def test_plans_that_change_are_written_in_as_many_statements_however_many_children(ward: w.Ward) -> None:
    sweep.sweep(now=w.at(w.day(18), MORNING - 1))

    def statements(children: int) -> int:
        for _ in range(children):
            ward.start(ward.child())
        with CaptureQueriesContext(connection) as captured:
            swept = sweep.sweep(now=w.at(w.day(18), MORNING + children))
        assert swept.changed == children
        return len(captured)

    assert statements(2) == statements(5)
    assert Escalation.objects.filter(rule="E01").count() == 7


@pytest.mark.django_db
def test_the_due_ones_are_found_by_an_index_that_holds_only_those_with_a_day() -> None:
    due = Enrolment.objects.plan_can_change_by(w.day(18))

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # so few rows are read from the table otherwise

    assert "enrolment_by_next_review" in due.explain()


def test_the_task_and_the_command_are_the_sweep(
    ward: w.Ward, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: dt.datetime(2027, 1, 22, 12, tzinfo=dt.UTC))
    ward.start(ward.child())

    review_due()
    call_command("review_due")

    assert "0 plans reviewed, 0 changed" in capsys.readouterr().out
    assert SweepHeartbeat.objects.get().looked_at == 0
    assert Escalation.objects.filter(rule="E01").exists()
