"""What a monitoring rule counts from: the dates in a child's facts that open its checks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from protocols.engine import facts as f
from protocols.engine.observations import IMAGED
from protocols.engine.pathway import Anchor, AppliesTo, DrugClass, Until
from protocols.engine.response import UNRESOLVED
from protocols.engine.values import out_of_range

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from protocols.engine.courses import Course, TreatmentSpan
    from protocols.engine.pathway import MonitoringRule
    from protocols.engine.picture import Picture

CLASS = {AppliesTo.HORMONAL: DrugClass.HORMONAL, AppliesTo.VIGABATRIN: DrugClass.VIGABATRIN}


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchorPoint:
    """One date a rule counts from. After `end_on` no check of the rule is open; `ended` says why."""

    key: str
    on: date
    fact: str
    words: str
    end_on: date | None = None
    ended: str = ""
    course: str = ""
    courses: tuple[Course, ...] = ()
    satisfied_by: f.Fact | None = None
    at: datetime | None = None


def anchors_of(rule: MonitoringRule, picture: Picture) -> list[AnchorPoint]:
    """The dates a rule counts from, oldest first."""
    found = list(_FINDERS[rule.anchor](rule, picture))
    if len(found) > 1:
        found.sort(key=lambda point: (point.on, point.key))
    return found


def _classes(rule: MonitoringRule) -> tuple[DrugClass, ...]:
    return (CLASS[rule.applies_to],) if rule.applies_to in CLASS else tuple(DrugClass)


def _spans(rule: MonitoringRule, picture: Picture) -> Iterator[AnchorPoint]:
    for drug_class in _classes(rule):
        for span in picture.spans(drug_class):
            end, why = _end(rule, span.courses, span.end)
            yield AnchorPoint(
                key=span.id,
                on=span.start,
                fact=span.courses[0].fact,
                words=f"start of {span.courses[0].drug}",
                end_on=end,
                ended=why,
                course=span.courses[-1].id,
                courses=span.courses,
            )


def _courses(rule: MonitoringRule, picture: Picture) -> Iterator[AnchorPoint]:
    for course in picture.courses:
        if course.drug_class in _classes(rule):
            end, why = _end(rule, (course,), course.end)
            yield AnchorPoint(
                key=course.id,
                on=course.start,
                fact=course.fact,
                words=f"start of {course.drug}",
                end_on=end,
                ended=why,
                course=course.id,
                courses=(course,),
            )


def _end(rule: MonitoringRule, courses: tuple[Course, ...], last: date | None) -> tuple[date | None, str]:
    if rule.until is Until.NEVER:
        return None, ""
    tapers = [course.taper_on for course in courses if course.taper_on is not None]
    if rule.until is Until.TAPER_START and tapers:
        return max(tapers), "the taper began"
    return last, "last dose given"


def _episodes(_rule: MonitoringRule, picture: Picture) -> Iterator[AnchorPoint]:
    rebase = picture.policy.pathway.episode.rebase_on_later_drug
    for episode in picture.episodes:
        yield AnchorPoint(
            key=episode.id,
            on=episode.judged_from,
            fact=episode.courses[0].fact,
            words=f"start of {' and '.join(course.drug for course in episode.courses)}",
            end_on=episode.next_start if rebase else None,
            ended="a later drug opened a new treatment episode",
            course=episode.courses[0].id,
            courses=episode.courses,
        )


def _last_doses(rule: MonitoringRule, picture: Picture) -> Iterator[AnchorPoint]:
    for drug_class in _classes(rule):
        spans = picture.spans(drug_class)
        for n, span in enumerate(spans):
            if span.end is not None and picture.reached(span.end):
                later = spans[n + 1].start if n + 1 < len(spans) else None
                yield AnchorPoint(
                    key=f"{span.id}:last",
                    on=span.end,
                    fact=_last_dose_fact(span),
                    words=f"last dose of {span.courses[-1].drug}",
                    end_on=later,
                    ended="treatment with the same class began again",
                    course=span.courses[-1].id,
                    courses=span.courses,
                )


def _last_dose_fact(span: TreatmentSpan) -> str:
    last = max(span.courses, key=lambda course: (course.end or course.start, course.id))
    return last.stop.id if last.stop is not None else last.fact


def _tapers(rule: MonitoringRule, picture: Picture) -> Iterator[AnchorPoint]:
    for course in picture.courses:
        if course.drug_class in _classes(rule) and course.taper_on and picture.reached(course.taper_on):
            yield AnchorPoint(
                key=f"{course.id}:taper",
                on=course.taper_on,
                fact=course.fact,
                words=f"start of the taper of {course.drug}",
                end_on=course.end,
                ended="last dose given",
                course=course.id,
                courses=(course,),
            )


def _conditional_steps(_rule: MonitoringRule, picture: Picture) -> Iterator[AnchorPoint]:
    for course in picture.courses:
        if course.conditional_step_on:
            yield AnchorPoint(
                key=f"{course.id}:step",
                on=course.conditional_step_on,
                fact=course.fact,
                words=f"dose of {course.drug} to be decided",
                end_on=course.end,
                ended="last dose given",
                course=course.id,
            )


def _facts(
    kind: type[f.Fact], words: str, wanted: Callable[[f.Fact, MonitoringRule, Picture], bool]
) -> Callable[[MonitoringRule, Picture], Iterator[AnchorPoint]]:
    def find(rule: MonitoringRule, picture: Picture) -> Iterator[AnchorPoint]:
        for fact in picture.known.of(kind):
            if wanted(fact, rule, picture):
                root = picture.known.root_of(fact)
                yield AnchorPoint(key=root, on=fact.on, fact=fact.id, words=words, course=root, at=fact.at)

    return find


def _high(fact: f.Fact, rule: MonitoringRule, picture: Picture) -> bool:
    level = picture.level(fact) if isinstance(fact, f.BloodPressure) else None
    return level is not None and level.code == rule.level


def _agent(fact: f.Fact, rule: MonitoringRule, _picture: Picture) -> bool:
    return isinstance(fact, f.Exposure) and fact.agent.casefold() == rule.agent.casefold()


def _second_opinion(fact: f.Fact, _rule: MonitoringRule, _picture: Picture) -> bool:
    return isinstance(fact, f.ReferralStep) and fact.step is f.ReferralStepKind.SECOND_OPINION


def _step(fact: f.Fact, rule: MonitoringRule, _picture: Picture) -> bool:
    return isinstance(fact, f.ReferralStep) and fact.step.value == rule.level


def _any(_fact: f.Fact, _rule: MonitoringRule, _picture: Picture) -> bool:
    return True


def _spasm_reports(_rule: MonitoringRule, picture: Picture) -> Iterator[AnchorPoint]:
    """Reports that nobody has confirmed or refuted yet, and those that somebody has since."""
    for report in picture.known.of(f.SpasmReport):
        root = picture.known.root_of(report)
        settled = report.status not in UNRESOLVED
        if not settled or root != report.id:
            yield AnchorPoint(
                key=root,
                on=report.on,
                fact=report.id,
                words="report of possible spasms",
                satisfied_by=report if settled else None,
            )


def _adrenal_signs(_rule: MonitoringRule, picture: Picture) -> Iterator[AnchorPoint]:
    """Signs of adrenal crisis without fever, and lost hormone doses, while steroids mask it."""
    signs = [fact for fact in picture.known.of(f.Symptom) if fact.signs]
    hormonal = {c.id for c in picture.courses if c.drug_class is DrugClass.HORMONAL}
    lost = [fact for fact in picture.known.of(f.MissedDose) if fact.course in hormonal]
    for fact in (*signs, *lost):
        if picture.adrenal_window(fact.on):
            words = "sign without fever" if isinstance(fact, f.Symptom) else "missed or vomited hormone dose"
            yield AnchorPoint(key=picture.known.root_of(fact), on=fact.on, fact=fact.id, words=words)


def _raised(rule: MonitoringRule, picture: Picture) -> Iterator[AnchorPoint]:
    """Each rise of the escalation rule named in `level`; that it is settled does not answer the check."""
    episodes = {f"episode:{episode.id}": episode for episode in picture.episodes}
    for rise in picture.ledger.of(rule.level):
        if rise.withdrawn_on is None:
            failed = episodes.get(rise.cause)
            alone = failed.courses[0].id if failed is not None and len(failed.courses) == 1 else ""
            yield AnchorPoint(
                key=rise.key,
                on=rise.raised_on,
                fact=next(iter(rise.finding.facts), ""),
                words=picture.policy.called(rule.level),
                course=alone,
            )


def _unimaged(rule: MonitoringRule, picture: Picture) -> Iterator[AnchorPoint]:
    """The first failure while nobody knows whether there is a lesion."""
    first = next((rise for rise in picture.ledger.of(rule.level) if rise.withdrawn_on is None), None)
    if first is None:
        return
    imaged = [x for x in picture.known.of(f.Finding) if x.lesion in IMAGED]
    if not any(x.known_on < first.raised_on for x in imaged):
        yield AnchorPoint(
            key=first.key,
            on=first.raised_on,
            fact=next(iter(first.finding.facts), ""),
            words="the treatment has not worked, lesion not known",
            satisfied_by=imaged[0] if imaged else None,
        )


def _relapses(_rule: MonitoringRule, picture: Picture) -> Iterator[AnchorPoint]:
    for episode in picture.episodes:
        relapsed = picture.judgement(episode).relapsed
        if relapsed is not None:
            yield AnchorPoint(key=episode.id, on=relapsed.on, fact=relapsed.fact, words="relapse")


def _values(rule: MonitoringRule, picture: Picture) -> Iterator[AnchorPoint]:
    """Observations out of range; those of hormone rules only on a hormone or in its adrenal window."""
    for fact, said in out_of_range(rule, picture.known):
        if rule.applies_to is not AppliesTo.HORMONAL or picture.adrenal_window(fact.on):
            yield AnchorPoint(key=picture.known.root_of(fact), on=fact.on, fact=fact.id, words=said)


_FINDERS: dict[Anchor, Callable[[MonitoringRule, Picture], Iterator[AnchorPoint]]] = {
    Anchor.SPAN_START: _spans,
    Anchor.COURSE_START: _courses,
    Anchor.EPISODE_START: _episodes,
    Anchor.LAST_DOSE: _last_doses,
    Anchor.TAPER_START: _tapers,
    Anchor.CONDITIONAL_STEP: _conditional_steps,
    Anchor.ESCALATION: _raised,
    Anchor.DIAGNOSIS: _facts(f.Diagnosed, "diagnosis", _any),
    Anchor.HIGH_BP: _facts(f.BloodPressure, "high reading", _high),
    Anchor.EXPOSURE: _facts(f.Exposure, "exposure", _agent),
    Anchor.SPASM_REPORT: _spasm_reports,
    Anchor.ADRENAL_SIGN: _adrenal_signs,
    Anchor.FIRST_FAILURE_UNIMAGED: _unimaged,
    Anchor.SECOND_OPINION: _facts(f.ReferralStep, "second opinion elsewhere", _second_opinion),
    Anchor.RELAPSE: _relapses,
    Anchor.VALUE: _values,
    Anchor.REFERRAL_STEP: _facts(f.ReferralStep, "step of the referral", _step),
}
