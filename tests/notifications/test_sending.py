"""Claim, act, settle: nothing is lost, nothing is said twice, one bad row stops nobody."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.mail import EmailMultiAlternatives
from pytest_django.fixtures import Settings

from clinic.models import Contact, WorkItem
from notifications import claiming
from notifications.courier import AHEAD, MOST_UNSETTLED, Courier, Job
from notifications.letterhead import Letterhead
from notifications.letters.envelope import compose
from notifications.models import Attempt, Delivery, MailServer
from notifications.policy.answers import Answer, Stage
from notifications.post import MailServerLine, NotTaken
from notifications.sending import FRESH, SETTLE_AT, send_due
from notifications.stillwanted import Circumstances
from tests.factories.clinic import NOW, ContactFactory, MembershipFactory
from tests.factories.notifications import DeliveryFactory
from tests.notifications.conftest import HOUSE, send
from tests.notifications.mailsink import MailSink

pytestmark = pytest.mark.django_db
State = Delivery.State
LEASE = timedelta(minutes=2)


@pytest.mark.usefixtures("breath")
def test_a_ready_letter_is_sent_and_settled_with_what_the_server_said(mail_server: MailSink) -> None:
    delivery = DeliveryFactory.create()

    done = send()

    delivery.refresh_from_db()
    assert done.sent == 1
    assert mail_server.to == [delivery.reader.contact.email]
    assert mail_server.letters[0]["Message-ID"] == f"<{delivery.uid}@demo.example>"
    assert (delivery.state, delivery.sent_at, delivery.claim) == (State.SENT, NOW, None)
    assert delivery.attempts.get().meaning == "accepted"


def test_a_letter_whose_time_has_not_come_stays(mail_server: MailSink) -> None:
    DeliveryFactory.create(send_at=NOW + timedelta(minutes=1))

    assert send().sent == 0
    assert send(now=NOW + timedelta(minutes=1)).sent == 1


def test_two_workers_never_hold_the_same_letter() -> None:
    DeliveryFactory.create_batch(10)

    first = claiming.claim(token=uuid4(), limit=6, lease=LEASE, now=NOW)
    second = claiming.claim(token=uuid4(), limit=6, lease=LEASE, now=NOW)

    assert len(first) == 6
    assert len(second) == 4
    assert not set(first) & set(second)


def test_an_emergency_is_taken_before_what_waited_longer() -> None:
    DeliveryFactory.create_batch(3, send_at=NOW - timedelta(hours=2))
    emergency = DeliveryFactory.create(pace="emergency")

    assert claiming.claim(token=uuid4(), limit=1, lease=LEASE, now=NOW) == [emergency.pk]


def test_b1_a_letter_is_not_marked_before_it_is_sent(mail_server: MailSink) -> None:
    """B1: marked first and sent afterwards, a letter is lost when the worker dies in between."""
    delivery = DeliveryFactory.create()
    claiming.claim(token=uuid4(), limit=1, lease=LEASE, now=NOW)  # and the worker is killed here

    early = send(now=NOW + timedelta(minutes=1))
    late = send(now=NOW + timedelta(minutes=3))

    delivery.refresh_from_db()
    assert (early.sent, late.sent) == (0, 1)
    assert delivery.state == State.SENT


def test_b2_a_copy_after_a_crash_bears_the_same_message_id(mail_server: MailSink) -> None:
    """B2: sent first and marked afterwards, a crash doubles it; a reader's program then shows one letter."""
    DeliveryFactory.create()

    with pytest.raises(KeyboardInterrupt):
        _send_and_die()
    send(now=NOW + timedelta(minutes=3))

    first, second = mail_server.letters
    assert first["Message-ID"] == second["Message-ID"]
    assert first.get_body(("plain",)).get_content() == second.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def _send_and_die() -> None:
    class Dying(MailServerLine):
        def hand_over(self, message: EmailMultiAlternatives) -> str:
            super().hand_over(message)
            raise KeyboardInterrupt

    with closing(Dying()) as post:
        send_due(posts=[post], house=HOUSE, clock=lambda: NOW, until=NOW + timedelta(seconds=50))


@pytest.mark.usefixtures("breath")
def test_b3_a_failed_sending_is_never_written_down_as_sent(mail_server: MailSink) -> None:
    """B3: an exception was swallowed and the row marked as reminded."""
    delivery = DeliveryFactory.create()
    mail_server.next_data_answers.append("451 4.3.0 try later")

    send()

    delivery.refresh_from_db()
    assert (delivery.state, delivery.sent_at) == (State.READY, None)
    assert delivery.send_at == NOW + timedelta(minutes=1)
    assert delivery.attempts.get().code == 451


def test_b4_a_letter_that_cannot_be_written_does_not_stop_the_others(mail_server: MailSink) -> None:
    """B4: the first patient without a phone number ended the whole run."""
    poisonous = DeliveryFactory.create(letter="no_such_letter", send_at=NOW - timedelta(hours=1))
    others = DeliveryFactory.create_batch(3)

    done = send()

    poisonous.refresh_from_db()
    assert (done.sent, done.later) == (len(others), 1)
    assert poisonous.attempts.get().meaning == "not-written"


@pytest.mark.parametrize(
    ("pace", "attempts", "patience"),
    # a routine one rests at night between its waits
    [("urgent", 6, timedelta(minutes=38)), ("routine", 9, timedelta(hours=28))],
)
@pytest.mark.usefixtures("breath")
def test_a_letter_that_is_refused_for_now_is_given_up_in_the_end_and_a_nurse_sees_it(
    pace: str, attempts: int, patience: timedelta, mail_server: MailSink
) -> None:
    delivery = DeliveryFactory.create(pace=pace)
    mail_server.address_answers[delivery.reader.contact.email] = "450 4.2.1 not now"
    now = NOW

    while Delivery.objects.get(pk=delivery.pk).state == State.READY:
        now = max(now, Delivery.objects.get(pk=delivery.pk).send_at)
        send(now=now)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.why) == (State.DEAD, "try-again")
    assert (delivery.attempts_made, now - NOW) == (attempts, patience)
    assert WorkItem.objects.get().kind == WorkItem.Kind.DEAD_LETTER


def test_a_row_on_which_workers_die_is_set_aside(mail_server: MailSink) -> None:
    delivery = DeliveryFactory.create(claims=8)

    send()

    delivery.refresh_from_db()
    assert (delivery.state, delivery.why) == (State.DEAD, "worker-dies-on-it")
    assert not mail_server.letters


def test_an_address_that_does_not_exist_is_marked_and_the_alternate_is_written_to_in_the_same_cycle(
    mail_server: MailSink,
) -> None:
    alternate = ContactFactory.create(name="Dr Partner")
    delivery = DeliveryFactory.create(reader__contact__alternate=alternate)
    mail_server.address_answers[delivery.reader.contact.email] = "550 5.1.1 no such user"

    send()

    delivery.refresh_from_db()
    instead = Delivery.objects.get(reader__contact=alternate)
    assert (delivery.state, delivery.why) == (State.DEAD, "bad-address")
    assert Contact.objects.get(pk=delivery.reader.contact.pk).address_state == "bounced"
    assert WorkItem.objects.get().kind == WorkItem.Kind.BOUNCE
    assert (instead.cause_uid, instead.rung, instead.state) == (
        delivery.cause_uid,
        delivery.rung,
        State.WAITING,
    )


@pytest.mark.usefixtures("breath")
def test_without_an_alternate_the_nurses_are_written_to(mail_server: MailSink) -> None:
    delivery = DeliveryFactory.create()
    nurse = MembershipFactory.create(
        clinic=delivery.clinic,
        actor__user__username="second@demo.example",
        actor__user__email="second@demo.example",
    ).actor
    mail_server.address_answers[delivery.reader.contact.email] = "550 5.1.1 no such user"

    send()

    assert Delivery.objects.exclude(pk=delivery.pk).get().reader == nurse


@pytest.mark.usefixtures("breath")
def test_a_refused_letter_condemns_no_address(mail_server: MailSink) -> None:
    delivery = DeliveryFactory.create()
    mail_server.next_data_answers.append("554 5.6.0 malformed")

    send()

    delivery.refresh_from_db()
    assert delivery.why == "bad-letter"
    assert Contact.objects.get(pk=delivery.reader.contact.pk).address_state == "ok"


def test_a_server_that_is_away_costs_no_letter_an_attempt_and_is_left_alone_for_a_while(
    house: Letterhead, mail_server: MailSink
) -> None:
    deliveries = DeliveryFactory.create_batch(3)
    mail_server.stop()

    away = send()
    too_soon = send(now=NOW + timedelta(seconds=5))
    mail_server.start()

    assert away.server_away
    assert too_soon.handled == 0
    assert set(Delivery.objects.values_list("state", "attempts_made", "claims")) == {("ready", 0, 0)}
    assert MailServer.objects.get().refusals_in_a_row == 1
    assert len(deliveries) == 3


def test_a_server_that_takes_the_line_and_says_nothing_is_away_and_holds_nobody_up(
    settings: Settings,
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    delivery = DeliveryFactory.create()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        with closing(MailServerLine(timeout=0.2)) as post:
            done = send_due(posts=[post], house=HOUSE, clock=lambda: NOW, until=NOW + timedelta(seconds=50))

    delivery.refresh_from_db()
    assert done.server_away
    assert (delivery.state, delivery.attempts_made) == (State.READY, 0)
    assert delivery.send_at > NOW
    assert MailServer.objects.get().refusals_in_a_row == 1


@pytest.mark.usefixtures("breath")
def test_a_server_that_is_long_in_saying_yes_is_waited_for_and_gets_no_copy(mail_server: MailSink) -> None:
    DeliveryFactory.create()
    mail_server.slow_seconds = 0.6

    with closing(MailServerLine(timeout=0.2, longest_look=5)) as post:
        done = send_due(posts=[post], house=HOUSE, clock=lambda: NOW, until=NOW + timedelta(seconds=50))

    assert (done.sent, done.later) == (1, 0)
    assert len(mail_server.letters) == 1


class Scripted:
    """A line that answers what it is told."""

    def __init__(self, *answers: Answer | None) -> None:
        self.answers = list(answers)
        self.handed_over: list[str] = []

    def hand_over(self, message: object) -> str:
        answer = self.answers.pop(0) if self.answers else None
        self.handed_over.append(message.to[0])  # type: ignore[attr-defined]
        if answer is not None:
            raise NotTaken(answer)
        return ""

    def close(self) -> None:
        """Hang up."""


def _send_over(post: Scripted, clock: Callable[[], object] = lambda: NOW) -> None:
    send_due(posts=[post], house=HOUSE, clock=clock, until=NOW + timedelta(seconds=50))  # type: ignore[arg-type]


class LineAfter(Scripted):
    """A line that answers once another one was asked."""

    def __init__(self, other: Scripted) -> None:
        super().__init__()
        self.other = other

    def hand_over(self, message: object) -> str:
        end = time.monotonic() + 30
        while not self.other.handed_over and time.monotonic() < end:
            time.sleep(0.001)
        return super().hand_over(message)


def test_a_server_that_takes_fewer_lines_than_we_have_gets_every_letter_over_those_it_takes() -> None:
    deliveries = DeliveryFactory.create_batch(5)
    refused = Scripted(Answer(stage=Stage.CONNECT, code=421, text="4.7.0 too many connections"))
    taken = LineAfter(refused)

    done = send_due(posts=[taken, refused], house=HOUSE, clock=lambda: NOW, until=NOW + timedelta(seconds=50))

    assert (done.sent, done.server_away) == (5, False)
    assert len(taken.handed_over) == len(deliveries)
    assert len(refused.handed_over) == 1
    assert set(Delivery.objects.values_list("state", "attempts_made")) == {(State.SENT, 1)}
    assert MailServer.objects.get().refusals_in_a_row == 0


def test_a_server_that_refuses_every_line_is_away_and_that_counts_once() -> None:
    DeliveryFactory.create_batch(5)
    away = Answer(stage=Stage.CONNECT, code=None)
    lines = [Scripted(away), Scripted(away)]

    done = send_due(posts=lines, house=HOUSE, clock=lambda: NOW, until=NOW + timedelta(seconds=50))

    assert (done.sent, done.server_away) == (0, True)
    assert [len(line.handed_over) for line in lines] == [1, 1]
    assert set(Delivery.objects.values_list("state", "attempts_made")) == {(State.READY, 0)}
    assert MailServer.objects.get().refusals_in_a_row == 1


def test_an_emergency_that_comes_while_a_slow_server_works_off_a_batch_does_not_wait_for_its_end() -> None:
    moment = NOW
    DeliveryFactory.create_batch(4)
    DeliveryFactory.create(
        pace=Delivery.Pace.EMERGENCY,
        reader__contact__email="now@demo.example",
        send_at=NOW + timedelta(seconds=1),
    )

    class Slow(Scripted):
        def hand_over(self, message: object) -> str:
            nonlocal moment
            moment += FRESH + timedelta(seconds=1)
            return super().hand_over(message)

    line = Slow()
    send_due(posts=[line], house=HOUSE, clock=lambda: moment, until=NOW + timedelta(seconds=50))

    assert line.handed_over[1] == "now@demo.example"
    assert len(line.handed_over) == 5


def test_a_line_that_breaks_after_the_letter_is_tried_again_and_counted() -> None:
    delivery = DeliveryFactory.create()

    _send_over(Scripted(Answer(stage=Stage.DATA, code=None)))

    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts_made) == (State.READY, 1)
    assert delivery.attempts.get().meaning == "unknown"


def test_b21_a_worker_that_lost_its_lease_settles_nothing() -> None:
    """B21: a lock released without looking whose it is."""
    delivery = DeliveryFactory.create()
    first, second = uuid4(), uuid4()
    claiming.claim(token=first, limit=1, lease=LEASE, now=NOW)
    later = NOW + timedelta(minutes=5)
    claiming.free_what_the_dead_hold(now=later)
    claiming.claim(token=second, limit=1, lease=LEASE, now=later)

    late = claiming.Taken(delivery=delivery, token=first, address="a@demo.example")
    settled = claiming.settle_sent([late], now=later)

    delivery.refresh_from_db()
    assert not settled
    assert (delivery.state, delivery.claim) == (State.CLAIMED, second)
    assert not Attempt.objects.exists()


def test_what_a_slow_server_left_over_is_given_back_before_the_lease_ends() -> None:
    DeliveryFactory.create_batch(5)
    moments = iter(NOW + timedelta(seconds=20 * n) for n in range(1000))

    send_due(posts=[Scripted()], house=HOUSE, clock=lambda: next(moments), until=NOW + timedelta(seconds=100))

    assert not Delivery.objects.filter(state=State.CLAIMED).exists()


def test_in_test_mode_nobody_outside_the_list_is_written_to(mail_server: MailSink) -> None:
    outsider = DeliveryFactory.create(reader__contact__email="doctor@hospital.example")
    insider = DeliveryFactory.create(reader__contact__email="doctor@demo.example")
    test_house = Letterhead(
        base_url=HOUSE.base_url,
        sender=HOUSE.sender,
        message_id_domain=HOUSE.message_id_domain,
        link_keys=HOUSE.link_keys,
        only_domains=("demo.example",),
    )

    send(test_house)

    outsider.refresh_from_db()
    insider.refresh_from_db()
    assert (outsider.state, outsider.why) == (State.WITHHELD, "test-mode")
    assert insider.state == State.SENT
    assert mail_server.to == ["doctor@demo.example"]


def test_an_address_nobody_confirmed_is_not_used(mail_server: MailSink) -> None:
    delivery = DeliveryFactory.create(reader__contact__confirmed_at=None, reader__contact__confirmed_by=None)

    send()

    delivery.refresh_from_db()
    assert (delivery.state, delivery.why) == (State.DEAD, "no-address")
    assert WorkItem.objects.exists()


@pytest.mark.usefixtures("breath")
def test_a_refused_reader_does_not_spoil_the_line_for_the_next(mail_server: MailSink) -> None:
    DeliveryFactory.create_batch(2)
    gone = DeliveryFactory.create(send_at=NOW - timedelta(hours=1))
    mail_server.address_answers[gone.reader.contact.email] = "550 5.1.1 no such user"

    done = send()

    assert (done.sent, done.dead) == (2, 1)
    assert len(mail_server.letters) == 2


@pytest.mark.usefixtures("breath")
def test_lines_that_begin_with_a_full_stop_arrive_whole(mail_server: MailSink) -> None:
    message = EmailMultiAlternatives(
        subject="x",
        body="one\n.\n..two",
        from_email="Klinik für Kinder <a@demo.example>",
        to=["doctor@klinik-münchen.example"],
        headers={"Message-ID": "<1@demo.example>"},
    )

    with closing(MailServerLine(timeout=5)) as post:
        post.hand_over(message)

    (letter,) = mail_server.letters
    assert letter.get_body(("plain",)).get_content().split() == ["one", ".", "..two"]  # type: ignore[union-attr]
    assert letter["From"].addresses[0].display_name == "Klinik für Kinder"
    assert mail_server.to == ["doctor@xn--klinik-mnchen-3ob.example"]


def test_b4_an_address_that_no_server_can_read_stops_nobody(mail_server: MailSink) -> None:
    DeliveryFactory.create(reader__contact__email="dok tor@demo.example", send_at=NOW - timedelta(hours=1))
    DeliveryFactory.create_batch(3)

    done = send()

    assert (done.sent, done.dead) == (3, 1)


def test_what_kills_workers_kills_them_alone(mail_server: MailSink) -> None:
    suspects = DeliveryFactory.create_batch(4, claims=4)
    fresh = DeliveryFactory.create_batch(2)

    taken = claiming.claim(token=uuid4(), limit=25, lease=LEASE, now=NOW)

    assert taken[:2] == [row.pk for row in fresh]
    assert len(taken) == 3
    assert Delivery.objects.filter(state=State.READY, claims=4).count() == len(suspects) - 1


@pytest.mark.parametrize(
    ("pace", "goes_at"),
    [
        ("emergency", NOW.replace(hour=4)),  # ten in the evening in Chicago
        ("urgent", NOW.replace(hour=13)),
        ("routine", NOW.replace(hour=13)),
    ],
)
def test_a_letter_that_was_held_up_until_the_night_waits_for_the_readers_morning(
    mail_server: MailSink, pace: str, goes_at: datetime
) -> None:
    delivery = DeliveryFactory.create(
        pace=pace, send_at=NOW.replace(hour=3), routine_on=date(2027, 1, 3) if pace == "routine" else None
    )

    for hour in (4, 13):
        send(now=NOW.replace(hour=hour))

    delivery.refresh_from_db()
    assert (delivery.sent_at, delivery.claims) == (goes_at, 1)
    assert delivery.routine_on in {None, date(2027, 1, 4)}


def test_a_routine_letter_held_up_until_the_weekend_waits_for_monday(mail_server: MailSink) -> None:
    saturday = NOW + timedelta(days=5)
    delivery = DeliveryFactory.create(pace="routine", routine_on=date(2027, 1, 8), send_at=NOW)

    send(now=saturday)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.send_at) == (State.READY, datetime(2027, 1, 11, 13, tzinfo=UTC))
    assert delivery.routine_on == date(2027, 1, 11)


def test_what_the_server_took_is_written_down_although_another_letter_broke_the_round(
    mail_server: MailSink,
) -> None:
    DeliveryFactory.create_batch(3)

    class Dying(MailServerLine):
        said = 0

        def hand_over(self, message: EmailMultiAlternatives) -> str:
            self.said += 1
            if self.said == 3:
                raise KeyboardInterrupt
            return super().hand_over(message)

    with pytest.raises(KeyboardInterrupt), closing(Dying()) as post:
        send_due(posts=[post], house=HOUSE, clock=lambda: NOW, until=NOW + timedelta(seconds=50))

    assert Delivery.objects.filter(state=State.SENT).count() == len(mail_server.letters) == 2


@pytest.mark.parametrize(("answers", "least", "most"), [(AHEAD, SETTLE_AT, MOST_UNSETTLED), (1, 1, 1)])
def test_where_the_hands_are_full_answers_are_gathered_but_a_slow_server_keeps_none_waiting(
    answers: int, least: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on = threading.Event()
    said: list[object] = []

    class Line(Scripted):
        def hand_over(self, message: object) -> str:
            said.append(message)
            time.sleep(0.005)
            if len(said) > answers:
                goes_on.wait(timeout=30)
            return super().hand_over(message)

    monkeypatch.setattr("notifications.courier.GATHER", 5 if answers > 1 else 0.05)
    courier = Courier([Line()], clock=lambda: NOW)
    one = Circumstances(delivery=DeliveryFactory.create())
    message = compose(one, address="a@demo.example", house=HOUSE)
    for _ in range(AHEAD):
        courier.take(Job(one=one, token=uuid4(), address="a@demo.example", message=message, good_until=NOW))

    assert least <= len(courier.hear(at_least=SETTLE_AT)) <= most
    goes_on.set()
    courier.stop()


def test_at_most_a_few_letters_lie_between_the_servers_yes_and_our_commit() -> None:
    told: list[str] = []

    class Line(Scripted):
        def hand_over(self, message: object) -> str:
            told.append("said")
            return super().hand_over(message)

    courier = Courier([Line()], clock=lambda: NOW)
    one = Circumstances(delivery=DeliveryFactory.create())
    message = compose(one, address="a@demo.example", house=HOUSE)
    for _ in range(AHEAD):
        courier.take(Job(one=one, token=uuid4(), address="a@demo.example", message=message, good_until=NOW))
    heard: list[object] = []
    while len(heard) < MOST_UNSETTLED:
        heard += courier.hear(wait=True)

    assert len(told) == MOST_UNSETTLED < AHEAD
    courier.stop()
