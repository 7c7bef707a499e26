"""From the clinic's timeline to deliveries: once per cause, rung and reader, and never to the typist."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection, transaction
from psycopg.errors import AdminShutdown, CannotConnectNow, DeadlockDetected

from clinic.models import Check, CoverShift, Enrolment, Escalation, TimelineEntry, WorkItem
from clinic.timeline import Kind, tell
from notifications.climbing import climb
from notifications.ladders import check_letter
from notifications.models import CalendarEntry, Delivery, Ladder
from notifications.readers import address_of
from notifications.readership import Readership
from notifications.relay import relay, relay_entries
from notifications.syncing import sync
from tests.factories.clinic import (
    NOW,
    TODAY,
    ActorFactory,
    CareTeamMemberFactory,
    CheckFactory,
    ContactFactory,
    EnrolmentFactory,
    EscalationFactory,
    MembershipFactory,
    ReferralFactory,
    TimelineEntryFactory,
)

pytestmark = pytest.mark.django_db
State = Delivery.State
MORNING = NOW.replace(hour=14)  # eight o'clock in Chicago


@pytest.fixture
def child() -> Enrolment:
    """A child with a pediatrician, at a clinic with a nurse and a lead."""
    enrolment: Enrolment = EnrolmentFactory.create()
    CareTeamMemberFactory.create(patient=enrolment.patient, clinic=enrolment.clinic)
    for role in ("nurse", "clinic lead", "neurologist"):
        name = f"our-{role.replace(' ', '-')}@demo.example"
        MembershipFactory.create(
            clinic=enrolment.clinic, role=role, actor__user__username=name, actor__user__email=name
        )
    return enrolment


def told(child: Enrolment, kind: Kind, about: Any, **more: Any) -> TimelineEntry:
    """A timeline entry as the clinic's verbs write it."""
    by = more.pop("by", None) or ActorFactory.create(user__username="our-neurologist@demo.example")
    return tell(kind, about=about, enrolment=child, by=by, now=NOW, data=more)


def check_in(child: Enrolment, days: int, **more: Any) -> Check:
    """A check of the pediatrician's that is due in some days."""
    due_on = TODAY + timedelta(days=days)
    check: Check = CheckFactory.create(
        enrolment=child, opens_on=due_on - timedelta(days=3), due_on=due_on, **more
    )
    told(child, Kind.CHECK_OPENED, check)
    return check


def letters_of(check: Check) -> list[str]:
    """The letters about a check that were not overtaken, in the order in which they were written."""
    rows = Delivery.objects.filter(cause_uid=check.uid).exclude(state=State.OVERTAKEN)
    return list(rows.order_by("pk").values_list("letter", flat=True))


def test_a_check_is_announced_two_days_ahead_and_once(child: Enrolment) -> None:
    check = check_in(child, days=2)

    relay(now=NOW)
    relay(now=NOW)

    delivery = Delivery.objects.get()
    assert delivery.letter == "check_upcoming"
    assert delivery.reader.contact is not None
    assert delivery.send_at == MORNING + timedelta(days=1)  # today's digest has gone
    assert CalendarEntry.objects.get().on == check.due_on
    assert not TimelineEntry.objects.filter(relayed_at=None).exists()


def test_the_ladder_climbs_from_the_practice_to_the_nurse(child: Enrolment) -> None:
    check = check_in(child, days=2)

    for day in range(8):
        relay(now=NOW + timedelta(days=day))

    rows = Delivery.objects.order_by("pk")
    assert [(row.letter, row.reader.kind) for row in rows] == [
        ("check_upcoming", "contact"),
        ("check_due", "contact"),
        ("check_late", "contact"),
        ("check_late", "user"),
    ]
    assert Ladder.objects.get().next_at is None
    assert Check.objects.get(pk=check.pk).state == "due"


def test_a_result_stops_the_ladder(child: Enrolment) -> None:
    check = check_in(child, days=0)
    relay(now=NOW)
    Check.objects.filter(pk=check.pk).update(state="done")
    told(child, Kind.CHECK_DONE, check)

    relay(now=NOW + timedelta(days=1))
    relay(now=NOW + timedelta(days=9))

    assert letters_of(check) == ["check_due"]
    assert Ladder.objects.get().stopped_why == "done"


def test_a_later_date_is_told_as_a_move_and_the_calendar_entry_moves(child: Enrolment) -> None:
    check = check_in(child, days=2)
    relay(now=NOW)
    Check.objects.filter(pk=check.pk).update(due_on=TODAY + timedelta(days=9), opens_on=TODAY)
    told(child, Kind.CHECK_MOVED, check)

    relay(now=NOW + timedelta(hours=1))

    assert letters_of(check) == ["check_upcoming", "check_moved"]
    entry = CalendarEntry.objects.get()
    assert (entry.on, entry.sequence) == (TODAY + timedelta(days=9), 1)
    relay(now=NOW + timedelta(days=7))
    assert letters_of(check)[-1] == "check_upcoming"


def test_a_date_that_moves_into_the_past_is_said_as_late_and_not_as_nothing(child: Enrolment) -> None:
    check = check_in(child, days=20)
    relay(now=NOW)
    Check.objects.filter(pk=check.pk).update(
        due_on=TODAY - timedelta(days=1), opens_on=TODAY - timedelta(days=4)
    )
    told(child, Kind.CHECK_MOVED, check)

    relay(now=NOW)

    assert letters_of(check) == ["check_late"]


def test_a_check_that_is_waived_leaves_the_calendar(child: Enrolment) -> None:
    check = check_in(child, days=2)
    relay(now=NOW)
    Check.objects.filter(pk=check.pk).update(state="waived", reason="not needed")
    told(child, Kind.CHECK_WAIVED, check)

    relay(now=NOW)

    assert letters_of(check) == ["check_upcoming", "check_not_needed"]
    assert CalendarEntry.objects.get().cancelled


@pytest.mark.parametrize("days", [1, 2, 8, 30, 400])
def test_b5_b6_however_long_nobody_looked_the_standing_rung_is_said(child: Enrolment, days: int) -> None:
    """B5: a missed run lost the reminder; B6: what was very late was dropped in silence."""
    check = check_in(child, days=0)
    relay_entries(now=NOW)

    climb(now=NOW + timedelta(days=days))

    assert len(letters_of(check)) >= 1
    assert set(letters_of(check)) <= {"check_late", "check_missed"}


def test_an_escalation_is_told_at_once_to_everybody_the_rule_names(child: Enrolment) -> None:
    escalation = EscalationFactory.create(
        enrolment=child, recipients=[{"role": "neurologist"}, {"role": "clinic nurse", "purpose": ""}]
    )
    told(child, Kind.ESCALATION_RAISED, escalation, by=ActorFactory.create(user__username="x@demo.example"))

    relay(now=NOW)

    rows = Delivery.objects.order_by("pk")
    assert [row.role for row in rows] == ["neurologist", "clinic nurse"]
    assert {(row.letter, row.pace, row.send_at) for row in rows} == {("escalation_raised", "urgent", NOW)}


def test_s18_whoever_typed_the_value_is_not_told_of_it(child: Enrolment) -> None:
    escalation = EscalationFactory.create(
        enrolment=child, recipients=[{"role": "neurologist"}, {"role": "clinic nurse"}]
    )
    typist = ActorFactory.create(user__username="our-neurologist@demo.example")
    told(child, Kind.ESCALATION_RAISED, escalation, by=typist)

    relay(now=NOW)

    assert [row.role for row in Delivery.objects.all()] == ["clinic nurse"]


def test_silence_leads_to_the_next_person(child: Enrolment) -> None:
    escalation = EscalationFactory.create(enrolment=child, recipients=[{"role": "neurologist"}])
    told(child, Kind.ESCALATION_RAISED, escalation, by=ActorFactory.create(user__username="x@demo.example"))

    for day in range(5):
        relay(now=NOW + timedelta(days=day))

    assert [row.role for row in Delivery.objects.order_by("pk")] == [
        "neurologist",
        "clinic nurse",
        "clinic lead",
    ]


def test_an_acknowledged_escalation_is_parked_until_its_date_and_then_goes_one_rung_higher(
    child: Enrolment,
) -> None:
    escalation = EscalationFactory.create(enrolment=child, recipients=[{"role": "neurologist"}])
    told(child, Kind.ESCALATION_RAISED, escalation, by=ActorFactory.create(user__username="x@demo.example"))
    relay(now=NOW)
    Escalation.objects.filter(pk=escalation.pk).update(
        state="acknowledged",
        acknowledged_at=NOW,
        acknowledged_by=escalation.created_by,
        parked_until_on=TODAY + timedelta(days=7),
    )
    told(child, Kind.ESCALATION_ACKNOWLEDGED, escalation)

    for day in range(7):
        relay(now=NOW + timedelta(days=day))
    before = Delivery.objects.count()
    relay(now=NOW + timedelta(days=7))

    assert before == 1
    assert Delivery.objects.order_by("-pk")[0].role == "clinic lead"


def test_s3_an_emergency_goes_to_more_and_more_people_until_somebody_was_spoken_to(child: Enrolment) -> None:
    escalation = EscalationFactory.create(
        enrolment=child, urgency="emergency", recipients=[{"role": "on-call clinician"}]
    )
    told(child, Kind.ESCALATION_RAISED, escalation, by=ActorFactory.create(user__username="x@demo.example"))
    night = NOW.replace(hour=8)  # two in the morning in Chicago

    relay(now=night)
    first = {row.role: row.send_at for row in Delivery.objects.all()}
    relay(now=NOW + timedelta(minutes=31))
    second = set(Delivery.objects.values_list("role", flat=True))
    Escalation.objects.update(spoke_to="Dr On Call", spoke_at=NOW, spoke_by=escalation.created_by)
    relay(now=NOW + timedelta(hours=5))

    assert first == {"on-call clinician": night}
    assert second == {"on-call clinician", "clinic nurse", "clinic lead"}
    assert Ladder.objects.get().stopped_why == "spoken-to"


def test_s3_an_emergency_goes_to_whoever_covers_the_hour(child: Enrolment) -> None:
    covering = ContactFactory.create(clinic=child.clinic, email="covering@demo.example")
    by = covering.created_by
    CoverShift.objects.create(
        clinic=child.clinic,
        name="Dr Covering",
        phone="+1 555 0142",
        email=covering.email,
        starts_at=NOW - timedelta(hours=1),
        ends_at=NOW + timedelta(hours=1),
        created_at=NOW,
        created_by=by,
        changed_at=NOW,
        changed_by=by,
    )

    now, afterwards = (
        Readership([child], now=moment).of("on-call clinician", child)
        for moment in (NOW, NOW + timedelta(hours=1))
    )

    assert [address_of(actor) for actor in now] == ["covering@demo.example"]
    assert [address_of(actor) for actor in afterwards] == ["our-neurologist@demo.example"]


def test_s3_a_correction_goes_to_everyone_who_was_told(child: Enrolment) -> None:
    escalation = EscalationFactory.create(
        enrolment=child, recipients=[{"role": "neurologist"}, {"role": "clinic nurse"}]
    )
    typist = ActorFactory.create(user__username="x@demo.example")
    told(child, Kind.ESCALATION_RAISED, escalation, by=typist)
    relay(now=NOW)
    Delivery.objects.filter(role="neurologist").update(state=State.SENT, sent_at=NOW)
    Escalation.objects.update(state="withdrawn", withdrawn_on=TODAY)
    told(child, Kind.ESCALATION_WITHDRAWN, escalation, by=typist)

    relay(now=NOW)

    assert [row.role for row in Delivery.objects.filter(letter="correction")] == ["neurologist"]


def test_a_referral_is_told_to_the_practice(child: Enrolment) -> None:
    told(child, Kind.REFERRAL_ASKED, ReferralFactory.create(enrolment=child))

    relay(now=NOW)

    assert {row.role for row in Delivery.objects.all()} == {"pediatrician", "clinic nurse"}
    assert {row.send_at for row in Delivery.objects.all()} == {NOW + timedelta(minutes=10)}


def test_b4_one_child_whose_news_cannot_be_relayed_does_not_stop_the_others(
    child: Enrolment, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = check_in(child, days=0)
    poisoned = EnrolmentFactory.create()
    told(poisoned, Kind.FACT_RECORDED, check)

    def trip(enrolment: Enrolment, **more: Any) -> None:
        if enrolment == poisoned:
            raise RuntimeError("poison")
        sync(enrolment, **more)

    monkeypatch.setattr("notifications.relay.sync", trip)
    relay(now=NOW)

    assert letters_of(check) == ["check_due"]
    assert WorkItem.objects.get().kind == WorkItem.Kind.DEAD_LETTER


def test_b4_one_ladder_that_cannot_be_climbed_does_not_stop_the_others(
    child: Enrolment, monkeypatch: pytest.MonkeyPatch
) -> None:
    poisoned, check = check_in(child, days=0), check_in(child, days=0, key="other")
    relay_entries(now=NOW)

    def trip(one: Check, **more: Any) -> str:
        if one == poisoned:
            raise RuntimeError("poison")
        return check_letter(one, **more)

    monkeypatch.setattr("notifications.climbing.check_letter", trip)
    climb(now=NOW)

    assert (letters_of(poisoned), letters_of(check)) == ([], ["check_due"])
    item = WorkItem.objects.get()
    ladder = Ladder.objects.get(cause_uid=poisoned.uid)
    assert (item.kind, item.cause) == (WorkItem.Kind.DEAD_LETTER, f"ladder/{ladder.uid}")
    assert ladder.next_at == NOW + timedelta(hours=1)


@pytest.mark.django_db(transaction=True)
def test_a_ladder_in_another_workers_hands_is_left_to_it_and_the_others_are_climbed() -> None:
    children = [EnrolmentFactory.create() for _ in range(2)]
    for one in children:
        CareTeamMemberFactory.create(patient=one.patient, clinic=one.clinic)
    first, second = (check_in(one, days=0) for one in children)
    relay_entries(now=NOW)
    in_hand, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                Ladder.objects.select_for_update().get(cause_uid=first.uid)
                in_hand.set()
                may_end.wait(timeout=30)
        finally:
            connection.close()

    other = threading.Thread(target=hold)
    other.start()
    assert in_hand.wait(timeout=30)
    climbed = climb(now=NOW)
    may_end.set()
    other.join()

    assert climbed == 1
    assert (letters_of(first), letters_of(second)) == ([], ["check_due"])


@pytest.mark.parametrize("at", ["relay.sync", "climbing.climb_together"])
@pytest.mark.parametrize(
    "cause",
    [
        DeadlockDetected(),
        AdminShutdown(),
        CannotConnectNow(),
        psycopg.OperationalError("server closed the connection unexpectedly"),
        psycopg.InterfaceError("the connection is closed"),
    ],
    ids=lambda cause: type(cause).__name__,
)
def test_what_postgresql_gave_up_or_broke_off_is_tried_again(
    at: str, cause: Exception, child: Enrolment, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = check_in(child, days=0)

    def give_up(*args: Any, **more: Any) -> None:
        raise OperationalError("gave up") from cause

    with monkeypatch.context() as busy:
        busy.setattr(f"notifications.{at}", give_up)
        relay(now=NOW)
    told_while_busy = letters_of(check)
    relay(now=NOW)

    assert (told_while_busy, letters_of(check)) == ([], ["check_due"])
    assert not WorkItem.objects.exists()


def test_an_entry_about_no_child_is_relayed_and_asks_for_nothing() -> None:
    TimelineEntryFactory.create(enrolment=None)

    assert relay_entries(now=NOW) == 1
    assert not Delivery.objects.exists()


def test_where_nobody_of_the_role_can_be_written_to_the_nurses_are(child: Enrolment) -> None:
    child.patient.care_team.update(ended_on=date(2027, 1, 1))
    check = check_in(child, days=0)

    relay(now=NOW)

    assert Delivery.objects.get(cause_uid=check.uid).reader.name == "our-nurse@demo.example"


def test_a_clinic_that_can_be_written_to_nowhere_is_told_so_once_on_its_list() -> None:
    children = [EnrolmentFactory.create() for _ in range(2)]
    MembershipFactory.create(clinic=children[0].clinic, role="clinic lead", actor__user__email="")
    for child in children:
        check_in(child, days=0)

    relay(now=NOW)
    relay(now=NOW + timedelta(days=1))

    assert not Delivery.objects.exists()
    item = WorkItem.objects.get()
    assert (item.kind, item.cause) == (WorkItem.Kind.DEAD_LETTER, "nobody/pediatrician")
    assert "“pediatrician” reach nobody" in item.text
