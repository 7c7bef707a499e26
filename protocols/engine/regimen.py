"""The vocabulary of regimens: one edition of a protocol as frozen rows.

Every regimen is written with these rows and none has code of its own. Numbers live in the rows; each row says
where its numbers come from (`cited`). Days are treatment days: the date of the first dose is day 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from protocols.engine.citing import Cited, Mark, Source
from protocols.engine.formulary import Drug, DrugClass, Form, Product, Rounding, Route
from protocols.engine.limits import Advice, Caution, Judgement, LabelRange, Maximum, Note
from protocols.engine.terms import (
    Basis,
    Branch,
    Convention,
    Given,
    LengthUnit,
    Per,
    Purpose,
    Slot,
    Value,
    Verdict,
    When,
)

__all__ = [
    "Advice",
    "AllowedValue",
    "Basis",
    "Branch",
    "Caution",
    "Choice",
    "Cited",
    "Condition",
    "Convention",
    "DoseStep",
    "Drug",
    "DrugClass",
    "Form",
    "Given",
    "Judgement",
    "LabelRange",
    "Length",
    "LengthUnit",
    "Mark",
    "Maximum",
    "Note",
    "Part",
    "Per",
    "Phase",
    "Product",
    "ProtocolEdition",
    "Purpose",
    "Ramp",
    "Rounding",
    "Route",
    "Slot",
    "Source",
    "Value",
    "Verdict",
    "When",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedValue:
    """One value a choice may take. Not offered: calculable, but not shown when a course is started."""

    value: str
    words: str = ""
    offered: bool = True
    warning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What sources dispute, or a clinic may set: listed values, or a range. No default: not entered yet."""

    name: str
    title: str
    drug: str | None = None
    default: str | None = None
    allowed: tuple[AllowedValue, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    whole: bool = False
    unit: str = ""
    dispute: str = ""
    cited: tuple[Cited, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A question on a treatment day whose answer, by a named prescriber, changes the dose from a day on."""

    key: str
    drug: str
    question: str
    decided_by: str
    asked_on_day: int
    from_day: int
    to_day: int | None = None
    cited: tuple[Cited, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ramp:
    """An amount that changes by `by` every `every_days` days until `until` is reached (and not given).

    Without `start` it goes on from the amount in force the day before.
    """

    by: Value
    every_days: Value
    until: Value
    start: Value | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseStep:
    """A dose held for some days of its phase.

    `from_day`, `to_day` and `on_days` count the days of the phase, its first day being 1; `every_days` counts
    from `from_day`. No `amount` and no `ramp`: undefined, no source gives it. No `times` while `per` is day:
    the split is not known. Where steps of one drug overlap the later row wins. A step with a condition is in
    force from the decided day on (taken), or until it (not taken).
    """

    drug: str
    unit: str
    basis: Basis = Basis.FIXED
    per: Per = Per.DOSE
    amount: Value | None = None
    ramp: Ramp | None = None
    times: Value | None = None
    slot: Slot | None = None
    from_day: int = 1
    to_day: int | None = None
    every_days: int = 1
    on_days: tuple[int, ...] = ()
    given: Given | None = None
    condition: str | None = None
    branch: Branch | None = None
    note: str = ""
    cited: tuple[Cited, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """How long a phase lasts. No count (and no ramp): no source says, and no day is laid out for it."""

    unit: LengthUnit
    count: Value | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A named stretch of the course; phases follow one another without a gap.

    With a `verdict` it follows only that verdict; the course waits there while the verdict is open.
    """

    name: str
    purpose: Purpose
    length: Length
    steps: tuple[DoseStep, ...]
    verdict: Verdict | None = None
    given: Given | None = None
    note: str = ""
    cited: tuple[Cited, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Another protocol given from the same day as part of a combination."""

    protocol: str
    given: Given | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolEdition:
    """One edition of one regimen. A combination has `parts` and no phases of its own."""

    key: str
    edition: str
    name: str
    summary: str
    phases: tuple[Phase, ...] = ()
    parts: tuple[Part, ...] = ()
    conditions: tuple[Condition, ...] = ()
    choices: tuple[Choice, ...] = ()
    maxima: tuple[Maximum, ...] = ()
    cautions: tuple[Caution, ...] = ()
    label_ranges: tuple[LabelRange, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    advice: tuple[Advice, ...] = ()
    notes: tuple[Note, ...] = ()
    cited: tuple[Cited, ...] = ()
