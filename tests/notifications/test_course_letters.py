"""The letters of real courses: from what was recorded, by review and relay, to a mail in a mail server."""

from __future__ import annotations

import datetime as dt
from email.message import EmailMessage

import pytest
import time_machine
from django.conf import settings
from icalendar import Calendar

from clinic.actors import sweep_actor
from clinic.models import Check, Enrolment, SweepHeartbeat
from clinic.review import review_enrolment
from clinic.timeline import Kind, tell
from clinic.treatment import stop_course
from notifications import tasks
from notifications.models import Delivery
from tests.factories import clinic as make
from tests.factories import ward as w
from tests.notifications.mailsink import MailSink

pytestmark = pytest.mark.django_db
DOCTOR = "doctor@demo.example"
SOLUTION = {"prednisolone": "prednisolone-10mg-ml"}


@pytest.fixture
def ward() -> w.Ward:
    """A clinic at work by the shipped pathway."""
    return w.ward("iess-first-line")


@pytest.fixture
def child(ward: w.Ward) -> Enrolment:
    """A child with a pediatrician."""
    enrolled = ward.child()
    make.CareTeamMemberFactory.create(
        patient=enrolled.patient, clinic=ward.clinic, contact__email=DOCTOR, role="pediatrician"
    )
    return enrolled


def cycle(day: dt.date, hour: int = 16) -> None:
    """What the schedule does at a moment of a day: review every child, relay, send."""
    with time_machine.travel(_never_away(w.at(day, hour)), tick=False):
        for enrolment in Enrolment.objects.all():
            review_enrolment(enrolment=enrolment, by=sweep_actor(), now=w.at(day, hour))
        tasks.relay()
        tasks.send_due()


def _never_away(moment: dt.datetime) -> dt.datetime:
    """The sweeps ran all the time, so that nothing is gathered as after an outage."""
    SweepHeartbeat.objects.update(started_at=moment, finished_at=moment)
    return moment


def days(first: int, last: int) -> None:
    """Two cycles on each of some days: at the time of the digest, and in the afternoon."""
    for elapsed in range(first, last + 1):
        cycle(w.day(elapsed), 14)
        cycle(w.day(elapsed), 20)


def to_the_doctor(sink: MailSink) -> list[EmailMessage]:
    """What the practice got."""
    return [letter for letter, to in zip(sink.letters, sink.to, strict=True) if to == DOCTOR]


def text_of(letter: EmailMessage) -> str:
    """The plain text as read."""
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def said(sink: MailSink, words: str) -> list[EmailMessage]:
    """The practice's letters that say something, alone or in a digest."""
    return [letter for letter in to_the_doctor(sink) if words in text_of(letter)]


def test_a_course_is_announced_with_what_will_be_asked_and_the_vaccine_hold(
    ward: w.Ward, child: Enrolment, mail_server: MailSink
) -> None:
    ward.start(child, products=SOLUTION)

    days(0, 1)

    assert said(mail_server, "A new treatment")
    assert said(mail_server, "Some vaccines must wait")
    whole = "\n".join(text_of(letter) for letter in to_the_doctor(mail_server))
    assert "prednisolone" not in whole.lower()
    assert "Testinfant" not in whole


def test_a_change_of_phase_is_told_two_days_ahead_with_its_weekday(
    ward: w.Ward, child: Enrolment, mail_server: MailSink
) -> None:
    ward.start(child, products=SOLUTION)
    change = min(
        dt.date.fromisoformat(row.data["on"]) for row in _after_relay(letter="phase_changes", day=w.day(0))
    )

    days(1, (change - w.START).days)

    (letter,) = said(mail_server, f"changes on {change:%A} {change.day} {change:%B %Y}")
    told_on = (
        Delivery.objects.filter(letter="phase_changes", sent_at__isnull=False).earliest("sent_at").sent_at
    )
    assert told_on is not None
    assert change - dt.timedelta(days=4) <= told_on.date() < change
    assert letter["To"] == DOCTOR


def _after_relay(*, letter: str, day: dt.date) -> list[Delivery]:
    with time_machine.travel(_never_away(w.at(day)), tick=False):
        tasks.relay()
    return list(Delivery.objects.filter(letter=letter))


def test_after_the_end_of_a_hormone_come_the_weeks_of_care_and_the_end_of_the_vaccine_hold(
    ward: w.Ward, child: Enrolment, mail_server: MailSink
) -> None:
    course = ward.start(child, products=SOLUTION)
    days(0, 1)
    stop_course(
        course=course,
        last_dose_on=w.day(7),
        reason="intolerance",
        abrupt_because="decided by name",
        by=ward.neurologist,
        now=w.at(w.day(7)),
    )

    days(7, 9)

    assert said(mail_server, "any illness")
    waiting = Delivery.objects.get(letter="vaccine_hold_ends")
    on = dt.date.fromisoformat(waiting.data["on"])
    assert on > w.day(30)
    assert not said(mail_server, "ends on")
    ahead = (on - w.START).days
    for elapsed in range(ahead - 1, ahead + 4):
        cycle(w.day(elapsed), 14)
    assert said(mail_server, f"ends on {on:%A} {on.day} {on:%B %Y}")
    assert not Delivery.objects.filter(
        letter="phase_changes", state="sent", sent_at__gt=w.at(w.day(7))
    ).exists()


def dates_in(sink: MailSink) -> dict[str, list[tuple[str, int, dt.date, str]]]:
    """What a calendar program reads in the practice's letters: per UID its method, sequence, day, status."""
    found: dict[str, list[tuple[str, int, dt.date, str]]] = {}
    for letter in to_the_doctor(sink):
        for part in letter.walk():
            if part.get_content_type() == "text/calendar":
                calendar = Calendar.from_ical(bytes(part.get_payload(decode=True)))
                assert part.get_param("method") == calendar["METHOD"]
                (date,) = calendar.walk("VEVENT")
                assert not date.errors
                found.setdefault(str(date["UID"]), []).append(
                    (
                        str(calendar["METHOD"]),
                        int(str(date["SEQUENCE"])),
                        date.decoded("DTSTART"),
                        str(date["STATUS"]),
                    )
                )
    return found


def test_a_check_that_moves_moves_in_the_calendar_and_one_that_is_waived_disappears(
    mail_server: MailSink,
) -> None:
    child = make.EnrolmentFactory.create()
    make.CareTeamMemberFactory.create(
        patient=child.patient, clinic=child.clinic, contact__email=DOCTOR, role="pediatrician"
    )
    first, later = w.day(2), w.day(9)
    check = make.CheckFactory.create(enrolment=child, opens_on=w.day(0), due_on=first)
    uid = f"{check.uid}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].strip('>')}"

    _news(Kind.CHECK_OPENED, check, child, w.day(0))
    _mornings(0, 1)
    Check.objects.filter(pk=check.pk).update(due_on=later)
    _news(Kind.CHECK_MOVED, check, child, w.day(1))
    _mornings(2, 3)
    Check.objects.filter(pk=check.pk).update(state="waived", reason="not needed")
    _news(Kind.CHECK_WAIVED, check, child, w.day(3))
    _mornings(4, 4)

    assert dates_in(mail_server) == {
        uid: [
            ("REQUEST", 0, first, "CONFIRMED"),
            ("REQUEST", 1, later, "CONFIRMED"),
            ("CANCEL", 2, later, "CANCELLED"),
        ]
    }


def _news(kind: Kind, check: Check, child: Enrolment, day: dt.date) -> None:
    tell(kind, about=check, enrolment=child, by=sweep_actor(), now=w.at(day, 16))


def _mornings(first: int, last: int) -> None:
    """The schedule without a review: at breakfast, at the time of the digest, in the afternoon."""
    for elapsed in range(first, last + 1):
        for hour in (13, 14, 20):
            with time_machine.travel(_never_away(w.at(w.day(elapsed), hour)), tick=False):
                tasks.relay()
                tasks.send_due()
