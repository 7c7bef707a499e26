"""The words regimens are written with: their closed lists of values, and a number that a choice may set."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Basis(StrEnum):
    FIXED = "fixed"
    PER_KG = "per-kg"
    PER_M2 = "per-m2"


class Per(StrEnum):
    DOSE = "dose"
    DAY = "day"


class Slot(StrEnum):
    MORNING = "morning"
    EVENING = "evening"


class Purpose(StrEnum):
    """What a phase is for. A hormonal course that ends without a taper ends abruptly."""

    TITRATION = "titration"
    FULL_DOSE = "full-dose"
    MAINTENANCE = "maintenance"
    TAPER = "taper"


class LengthUnit(StrEnum):
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"  # calendar months, summed over the phases and counted from the start
    RAMP = "ramp"  # for as long as the phase's ramp has levels


class Verdict(StrEnum):
    RESPONDER = "responder"
    NON_RESPONDER = "non-responder"


class Branch(StrEnum):
    """Which side of a condition a dose step belongs to."""

    TAKEN = "taken"
    NOT_TAKEN = "not-taken"


class Convention(StrEnum):
    """How a definition numbers its days."""

    FIRST_DOSE_IS_DAY_1 = "first-dose-is-day-1"
    DAYS_SINCE_START = "days-since-start"


class When(StrEnum):
    ALWAYS = "always"
    RENAL_IMPAIRMENT = "renal-impairment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A number, or the name of the choice that sets it. Exactly one of the two."""

    number: Decimal | None = None
    choice: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The row counts only where this choice has this value."""

    choice: str
    equals: str
