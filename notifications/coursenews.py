"""What a course asks to be told over time: changes of phase, vaccines that wait, the weeks after a hormone.

Letters for a later day are rows with that day, written at once: nothing has to remember to write them. When
the plan changes, those that no longer fit are withheld and new ones written.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

from clinic.models import Actor, Course, Enrolment
from notifications.models import Delivery
from notifications.policy.hours import working_day_until
from notifications.readers import hours_of_house
from notifications.writing import News, tell
from protocols.engine.days import add_months
from protocols.engine.dosing import Calendar
from protocols.engine.pathway import DrugClass, PathwayEdition, Role, Trigger
from protocols.reading import pathway_values

# How long before the day a practice hears of a change of dose (clinic policy P); on a working day before
# that, where it is none: a change on a Monday is told on the Friday.
AHEAD = timedelta(days=2)


def tell_of_start(course: Course, enrolment: Enrolment, *, by: Actor, now: datetime) -> None:
    """A hormone begins: live vaccines wait from now on."""
    if course.drug.drug_class == DrugClass.HORMONAL:
        _tell(course, enrolment, letter="vaccine_hold", rung="vaccines wait", by=by, now=now)


def tell_of_phases(
    course: Course, calendar: Calendar, enrolment: Enrolment, *, by: Actor, now: datetime
) -> None:
    """Keep the letters about changes of phase in step with the calendar."""
    today = enrolment.clinic.local_date(now)
    changes = phase_changes(calendar) if course.status == Course.Status.ACTIVE else ()
    wanted = {f"phase {on}": on for on in changes if on > today}
    waiting = Delivery.objects.filter(
        cause_kind="course", cause_uid=course.uid, letter="phase_changes", state=Delivery.State.WAITING
    )
    waiting.exclude(rung__in=wanted).update(state=Delivery.State.WITHHELD, why="plan-changed", settled_at=now)
    for rung, on in wanted.items():
        _tell(course, enrolment, letter="phase_changes", rung=rung, on=on, ahead=AHEAD, by=by, now=now)


def phase_changes(calendar: Calendar) -> tuple[date, ...]:
    """The first day of each phase but the first."""
    follows = pairwise(calendar.days)
    return tuple(today.on for before, today in follows if today.phase and today.phase != before.phase)


def tell_of_end(course: Course, enrolment: Enrolment, *, by: Actor, now: datetime) -> None:
    """A hormone has ended: illness is taken seriously for some months, and vaccines wait a little longer."""
    Delivery.objects.filter(
        cause_kind="course", cause_uid=course.uid, letter="phase_changes", state=Delivery.State.WAITING
    ).update(state=Delivery.State.WITHHELD, why="course-ended", settled_at=now)
    if course.drug.drug_class != DrugClass.HORMONAL or course.last_dose_on is None:
        return
    pathway = pathway_values(enrolment.pathway_edition)
    if months := _number(pathway, Trigger.FEVER, "window_months"):
        until = add_months(course.last_dose_on, months)
        _tell(
            course,
            enrolment,
            letter="adrenal_window",
            rung=f"adrenal {until}",
            until_on=until,
            by=by,
            now=now,
        )
    if months := _number(pathway, Trigger.LIVE_VACCINE, "until_months"):
        on = add_months(course.last_dose_on, months)
        _tell(course, enrolment, letter="vaccine_hold_ends", rung=f"vaccines {on}", on=on, by=by, now=now)


def _number(pathway: PathwayEdition, trigger: Trigger, name: str) -> int:
    """The smallest number the edition's rules give for a parameter; 0 where no rule gives one."""
    found = [
        int(str(parameter.value))
        for rule in pathway.escalation_rules
        if rule.trigger is trigger
        for parameter in rule.parameters
        if parameter.name == name
    ]
    return min(found, default=0)


def _tell(
    course: Course,
    enrolment: Enrolment,
    *,
    letter: str,
    rung: str,
    by: Actor,
    now: datetime,
    ahead: timedelta = timedelta(),
    on: date | None = None,
    until_on: date | None = None,
) -> None:
    dates = {"on": on, "until_on": until_on}
    news = News(
        letter=letter,
        cause_kind="course",
        cause_uid=course.uid,
        rung=rung,
        urgency="routine",
        from_calendar=on is not None,
        not_before_on=_told_on(on, ahead, enrolment) if on is not None else None,
        data={name: day.isoformat() for name, day in dates.items() if day is not None},
    )
    tell(news, roles=(Role.PEDIATRICIAN,), enrolment=enrolment, by=by, now=now)


def _told_on(on: date, ahead: timedelta, enrolment: Enrolment) -> date:
    return working_day_until(on - ahead, hours_of_house(enrolment.clinic)) if ahead else on
