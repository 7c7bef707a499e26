"""Explain a check, a verdict or an escalation: the chain that led to it, as data that can be replayed by
itself.

A chain carries only what its answer rests on: the rules and definitions concerned, the facts of the kinds
that can change them (an absent EEG is a reason too), the clinic's working days and the day. Replaying it
gives the answer again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from protocols.engine import facts as f
from protocols.engine.as_data import from_data, to_data
from protocols.engine.courses import TREATMENT_FACTS
from protocols.engine.escalations import STATUS, rests_on
from protocols.engine.observations import KINDS
from protocols.engine.pathway import Anchor, PathwayEdition, Trigger
from protocols.engine.picture import JUDGED_FACTS
from protocols.engine.plan import Check, Escalation, Plan, Verdict
from protocols.engine.policy import Policy, policy_of
from protocols.engine.review import review
from protocols.engine.values import MEASURED_BY
from protocols.engine.workdays import EVERY_DAY, WorkingCalendar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from protocols.engine.policy import Rule

Answer = Check | Verdict | Escalation


class Subject(StrEnum):
    """What is explained."""

    CHECK = "check"
    VERDICT = "verdict"
    ESCALATION = "escalation"


class NothingToExplain(LookupError):
    """The plan holds no such check or escalation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Everything one answer rests on, and the answer. `key` is a check's key, or `rule cause` of an
    escalation.
    """

    subject: Subject
    key: str
    as_of: date
    zone: str
    pathway: PathwayEdition
    facts: f.Facts
    workdays: WorkingCalendar
    answer: Answer


def explain(
    pathway: PathwayEdition,
    facts: f.Facts,
    as_of: date,
    subject: Subject,
    key: str = "",
    *,
    workdays: WorkingCalendar = EVERY_DAY,
    zone: str = "",
) -> Chain:
    """The chain behind one answer of a review. Raises NothingToExplain for a key the plan does not hold."""
    policy = policy_of(pathway)
    codes, checks, kinds = _concerned(policy, subject, key)
    part = replace(
        pathway,
        first_choices=(),
        rungs=(),
        targets=(),
        monitoring_rules=tuple(rule for rule in pathway.monitoring_rules if rule.code in checks),
        escalation_rules=tuple(rule for rule in pathway.escalation_rules if rule.code in codes),
    )
    known = tuple(x for x in facts.facts if x.known_on <= as_of and type(x) in kinds)
    child = f.Facts(child=facts.child, facts=known)
    answer = _find(review(part, child, as_of, workdays), subject, key)
    return Chain(
        subject=subject,
        key=key,
        as_of=as_of,
        zone=zone,
        pathway=part,
        facts=child,
        workdays=workdays,
        answer=answer,
    )


def replay(chain: Chain) -> Answer:
    """The answer again, from the chain alone."""
    plan = review(chain.pathway, chain.facts, chain.as_of, chain.workdays)
    return _find(plan, chain.subject, chain.key)


def key_of(answer: Answer) -> str:
    """The key under which an answer is explained."""
    if isinstance(answer, Check):
        return answer.key
    return f"{answer.rule} {answer.cause_key}" if isinstance(answer, Escalation) else ""


def _find(plan: Plan, subject: Subject, key: str) -> Answer:
    if subject is Subject.VERDICT:
        return plan.verdict
    answers: tuple[Check, ...] | tuple[Escalation, ...] = (
        plan.checks if subject is Subject.CHECK else plan.escalations
    )
    for answer in answers:
        if key_of(answer) == key:
            return answer
    raise NothingToExplain(f"the plan of {plan.as_of} holds no {subject} {key!r}")


# --- what an answer rests on ------------------------------------------------------------------------------

Concerned = tuple[set[str], set[str], set[type[f.Fact]]]

ANCHOR_FACTS: dict[Anchor, frozenset[type[f.Fact]]] = {
    Anchor.DIAGNOSIS: frozenset({f.Diagnosed}),
    Anchor.HIGH_BP: frozenset({f.BloodPressure}),
    Anchor.EXPOSURE: frozenset({f.Exposure}),
    Anchor.SPASM_REPORT: frozenset({f.SpasmReport}),
    Anchor.ADRENAL_SIGN: frozenset({f.Symptom, f.MissedDose, f.SafetyClosed}),
    Anchor.FIRST_FAILURE_UNIMAGED: JUDGED_FACTS | {f.Finding},
    Anchor.SECOND_OPINION: frozenset({f.ReferralStep}),
    Anchor.REFERRAL_STEP: frozenset({f.ReferralStep}),
    Anchor.RELAPSE: JUDGED_FACTS,
    Anchor.EPISODE_START: JUDGED_FACTS,
}
_BP = frozenset({Trigger.BP_LEVEL, Trigger.BP_RECEIVED_LATE})


def _concerned(policy: Policy, subject: Subject, key: str) -> Concerned:
    """The rules, the checks and the kinds of facts that can change an answer."""
    codes: set[str] = set()
    checks: set[str] = set()
    kinds: set[type[f.Fact]] = {f.Voided, *STATUS, *TREATMENT_FACTS}
    if subject is Subject.CHECK:
        _add_check(policy, key.partition(":")[0], codes, checks, kinds)
    elif subject is Subject.ESCALATION:
        _add_rule(policy, key.partition(" ")[0], codes, checks, kinds)
    else:
        kinds |= JUDGED_FACTS
        _add_triggers(policy, _PERSON_DECIDES, codes, checks, kinds)
    return codes, checks, kinds


_PERSON_DECIDES = frozenset({Trigger.SPASM_ON_BOUNDARY, Trigger.FAILED_AFTER_INADEQUATE_TRIAL})
_FEVER = frozenset({Trigger.FEVER})
_IN_ADRENAL_WINDOW = frozenset({Anchor.ADRENAL_SIGN, Anchor.VALUE})


def _add_triggers(
    policy: Policy, wanted: frozenset[Trigger], codes: set[str], checks: set[str], kinds: set[type[f.Fact]]
) -> None:
    for rule in policy.rules:
        if rule.row.trigger in wanted:
            _add_rule(policy, rule.code, codes, checks, kinds)


def _add_rule(policy: Policy, code: str, codes: set[str], checks: set[str], kinds: set[type[f.Fact]]) -> None:
    rule = policy.by_code.get(code)
    if rule is None or code in codes:
        return
    codes.add(code)
    kinds |= rests_on(rule, policy)
    for other in _beside(policy, rule):
        _add_rule(policy, other, codes, checks, kinds)
    for check in rule.words("check"):
        _add_check(policy, check, codes, checks, kinds)


def _beside(policy: Policy, rule: Rule) -> Iterable[str]:
    """The rules a rule listens to; blood-pressure rules share one reading's level between them."""
    yield from (*rule.words("after"), *rule.words("instead_of"))
    if rule.row.trigger in _BP:
        yield from (other.code for other in policy.rules if other.row.trigger in _BP)


def _add_check(
    policy: Policy, code: str, codes: set[str], checks: set[str], kinds: set[type[f.Fact]]
) -> None:
    checks.add(code)
    for rule in policy.checks_by_code.get(code, ()):
        kinds.update(KINDS[rule.observes])
        kinds |= ANCHOR_FACTS.get(rule.anchor, frozenset())
        if rule.level:
            _add_rule(policy, rule.level, codes, checks, kinds)
        kinds |= MEASURED_BY.get(rule.measure, frozenset())
        if rule.anchor in _IN_ADRENAL_WINDOW:
            _add_triggers(policy, _FEVER, codes, checks, kinds)


# --- as data ----------------------------------------------------------------------------------------------


def chain_as_data(chain: Chain) -> dict[str, Any]:
    """A chain as plain data for JSON; `answer` says what was concluded, everything else is what it rests
    on.
    """
    return {
        "subject": chain.subject.value,
        "key": chain.key,
        "as_of": chain.as_of.isoformat(),
        "zone": chain.zone,
        "pathway": to_data(chain.pathway),
        "child": to_data(chain.facts.child),
        "facts": to_data(chain.facts.facts),
        "workdays": to_data(chain.workdays),
        "answer": to_data(chain.answer),
    }


_ANSWERS: dict[Subject, type[Answer]] = {
    Subject.CHECK: Check,
    Subject.VERDICT: Verdict,
    Subject.ESCALATION: Escalation,
}


def chain_from_data(data: dict[str, Any]) -> Chain:
    """The chain that plain data describes."""
    subject = Subject(data["subject"])
    child = from_data(f.Child, data["child"])
    return Chain(
        subject=subject,
        key=data["key"],
        as_of=date.fromisoformat(data["as_of"]),
        zone=data["zone"],
        pathway=from_data(PathwayEdition, data["pathway"]),
        facts=f.Facts(child=child, facts=from_data(tuple[f.Fact, ...], data["facts"])),
        workdays=from_data(WorkingCalendar, data["workdays"]),
        answer=from_data(_ANSWERS[subject], data["answer"]),
    )
