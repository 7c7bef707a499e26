"""A chain as a paragraph that a nurse can read to a doctor."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from protocols.engine import facts as f
from protocols.engine.plan import Check, CheckState, Verdict, VerdictValue

if TYPE_CHECKING:
    from protocols.engine.explain import Chain
    from protocols.engine.pathway import Basis, PathwayEdition
    from protocols.engine.plan import Because, Escalation


def in_words(chain: Chain) -> str:
    """What was concluded, from which facts, by which rule and calendar steps, and where the rule was read."""
    because = chain.answer.because
    by_id = {fact.id: fact for fact in chain.facts.facts}
    facts = [by_id[name] for name in dict.fromkeys(because.facts) if name in by_id]
    sentences = [_answer(chain), _capital(because.sentence)]
    if facts:
        sentences.append(f"Facts: {'; '.join(fact_words(fact) for fact in facts)}")
    sentences += _steps(because)
    sentences.append(_rule(chain.pathway, because))
    if chain.zone:
        sentences.append(f"Days are those of {chain.zone}")
    return " ".join(f"{sentence.rstrip('.')}." for sentence in sentences)


def day_words(day: date) -> str:
    """`Friday 22 January 2027`."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _answer(chain: Chain) -> str:
    answer = chain.answer
    if isinstance(answer, Check):
        return _check(answer)
    return _verdict(answer) if isinstance(answer, Verdict) else _escalation(answer)


_STATES = {
    CheckState.UPCOMING: "is not open yet",
    CheckState.DUE: "is open",
    CheckState.OVERDUE: "is overdue",
    CheckState.DONE: "is done",
    CheckState.WAIVED: "was waived",
    CheckState.CANCELLED: "is no longer asked for",
}


def _check(check: Check) -> str:
    closes = f", at the latest {day_words(check.closes_on)}" if check.closes_on is not None else ""
    reason = f" ({check.reason})" if check.reason else ""
    return f"{check.name} is due on {day_words(check.due_on)}{closes}, and {_STATES[check.state]}{reason}"


_VALUES = {
    VerdictValue.RESPONDER: "the treatment has worked",
    VerdictValue.PROVISIONAL: "so far the treatment works; the spasm-free time is not complete",
    VerdictValue.NON_RESPONDER: "the treatment has not worked",
    VerdictValue.CANNOT_TELL: "we cannot tell whether the treatment works",
}


def _verdict(verdict: Verdict) -> str:
    missing = ", ".join(item.value.replace("-", " ") for item in verdict.missing)
    missing = f"; missing: {missing}" if missing else ""
    return f"By {verdict.definition}, {_VALUES[verdict.value]}{missing}"


def _escalation(escalation: Escalation) -> str:
    said = f"{escalation.name} ({escalation.rule}, {escalation.urgency})"
    said += f" was raised on {day_words(escalation.raised_on)}"
    if escalation.withdrawn_on is not None:
        said += f" and withdrawn on {day_words(escalation.withdrawn_on)}, because its facts were corrected"
    if escalation.resolved_on is not None:
        said += f" and resolved on {day_words(escalation.resolved_on)}"
    return f"{said}. It asks: {escalation.asks_for}"


def _steps(because: Because) -> list[str]:
    return [
        f"Calendar: {step.label}, {day_words(step.from_on)}; {step.step} gives {day_words(step.to_on)}"
        for step in because.steps
    ]


def _rule(pathway: PathwayEdition, because: Because) -> str:
    said = f"Pathway {pathway.key}, edition {pathway.edition}"
    said += f", rule {because.rule}" if because.rule else ""
    return f"{said}; {basis_words(pathway, because.basis)}" if because.basis is not None else said


def basis_words(pathway: PathwayEdition, basis: Basis) -> str:
    """Where a number was read, and how sure we are."""
    source = next((source.citation for source in pathway.sources if source.key == basis.source), "")
    note = f" ({basis.note})" if basis.note else ""
    return f"source: {source or 'none'}, {basis.mark.words}{note}"


def fact_words(fact: f.Fact) -> str:
    """One fact with its day, its main value, and when it became known."""
    known = f", known on {day_words(fact.known_on)}" if fact.known_on != fact.on else ""
    return f"{_kind_words(fact)} on {day_words(fact.on)}{known}"


def _kind_words(fact: f.Fact) -> str:  # noqa: C901, PLR0911 - one line for each kind that has a value to read out
    match fact:
        case f.TreatmentStart():
            return f"first dose of {fact.drug}"
        case f.TreatmentStop():
            return f"last dose of {fact.drug} ({fact.reason.value.replace('_', ' ')})"
        case f.BloodPressure():
            return f"blood pressure {fact.sbp}/{'?' if fact.dbp is None else fact.dbp}"
        case f.Eeg():
            length = f", {fact.minutes} minutes" if fact.minutes is not None else ""
            return f"EEG ({_eeg_words(fact)}{length})"
        case f.VisionExam():
            return f"eye exam ({fact.result.value.replace('_', ' ')})"
        case f.Symptom() if fact.temp_c is not None:
            return f"temperature {fact.temp_c} °C"
        case f.Finding():
            said = [x.value for x in (fact.lesion, fact.metabolic) if x is not None]
            return f"finding ({', '.join(said)})"
        case f.Exposure():
            return f"contact with {fact.agent}"
        case f.VaccineScheduled():
            return f"vaccine booked for {day_words(fact.planned_on)}, recorded"
        case _:
            return _plain_words(type(fact).__name__)


def _eeg_words(eeg: f.Eeg) -> str:
    if eeg.hypsarrhythmia is None:
        return "report pending"
    return "hypsarrhythmia" if eeg.hypsarrhythmia else "no hypsarrhythmia"


def _plain_words(name: str) -> str:
    """`SpasmReport` as `spasm report`."""
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()
