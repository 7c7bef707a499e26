"""Did the treatment work? One episode judged by one definition, by the dates on which things happened.

Nothing here knows what day it is: a judgement says on which day response is established or refuted, and
the caller asks whether that day has come.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from protocols.engine import facts as f
from protocols.engine.pathway import BoundaryDay, DayConvention

if TYPE_CHECKING:
    from protocols.engine.courses import Episode
    from protocols.engine.known import Known
    from protocols.engine.pathway import EegPolicy, PathwayEdition, ResponseDefinition

UNRESOLVED = frozenset({f.SpasmStatus.REPORTED, f.SpasmStatus.AWAITED, f.SpasmStatus.UNCLEAR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One fact that speaks against response: a spasm, or a positive EEG."""

    on: date
    fact: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One episode, judged. `response_on` may lie ahead; `failed` and `relapsed` hold what refuted it."""

    episode: Episode
    definition: ResponseDefinition
    failed: Evidence | None
    relapsed: Evidence | None
    response_on: date | None
    complete_on: date
    boundary_spasm: f.SpasmReport | None
    last_spasm: f.SpasmReport | None
    clean_eeg: f.Eeg | None
    eeg_waits_for_report: bool
    eeg_waits_for_comparison: bool
    unresolved_report: f.SpasmReport | None
    asked_on: date | None
    asked_enough: bool


def offset(definition: ResponseDefinition, day: int) -> int:
    """Days since the start for a day number in the definition's own convention."""
    return day - 1 if definition.convention is DayConvention.FIRST_DOSE_IS_DAY_1 else day


def positive(eeg: f.Eeg, policy: EegPolicy) -> bool:
    """Whether a recording shows hypsarrhythmia, spasms, or a score that means them."""
    if not policy.positive_counts_at_any_length and not long_enough(eeg, policy):
        return False
    scored = eeg.based is not None and eeg.based >= policy.based_positive_from
    return bool(eeg.hypsarrhythmia) or bool(eeg.spasms_recorded) or scored


def long_enough(eeg: f.Eeg, policy: EegPolicy) -> bool:
    """Whether a recording is long enough, with sleep, to show that something is absent."""
    slept = bool(eeg.sleep) or not policy.sleep_required
    return slept and eeg.minutes is not None and eeg.minutes >= policy.adequate_minutes


def clean(eeg: f.Eeg, policy: EegPolicy) -> bool:
    """Whether an adequate recording shows no hypsarrhythmia."""
    reported = eeg.hypsarrhythmia is False and not eeg.report_pending
    return reported and long_enough(eeg, policy) and not positive(eeg, policy)


def counts(eeg: f.Eeg, policy: EegPolicy) -> bool:
    """Whether a recording answers the question two weeks after the start."""
    return positive(eeg, policy) or clean(eeg, policy)


def why_positive(eeg: f.Eeg, policy: EegPolicy) -> str:
    """What a positive recording shows, in words."""
    found = []
    if eeg.hypsarrhythmia:
        found.append("hypsarrhythmia")
    if eeg.spasms_recorded:
        found.append("recorded spasms")
    if eeg.based is not None and eeg.based >= policy.based_positive_from:
        found.append(f"BASED score {eeg.based}")
    return " and ".join(found)


class Judge:
    """Judges episodes of one child with one pathway's definitions."""

    def __init__(self, pathway: PathwayEdition, child: f.Child, known: Known) -> None:
        self._pathway = pathway
        self._child = child
        self._known = known

    def belongs(self, episode: Episode, on: date) -> bool:
        """Whether evidence of a day speaks about an episode.

        The day a next episode starts still belongs to the one before it. Where a later drug must not cancel
        the deciding EEG, an episode also keeps its evidence up to the EEG that decides it.
        """
        if on <= episode.start:
            return False
        if episode.next_start is None or on <= episode.next_start:
            return True
        if self._pathway.episode.rebase_on_later_drug:
            return False
        decided = self._decided_on(episode)
        return decided is None or on <= decided

    def accepted_eegs(self, episode: Episode) -> list[f.Eeg]:
        """The recordings from the day on which one can answer for this episode."""
        first = episode.judged_from + timedelta(days=self._pathway.eeg.counts_from_day)
        return [eeg for eeg in self._known.of(f.Eeg) if eeg.on >= first and self.belongs(episode, eeg.on)]

    def _decided_on(self, episode: Episode) -> date | None:
        policy = self._pathway.eeg
        first = episode.judged_from + timedelta(days=policy.counts_from_day)
        return next((e.on for e in self._known.of(f.Eeg) if e.on >= first and counts(e, policy)), None)

    def judge(self, episode: Episode, definition: ResponseDefinition) -> Judgement:
        """One episode by one definition."""
        policy = self._pathway.eeg
        spasms = self._spasms(episode)
        eegs = self.accepted_eegs(episode) if definition.eeg_required else []
        usable = [eeg for eeg in eegs if clean(eeg, policy) and self._compared(eeg)]
        clean_eeg = usable[0] if usable else None
        free_from = episode.judged_from + timedelta(days=offset(definition, definition.last_spasm_day))
        early = [spasm for spasm in spasms if spasm.on <= free_from]
        against = self._against(spasms, eegs, definition, episode)
        last = early[-1] if early else None
        complete = _complete_on(definition, episode, last, self._treated_since(episode))
        asked_on, enough = self._asked(definition, episode, complete)
        response_on = _response_on(definition, complete, clean_eeg) if enough else None
        failed = next((e for e in against if response_on is None or e.on <= response_on), None)
        unresolved = self._unresolved(episode, free_from, response_on)
        refuted = failed is not None
        return Judgement(
            episode=episode,
            definition=definition,
            failed=failed,
            relapsed=None if refuted else next(iter(against), None),
            response_on=None if refuted or unresolved is not None else response_on,
            complete_on=complete,
            boundary_spasm=last
            if last is not None and _on_boundary(last.on, free_from, definition)
            else None,
            last_spasm=spasms[-1] if spasms else None,
            clean_eeg=clean_eeg,
            eeg_waits_for_report=any(_waits(eeg) for eeg in eegs),
            eeg_waits_for_comparison=clean_eeg is None and any(clean(eeg, policy) for eeg in eegs),
            unresolved_report=unresolved,
            asked_on=asked_on,
            asked_enough=enough,
        )

    def _treated_since(self, episode: Episode) -> date:
        """The child's first first-line dose: the days before it are not spasm-free days of a treatment."""
        return min((episode.start, *(start.on for start in self._known.of(f.TreatmentStart))))

    def _spasms(self, episode: Episode) -> list[f.SpasmReport]:
        """Confirmed spasms up to the end of the episode, those before its start included."""
        return [
            spasm
            for spasm in self._known.of(f.SpasmReport)
            if spasm.status is f.SpasmStatus.CONFIRMED
            and (spasm.on <= episode.start or self.belongs(episode, spasm.on))
        ]

    def _compared(self, eeg: f.Eeg) -> bool:
        needs_person = self._pathway.eeg.person_compares_without_baseline_hypsarrhythmia
        return not needs_person or self._child.baseline_hypsarrhythmia is not False or eeg.improved is True

    def _against(
        self,
        spasms: list[f.SpasmReport],
        eegs: list[f.Eeg],
        definition: ResponseDefinition,
        episode: Episode,
    ) -> list[Evidence]:
        day = episode.judged_from + timedelta(days=offset(definition, definition.last_spasm_day))
        policy = self._pathway.eeg
        found = [
            Evidence(on=spasm.on, fact=spasm.id, words=_spasm_words(spasm, episode))
            for spasm in spasms
            if spasm.on > day or (spasm.on == day and definition.boundary is BoundaryDay.FAILURE)
        ]
        found += [
            Evidence(on=eeg.on, fact=eeg.id, words=f"EEG of {eeg.on} shows {why_positive(eeg, policy)}")
            for eeg in eegs
            if positive(eeg, policy)
        ]
        return sorted(found, key=lambda evidence: (evidence.on, evidence.fact))

    def _unresolved(
        self, episode: Episode, free_from: date, response_on: date | None
    ) -> f.SpasmReport | None:
        """A report that would refute the response if it were confirmed."""
        return next(
            (
                report
                for report in self._known.of(f.SpasmReport)
                if report.status in UNRESOLVED
                and report.on > free_from
                and (response_on is None or report.on <= response_on)
                and self.belongs(episode, report.on)
            ),
            None,
        )

    def _asked(
        self, definition: ResponseDefinition, episode: Episode, complete: date
    ) -> tuple[date | None, bool]:
        """When the family was last asked and had seen none, and whether that covers the days that count."""
        asked = [
            fact.on
            for fact in self._known.of(f.FamilyAsked)
            if fact.none_seen and self.belongs(episode, fact.on)
        ]
        last = asked[-1] if asked else None
        if definition.asked_on_or_after_day is None:
            return last, True
        from_day = episode.judged_from + timedelta(days=offset(definition, definition.asked_on_or_after_day))
        return last, last is not None and last >= max(from_day, complete)


def _complete_on(
    definition: ResponseDefinition, episode: Episode, last: f.SpasmReport | None, treated_since: date
) -> date:
    """The day on which the spasm-free time that the definition asks for is complete."""
    days = []
    if definition.spasm_free_until_day is not None:
        until = offset(definition, definition.spasm_free_until_day)
        days.append(episode.judged_from + timedelta(days=until))
    if definition.spasm_free_days is not None:
        counted_from = max(last.on, treated_since) if last is not None else episode.start
        days.append(counted_from + timedelta(days=definition.spasm_free_days))
    return max(days)


def _response_on(definition: ResponseDefinition, complete: date, clean_eeg: f.Eeg | None) -> date | None:
    if not definition.eeg_required:
        return complete
    return max(complete, clean_eeg.on) if clean_eeg is not None else None


def _on_boundary(last: date, free_from: date, definition: ResponseDefinition) -> bool:
    return last == free_from and definition.boundary is BoundaryDay.PERSON_DECIDES


def _waits(eeg: f.Eeg) -> bool:
    return eeg.report_pending or eeg.hypsarrhythmia is None


def _spasm_words(spasm: f.SpasmReport, episode: Episode) -> str:
    return f"spasm on {spasm.on}, day {(spasm.on - episode.judged_from).days} after the start"
