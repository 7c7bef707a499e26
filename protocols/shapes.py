"""Which value of the engine lies in which table, and what lies below it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from protocols import models
from protocols.columns import columns_of
from protocols.engine import citing, pathway, regimen

if TYPE_CHECKING:
    from protocols.columns import Column


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A kind of value, its table, the foreign key to the row above, and the kinds of value below it.

    `alone`: the row above holds exactly one. `cited_as`: the column by which a citation points to the row.
    """

    value: Any
    model: Any
    above: str = "edition"
    alone: bool = False
    cited_as: str = ""
    below: Mapping[str, Shape] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[tuple[str, Column], ...]:
        """Fields of the value that lie in the row itself."""
        return columns_of(self.value, frozenset({"cited", *self.below}))


PROTOCOL_ROWS: Mapping[str, Shape] = {
    "phases": Shape(
        value=regimen.Phase,
        model=models.Phase,
        cited_as="phase",
        below={"steps": Shape(value=regimen.DoseStep, model=models.DoseStep, above="phase", cited_as="step")},
    ),
    "parts": Shape(value=regimen.Part, model=models.CombinationPart),
    "conditions": Shape(value=regimen.Condition, model=models.DoseCondition, cited_as="condition"),
    "choices": Shape(
        value=regimen.Choice,
        model=models.Choice,
        cited_as="choice",
        below={"allowed": Shape(value=regimen.AllowedValue, model=models.AllowedValue, above="choice")},
    ),
    "maxima": Shape(value=regimen.Maximum, model=models.DailyMaximum, cited_as="maximum"),
    "cautions": Shape(value=regimen.Caution, model=models.DoseCaution, cited_as="caution"),
    "label_ranges": Shape(value=regimen.LabelRange, model=models.LabelRange, cited_as="label_range"),
    "judgements": Shape(value=regimen.Judgement, model=models.Judgement, cited_as="judgement"),
    "advice": Shape(value=regimen.Advice, model=models.StandingAdvice, cited_as="advice"),
    "notes": Shape(value=regimen.Note, model=models.ProtocolNote, cited_as="note"),
}

# Read and written before the others, which point to them.
PATHWAY_SOURCES = Shape(value=citing.Source, model=models.PathwaySource)

PATHWAY_ROWS: Mapping[str, Shape] = {
    "first_choices": Shape(value=pathway.FirstChoice, model=models.FirstChoice),
    "episode": Shape(value=pathway.EpisodePolicy, model=models.EpisodePolicy, alone=True),
    "eeg": Shape(value=pathway.EegPolicy, model=models.EegPolicy, alone=True),
    "definitions": Shape(value=pathway.ResponseDefinition, model=models.ResponseDefinition),
    "bp_table": Shape(
        value=pathway.BpTable,
        model=models.BloodPressureTable,
        alone=True,
        below={"rows": Shape(value=pathway.BpRow, model=models.BloodPressureLimit, above="table")},
    ),
    "monitoring_rules": Shape(
        value=pathway.MonitoringRule,
        model=models.MonitoringRule,
        below={"windows": Shape(value=pathway.Window, model=models.DueWindow, above="rule")},
    ),
    "escalation_rules": Shape(
        value=pathway.EscalationRule,
        model=models.EscalationRule,
        below={
            "parameters": Shape(value=pathway.Parameter, model=models.RuleParameter, above="rule"),
            "recipients": Shape(value=pathway.Recipient, model=models.RuleRecipient, above="rule"),
        },
    ),
    "rungs": Shape(value=pathway.ReminderRung, model=models.ReminderRung),
    "targets": Shape(value=pathway.Target, model=models.Target),
}


def every_shape(rows: Mapping[str, Shape]) -> tuple[Shape, ...]:
    """The shapes of a tree, each before those below it."""
    return tuple(shape for top in rows.values() for shape in (top, *every_shape(top.below)))
