"""What the clinic's timeline asks to be told beyond checks and escalations: one table, kind by kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from clinic import calendars
from clinic.models import Check, Course, Enrolment, TimelineEntry
from clinic.timeline import Kind
from notifications import coursenews
from notifications.letters.letter import ANY_CHECK, GENERAL_WORDS
from notifications.writing import News, tell
from protocols.engine.pathway import Role

Teller = Callable[[TimelineEntry, Enrolment, datetime], None]


def tell_of(entry: TimelineEntry, *, now: datetime) -> None:
    """Write the letters one timeline entry asks for; most kinds ask for none."""
    teller = TELLERS.get(entry.kind)
    if teller is not None and entry.enrolment is not None:
        teller(entry, entry.enrolment, now)


def _referral_asked(entry: TimelineEntry, enrolment: Enrolment, now: datetime) -> None:
    news = News(
        letter="referral_made",
        cause_kind="referral",
        cause_uid=entry.subject_uid,
        rung="asked",
        urgency="routine",
    )
    tell(news, roles=(Role.PEDIATRICIAN, Role.NURSE), enrolment=enrolment, by=entry.by, now=now)


def _course_started(entry: TimelineEntry, enrolment: Enrolment, now: datetime) -> None:
    course = Course.objects.select_related("drug").get(uid=entry.subject_uid)
    news = News(
        letter="course_started",
        cause_kind="course",
        cause_uid=course.uid,
        rung="started",
        urgency="routine",
        data={"asks": what_is_asked(enrolment)},
    )
    tell(news, roles=(Role.PEDIATRICIAN,), enrolment=enrolment, by=entry.by, now=now)
    coursenews.tell_of_start(course, enrolment, by=entry.by, now=now)
    _calendar_changed(entry, enrolment, now)


def what_is_asked(enrolment: Enrolment) -> list[str]:
    """What a practice will be asked, in general words, each once, the soonest first."""
    standing = Check.objects.filter(enrolment=enrolment, state__in=Check.OPEN_STATES, who=Role.PEDIATRICIAN)
    observed = standing.order_by("due_on").values_list("observes", flat=True)
    return list(dict.fromkeys(GENERAL_WORDS.get(one, ANY_CHECK) for one in observed))


def _course_stopped(entry: TimelineEntry, enrolment: Enrolment, now: datetime) -> None:
    course = Course.objects.select_related("drug").get(uid=entry.subject_uid)
    coursenews.tell_of_end(course, enrolment, by=entry.by, now=now)


def _transfer_offered(entry: TimelineEntry, enrolment: Enrolment, now: datetime) -> None:
    news = News(
        letter="hand_over",
        cause_kind="transfer",
        cause_uid=entry.subject_uid,
        rung="offered",
        urgency="high",
    )
    tell(news, roles=(Role.CLINIC_LEAD,), enrolment=enrolment, by=entry.by, now=now)


def _calendar_changed(entry: TimelineEntry, enrolment: Enrolment, now: datetime) -> None:
    """Whatever changed a calendar, the letters about its phases follow it."""
    for course in Course.objects.filter(enrolment=enrolment).select_related("drug"):
        if course.status == Course.Status.ACTIVE:
            calendar = calendars.calendar_of(course)
            coursenews.tell_of_phases(course, calendar, enrolment, by=entry.by, now=now)


TELLERS: Mapping[str, Teller] = {
    Kind.REFERRAL_ASKED: _referral_asked,
    Kind.COURSE_STARTED: _course_started,
    Kind.COURSE_STOPPED: _course_stopped,
    Kind.COURSE_HELD: _calendar_changed,
    Kind.COURSE_RESUMED: _calendar_changed,
    Kind.DOSE_DECIDED: _calendar_changed,
    Kind.DOSE_CHANGED: _calendar_changed,
    Kind.TRANSFER_OFFERED: _transfer_offered,
}
