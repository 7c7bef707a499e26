"""Which facts satisfy a check, by what the check observes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.engine import facts as f
from protocols.engine.pathway import Observes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from protocols.engine.known import Known
    from protocols.engine.pathway import MonitoringRule

KINDS: dict[Observes, tuple[type[f.Fact], ...]] = {
    Observes.BLOOD_PRESSURE: (f.BloodPressure,),
    Observes.WEIGHT: (f.Weight,),
    Observes.LENGTH: (f.Length,),
    Observes.GLUCOSE: (f.Glucose,),
    Observes.ELECTROLYTES: (f.Electrolytes,),
    Observes.STOOL: (f.Stool,),
    Observes.CALL: (f.Call, f.FamilyAsked),
    Observes.EEG: (f.Eeg,),
    Observes.VISION: (f.VisionExam,),
    Observes.REVIEW: (f.HumanReview, f.Decision),
    Observes.DOSE_DECISION: (f.DoseDecided,),
    Observes.TRIAL_ADEQUACY: (f.TrialJudged,),
    Observes.SPASM_VERDICT: (f.SpasmReport,),
    Observes.CONTACT: (f.SpokenTo, f.Call),
    Observes.IMAGING: (f.Finding,),
    Observes.REFERRAL_OUTCOME: (f.ReferralStep,),
    Observes.REFERRAL_STEP: (f.ReferralStep,),
    Observes.RECOVERY: (f.SafetyClosed,),
    Observes.TIME: (f.SafetyClosed,),
}

IMAGED = frozenset({f.LesionStatus.NONE, f.LesionStatus.PRESENT})


def observed(known: Known, rule: MonitoringRule, course: str) -> Sequence[f.Fact]:
    """The facts that can satisfy a rule's checks, oldest first; `course` narrows acts that name a course."""
    kinds = KINDS[rule.observes]
    if len(kinds) == 1 and kinds[0] not in _NARROWED:
        return known.of(kinds[0])
    found = [fact for kind in kinds for fact in known.of(kind) if _fits(fact, rule, course)]
    return sorted(found, key=lambda fact: (fact.on, fact.known_on, fact.id))


_NARROWED = frozenset({f.DoseDecided, f.TrialJudged, f.Finding, f.ReferralStep, f.SafetyClosed})


def _fits(fact: f.Fact, rule: MonitoringRule, course: str) -> bool:  # noqa: PLR0911 - a table of kinds
    match fact:
        case f.Call():
            return fact.reached
        case f.HumanReview():
            return not fact.rule or fact.rule in rule.answers
        case f.DoseDecided() | f.TrialJudged():
            return course in {"", fact.course}
        case f.SpokenTo():
            return not rule.answers or fact.rule in rule.answers
        case f.Finding():
            return fact.lesion in IMAGED
        case f.ReferralStep():
            return _further(fact.step, rule)
        case f.SafetyClosed():
            return closing(fact, rule, course)
        case _:
            return True


_ORDER = tuple(f.ReferralStepKind)


def _further(step: f.ReferralStepKind, rule: MonitoringRule) -> bool:
    """Whether a step of a referral lies after the one the rule counts from; an outcome ends every wait."""
    if rule.observes is Observes.REFERRAL_OUTCOME:
        return step is f.ReferralStepKind.OUTCOME
    return step in _LATER_STEPS[rule.level]


_LATER_STEPS = {
    kind.value: frozenset({*_ORDER[n + 1 :]} - {f.ReferralStepKind.SECOND_OPINION})
    for n, kind in enumerate(_ORDER)
}


def closing(fact: f.SafetyClosed, rule: MonitoringRule, course: str) -> bool:
    """Whether a clinician's closing is about this rule and course."""
    return fact.check == rule.code and fact.course in {"", course}


def limitation(fact: f.Fact) -> str:
    """What an observation leaves open although it counts."""
    if isinstance(fact, f.VisionExam) and fact.result is f.VisionResult.NOT_POSSIBLE:
        return "the exam was attempted and not possible"
    return ""
