"""Known bugs of other systems that concern letters and are not told elsewhere: each is shown to be absent.

The others stand beside what they are about: `docs/known-bugs.md` says where.
"""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from clinic.actors import sweep_actor
from clinic.models import Check, Enrolment, WorkItem
from clinic.review import review_enrolment
from clinic.timeline import Kind, tell
from notifications import claiming, rounds
from notifications.climbing import climb
from notifications.models import Delivery, Ladder
from notifications.packing import pack
from notifications.relay import relay, relay_entries
from notifications.stillwanted import look_again
from tests.factories import clinic as make
from tests.factories import ward as w
from tests.factories.clinic import NOW, TODAY
from tests.factories.notifications import DeliveryFactory
from tests.notifications.conftest import HOUSE, send
from tests.notifications.mailsink import MailSink

pytestmark = pytest.mark.django_db
SOLUTION = {"prednisolone": "prednisolone-10mg-ml"}


def followed() -> Enrolment:
    """A child with a pediatrician and a nurse."""
    child: Enrolment = make.EnrolmentFactory.create()
    make.CareTeamMemberFactory.create(patient=child.patient, clinic=child.clinic)
    make.MembershipFactory.create(
        clinic=child.clinic, actor__user__username="n@demo.example", actor__user__email="n@demo.example"
    )
    return child


def check_of(child: Enrolment, *, due_on: dt.date) -> Check:
    """A check the timeline has told of."""
    check: Check = make.CheckFactory.create(
        enrolment=child, opens_on=due_on - dt.timedelta(days=3), due_on=due_on, closes_on=due_on
    )
    tell(Kind.CHECK_OPENED, about=check, enrolment=child, by=sweep_actor(), now=NOW)
    return check


def test_b12_a_last_check_that_has_expired_ends_nothing_and_is_still_told(mail_server: MailSink) -> None:
    """B12: the plan counted as complete when its last task expired, and nobody heard of it again."""
    child = followed()
    check = check_of(child, due_on=TODAY)
    relay_entries(now=NOW)
    long_after = NOW + dt.timedelta(days=90)

    relay(now=long_after)
    morning = long_after + dt.timedelta(days=4)
    pack(now=morning)
    send(now=morning)

    check.refresh_from_db()
    child.refresh_from_db()
    assert (check.state, child.state) == ("due", "active")
    assert "Still missing" in mail_server.letters[0]["Subject"]
    assert Ladder.objects.get().stopped_at is None


def test_b13_the_same_news_told_and_relayed_again_writes_no_second_letter() -> None:
    """B13: applying a plan a second time made a second set of everything."""
    child = followed()
    check = check_of(child, due_on=TODAY)
    relay(now=NOW)
    before = list(Delivery.objects.order_by("pk").values_list("pk", flat=True))

    for _ in range(3):
        Ladder.objects.update(said=None, next_at=NOW)
        tell(Kind.CHECK_OPENED, about=check, enrolment=child, by=sweep_actor(), now=NOW)
        relay(now=NOW)

    assert list(Delivery.objects.order_by("pk").values_list("pk", flat=True)) == before
    assert before


def test_b13_a_review_that_is_done_again_asks_for_no_second_letter() -> None:
    """B13, from the fact on: the same review twice is the same plan and the same letters."""
    ward = w.ward("iess-first-line")
    child = ward.child()
    make.CareTeamMemberFactory.create(patient=child.patient, clinic=ward.clinic, role="pediatrician")
    ward.start(child, products=SOLUTION)
    relay(now=w.at(w.START))
    before = Delivery.objects.count()

    for _ in range(3):
        review_enrolment(enrolment=child, by=ward.nurse, now=w.at(w.START))
        relay(now=w.at(w.START))

    assert Delivery.objects.count() == before > 0


def test_b14_a_ladder_stays_with_the_edition_the_child_follows() -> None:
    """B14: the newest template won over the one a child had been started on."""
    ward = w.ward("iess-first-line")
    child = ward.child()
    make.CareTeamMemberFactory.create(patient=child.patient, clinic=ward.clinic, role="pediatrician")
    ward.start(child, products=SOLUTION)
    relay(now=w.at(w.START))
    of_the_child = {str(child.pathway_edition_id)}

    newer = w.ward("iess-reference", key="north")  # the same clinic adopts another edition
    for days in range(1, 9):
        relay(now=w.at(w.day(days)))

    child.refresh_from_db()
    written = set(Delivery.objects.filter(enrolment=child).values_list("edition", flat=True))
    assert newer.clinic == ward.clinic
    assert written == of_the_child == {str(child.pathway_edition_id)}


def test_b15_a_letter_is_known_by_its_cause_and_never_by_a_hash_of_it() -> None:
    """B15: a 32-bit hash as identity made some reminders look as if they had been sent."""
    (index,) = (
        one
        for one in Delivery._meta.constraints
        if one.name == "delivery_written_once_per_cause_rung_and_reader"
    )
    assert getattr(index, "fields", ()) == ("cause_kind", "cause_uid", "rung", "reader")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
            " WHERE attrelid = 'notifications_delivery'::regclass AND attname IN ('cause_uid', 'uid')"
        )
        assert dict(cursor.fetchall()) == {"cause_uid": "uuid", "uid": "uuid"}
    one = DeliveryFactory.create(cause_uid=UUID(int=1))
    for number in range(2, 40):  # hash(UUID(int=n)) repeats itself every 2**61 - 1
        DeliveryFactory.create(cause_uid=UUID(int=1 + (number - 1) * (2**61 - 1)), reader=one.reader)

    assert Delivery.objects.count() == 39
    assert len({hash(uid) for uid in Delivery.objects.values_list("cause_uid", flat=True)}) == 1


def test_b16_a_ladder_that_climbs_does_not_read_all_that_waits() -> None:
    """B16, in the database: each rung read every waiting letter of everybody."""
    child = followed()
    check_of(child, due_on=TODAY)
    relay(now=NOW)
    before = set(Delivery.objects.values_list("level", flat=True))

    with CaptureQueriesContext(connection) as asked:
        relay(now=NOW + dt.timedelta(days=2))

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # so few rows are read from the table otherwise
        reads = [query["sql"] for query in asked if query["sql"].startswith("SELECT")]
        plans = [_plan(cursor, sql) for sql in reads if "notifications_delivery" in sql]
    assert before < set(Delivery.objects.values_list("level", flat=True))
    assert Delivery.objects.filter(state="overtaken").exists()
    assert plans
    assert not any("delivery_waiting" in plan for plan in plans)


def _plan(cursor: Any, statement: str) -> str:
    cursor.execute(f"EXPLAIN {statement}")
    return str(cursor.fetchall())


def test_b16_climbing_costs_the_same_statements_for_few_ladders_and_for_many() -> None:
    """B16: twenty statements for each ladder, for readers, hours and rungs that many of them share."""
    ward = w.ward("iess-first-line")
    make.MembershipFactory.create(
        clinic=ward.clinic, actor__user__username="n@demo.example", actor__user__email="n@demo.example"
    )

    def statements(children: int) -> int:
        for _ in range(children):
            child = ward.child()
            make.CareTeamMemberFactory.create(patient=child.patient, clinic=child.clinic)
            check_of(child, due_on=TODAY)
            escalation = make.EscalationFactory.create(enrolment=child, recipients=[{"role": "neurologist"}])
            tell(Kind.ESCALATION_RAISED, about=escalation, enrolment=child, by=sweep_actor(), now=NOW)
        relay_entries(now=NOW)
        climb(now=NOW)
        Delivery.objects.update(state="waiting")
        told = Delivery.objects.count()
        with CaptureQueriesContext(connection) as found:
            assert climb(now=NOW + dt.timedelta(days=1)) == 2 * children
        assert Delivery.objects.count() == told + 2 * children
        assert Delivery.objects.filter(state="overtaken").exists()
        Ladder.objects.update(next_at=None)
        return len(found)

    assert statements(3) == statements(6) <= 30


@pytest.mark.parametrize("kind", ["check", "news"])
def test_b16_looking_again_costs_the_same_for_two_letters_and_for_twenty(kind: str) -> None:
    """B16: a query for each patient and rule."""

    def queries(count: int) -> int:
        rows = [DeliveryFactory.create(cause_kind=kind, letter="check_due").pk for _ in range(count)]
        with CaptureQueriesContext(
            connection,
        ) as found:
            look_again(rows, now=NOW)
        return len(found)

    assert queries(2) == queries(20) <= 8


def test_b16_settling_costs_one_statement_for_all_that_was_taken() -> None:
    """B16, at the other end: one commit for whatever the server has taken by now."""
    rows = DeliveryFactory.create_batch(12)
    token = UUID(int=5)
    claiming.claim(token=token, limit=12, lease=dt.timedelta(minutes=2), now=NOW)
    taken = [claiming.Taken(delivery=row, token=token, address="a@demo.example") for row in rows]

    with CaptureQueriesContext(connection) as found:
        assert claiming.settle_sent(taken, now=NOW) == 12

    assert len(found) == 1


def test_b17_what_is_settled_in_bulk_leaves_the_same_trace_as_what_is_settled_alone() -> None:
    """B17: bulk updates left no history. Each letter keeps its attempt, with the moment and the address."""
    rows = DeliveryFactory.create_batch(5)
    token = UUID(int=5)
    claiming.claim(token=token, limit=5, lease=dt.timedelta(minutes=2), now=NOW)

    claiming.settle_sent(
        [
            claiming.Taken(
                delivery=row, token=token, address=f"{row.pk}@demo.example", provider_id=f"p{row.pk}"
            )
            for row in rows
        ],
        now=NOW,
    )

    for row in rows:
        attempt = row.attempts.get()
        assert (attempt.at, attempt.meaning) == (NOW, "accepted")
        assert (attempt.address, attempt.provider_id) == (f"{row.pk}@demo.example", f"p{row.pk}")


@pytest.mark.django_db(transaction=True)
def test_b19_news_that_commits_late_is_relayed_although_younger_news_was_relayed_before() -> None:
    """B19: "everything since" lost what was written earlier and committed later. Here nobody asks "since"."""
    child, other = followed(), make.EnrolmentFactory.create()
    make.CareTeamMemberFactory.create(patient=other.patient, clinic=child.clinic)
    late, sweep = make.CheckFactory.create(enrolment=child, due_on=TODAY), sweep_actor()
    written, may_commit = threading.Event(), threading.Event()

    def write_and_dawdle() -> None:
        try:
            with transaction.atomic():
                tell(Kind.CHECK_OPENED, about=late, enrolment=child, by=sweep, now=NOW)
                written.set()
                may_commit.wait(timeout=30)
        finally:
            connection.close()

    slow = threading.Thread(target=write_and_dawdle)
    slow.start()
    assert written.wait(timeout=30)
    younger = check_of(other, due_on=TODAY)  # a higher number, and committed first
    relay(now=NOW)
    first = set(Delivery.objects.values_list("cause_uid", flat=True))
    may_commit.set()
    slow.join()

    relay(now=NOW + dt.timedelta(minutes=1))

    assert first == {younger.uid}
    assert Delivery.objects.filter(cause_uid=late.uid).exists()


@pytest.mark.parametrize(
    ("today", "letter"),
    [
        (TODAY - dt.timedelta(days=1), "check_upcoming"),
        (TODAY, "check_due"),
        (TODAY + dt.timedelta(days=1), "check_late"),
        (TODAY + dt.timedelta(days=2), "check_missed"),
    ],
)
def test_b20_the_day_itself_is_neither_early_nor_late(today: dt.date, letter: str) -> None:
    """B20: "less than" in the text, "at most" in the code. Due on a day is due on that day, late after it."""
    child = followed()
    check = make.CheckFactory.create(
        enrolment=child,
        opens_on=TODAY - dt.timedelta(days=3),
        due_on=TODAY,
        closes_on=TODAY + dt.timedelta(days=1),
    )
    tell(Kind.CHECK_OPENED, about=check, enrolment=child, by=sweep_actor(), now=NOW)
    moment = dt.datetime.combine(today, dt.time(15), tzinfo=dt.UTC)

    with time_machine.travel(moment, tick=False):
        relay_entries(now=moment)
        climb(now=moment)

    rows = Delivery.objects.exclude(state="overtaken").order_by("pk")
    assert {row.letter for row in rows} == {letter}


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_the_same_time_write_and_send_nothing_twice(mail_server: MailSink) -> None:
    """Two of everything nudged at once: relay, send and the weekly letters, again and again."""
    nurse = make.MembershipFactory.create(
        actor__user__username="n@demo.example", actor__user__email="n@demo.example"
    ).actor
    children = [make.EnrolmentFactory.create() for _ in range(6)]
    for number, child in enumerate(children):
        make.CareTeamMemberFactory.create(
            patient=child.patient, clinic=child.clinic, contact__email=f"doctor{number}@demo.example"
        )
        check_of(child, due_on=TODAY)
    broken: list[BaseException] = []

    def cycle(barrier: threading.Barrier) -> None:
        try:
            barrier.wait(timeout=30)
            rounds.relay_round(clock=lambda: NOW)
            rounds.weekly_round(clock=lambda: NOW)
            rounds.send_round(clock=lambda: NOW, house=HOUSE)
        except BaseException as error:
            broken.append(error)
            raise
        finally:
            connection.close()

    for _ in range(3):
        barrier = threading.Barrier(3)
        beats = [threading.Thread(target=cycle, args=(barrier,)) for _ in range(3)]
        for beat in beats:
            beat.start()
        for beat in beats:
            beat.join()
        Delivery.objects.filter(state="waiting").update(send_at=NOW)

    assert broken == []
    assert max(mail_server.message_ids.values()) == 1
    assert len(mail_server.to) == len(set(mail_server.to))  # one routine letter for each reader of the day
    assert {f"doctor{number}@demo.example" for number in range(6)} <= set(mail_server.to)
    assert Delivery.objects.filter(reader=nurse, letter="weekly_digest").count() == 1
    assert Delivery.objects.filter(letter="check_due").count() == len(children)


@pytest.mark.django_db(transaction=True)
def test_two_relays_with_different_news_of_one_child_tell_all_of_it() -> None:
    """One began the child's ladders, the other began them again and set its news aside as untellable."""
    child = followed()
    check = check_of(child, due_on=TODAY)
    in_hand, may_commit = threading.Event(), threading.Event()

    def relay_and_dawdle() -> None:
        try:
            with transaction.atomic():
                relay_entries(now=NOW)
                in_hand.set()
                may_commit.wait(timeout=30)
        finally:
            connection.close()

    one = threading.Thread(target=relay_and_dawdle)
    one.start()
    assert in_hand.wait(timeout=30)
    referral = make.ReferralFactory.create(enrolment=child)
    tell(Kind.REFERRAL_ASKED, about=referral, enrolment=child, by=sweep_actor(), now=NOW)
    meanwhile = relay_entries(now=NOW)
    may_commit.set()
    one.join()
    afterwards = relay_entries(now=NOW)

    assert (meanwhile, afterwards) == (0, 1)
    assert Ladder.objects.get().cause_uid == check.uid
    assert Delivery.objects.filter(letter="referral_made").exists()
    assert not WorkItem.objects.exists()
