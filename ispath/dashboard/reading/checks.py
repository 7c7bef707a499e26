"""The checks of a child: those that are open, and those done, waived or cancelled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clinic.models import Check
from ispath.dashboard.reading.chain import reason_of
from ispath.dashboard.reading.names import RECORDS, check_words
from ispath.dashboard.words import day, distance

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from clinic.models import Patient
    from ispath.dashboard.reading.chain import Reason

_TONES = {"overdue": "stop", "due": "warn", "upcoming": "info", "done": "good", "waived": "", "cancelled": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLine:
    """A check as the child's page shows it."""

    uid: UUID
    what: str
    state: str
    state_words: str
    tone: str
    opens_on: date
    due_on: date
    closes_on: date | None
    days_late: int
    who: str
    reason_given: str
    record: str
    reason: Reason
    shaky: bool
    today: date

    @property
    def due(self) -> str:
        """The day it is due."""
        return day(self.due_on)

    @property
    def when(self) -> str:
        """When it is due, how far off that is, and when the window closes."""
        closes = f", window closes {day(self.closes_on)}" if self.closes_on else ""
        return f"due {self.due} ({distance(self.due_on, self.today)}){closes}"

    @property
    def window(self) -> str:
        """From when to when it counts."""
        opens = day(self.opens_on)
        return f"{opens} to {day(self.closes_on)}" if self.closes_on else f"from {opens}, no last day"


def _check_line(row: Check, today: date) -> CheckLine:
    chain = row.chain or {}
    return CheckLine(
        uid=row.uid,
        what=check_words(row.observes, row.name, row.code),
        state=row.state,
        state_words=_state_words(row, today),
        tone="info" if _is_early(row, today) else _TONES.get(row.state, ""),
        opens_on=row.opens_on,
        due_on=row.due_on,
        closes_on=row.closes_on,
        days_late=(today - row.due_on).days if row.state == Check.State.OVERDUE else 0,
        who=row.who,
        reason_given=row.reason,
        record=RECORDS.get(row.observes, ""),
        reason=reason_of(chain),
        shaky=row.basis_withdrawn_on is not None,
        today=today,
    )


def _is_early(row: Check, today: date) -> bool:
    """Whether a check may be done already, though its day has not come."""
    return row.state == Check.State.DUE and row.due_on > today


def _state_words(row: Check, today: date) -> str:
    return "window open" if _is_early(row, today) else str(row.get_state_display())


def checks_of(patient: Patient, today: date) -> tuple[list[CheckLine], list[CheckLine]]:
    """Return the open checks by due date, and those done, waived or cancelled, newest first."""
    rows = [_check_line(row, today) for row in Check.objects.filter(patient=patient).order_by("due_on", "pk")]
    waiting = [row for row in rows if row.state in Check.OPEN_STATES]
    closed = [row for row in rows if row.state not in Check.OPEN_STATES]
    return waiting, closed[::-1]
