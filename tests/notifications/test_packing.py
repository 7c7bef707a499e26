"""One routine letter a day for each reader and clinic; after an outage one letter, and never silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from clinic.models import Actor, SweepHeartbeat
from clinic.worklist import SWEEP
from notifications import outages
from notifications.models import Delivery, Outage
from notifications.packing import pack
from notifications.policy.hours import Hours
from notifications.readership import Readership
from notifications.writing import News, delivery_of
from tests.factories.clinic import NOW, ActorFactory, EnrolmentFactory
from tests.factories.notifications import DeliveryFactory, ReaderFactory
from tests.notifications.conftest import HOUSE, send
from tests.notifications.mailsink import MailSink

pytestmark = pytest.mark.django_db
State = Delivery.State


def waiting(count: int = 1, **more: object) -> list[Delivery]:
    """Letters of one reader that have come due and are not packed yet."""
    reader = more.pop("reader", None) or ReaderFactory.create()
    made: list[Delivery] = DeliveryFactory.create_batch(
        count, state=State.WAITING, pace="routine", reader=reader, **more
    )
    return made


def test_one_letter_alone_travels_as_itself(mail_server: MailSink) -> None:
    (letter,) = waiting()

    pack(now=NOW)
    send()

    letter.refresh_from_db()
    assert letter.state == State.SENT
    assert letter.routine_on is not None
    assert mail_server.letters[0]["Subject"] == "A referral has been asked for"


def test_several_routine_letters_of_a_day_are_one_mail(mail_server: MailSink) -> None:
    letters = waiting(4)

    pack(now=NOW)
    send()

    assert len(mail_server.letters) == 1
    assert mail_server.letters[0]["Subject"] == "4 items from the clinic"
    assert set(
        Delivery.objects.filter(pk__in=[one.pk for one in letters]).values_list("state", flat=True)
    ) == {State.SENT}


def test_what_comes_later_that_day_waits_for_the_next_digest(mail_server: MailSink) -> None:
    (first,) = waiting()
    pack(now=NOW)
    (later,) = waiting(reader=first.reader)

    pack(now=NOW + timedelta(hours=2))

    later.refresh_from_db()
    assert later.state == State.WAITING
    assert later.send_at == NOW.replace(day=5, hour=14)


def test_the_database_itself_refuses_a_second_routine_letter_of_a_day() -> None:
    letter = DeliveryFactory.create(routine_on=NOW.date())

    with pytest.raises(IntegrityError), transaction.atomic():
        DeliveryFactory.create(reader=letter.reader, routine_on=NOW.date())


def test_another_clinics_letters_are_another_mail() -> None:
    (first,) = waiting()
    waiting(reader=first.reader, clinic__key="south")

    pack(now=NOW)

    assert Delivery.objects.filter(state=State.READY).count() == 2


def test_packing_twice_is_packing_once() -> None:
    waiting(3)

    pack(now=NOW)
    pack(now=NOW)

    assert Delivery.objects.filter(letter="digest").count() == 1


def test_what_is_no_longer_true_is_left_out_of_the_digest(mail_server: MailSink) -> None:
    letters = waiting(3)
    pack(now=NOW)
    letters[0].enrolment.state = "withdrawn"  # type: ignore[union-attr]
    letters[0].enrolment.ended_at, letters[0].enrolment.ended_by = NOW, letters[0].caused_by  # type: ignore[union-attr]
    letters[0].enrolment.save()  # type: ignore[union-attr]

    send()

    letters[0].refresh_from_db()
    assert mail_server.letters[0]["Subject"] == "2 items from the clinic"
    assert (letters[0].state, letters[0].why) == (State.WITHHELD, "enrolment-withdrawn")


def write(pace: str, now: datetime, reader: Actor, count: int) -> None:
    """Write letters as the relay does, at a moment."""
    enrolment = EnrolmentFactory.create()
    by = ActorFactory.create(user__username="somebody@demo.example")
    for number in range(count):
        news = News(
            letter="escalation_raised",
            cause_kind="news",
            cause_uid=enrolment.uid,
            rung=f"{pace} {number}",
            urgency=pace,
        )
        readership = Readership([enrolment], now=now)
        delivery_of(
            news,
            role="pediatrician",
            reader=reader,
            enrolment=enrolment,
            by=by,
            readership=readership,
        ).save()


@pytest.mark.parametrize(
    "away", [timedelta(hours=1), timedelta(days=2), timedelta(days=8), timedelta(days=30)]
)
def test_after_an_outage_each_reader_gets_one_consolidated_mail_and_the_gap_is_shown(
    mail_server: MailSink, away: timedelta
) -> None:
    """The outage matrix: never silence, never a flood, whatever was away and however long."""
    reader = ReaderFactory.create()
    began = NOW - away
    SweepHeartbeat.objects.create(name="send", started_at=began, finished_at=began)
    write("urgent", began - timedelta(minutes=1), reader, 3)  # waited through the outage

    outages.begin(name="send", now=NOW)
    write("urgent", NOW, reader, 4)  # what the sweep found when it came back
    write("routine", NOW, reader, 5)
    pack(now=NOW)
    held = send()
    after = NOW + outages.CATCH_UP
    pack(now=after)
    send(now=after)
    pack(now=after + timedelta(hours=1))
    send(now=after + timedelta(hours=1))

    assert held.sent == 0
    assert len(mail_server.letters) == 1
    assert "12 items" in mail_server.letters[0]["Subject"]
    assert "stood still for a while" in str(mail_server.letters[0].get_body(("plain",)))
    gap = outages.gaps_since(since=NOW - timedelta(days=1))[0]
    assert (gap.since, gap.until) == (began, NOW)


@pytest.mark.parametrize(
    "away", [timedelta(hours=1), timedelta(days=2), timedelta(days=8), timedelta(days=30)]
)
def test_when_only_the_clinics_sweep_was_away_what_it_finds_is_one_mail_too(
    mail_server: MailSink, away: timedelta
) -> None:
    """The outage matrix, second half: letters could be sent all the time, but nobody looked at the plans."""
    reader = ReaderFactory.create()
    began, step = NOW - away, away / 4
    beat = SweepHeartbeat.objects.create(name=SWEEP, started_at=began, finished_at=began)
    for number in range(1, 5):
        outages.watch(now=began + number * step)
    during = outages.catching_up(now=NOW)
    shown_early = outages.gaps_since(since=began)
    beat.started_at = NOW + timedelta(seconds=1)  # it is back, and has not come to its end yet
    beat.save()

    outages.watch(now=NOW + timedelta(seconds=5))
    outages.watch(now=NOW + timedelta(seconds=15))
    write("urgent", NOW + timedelta(seconds=20), reader, 6)
    write("routine", NOW + timedelta(seconds=20), reader, 2)
    pack(now=NOW + timedelta(minutes=1))
    held = send(now=NOW + timedelta(minutes=1))
    after = NOW + timedelta(seconds=15) + outages.CATCH_UP
    pack(now=after)
    send(now=after)

    assert (during, shown_early, held.sent) == (None, [], 0)
    assert [letter["Subject"] for letter in mail_server.letters] == ["Please look: 8 items from the clinic"]
    (gap,) = outages.gaps_since(since=NOW - timedelta(days=1))
    assert (gap.name, gap.since) == (SWEEP, began)
    assert NOW <= gap.until <= NOW + timedelta(seconds=15)


def test_while_the_clinics_sweep_is_away_nothing_else_is_held(mail_server: MailSink) -> None:
    SweepHeartbeat.objects.create(
        name=SWEEP, started_at=NOW - timedelta(hours=3), finished_at=NOW - timedelta(hours=3)
    )
    outages.watch(now=NOW)
    write("urgent", NOW, ReaderFactory.create(), 1)

    pack(now=NOW)

    assert send().sent == 1


def test_an_imported_caseload_is_gathered_without_talk_of_an_outage(mail_server: MailSink) -> None:
    held = Outage.objects.create(
        name=outages.IMPORT,
        since=NOW - timedelta(minutes=20),
        until=NOW - timedelta(minutes=19),
        catch_up_until=NOW,
    )
    waiting(3, outage=held)

    pack(now=NOW)
    send()

    (letter,) = mail_server.letters
    assert "stood still" not in str(letter.get_body(("plain",)))
    assert "3 items" in letter["Subject"]


def test_after_an_outage_an_emergency_still_goes_at_once(mail_server: MailSink) -> None:
    SweepHeartbeat.objects.create(name="send", started_at=NOW, finished_at=NOW - timedelta(days=2))
    outages.begin(name="send", now=NOW)
    write("emergency", NOW, ReaderFactory.create(), 1)

    pack(now=NOW)

    assert send().sent == 1


@pytest.mark.parametrize("zone", ["", "Asia/Kolkata"])
def test_back_at_night_after_thirty_days_each_reader_gets_one_mail_in_their_own_morning(
    mail_server: MailSink, zone: str
) -> None:
    night = NOW.replace(hour=20 if zone else 8)  # half past one there, two in Chicago
    morning = night + timedelta(hours=5, minutes=31)
    began = night - timedelta(days=30)
    for name in ("relay", "send"):
        outages.begin(name=name, now=began)
        outages.end(name=name, looked_at=0, changed=0, now=began)
    reader = ReaderFactory.create(contact__zone=zone)
    write("urgent", began - timedelta(minutes=1), reader, 3)

    for name in ("relay", "send"):
        outages.begin(name=name, now=night)
    write("urgent", night, reader, 4)
    write("routine", night, reader, 2)
    for minutes in range(0, 300, 30):
        pack(now=night + timedelta(minutes=minutes))
        send(now=night + timedelta(minutes=minutes))
    at_night = len(mail_server.letters)
    pack(now=morning)
    send(now=morning)

    assert at_night == 0
    assert len(mail_server.letters) == 1
    assert Delivery.objects.filter(state=State.SENT).count() == 10


def test_an_outage_is_noted_once_and_a_first_start_is_none() -> None:
    outages.begin(name="send", now=NOW)
    outages.end(name="send", looked_at=0, changed=0, now=NOW)
    outages.begin(name="send", now=NOW + timedelta(days=1))
    outages.begin(name="send", now=NOW + timedelta(days=1))

    assert Outage.objects.count() == 1


@pytest.mark.parametrize(("pace", "count"), [("routine", 1), ("routine", 2), ("urgent", 1), ("urgent", 2)])
def test_in_a_trial_letters_go_at_night_too(mail_server: MailSink, pace: str, count: int) -> None:
    night = NOW.replace(hour=8)
    soon = night + timedelta(minutes=1)
    write(pace, night, ReaderFactory.create(), count)

    pack(now=soon)
    asleep = Delivery.objects.filter(state=State.READY).count()
    pack(now=soon, letters_wait=False)
    send(replace(HOUSE, letters_wait=False), now=soon)

    assert asleep == 0
    assert len(mail_server.letters) == 1


def test_a_reader_in_another_zone_gets_the_digest_by_the_own_clock() -> None:
    tokyo = ReaderFactory.create(contact__zone="Asia/Tokyo")
    write("routine", NOW, tokyo, 1)

    sent_at = Delivery.objects.get().send_at

    local = Hours(zone="Asia/Tokyo").local(sent_at)
    assert (local.hour, local.isoweekday()) == (7, 2)  # midnight there: at seven on Tuesday
