"""Drugs and the products they come as."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from protocols.engine.citing import Cited


class DrugClass(StrEnum):
    HORMONAL = "hormonal"
    VIGABATRIN = "vigabatrin"


class Route(StrEnum):
    INTRAMUSCULAR = "intramuscular"
    ORAL = "oral"

    @property
    def words(self) -> str:
        return "into the muscle" if self is Route.INTRAMUSCULAR else "by mouth"


class Form(StrEnum):
    LIQUID = "liquid"
    INJECTION = "injection"
    TABLET = "tablet"


class Rounding(StrEnum):
    HALF_UP = "half-up"
    DOWN = "down"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drug:
    """A drug and the one unit its doses are written in. Units of different drugs are never converted."""

    key: str
    name: str
    drug_class: DrugClass
    unit: str
    route: Route
    note: str = ""
    cited: tuple[Cited, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """What is dispensed: a strength, and how finely it can be measured.

    `strength` is in the drug's unit per mL (liquid, injection) or per tablet; `step` in mL or tablets,
    applied once, to one administration. With `uneven_halves` a twice-daily dose that the step cannot halve is
    given with the smaller part in the morning and the larger in the evening. `container_holds` is in the
    drug's unit; a single-use container is opened anew for each administration.
    """

    key: str
    drug: str
    name: str
    form: Form
    route: Route
    strength: Decimal
    step: Decimal
    rounding: Rounding = Rounding.HALF_UP
    large_error_pct: Decimal | None = None
    uneven_halves: bool = False
    container: str = ""
    container_holds: Decimal | None = None
    single_use: bool = False
    storage: str = ""
    note: str = ""
    cited: tuple[Cited, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleChild:
    """A made-up child whose calendar shows what a protocol, or a change of it, amounts to."""

    key: str
    weight_kg: Decimal
    length_cm: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasurementRange:
    """What a typed weight or length can be; outside it, it is a slip of the pen."""

    key: str
    name: str
    unit: str
    minimum: Decimal
    maximum: Decimal
    cited: tuple[Cited, ...] = ()
