"""The verdict of the newest treatment episode: what we can say this evening, and what is missing to say
more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.engine import facts as f
from protocols.engine.failing import adequate_courses
from protocols.engine.pathway import Trigger
from protocols.engine.plan import Because, Missing, Verdict, VerdictValue

if TYPE_CHECKING:
    from datetime import date

    from protocols.engine.picture import Picture
    from protocols.engine.response import Judgement

_PERSON = {
    f.ReviewVerdict.RESPONDER: VerdictValue.RESPONDER,
    f.ReviewVerdict.NON_RESPONDER: VerdictValue.NON_RESPONDER,
}

_SAID = {
    f.ReviewVerdict.RESPONDER: "the treatment has worked",
    f.ReviewVerdict.NON_RESPONDER: "the treatment has not worked",
}


def verdict_of(picture: Picture, definition: str = "") -> Verdict:
    """The verdict by the adopted definition, or by another of the pathway's."""
    key = definition or picture.policy.pathway.adopted_definition
    if not picture.episodes:
        because = Because(sentence="no first-line course has started")
        return Verdict(
            value=VerdictValue.CANNOT_TELL, definition=key, missing=(Missing.TREATMENT,), because=because
        )
    judged = picture.judgement(picture.episodes[-1], key)
    value, missing, sentence, facts = _answer(judged, picture)
    return Verdict(
        value=value,
        definition=key,
        missing=missing,
        final=value in {VerdictValue.RESPONDER, VerdictValue.NON_RESPONDER},
        response_on=_established(judged, picture),
        relapsed_on=judged.relapsed.on if judged.relapsed is not None else None,
        last_spasm_on=judged.last_spasm.on if judged.last_spasm is not None else None,
        family_last_asked_on=judged.asked_on,
        episode=judged.episode.id,
        because=Because(
            sentence=sentence,
            facts=(*(course.fact for course in judged.episode.courses), *facts),
            rule=key,
            basis=judged.definition.basis,
        ),
    )


def _established(judged: Judgement, picture: Picture) -> date | None:
    """The day response was established, once it has come."""
    day = judged.response_on
    return day if day is not None and picture.reached(day) else None


Answer = tuple[VerdictValue, tuple[Missing, ...], str, tuple[str, ...]]


def _answer(judged: Judgement, picture: Picture) -> Answer:
    if judged.failed is not None:
        return _failed(judged, picture)
    if judged.boundary_spasm is not None:
        decided = _decided(judged, picture)
        if decided is not None:
            return decided
    if judged.unresolved_report is not None:
        report = judged.unresolved_report
        sentence = f"the report of possible spasms of {report.on} is neither confirmed nor refuted"
        return VerdictValue.CANNOT_TELL, (Missing.SPASM_REPORT_CONFIRMED,), sentence, (report.id,)
    established = _established(judged, picture)
    if established is not None:
        eeg = (judged.clean_eeg.id,) if judged.clean_eeg is not None else ()
        return VerdictValue.RESPONDER, (), f"response was established on {established}", eeg
    return _not_yet(judged, picture)


def _failed(judged: Judgement, picture: Picture) -> Answer:
    failed = judged.failed
    assert failed is not None  # noqa: S101 - narrows the type for the checker
    person = _person(judged, picture, Trigger.FAILED_AFTER_INADEQUATE_TRIAL)
    if adequate_courses(judged.episode, failed.on):
        return VerdictValue.NON_RESPONDER, (), failed.words, (failed.fact,)
    if person is not None:
        return person
    sentence = f"{failed.words}, but the trial was not adequate; a person decides what it means"
    return VerdictValue.CANNOT_TELL, (Missing.ADEQUATE_TRIAL,), sentence, (failed.fact,)


def _decided(judged: Judgement, picture: Picture) -> Answer | None:
    """What a person said about a last spasm on the boundary day; None once a review left it to the
    definition.
    """
    spasm = judged.boundary_spasm
    assert spasm is not None  # noqa: S101 - narrows the type for the checker
    person = _person(judged, picture, Trigger.SPASM_ON_BOUNDARY)
    if person is not None:
        return person
    codes = _codes(picture, Trigger.SPASM_ON_BOUNDARY)
    reviewed = any(x.on >= spasm.on and x.rule in {"", *codes} for x in picture.known.of(f.HumanReview))
    if reviewed or not codes:
        return None
    sentence = f"the last spasm, {spasm.on}, lies exactly on the boundary day; a neurologist decides"
    return VerdictValue.CANNOT_TELL, (Missing.PERSON_DECIDES,), sentence, (spasm.id,)


def _codes(picture: Picture, trigger: Trigger) -> set[str]:
    return {rule.code for rule in picture.policy.rules if rule.row.trigger is trigger}


def _person(judged: Judgement, picture: Picture, trigger: Trigger) -> Answer | None:
    """The newest verdict a person gave in answer to a rule of this kind."""
    answers = {"", *_codes(picture, trigger)}
    for review in reversed(picture.known.of(f.HumanReview)):
        if review.verdict is not None and review.rule in answers and review.on > judged.episode.start:
            sentence = f"a person decided on {review.on}: {_SAID[review.verdict]}"
            return _PERSON[review.verdict], (), sentence, (review.id,)
    return None


def _not_yet(judged: Judgement, picture: Picture) -> Answer:
    """Neither refuted nor established: what is missing."""
    missing = []
    if judged.definition.eeg_required and judged.clean_eeg is None:
        missing.append(_missing_eeg(judged))
    complete = picture.reached(judged.complete_on)
    if not complete:
        missing.append(Missing.SPASM_FREE_DAYS)
    if not judged.asked_enough:
        missing.append(Missing.FAMILY_ASKED)
    only_time = not complete and set(missing) <= {Missing.SPASM_FREE_DAYS, Missing.FAMILY_ASKED}
    value = VerdictValue.PROVISIONAL if only_time else VerdictValue.CANNOT_TELL
    return value, tuple(missing), _missing_words(judged, missing), ()


def _missing_eeg(judged: Judgement) -> Missing:
    if judged.eeg_waits_for_comparison:
        return Missing.EEG_COMPARISON
    return Missing.EEG_REPORT if judged.eeg_waits_for_report else Missing.EEG


_WORDS = {
    Missing.EEG: "no adequate EEG from two weeks after the start is known",
    Missing.EEG_REPORT: "the EEG is recorded, its report is pending",
    Missing.EEG_COMPARISON: "there was no hypsarrhythmia before treatment, so a person compares the EEGs",
}


def _missing_words(judged: Judgement, missing: list[Missing]) -> str:
    said = [_WORDS[item] for item in missing if item in _WORDS]
    if Missing.SPASM_FREE_DAYS in missing:
        said.append(f"the spasm-free days are complete on {judged.complete_on}")
    if Missing.FAMILY_ASKED in missing:
        asked = f"last asked {judged.asked_on}" if judged.asked_on else "not asked since the last spasm"
        said.append(f"not confirmed: family {asked}")
    return "; ".join(said)
