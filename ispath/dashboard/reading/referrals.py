"""Referrals as pages show them: how far each has come, and what is next by when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clinic.models import Check, Referral
from ispath.dashboard.reading.chain import reason_of
from ispath.dashboard.words import day
from protocols.engine.pathway import Observes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from clinic.models import Patient

_TONES = {"asked": "stop", "sent": "warn", "received": "info", "seen": "info", "outcome": "good"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """By when somebody takes the next step, and which rule says so."""

    by_on: date
    source: str

    @property
    def by(self) -> str:
        """The day in words."""
        return day(self.by_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralLine:
    """A referral and its clock."""

    row: Referral
    tone: str
    next: NextStep | None


def referral_lines(rows: Sequence[Referral]) -> list[ReferralLine]:
    """Put the clock beside each referral, those under way first; as many queries for ten as for one.

    Until it is sent, the escalation that asked for it says by when; then the check of its next leg does.
    """
    legs = _legs(row.enrolment_id for row in rows)
    lines = [ReferralLine(row=row, tone=_TONES.get(row.state, ""), next=_next(row, legs)) for row in rows]
    return sorted(lines, key=lambda line: line.row.state not in Referral.OPEN_STATES)


def referrals_of(patient: Patient) -> list[ReferralLine]:
    """Return the referrals of a child with reasons and steps, the open one first."""
    rows = patient.referrals.prefetch_related("reasons__escalation", "steps").order_by("-asked_at")
    return referral_lines(list(rows))


def _legs(enrolments: Iterable[int]) -> dict[int, Check]:
    """The open check of each child's referral, the one that is due first."""
    rows = Check.objects.unsatisfied().filter(enrolment__in=list(enrolments), observes=Observes.REFERRAL_STEP)
    return {row.enrolment_id: row for row in rows.order_by("-due_on", "-pk")}


def _next(row: Referral, legs: dict[int, Check]) -> NextStep | None:
    if row.state == Referral.State.ASKED:
        reasons = (reason for reason in row.reasons.all() if reason.escalation is not None)
        asked = next((reason.escalation for reason in reasons), None)
        if row.act_by_on is None:
            return None
        return NextStep(by_on=row.act_by_on, source=reason_of(asked.chain).source if asked else "")
    leg = legs.get(row.enrolment_id) if row.state in Referral.OPEN_STATES else None
    return NextStep(by_on=leg.due_on, source=reason_of(leg.chain).source) if leg else None
