"""Rules about surgical evaluation: when it is asked for, what stands in its way, whether anybody acted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from protocols.engine import facts as f
from protocols.engine.answers import answered
from protocols.engine.failing import failures
from protocols.engine.ledger import Finding
from protocols.engine.pathway import DrugClass
from protocols.engine.plan import CalendarStep
from protocols.engine.trials import CONDITIONS, disease_recorded, failed_trials

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from protocols.engine.ledger import Rise
    from protocols.engine.picture import Picture
    from protocols.engine.policy import Rule
    from protocols.engine.trials import Ask

CHILD = "child"


def asked(rule: Rule, picture: Picture) -> Iterator[Finding]:
    """A referral is asked for: once for each condition, unless a person must look first or it is already
    sent.
    """
    ask = CONDITIONS[rule.row.trigger](rule, picture)
    if ask is None:
        return
    disease = disease_recorded(picture)
    stood = any(rise.withdrawn_on is None for rise in picture.ledger.of(rule.code))
    sent = rule.flag("not_when_already_sent") and _step(picture, f.ReferralStepKind.SENT) is not None
    if (disease is not None or sent) and not stood:
        return
    settled = _answer(rule, picture, CHILD) or ((disease.id,) if disease is not None else None)
    yield Finding(key=CHILD, sentence=ask.sentence, facts=ask.facts, settled=settled, brief=True)
    if rule.flag("asked_again_at_next_failure"):
        yield from _asked_again(rule, picture, ask)


def _asked_again(rule: Rule, picture: Picture, ask: Ask) -> Iterator[Finding]:
    """A refusal is not for good: each later failure asks once more."""
    declined = [x for x in picture.known.of(f.ReferralStep) if x.step is f.ReferralStepKind.DECLINED]
    for episode, failed in failures(picture):
        before = next((x for x in declined if x.on < failed.on), None)
        if before is not None:
            yield Finding(
                key=f"{CHILD}:episode:{episode.id}",
                sentence=f"{ask.sentence}; the family said no on {before.on},"
                " and another treatment has not worked since",
                facts=(*ask.facts, before.id, failed.fact),
                settled=answered(rule, picture, failed.on),
                brief=True,
            )


def diverted(rule: Rule, picture: Picture) -> Iterator[Finding]:
    """A condition for referral is met while metabolic or degenerative disease is recorded: a person
    decides.
    """
    disease = disease_recorded(picture)
    for code in rule.words("instead_of"):
        instead = picture.policy.by_code[code]
        ask = CONDITIONS[instead.row.trigger](instead, picture)
        key = f"instead-of:{code}"
        rises = [r for r in picture.ledger.of(rule.code) if r.cause == key and r.withdrawn_on is None]
        if ask is None or (disease is None and not rises):
            continue
        facts = (*ask.facts, *((disease.id,) if disease is not None else ()))
        since = rises[-1].raised_on if rises else met_on(picture, facts)
        settled = answered(rule, picture, since) or (None if disease is not None else _excluding(picture))
        if not rises and settled is None and _another_stands(rule, picture):
            continue
        brief = all(rise.withdrawn_on is not None for rise in picture.ledger.of(rule.code))
        yield Finding(
            key=key,
            sentence=f"{ask.sentence}; metabolic or degenerative disease is recorded"
            if disease is not None
            else f"{ask.sentence}; metabolic or degenerative disease has been excluded",
            facts=facts,
            settled=settled,
            brief=brief,
        )
        if not rises and (brief or settled is None):
            return


def met_on(picture: Picture, facts: tuple[str, ...]) -> date:
    """The day on which the last of some facts became known."""
    return max(picture.known.known_on(fact) for fact in facts)


def _another_stands(rule: Rule, picture: Picture) -> bool:
    """One open review covers every condition that is met while it is open."""
    return any(rise.stands for rise in picture.ledger.of(rule.code))


def _excluding(picture: Picture) -> tuple[str, ...]:
    finding = picture.metabolic()
    return (finding.id,) if finding is not None else ()


def not_acted_on(rule: Rule, picture: Picture) -> Iterator[Finding]:
    """Days have passed since a referral was asked for, without referral, refusal or review."""
    days = rule.number("days")
    seen: set[date] = set()
    for rise in picture.ledger.of_any(rule.words("after")):
        if rise.withdrawn_on is not None or rise.raised_on in seen:
            continue
        seen.add(rise.raised_on)
        if not picture.reached(rise.raised_on + timedelta(days=days)):
            continue
        step = CalendarStep(
            label="nothing recorded",
            from_on=rise.raised_on,
            step=f"{days} days",
            to_on=rise.raised_on + timedelta(days=days),
        )
        yield Finding(
            key=f"asked:{rise.raised_on}",
            sentence=f"{picture.policy.called(rise.rule)}, {rise.raised_on}:"
            f" no referral, no answer of the family and no review in {days} days",
            facts=rise.finding.facts,
            steps=(step,),
            settled=answered(rule, picture, rise.raised_on),
        )


def lesion_recorded(rule: Rule, picture: Picture) -> Iterator[Finding]:
    """A lesion is recorded: consider asking the surgeons in parallel."""
    lesion = picture.lesion()
    if lesion is not None and lesion.lesion is f.LesionStatus.PRESENT:
        yield Finding(
            key=CHILD,
            sentence=f"a focal or hemispheric lesion is recorded ({lesion.on})",
            facts=(lesion.id,),
            settled=answered(rule, picture, _first_recorded(picture).on),
            brief=True,
        )


def _first_recorded(picture: Picture) -> f.Finding:
    """The finding that first recorded the lesion that stands: recording it again asks nobody again."""
    spoken = [x for x in picture.known.of(f.Finding) if x.lesion is not None]
    others = [n for n, x in enumerate(spoken) if x.lesion is not f.LesionStatus.PRESENT]
    return spoken[others[-1] + 1 if others else 0]


def drugs_of_one_mechanism(rule: Rule, picture: Picture) -> Iterator[Finding]:
    """Two drugs of one mechanism have failed and the other mechanism is untried."""
    mechanism, untried = DrugClass(rule.word("mechanism")), DrugClass(rule.word("untried"))
    trials = [trial for trial in failed_trials(picture) if trial.drug_class is mechanism]
    drugs = list(dict.fromkeys(trial.drug.casefold() for trial in trials))
    if len(drugs) < rule.number("drugs"):
        return
    tried = [course for course in picture.courses if course.drug_class is untried]
    stood = any(rise.withdrawn_on is None for rise in picture.ledger.of(rule.code))
    if tried and not stood:
        return
    answer = answered(rule, picture, trials[-1].on) or ((tried[0].fact,) if tried else None)
    yield Finding(
        key=f"mechanism:{mechanism.value}",
        sentence=f"{' and '.join(t.drug for t in trials)} have not worked; {untried.value} is untried",
        facts=tuple(dict.fromkeys(fact for trial in trials for fact in trial.facts)),
        settled=answer,
        brief=True,
    )


def _answer(rule: Rule, picture: Picture, cause: str) -> tuple[str, ...] | None:
    """What has answered this rule since it first rose for a cause; nothing answers before it has risen."""
    rises: list[Rise] = [
        r for r in picture.ledger.of(rule.code) if r.cause == cause and r.withdrawn_on is None
    ]
    return answered(rule, picture, rises[-1].raised_on if rises else picture.day)


def _step(picture: Picture, kind: f.ReferralStepKind) -> f.ReferralStep | None:
    return next((x for x in picture.known.of(f.ReferralStep) if x.step is kind), None)
