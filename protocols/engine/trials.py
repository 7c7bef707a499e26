"""Which adequate trials have failed, and whether that calls for surgical evaluation."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from protocols.engine import facts as f
from protocols.engine.failing import adequate_courses, failures
from protocols.engine.pathway import DrugClass, Trigger

if TYPE_CHECKING:
    from datetime import date

    from protocols.engine.courses import Course
    from protocols.engine.picture import Picture
    from protocols.engine.policy import Rule

DISEASE = frozenset({f.DiseaseStatus.CONFIRMED, f.DiseaseStatus.SUSPECTED})


class FailedTrial(NamedTuple):
    """One adequate trial that failed, with the evidence."""

    drug_class: DrugClass
    drug: str
    on: date
    facts: tuple[str, ...]
    course: str = ""


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
            trial = FailedTrial(
                course.drug_class, course.drug, failed.on, (course.fact, failed.fact), course.id
            )
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
    sentence = "; ".join(f"{trial.drug} has not worked (shown on {trial.on})" for trial in chosen)
    sentence += _unsigned(picture, chosen)
    if not lesion_present(picture):
        sentence += "; no focal lesion is recorded, so the packet asks about corpus callosotomy too"
    return Ask(sentence, tuple(dict.fromkeys(fact for trial in chosen for fact in trial.facts)))


def _unsigned(picture: Picture, trials: list[FailedTrial]) -> str:
    """Which trials nobody has signed as adequate yet, where the edition asks for a signature."""
    if not picture.policy.pathway.episode.adequacy_signed_by_person:
        return ""
    signed = {judged.course for judged in picture.known.of(f.TrialJudged)}
    waiting = [trial.drug for trial in trials if trial.course and trial.course not in signed]
    return f"; nobody has signed yet that it was adequate: {', '.join(waiting)}" if waiting else ""


def lesion_condition(rule: Rule, picture: Picture) -> Ask | None:
    """Whether a lesion is recorded and a first failure known, or the team chose surgery first."""
    chosen = next((x for x in picture.known.of(f.Decision) if x.surgery_first_line), None)
    if chosen is not None and rule.flag("or_surgery_chosen_first"):
        return Ask(f"surgery was chosen as the first treatment on {chosen.on}", (chosen.id,))
    lesion = picture.lesion()
    trials = failed_trials(picture)
    if lesion is None or lesion.lesion is not f.LesionStatus.PRESENT or not trials:
        return None
    sentence = f"a focal or hemispheric lesion is recorded ({lesion.on}) and {trials[0].drug} has not worked"
    return Ask(sentence, (lesion.id, *trials[0].facts))


CONDITIONS = {
    Trigger.MECHANISMS_FAILED: mechanisms_condition,
    Trigger.LESION_AND_FAILURE: lesion_condition,
}


def disease_recorded(picture: Picture) -> f.Finding | None:
    finding = picture.metabolic()
    return finding if finding is not None and finding.metabolic in DISEASE else None


def lesion_present(picture: Picture) -> bool:
    lesion = picture.lesion()
    return lesion is not None and lesion.lesion is f.LesionStatus.PRESENT
