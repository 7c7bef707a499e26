"""Rules about whether treatment works: failure, the boundary day, an inadequate trial, the next therapy,
relapse.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from protocols.engine import facts as f
from protocols.engine.answers import answered
from protocols.engine.ledger import Finding
from protocols.engine.plan import CalendarStep

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocols.engine.courses import Course, Episode
    from protocols.engine.picture import Picture
    from protocols.engine.policy import Rule
    from protocols.engine.response import Evidence, Judgement


def failures(picture: Picture) -> list[tuple[Episode, Evidence]]:
    """Each failed episode with the first evidence that shows it, oldest first."""
    found = []
    for episode in picture.episodes:
        failed = picture.judgement(episode).failed
        if failed is not None:
            found.append((episode, failed))
    return found


def adequate_courses(episode: Episode, on: date) -> list[Course]:
    """The courses of an episode that were adequate trials when it failed."""
    return [course for course in episode.courses if not course.inadequate_at(on)]


def next_therapy(picture: Picture, since: date, *, beside: Episode | None = None) -> tuple[str, ...] | None:
    """The first therapy started or decided on or after a day, other than an episode's own courses.

    A course of a later episode counts even where it began before the failure was seen.
    """
    own = {course.id for course in beside.courses} if beside else set()
    begun = beside.start if beside else since
    found: list[tuple[date, str]] = [
        (course.start, course.fact)
        for course in picture.courses
        if (course.start >= since or course.start > begun) and course.id not in own
    ]
    found += [(x.on, x.id) for x in picture.known.of(f.TherapyStart) if x.on >= since]
    found += [(x.on, x.id) for x in picture.known.of(f.Decision) if x.on >= since and x.next_therapy]
    return (min(found)[1],) if found else None


def episode_failed(rule: Rule, picture: Picture) -> Iterator[Finding]:
    """Failure evidence after an adequate trial, once for each episode."""
    for episode, failed in failures(picture):
        if adequate_courses(episode, failed.on):
            drugs = " and ".join(course.drug for course in episode.courses)
            yield Finding(
                key=f"episode:{episode.id}",
                sentence=f"{drugs}, started {episode.start}, has not worked: {failed.words}",
                facts=(*(course.fact for course in episode.courses), failed.fact),
                steps=_judged_steps(picture, episode, failed.on),
                settled=next_therapy(picture, _asked_since(rule, picture, episode, failed), beside=episode),
                brief=True,
            )


def _asked_since(rule: Rule, picture: Picture, episode: Episode, evidence: Evidence) -> date:
    """From when an answer counts: the evidence's day, or the day the rule rose when a correction moved the
    evidence past it.
    """
    key = f"episode:{episode.id}"
    rose = [r.raised_on for r in picture.ledger.of(rule.code) if r.cause == key and r.withdrawn_on is None]
    return min((evidence.on, *rose))


def _judged_steps(picture: Picture, episode: Episode, on: date) -> tuple[CalendarStep, ...]:
    day = picture.policy.pathway.eeg.counts_from_day
    elapsed = (on - episode.judged_from).days
    return (
        CalendarStep(
            label="a result counts from",
            from_on=episode.judged_from,
            step=f"{day} days",
            to_on=episode.judged_from + timedelta(days=day),
        ),
        CalendarStep(
            label="days since the start", from_on=episode.judged_from, step=f"{elapsed} days", to_on=on
        ),
    )


def failed_after_inadequate_trial(rule: Rule, picture: Picture) -> Iterator[Finding]:
    """Failure evidence where no course of the episode was an adequate trial."""
    for episode, failed in failures(picture):
        if not adequate_courses(episode, failed.on):
            since = _asked_since(rule, picture, episode, failed)
            yield Finding(
                key=f"episode:{episode.id}",
                sentence=f"{failed.words}, but the trial was not adequate ({_why_inadequate(episode)})",
                facts=(*(course.fact for course in episode.courses), failed.fact),
                steps=_judged_steps(picture, episode, failed.on),
                settled=answered(rule, picture, since) or next_therapy(picture, since, beside=episode),
                brief=True,
            )


def _why_inadequate(episode: Episode) -> str:
    stopped = any(c.stop is not None and c.stop.reason is f.StopReason.INTOLERANCE for c in episode.courses)
    return "stopped for intolerance" if stopped else "wrong dose or missed doses"


def spasm_on_boundary(rule: Rule, picture: Picture) -> Iterator[Finding]:
    """The last spasm lies exactly on the day about which the sources disagree."""
    for episode in picture.episodes:
        judged = picture.judgement(episode)
        spasm = judged.boundary_spasm
        if spasm is None:
            continue
        answer = answered(rule, picture, spasm.on)
        if judged.failed is not None:
            answer = answer or (judged.failed.fact,)
        yield Finding(
            key=f"episode:{episode.id}",
            sentence=f"the last spasm, {spasm.on}, is exactly {(spasm.on - episode.judged_from).days} days"
            " after the start; sources disagree whether that day is allowed",
            facts=(episode.courses[0].fact, spasm.id),
            settled=answer,
            brief=judged.failed is None,
        )


def no_next_therapy(rule: Rule, picture: Picture) -> Iterator[Finding]:
    """Days have passed since a failure (or an intolerance stop) and no next therapy is recorded."""
    for wait in (*_after_rules(rule, picture), *_after_intolerance(rule, picture)):
        days = rule.number("days")
        late_on = wait.since + timedelta(days=days)
        if picture.reached(late_on):
            step = CalendarStep(
                label="no next therapy recorded", from_on=wait.since, step=f"{days} days", to_on=late_on
            )
            yield Finding(
                key=wait.cause,
                sentence=f"{wait.words}; {days} days later no next therapy is recorded",
                facts=wait.facts,
                steps=(step,),
                settled=wait.therapy,
            )


class Wait(NamedTuple):
    """Something after which a next therapy is wanted, and the therapy that came."""

    cause: str
    words: str
    since: date
    facts: tuple[str, ...]
    therapy: tuple[str, ...] | None


def _after_rules(rule: Rule, picture: Picture) -> Iterator[Wait]:
    for rise in picture.ledger.of_any(rule.words("after")):
        if rise.withdrawn_on is not None:
            continue
        episode = next(e for e in picture.episodes if f"episode:{e.id}" == rise.cause)
        failed = picture.judgement(episode).failed
        since = min(failed.on, rise.raised_on) if failed is not None else rise.raised_on
        yield Wait(
            rise.cause,
            f"{picture.policy.called(rise.rule)}, {rise.raised_on}",
            rise.raised_on,
            rise.finding.facts,
            next_therapy(picture, since, beside=episode),
        )


def _after_intolerance(rule: Rule, picture: Picture) -> Iterator[Wait]:
    for course in picture.courses if rule.flag("after_intolerance_stop") else ():
        stop = course.stop
        if stop is not None and stop.reason is f.StopReason.INTOLERANCE:
            yield Wait(
                f"stop:{course.id}",
                f"{course.drug} was stopped for intolerance on {stop.on}",
                stop.on,
                (course.fact, stop.id),
                _after_stop(picture, course, stop.on),
            )


def _after_stop(picture: Picture, course: Course, on: date) -> tuple[str, ...] | None:
    """The therapy that follows a stopped course, or the first-line course that runs on beside it."""
    for beside in picture.courses:
        runs_on = beside.end is None or beside.end > on
        if beside.id != course.id and beside.start <= on and runs_on:
            return (beside.fact,)
    return next_therapy(picture, on)


def relapse(rule: Rule, picture: Picture) -> Iterator[Finding]:
    """A spasm or a positive EEG after response was established."""
    for episode in picture.episodes:
        judged = picture.judgement(episode)
        if judged.relapsed is not None and judged.response_on is not None:
            since = _asked_since(rule, picture, episode, judged.relapsed)
            yield Finding(
                key=f"episode:{episode.id}",
                sentence=f"{judged.relapsed.words}; response had been established on {judged.response_on}",
                facts=_response_facts(judged),
                settled=next_therapy(picture, since, beside=episode) or answered(rule, picture, since),
                brief=True,
            )


def _response_facts(judged: Judgement) -> tuple[str, ...]:
    facts = [course.fact for course in judged.episode.courses]
    facts += [judged.clean_eeg.id] if judged.clean_eeg is not None else []
    facts += [judged.relapsed.fact] if judged.relapsed is not None else []
    return tuple(facts)
