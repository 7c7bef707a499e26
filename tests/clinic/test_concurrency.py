"""A hundred deliveries of the deciding EEG at once: one verdict, one escalation, one referral."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from clinic import recording, sweep
from clinic.entries import Entry
from clinic.models import Eeg, Enrolment, Escalation, Referral, ResponseAssessment, SweepHeartbeat
from tests.factories import ward as w

AT_ONCE = 8
DELIVERIES = 100


@pytest.fixture
def failing_child(transactional_db: None) -> Iterator[tuple[w.Ward, Enrolment]]:
    """A child on both mechanisms from the same day: the next positive EEG fails both."""
    ward = w.ward()
    child = ward.child()
    ward.start(child)
    ward.start(child, "vigabatrin-us-label", products={"vigabatrin": "vigabatrin-50mg-ml"})
    yield ward, child
    connections.close_all()


def test_a_hundred_parallel_deciding_eegs_lead_to_one_referral(
    failing_child: tuple[w.Ward, Enrolment],
) -> None:
    ward, child = failing_child

    def deliver(number: int) -> None:
        try:
            recording.record_eeg(
                enrolment=child,
                entry=Entry(happened_on=w.day(14), source_system="lab", source_value=str(number)),
                by=ward.nurse,
                now=w.at(w.day(14)),
                hypsarrhythmia=True,
                sleep=True,
                minutes=180,
                accession="EEG-771",
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(deliver, range(DELIVERIES)))

    assert Eeg.objects.count() == DELIVERIES
    assert Referral.objects.count() == 1
    assert [reason.rule for reason in Referral.objects.get().reasons.all()] == ["E04"]
    assert Escalation.objects.filter(rule="E02").count() == 1
    assert ResponseAssessment.objects.filter(superseded_on=None).count() == 1


def test_the_same_result_delivered_a_hundred_times_is_one_fact(
    failing_child: tuple[w.Ward, Enrolment],
) -> None:
    ward, child = failing_child

    def deliver(_: int) -> int:
        try:
            return recording.record_blood_pressure(
                enrolment=child,
                entry=Entry(happened_on=w.START, source_system="lab", source_value="FLOW-1"),
                by=ward.nurse,
                now=w.at(w.START),
                systolic=92,
                diastolic=54,
            ).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        keys = set(pool.map(deliver, range(20)))

    assert len(keys) == 1


def test_two_sweeps_at_once_do_no_harm(failing_child: tuple[w.Ward, Enrolment]) -> None:
    _, child = failing_child

    def run(_: int) -> int:
        try:
            return sweep.sweep(now=w.at(w.day(18))).changed
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        changed = sum(pool.map(run, range(2)))

    assert changed == 1
    assert Escalation.objects.filter(enrolment=child, rule="E01").count() == 1
    assert SweepHeartbeat.objects.get().finished_at == w.at(w.day(18))
