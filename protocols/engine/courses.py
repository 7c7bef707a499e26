"""Courses, treatment episodes and spans of uninterrupted treatment, put together from the facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from protocols.engine import facts as f
from protocols.engine.pathway import DrugClass, JudgedFrom

if TYPE_CHECKING:
    from protocols.engine.known import Known
    from protocols.engine.pathway import EpisodePolicy

TREATMENT_FACTS: frozenset[type[f.Fact]] = frozenset(
    {
        f.TreatmentStart,
        f.TreatmentStop,
        f.LastDosePlanned,
        f.TargetDoseReached,
        f.TaperStarted,
        f.Hold,
        f.MissedDose,
        f.TrialJudged,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One drug from its first to its last dose; `end` is None while no last dose is known."""

    id: str
    fact: str
    drug: str
    drug_class: DrugClass
    start: date
    end: date | None
    stop: f.TreatmentStop | None
    adequate: bool
    target_on: date | None
    taper_on: date | None
    conditional_step_on: date | None
    holds: tuple[f.Hold, ...]

    def running_on(self, day: date) -> bool:
        """Whether the drug is being taken on `day`; the day of the last dose included."""
        return self.start <= day and (self.end is None or day <= self.end)

    def inadequate_at(self, day: date) -> bool:
        """Whether failure evidence of `day` would follow an inadequate trial of this course."""
        stopped_for_intolerance = (
            self.stop is not None and self.stop.reason is f.StopReason.INTOLERANCE and self.stop.on <= day
        )
        return not self.adequate or stopped_for_intolerance


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """First-line courses started together; `next_start` is the start of the episode after it."""

    id: str
    start: date
    judged_from: date
    courses: tuple[Course, ...]
    next_start: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatmentSpan:
    """Uninterrupted treatment with one class: overlapping and back-to-back courses."""

    id: str
    start: date
    end: date | None
    courses: tuple[Course, ...]


def courses_of(known: Known, policy: EpisodePolicy) -> tuple[Course, ...]:
    """Every course that has started, oldest first."""
    starts = known.of(f.TreatmentStart)
    ids = [start.course or known.root_of(start) for start in starts]
    stops = _stops_by_course(known, list(zip(ids, starts, strict=True)))
    return tuple(
        _course(known, policy, course, start, stops.get(course))
        for course, start in zip(ids, starts, strict=True)
    )


def _course(
    known: Known, policy: EpisodePolicy, course: str, start: f.TreatmentStart, stop: f.TreatmentStop | None
) -> Course:
    planned = [fact.last_dose for fact in known.of(f.LastDosePlanned) if fact.course == course]
    targets = [fact.on for fact in known.of(f.TargetDoseReached) if fact.course == course]
    tapers = [fact.on for fact in known.of(f.TaperStarted) if fact.course == course]
    last_planned = planned[-1] if planned else start.planned_last_dose
    return Course(
        id=course,
        fact=start.id,
        drug=start.drug,
        drug_class=start.drug_class,
        start=start.on,
        end=stop.on if stop else last_planned,
        stop=stop,
        adequate=_adequate(known, policy, course, start),
        target_on=targets[0] if targets else None,
        taper_on=tapers[0] if tapers else start.taper_on,
        conditional_step_on=start.conditional_step_on,
        holds=tuple(hold for hold in known.of(f.Hold) if hold.course == course),
    )


def _adequate(known: Known, policy: EpisodePolicy, course: str, start: f.TreatmentStart) -> bool:
    judged = [fact.adequate for fact in known.of(f.TrialJudged) if fact.course == course]
    if judged:
        return judged[-1]
    limit = policy.missed_doses_question_trial
    missed = sum(fact.doses for fact in known.of(f.MissedDose) if fact.course == course)
    return start.adequate and (limit is None or missed < limit)


def same_drug(one: str, other: str) -> bool:
    """Whether two names mean one drug: equal, or one names it and the other names it more closely."""
    a, b = sorted((one.casefold().strip(), other.casefold().strip()), key=len)
    return a == b or (a != "" and b.startswith(f"{a} "))


def _stops_by_course(known: Known, started: list[tuple[str, f.TreatmentStart]]) -> dict[str, f.TreatmentStop]:
    stops: dict[str, f.TreatmentStop] = {}
    for stop in known.of(f.TreatmentStop):
        matching = [
            course
            for course, start in started
            if start.on <= stop.on and (stop.course == course or _by_drug(stop, start))
        ]
        if matching:
            stops[matching[-1]] = stop
    return stops


def _by_drug(stop: f.TreatmentStop, start: f.TreatmentStart) -> bool:
    return not stop.course and same_drug(stop.drug, start.drug)


def episodes_of(courses: tuple[Course, ...], policy: EpisodePolicy) -> tuple[Episode, ...]:
    """Courses started within the policy's days of the first of them are one episode."""
    groups: list[list[Course]] = []
    for course in courses:
        if groups and (course.start - groups[-1][0].start).days <= policy.joined_within_days:
            groups[-1].append(course)
        else:
            groups.append([course])
    starts = [group[0].start for group in groups[1:]]
    return tuple(
        Episode(
            id=group[0].id,
            start=group[0].start,
            judged_from=_judged_from(group, policy),
            courses=tuple(group),
            next_start=starts[n] if n < len(starts) else None,
        )
        for n, group in enumerate(groups)
    )


def _judged_from(group: list[Course], policy: EpisodePolicy) -> date:
    start = group[0].start
    if policy.vigabatrin_judged_from is JudgedFrom.START:
        return start
    if any(course.drug_class is not DrugClass.VIGABATRIN for course in group):
        return start
    targets = [course.target_on for course in group if course.target_on is not None]
    return max(targets, default=start)


def spans_of(courses: tuple[Course, ...], drug_class: DrugClass) -> tuple[TreatmentSpan, ...]:
    """Overlapping and back-to-back courses of a class as one span each."""
    spans: list[TreatmentSpan] = []
    for course in courses:
        if course.drug_class is not drug_class:
            continue
        last = spans[-1] if spans else None
        if last is not None and (last.end is None or course.start <= last.end + timedelta(days=1)):
            ends = (last.end, course.end)
            end = None if None in ends else max(e for e in ends if e is not None)
            spans[-1] = TreatmentSpan(id=last.id, start=last.start, end=end, courses=(*last.courses, course))
        else:
            spans.append(TreatmentSpan(id=course.id, start=course.start, end=course.end, courses=(course,)))
    return tuple(spans)
