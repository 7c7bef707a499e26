"""Rules about surgical evaluation: when a referral is asked for, what stands in its way, and what follows
it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from protocols.engine import facts as f
from protocols.engine.failing import adequate_courses, failures
from protocols.engine.ledger import Finding
from protocols.engine.pathway import DrugClass, Settles, Trigger
from protocols.engine.plan import Because, CalendarStep, ReferralNeed, ReferralReason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from protocols.engine.courses import Course
    from protocols.engine.ledger import Rise
    from protocols.engine.picture import Picture
    from protocols.engine.policy import Rule

CHILD = "child"
DISEASE = frozenset({f.DiseaseStatus.CONFIRMED, f.DiseaseStatus.SUSPECTED})


class FailedTrial(NamedTuple):
    """One adequate trial that failed, with the evidence."""

    drug_class: DrugClass
    drug: str
    on: date
    facts: tuple[str, ...]


class Ask(NamedTuple):
    """That the condition for a referral is met, and from which facts."""

    sentence: str
    facts: tuple[str, ...]


def failed_trials(picture: Picture) -> list[FailedTrial]:
    """Every adequate trial that failed: alone, together, still running when a later one failed, or
    elsewhere.
    """
    found: dict[str, FailedTrial] = {}
    for prior in picture.known.of(f.PriorTreatment):
        if prior.failed and prior.adequate is not False:
            found[prior.id] = FailedTrial(prior.drug_class, prior.drug, prior.on, (prior.id,))
    for episode, failed in failures(picture):
        for course in [
            *adequate_courses(episode, failed.on),
            *_running_beside(picture, episode.start, failed.on),
        ]:
            trial = FailedTrial(course.drug_class, course.drug, failed.on, (course.fact, failed.fact))
            found.setdefault(course.id, trial)
    return list(found.values())


def _running_beside(picture: Picture, before: date, failed_on: date) -> list[Course]:
    """Courses of earlier episodes that were still running, long enough, when a later episode failed."""
    enough = picture.policy.pathway.episode.running_course_counts_after_days
    return [
        course
        for course in picture.courses
        if course.start < before
        and course.running_on(failed_on)
        and (failed_on - course.start).days >= enough
        and not course.inadequate_at(failed_on)
    ]


def mechanisms_condition(rule: Rule, picture: Picture) -> Ask | None:
    """Whether adequate trials of every mechanism the rule names have failed."""
    trials = failed_trials(picture)
    wanted = [DrugClass(word) for word in rule.words("mechanisms")]
    first = [next((t for t in trials if t.drug_class is wanted_class), None) for wanted_class in wanted]
    if any(trial is None for trial in first):
        return None
    chosen = [trial for trial in first if trial is not None]
    sentence = "failed: " + "; ".join(f"{trial.drug} (known by evidence of {trial.on})" for trial in chosen)
    if not _lesion_present(picture):
        sentence += "; no focal lesion is recorded, so the packet asks about corpus callosotomy too"
    return Ask(sentence, tuple(dict.fromkeys(fact for trial in chosen for fact in trial.facts)))


def lesion_condition(rule: Rule, picture: Picture) -> Ask | None:
    """Whether a lesion is recorded and a first failure known, or the team chose surgery first."""
    chosen = next((x for x in picture.known.of(f.Decision) if x.surgery_first_line), None)
    if chosen is not None and rule.flag("or_surgery_chosen_first"):
        return Ask(f"surgery was chosen as the first treatment on {chosen.on}", (chosen.id,))
    lesion = picture.lesion()
    trials = failed_trials(picture)
    if lesion is None or lesion.lesion is not f.LesionStatus.PRESENT or not trials:
        return None
    sentence = f"a focal or hemispheric lesion is recorded ({lesion.on}) and {trials[0].drug} has failed"
    return Ask(sentence, (lesion.id, *trials[0].facts))


_CONDITIONS = {
    Trigger.MECHANISMS_FAILED: mechanisms_condition,
    Trigger.LESION_AND_FAILURE: lesion_condition,
}


def asked(rule: Rule, picture: Picture) -> Iterator[Finding]:
    """A referral is asked for: once for each condition, unless a person must look first or it is already
    sent.
    """
    ask = _CONDITIONS[rule.row.trigger](rule, picture)
    if ask is None:
        return
    disease = _disease(picture)
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
                sentence=f"{ask.sentence}; declined on {before.on}, and another treatment has failed since",
                facts=(*ask.facts, before.id, failed.fact),
                settled=_acted(rule, picture, failed.on),
                brief=True,
            )


def diverted(rule: Rule, picture: Picture) -> Iterator[Finding]:
    """A condition for referral is met while metabolic or degenerative disease is recorded: a person
    decides.
    """
    disease = _disease(picture)
    for code in rule.words("instead_of"):
        instead = picture.policy.by_code[code]
        ask = _CONDITIONS[instead.row.trigger](instead, picture)
        key = f"instead-of:{code}"
        rises = [r for r in picture.ledger.of(rule.code) if r.cause == key and r.withdrawn_on is None]
        if ask is None or (disease is None and not rises):
            continue
        facts = (*ask.facts, *((disease.id,) if disease is not None else ()))
        since = rises[-1].raised_on if rises else _met_on(picture, facts)
        settled = _acted(rule, picture, since) or (None if disease is not None else _excluding(picture))
        if not rises and settled is None and _another_stands(rule, picture):
            continue
        yield Finding(
            key=key,
            sentence=f"{ask.sentence}; metabolic or degenerative disease is recorded"
            if disease is not None
            else f"{ask.sentence}; metabolic or degenerative disease has been excluded",
            facts=facts,
            settled=settled,
            brief=not picture.ledger.of(rule.code),
        )
        if not rises and settled is None:
            return


def _met_on(picture: Picture, facts: tuple[str, ...]) -> date:
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
            sentence=f"{rise.rule} of {rise.raised_on}: no referral, refusal or review in {days} days",
            facts=rise.finding.facts,
            steps=(step,),
            settled=_acted(rule, picture, rise.raised_on),
        )


def lesion_recorded(rule: Rule, picture: Picture) -> Iterator[Finding]:
    """A lesion is recorded: consider asking the surgeons in parallel."""
    lesion = picture.lesion()
    if lesion is not None and lesion.lesion is f.LesionStatus.PRESENT:
        yield Finding(
            key=CHILD,
            sentence=f"a focal or hemispheric lesion is recorded ({lesion.on})",
            facts=(lesion.id,),
            settled=_acted(rule, picture, lesion.on),
            brief=True,
        )


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
    answer = _acted(rule, picture, trials[-1].on) or ((tried[0].fact,) if tried else None)
    yield Finding(
        key=f"mechanism:{mechanism.value}",
        sentence=f"{' and '.join(trial.drug for trial in trials)} have failed; {untried.value} is untried",
        facts=tuple(dict.fromkeys(fact for trial in trials for fact in trial.facts)),
        settled=answer,
    )


# --- what answers a referral rule -------------------------------------------------------------------------


def _answer(rule: Rule, picture: Picture, cause: str) -> tuple[str, ...] | None:
    """What has answered this rule since it first rose for a cause; nothing answers before it has risen."""
    rises: list[Rise] = [
        r for r in picture.ledger.of(rule.code) if r.cause == cause and r.withdrawn_on is None
    ]
    return _acted(rule, picture, rises[-1].raised_on if rises else picture.day)


def _acted(rule: Rule, picture: Picture, since: date) -> tuple[str, ...] | None:
    """The first act that settles a rule: a referral sent at any time, a refusal or a review since it was
    asked.
    """
    settles = rule.row.settled_by
    acts: list[tuple[date, str]] = []
    if Settles.REFERRAL_SENT in settles:
        acts += _steps(picture, f.ReferralStepKind.SENT, None)
    if Settles.REFERRAL_DECLINED in settles:
        acts += _steps(picture, f.ReferralStepKind.DECLINED, since)
    if Settles.SECOND_OPINION in settles:
        acts += _steps(picture, f.ReferralStepKind.SECOND_OPINION, since)
    if Settles.HUMAN_REVIEW in settles:
        reviews = picture.known.of(f.HumanReview)
        acts += [(x.on, x.id) for x in reviews if x.on >= since and x.rule in {"", rule.code}]
    if Settles.DECISION in settles:
        acts += [(x.on, x.id) for x in picture.known.of(f.Decision) if x.on >= since]
    return (min(acts)[1],) if acts else None


def _steps(picture: Picture, kind: f.ReferralStepKind, since: date | None) -> list[tuple[date, str]]:
    steps = picture.known.of(f.ReferralStep)
    return [(x.on, x.id) for x in steps if x.step is kind and (since is None or x.on >= since)]


def _step(picture: Picture, kind: f.ReferralStepKind) -> f.ReferralStep | None:
    return next((x for x in picture.known.of(f.ReferralStep) if x.step is kind), None)


def _disease(picture: Picture) -> f.Finding | None:
    finding = picture.metabolic()
    return finding if finding is not None and finding.metabolic in DISEASE else None


def _lesion_present(picture: Picture) -> bool:
    lesion = picture.lesion()
    return lesion is not None and lesion.lesion is f.LesionStatus.PRESENT


# --- the referral itself ----------------------------------------------------------------------------------


def referral_need(picture: Picture) -> ReferralNeed | None:
    """Why a referral is asked for: every rule that asked, and every later condition that joined it."""
    reasons: list[ReferralReason] = []
    for rule in picture.policy.rules:
        if not rule.row.makes_referral:
            continue
        for rise in picture.ledger.of(rule.code):
            because = Because(
                sentence=rise.finding.sentence, facts=rise.finding.facts, rule=rule.code, basis=rule.row.basis
            )
            reasons.append(
                ReferralReason(
                    rule=rule.code,
                    cause_key=rise.key,
                    raised_on=rise.raised_on,
                    basis_withdrawn_on=rise.withdrawn_on,
                    because=because,
                )
            )
        reasons += _joined(rule, picture)
    if not reasons:
        return None
    reasons.sort(key=lambda reason: (reason.raised_on, reason.rule, reason.cause_key))
    return ReferralNeed(
        asked_on=reasons[0].raised_on,
        reasons=tuple(reasons),
        diverted=_under_review(picture),
        ask_about_callosotomy=not _lesion_present(picture),
    )


def _joined(rule: Rule, picture: Picture) -> list[ReferralReason]:
    """A condition that was met when the referral had already been sent joins it as one more reason."""
    if (
        any(rise.withdrawn_on is None for rise in picture.ledger.of(rule.code))
        or _disease(picture) is not None
    ):
        return []
    ask = _CONDITIONS[rule.row.trigger](rule, picture)
    if ask is None:
        return []
    because = Because(sentence=ask.sentence, facts=ask.facts, rule=rule.code, basis=rule.row.basis)
    return [
        ReferralReason(
            rule=rule.code,
            cause_key=CHILD,
            raised_on=_met_on(picture, ask.facts),
            joined=True,
            because=because,
        )
    ]


def _under_review(picture: Picture) -> bool:
    rules = [rule for rule in picture.policy.rules if rule.row.trigger is Trigger.DIVERTED_TO_PERSON]
    return any(rise.stands for rule in rules for rise in picture.ledger.of(rule.code))
