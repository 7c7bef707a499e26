"""A chain as a paragraph that a nurse can read to a doctor."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from protocols.engine import facts as f
from protocols.engine.citing import Mark
from protocols.engine.pathway import WorkingDays
from protocols.engine.plan import Check, CheckState, Verdict, VerdictValue

if TYPE_CHECKING:
    from protocols.engine.explain import Chain
    from protocols.engine.pathway import Basis, PathwayEdition
    from protocols.engine.plan import Because, CalendarStep, Escalation


def in_words(chain: Chain) -> str:
    """What was concluded, from which facts, by which rule and calendar steps, and where the rule was read."""
    because = chain.answer.because
    by_id = {fact.id: fact for fact in chain.facts.facts}
    facts = [by_id[name] for name in dict.fromkeys(because.facts) if name in by_id]
    sentences = [*_answer(chain), *_steps(because)]
    if facts:
        sentences.append(f"Facts: {'; '.join(fact_words(fact) for fact in facts)}")
    sentences += _rule(chain.pathway, because)
    if chain.zone:
        sentences.append(f"Days are counted in the time zone {chain.zone}")
    return " ".join(f"{spoken(sentence).rstrip('.')}." for sentence in sentences)


def spoken(sentence: str) -> str:
    """A sentence with its dates and counts as they are said: `Friday 22 January 2027`, `1 month`."""
    said = _DATE.sub(lambda found: day_words(date.fromisoformat(found[0])), sentence)
    return _ONE.sub(r"1 \1", said)


_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_ONE = re.compile(r"\b1 (day|month)s\b")


def day_words(day: date) -> str:
    """`Friday 22 January 2027`."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _answer(chain: Chain) -> tuple[str, ...]:
    """What was concluded, and why. The reason for a check is its calendar, which the steps say."""
    answer = chain.answer
    if isinstance(answer, Check):
        return (_check(answer),)
    if isinstance(answer, Verdict):
        return (_verdict(answer, chain.pathway),)
    return (*_escalation(answer), _capital(answer.because.sentence))


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


def _verdict(verdict: Verdict, pathway: PathwayEdition) -> str:
    titles = {definition.key: definition.title for definition in pathway.definitions}
    by = f"By the definition of {titles.get(verdict.definition, verdict.definition)}"
    return f"{by}, {_VALUES[verdict.value]}: {verdict.because.sentence}"


def _escalation(escalation: Escalation) -> tuple[str, ...]:
    said = f"{escalation.name} ({escalation.rule}, {escalation.urgency})"
    said += f" was raised on {day_words(escalation.raised_on)}"
    if escalation.withdrawn_on is not None:
        said += f" and withdrawn on {day_words(escalation.withdrawn_on)}, because its facts were corrected"
    if escalation.resolved_on is not None:
        said += f" and resolved on {day_words(escalation.resolved_on)}"
    by = f", by {day_words(escalation.act_by)}" if escalation.act_by is not None else ""
    return said, f"It asks{by}: {escalation.asks_for}"


def _steps(because: Because) -> list[str]:
    """Each step of the count: `Counted: start of prednisolone, Monday …, plus 14 days is Monday …`."""
    return [f"Counted: {step.label}, {day_words(step.from_on)}, {_moved(step)}" for step in because.steps]


def _moved(step: CalendarStep) -> str:
    if step.from_on == step.to_on:
        return "the same day"
    by = f"moved {step.step} to" if step.step in _MOVES else f"plus {step.step} is"
    return f"{by} {day_words(step.to_on)}"


_MOVES = frozenset(WorkingDays)


def _rule(pathway: PathwayEdition, because: Because) -> list[str]:
    keys = {definition.key for definition in pathway.definitions}
    rule = f", rule {because.rule}" if because.rule and because.rule not in keys else ""
    said = [f"Pathway {pathway.key}, edition {pathway.edition}{rule}"]
    return [*said, basis_words(pathway, because.basis)] if because.basis is not None else said


def basis_words(pathway: PathwayEdition, basis: Basis) -> str:
    """Where a number was read, and how sure we are."""
    source = next((source.citation for source in pathway.sources if source.key == basis.source), "")
    note = f"; {_said_in_full(basis.note)}" if basis.note else ""
    return f"Source: {source or 'none was read'} ({basis.mark.words}{note})"


def _said_in_full(note: str) -> str:
    """A note without the sheet's letters: `act by: P` is policy."""
    return _MARK.sub(lambda found: f": {Mark(found[1]).words}", note)


_MARK = re.compile(r": (V2|V|G|D|P)(?=[,;)]|$)")


def fact_words(fact: f.Fact) -> str:
    """One fact with its day, its main value, and when it became known."""
    known = f", known on {day_words(fact.known_on)}" if fact.known_on != fact.on else ""
    return f"{_kind_words(fact)} on {day_words(fact.on)}{known}"


def _kind_words(fact: f.Fact) -> str:  # noqa: C901, PLR0911, PLR0912 - one line for each kind that has a value to read out
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
        case f.Weight():
            return f"weight {fact.grams} g"
        case f.Glucose() if fact.mg_dl is not None:
            return f"glucose {fact.mg_dl} mg/dL"
        case f.SpasmReport():
            return f"report of spasms ({fact.status.value.replace('-', ' ')})"
        case f.FamilyAsked():
            return f"family asked ({'no spasms seen' if fact.none_seen else 'spasms seen'})"
        case f.ReferralStep():
            declined = fact.step is f.ReferralStepKind.DECLINED
            return f"referral ({'the family said no' if declined else fact.step.value.replace('-', ' ')})"
        case f.TherapyStart():
            return f"start of {fact.therapy or 'another therapy'}"
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
