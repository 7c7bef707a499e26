"""The rows that mirror what the engine calls regimens and pathways."""

from __future__ import annotations

from protocols.models.choices import AllowedValue, Choice
from protocols.models.citations import CITING_ROWS, ProtocolCitation
from protocols.models.editions import Edition
from protocols.models.library import Drug, DrugCitation, Product, ProductCitation, Source
from protocols.models.limits import (
    DailyMaximum,
    DoseCaution,
    Judgement,
    LabelRange,
    ProtocolNote,
    StandingAdvice,
)
from protocols.models.monitoring import (
    DueWindow,
    EscalationRule,
    MonitoringRule,
    ReminderRung,
    RuleParameter,
    RuleRecipient,
    Target,
)
from protocols.models.pathway import (
    BloodPressureLimit,
    BloodPressureTable,
    EegPolicy,
    EpisodePolicy,
    FirstChoice,
    Pathway,
    PathwayEdition,
    PathwaySource,
    ResponseDefinition,
)
from protocols.models.phases import DoseCondition, DoseStep, Phase
from protocols.models.protocol import CombinationPart, Protocol, ProtocolEdition

__all__ = [
    "CITING_ROWS",
    "AllowedValue",
    "BloodPressureLimit",
    "BloodPressureTable",
    "Choice",
    "CombinationPart",
    "DailyMaximum",
    "DoseCaution",
    "DoseCondition",
    "DoseStep",
    "Drug",
    "DrugCitation",
    "DueWindow",
    "Edition",
    "EegPolicy",
    "EpisodePolicy",
    "EscalationRule",
    "FirstChoice",
    "Judgement",
    "LabelRange",
    "MonitoringRule",
    "Pathway",
    "PathwayEdition",
    "PathwaySource",
    "Phase",
    "Product",
    "ProductCitation",
    "Protocol",
    "ProtocolCitation",
    "ProtocolEdition",
    "ProtocolNote",
    "ReminderRung",
    "ResponseDefinition",
    "RuleParameter",
    "RuleRecipient",
    "Source",
    "StandingAdvice",
    "Target",
]
