"""Where each number of a protocol edition comes from."""

from __future__ import annotations

from django.db import models
from django.db.models.lookups import LessThanOrEqual

from protocols.models.choices import Choice
from protocols.models.freezing import RowsOfASignedEdition
from protocols.models.library import Citation
from protocols.models.limits import (
    DailyMaximum,
    DoseCaution,
    Judgement,
    LabelRange,
    ProtocolNote,
    StandingAdvice,
)
from protocols.models.phases import DoseCondition, DoseStep, Phase
from protocols.models.protocol import ProtocolEdition

# The row a citation speaks of: one of these, or none of them where it speaks of the edition as a whole.
CITING_ROWS: dict[str, type[models.Model]] = {
    "phase": Phase,
    "step": DoseStep,
    "condition": DoseCondition,
    "choice": Choice,
    "maximum": DailyMaximum,
    "caution": DoseCaution,
    "label_range": LabelRange,
    "judgement": Judgement,
    "advice": StandingAdvice,
    "note": ProtocolNote,
}


def _cites(model: type[models.Model]) -> models.ForeignKey[models.Model | None, models.Model | None]:
    return models.ForeignKey(model, on_delete=models.CASCADE, null=True, blank=True, related_name="citations")


class ProtocolCitation(Citation):
    """Why one row of an edition says what it says."""

    edition = models.ForeignKey(ProtocolEdition, on_delete=models.CASCADE, related_name="citations")
    phase = _cites(Phase)
    step = _cites(DoseStep)
    condition = _cites(DoseCondition)
    choice = _cites(Choice)
    maximum = _cites(DailyMaximum)
    caution = _cites(DoseCaution)
    label_range = _cites(LabelRange)
    judgement = _cites(Judgement)
    advice = _cites(StandingAdvice)
    note = _cites(ProtocolNote)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="protocolcitation_speaks_of_one_row_at_most",
                condition=LessThanOrEqual(
                    models.Func(*CITING_ROWS, function="num_nonnulls", output_field=models.IntegerField()),
                    1,
                ),
                violation_error_message="A citation speaks of one row.",
            ),
        )
        triggers = (RowsOfASignedEdition(name="rows_of_a_signed_edition_stay", path=("edition",)),)

    class Privacy:
        private = ()
        plain = ("edition", *CITING_ROWS)
