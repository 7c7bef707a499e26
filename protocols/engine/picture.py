"""The picture of one child on one evening: what is known, and what follows from it directly.

Derived things are rebuilt only when the facts they rest on have changed. `wake` collects the next day on
which something changes by itself.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from protocols.engine import bloodpressure, courses
from protocols.engine import facts as f
from protocols.engine.days import add_months
from protocols.engine.known import Known
from protocols.engine.pathway import DrugClass
from protocols.engine.response import Judge

if TYPE_CHECKING:
    from protocols.engine.courses import Course, Episode, TreatmentSpan
    from protocols.engine.ledger import Ledger
    from protocols.engine.policy import Policy
    from protocols.engine.response import Judgement
    from protocols.engine.workdays import WorkingCalendar

ADRENAL = "ADRENAL"

JUDGED_FACTS: frozenset[type[f.Fact]] = courses.TREATMENT_FACTS | {
    f.SpasmReport,
    f.FamilyAsked,
    f.Eeg,
    f.HumanReview,
}


class Picture:
    """One child on the evening of `day`."""

    def __init__(self, policy: Policy, child: f.Child, workdays: WorkingCalendar, ledger: Ledger) -> None:
        self.policy = policy
        self.child = child
        self.workdays = workdays
        self.ledger = ledger
        self.known = Known()
        self.day = date.min
        self.woken_on: date | None = None
        self.courses: tuple[Course, ...] = ()
        self.episodes: tuple[Episode, ...] = ()
        self._spans: dict[DrugClass, tuple[TreatmentSpan, ...]] = {}
        self._judgements: dict[tuple[str, str], Judgement] = {}
        self._levels: dict[str, bloodpressure.Level | None] = {}
        self._judge = Judge(policy.pathway, child, self.known)

    def turn_to(self, day: date, facts: list[f.Fact]) -> set[type[f.Fact]]:
        """Move to a later evening and learn what became known by then."""
        self.day = day
        changed = self.known.learn(facts)
        if changed & courses.TREATMENT_FACTS:
            self.courses = courses.courses_of(self.known, self.policy.pathway.episode)
            self.episodes = courses.episodes_of(self.courses, self.policy.pathway.episode)
            self._spans.clear()
        if changed & JUDGED_FACTS:
            self._judgements.clear()
        return changed

    def wake(self, day: date) -> None:
        """Something changes by itself on `day`, if that lies ahead."""
        if day > self.day and (self.woken_on is None or day < self.woken_on):
            self.woken_on = day

    def reached(self, day: date) -> bool:
        """Whether a day has come; if not, it wakes us."""
        self.wake(day)
        return day <= self.day

    def spans(self, drug_class: DrugClass) -> tuple[TreatmentSpan, ...]:
        """Uninterrupted treatment with a class, oldest first."""
        if drug_class not in self._spans:
            self._spans[drug_class] = courses.spans_of(self.courses, drug_class)
        return self._spans[drug_class]

    def judgement(self, episode: Episode, key: str = "") -> Judgement:
        """The judgement of an episode by the adopted definition, or another of the pathway's."""
        definition = self.policy.definitions[key or self.policy.pathway.adopted_definition]
        found = self._judgements.get((episode.id, definition.key))
        if found is None:
            found = self._judgements[episode.id, definition.key] = self._judge.judge(episode, definition)
        return found

    def accepted_eegs(self, episode: Episode) -> list[f.Eeg]:
        """The recordings that can answer for an episode."""
        return self._judge.accepted_eegs(episode)

    def level(self, reading: f.BloodPressure) -> bloodpressure.Level | None:
        """The level of a reading."""
        if reading.id not in self._levels:
            table = self.policy.pathway.bp_table
            self._levels[reading.id] = bloodpressure.level_of(reading, self.child, table, self.policy.limits)
        return self._levels[reading.id]

    def adrenal_window(self, on: date) -> TreatmentSpan | None:
        """The hormonal treatment whose adrenal window holds a day, unless a clinician had closed it."""
        span = next((s for s in reversed(self.spans(DrugClass.HORMONAL)) if s.start <= on), None)
        if span is None or span.end is None or on <= span.end:
            return span
        fever = self.policy.fever
        months = fever.number("window_months") if fever is not None else 0
        closed = any(
            fact.on <= on and fact.on >= span.end
            for fact in self.known.of(f.SafetyClosed)
            if fact.check == ADRENAL
        )
        return span if not closed and on <= add_months(span.end, months) else None

    def lesion(self) -> f.Finding | None:
        """The newest finding that speaks of a lesion."""
        return next((x for x in reversed(self.known.of(f.Finding)) if x.lesion is not None), None)

    def metabolic(self) -> f.Finding | None:
        """The newest finding that speaks of metabolic or degenerative disease."""
        return next((x for x in reversed(self.known.of(f.Finding)) if x.metabolic is not None), None)

    def ended(self) -> f.Fact | None:
        """The fact that ended this clinic's plan, if any: death, withdrawal, or the other clinic's
        acceptance.
        """
        ends = [*self.known.of(f.Death), *self.known.of(f.ConsentWithdrawn), *self._accepted()]
        return min(ends, key=lambda fact: (fact.known_on, fact.id)) if ends else None

    def handing_over(self) -> f.TransferOut | None:
        """The newest transfer out that nobody has accepted."""
        out = self.known.of(f.TransferOut)
        return out[-1] if out and not self._accepted() else None

    def _accepted(self) -> list[f.Fact]:
        out = self.known.of(f.TransferOut)
        return [x for x in self.known.of(f.TransferAccepted) if out and x.on >= out[-1].on]
