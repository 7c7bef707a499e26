"""Escalations as pages show them: what is asked, how urgent it is, by when, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clinic.models import Escalation
from ispath.dashboard.reading.chain import reason_of
from ispath.dashboard.reading.names import AT_ONCE, URGENCY_WORDS
from ispath.dashboard.words import day

if TYPE_CHECKING:
    from collections.abc import Iterable

    from clinic.models import Patient
    from ispath.dashboard.reading.chain import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationLine:
    """An escalation as a page shows it."""

    row: Escalation
    title: str
    urgency: str
    reason: Reason
    is_open: bool

    @property
    def cannot_wait(self) -> bool:
        """Whether it is said before anything else on the page."""
        return self.is_open and self.row.urgency in AT_ONCE

    @property
    def act_by(self) -> str:
        """The day by which somebody acts."""
        return day(self.row.act_by_on) if self.row.act_by_on else "now"


def escalation_lines(rows: Iterable[Escalation]) -> list[EscalationLine]:
    """Lay out escalations in the order given."""
    return [
        EscalationLine(
            row=row,
            title=row.name or row.asks_for or row.rule,
            urgency=URGENCY_WORDS.get(row.urgency, row.urgency),
            reason=reason_of(row.chain),
            is_open=row.state in Escalation.OPEN_STATES,
        )
        for row in rows
    ]


def escalations_of(patient: Patient) -> list[EscalationLine]:
    """Return the child's escalations, the open ones first."""
    rows = Escalation.objects.filter(patient=patient).order_by("priority", "-raised_on", "pk")
    return sorted(escalation_lines(rows), key=lambda line: not line.is_open)
