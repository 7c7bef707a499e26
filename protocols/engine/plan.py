"""What the engine answers: checks, a verdict, escalations, the referral, and why, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from protocols.engine.pathway import Basis, Recipient, Role, Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarStep:
    """One step of date arithmetic, in words and dates: `2027-01-04` + `14 days` = `2027-01-18`."""

    label: str
    from_on: date
    step: str
    to_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Because:
    """Why the engine says something.

    A sentence, the facts by id, the rule, the calendar steps, the source.
    """

    sentence: str
    facts: tuple[str, ...] = ()
    rule: str = ""
    steps: tuple[CalendarStep, ...] = ()
    basis: Basis | None = None


class CheckState(StrEnum):
    """Where a check stands on the day of the review."""

    UPCOMING = "upcoming"
    DUE = "due"
    OVERDUE = "overdue"
    DONE = "done"
    WAIVED = "waived"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One due window. `key` is stable as long as its cause is; `satisfied_by` is a fact's id."""

    code: str
    key: str
    name: str
    opens_on: date
    due_on: date
    closes_on: date | None
    state: CheckState
    who: Role
    anchor_on: date
    satisfied_by: str | None = None
    satisfied_on: date | None = None
    limitation: str = ""
    reason: str = ""
    bundles: bool = True
    because: Because


class VerdictValue(StrEnum):
    """The answers to: did the treatment work?"""

    RESPONDER = "responder"
    PROVISIONAL = "provisional"
    NON_RESPONDER = "non_responder"
    CANNOT_TELL = "cannot_tell"


class Missing(StrEnum):
    """What a verdict waits for."""

    TREATMENT = "treatment"
    EEG = "eeg"
    EEG_REPORT = "eeg-report"
    SPASM_FREE_DAYS = "spasm-free-days"
    FAMILY_ASKED = "family-asked"
    PERSON_DECIDES = "person-decides"
    SPASM_REPORT_CONFIRMED = "spasm-report-confirmed"
    EEG_COMPARISON = "eeg-comparison"
    ADEQUATE_TRIAL = "adequate-trial"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer for the newest treatment episode, with the definition it used."""

    value: VerdictValue
    definition: str
    missing: tuple[Missing, ...] = ()
    final: bool = False
    response_on: date | None = None
    relapsed_on: date | None = None
    last_spasm_on: date | None = None
    family_last_asked_on: date | None = None
    episode: str = ""
    because: Because


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """One rise of one rule for one cause.

    (`rule`, `cause_key`) is unique in a plan and stable under replay.
    """

    rule: str
    cause_key: str
    name: str
    urgency: Urgency
    recipients: tuple[Recipient, ...]
    raised_on: date
    act_by: date | None = None
    asks_for: str = ""
    withdrawn_on: date | None = None
    resolved_on: date | None = None
    resolved_by: tuple[str, ...] = ()
    because: Because

    @property
    def stands(self) -> bool:
        """Whether it is neither withdrawn nor resolved."""
        return self.withdrawn_on is None and self.resolved_on is None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralReason:
    """One cause for the surgical-evaluation referral, kept when its basis is withdrawn."""

    rule: str
    cause_key: str
    raised_on: date
    basis_withdrawn_on: date | None = None
    joined: bool = False
    because: Because


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralNeed:
    """That a referral is asked for, why, and what the packet should ask about."""

    asked_on: date
    reasons: tuple[ReferralReason, ...]
    diverted: bool = False
    ask_about_callosotomy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that follows from a pathway edition, the facts and a day."""

    as_of: date
    pathway: str
    edition: str
    running: bool
    checks: tuple[Check, ...] = ()
    verdict: Verdict
    escalations: tuple[Escalation, ...] = ()
    referral: ReferralNeed | None = None
    next_change_on: date | None = None
