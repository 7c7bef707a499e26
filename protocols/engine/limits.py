"""What stands around the doses of a regimen: maxima, cautions, label ranges, judgements, advice, notes."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from protocols.engine.citing import Cited
from protocols.engine.terms import Basis, Convention, Given, Verdict, When


@dataclass(frozen=True, slots=True, kw_only=True)
class Maximum:
    """The most of a drug in a day, fixed or per kg of the weight in force. Applied before rounding."""

    drug: str
    amount: Decimal
    unit: str
    basis: Basis = Basis.FIXED
    cited: tuple[Cited, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution:
    """A day's amount above this raises the warning `code`; it changes no dose."""

    code: str
    drug: str
    above: Decimal
    unit: str
    basis: Basis = Basis.PER_KG
    text: str = ""
    cited: tuple[Cited, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRange:
    """The weights or ages (on the start date) a label speaks of; or below which it forbids the drug."""

    label: str
    drug: str
    from_weight_kg: Decimal | None = None
    to_weight_kg: Decimal | None = None
    from_age_months: int | None = None
    below_age_months: int | None = None
    contraindicated: bool = False
    text: str = ""
    cited: tuple[Cited, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """When and by what the response is judged, in the definition's own day convention. Shown, not checked."""

    definition: str
    text: str
    convention: Convention
    first: int
    last: int
    eeg: bool = False
    verdict: Verdict | None = None
    cited: tuple[Cited, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """A standing warning of the edition, raised `when` it applies."""

    code: str
    when: When
    text: str
    drug: str | None = None
    given: Given | None = None
    cited: tuple[Cited, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What a reader should know: contraindications, what to watch, results of the trials."""

    topic: str
    text: str
    cited: tuple[Cited, ...] = ()
