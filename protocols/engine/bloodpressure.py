"""The level of one blood-pressure reading, from the pathway's table and its escalation rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from protocols.engine.days import whole_months_between
from protocols.engine.pathway import Trigger

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from protocols.engine.facts import BloodPressure, Child
    from protocols.engine.pathway import BpRow, BpTable, EscalationRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What a rule asks for: a percentile plus some mmHg, or a percentile with symptoms."""

    code: str
    percentile: int
    plus: int
    symptoms_from: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """The highest rule a reading meets, and in which numbers."""

    code: str
    words: str
    row: BpRow


def limits_of(rules: Sequence[EscalationRule]) -> tuple[Limit, ...]:
    """The blood-pressure rules of a pathway, the highest first."""
    limits = []
    for rule in rules:
        if rule.trigger is Trigger.BP_LEVEL:
            given = {p.name: p.value for p in rule.parameters}
            limits.append(
                Limit(
                    code=rule.code,
                    percentile=int(str(given["percentile"])),
                    plus=int(str(given.get("plus_mmhg", 0))),
                    symptoms_from=int(str(given["or_symptoms_from_percentile"]))
                    if "or_symptoms_from_percentile" in given
                    else None,
                )
            )
    return tuple(sorted(limits, key=lambda limit: (-limit.percentile, -limit.plus)))


def rows_at(table: BpTable, child: Child, on: date) -> tuple[BpRow, ...]:
    """The table's rows for a child's age on a day: one, or one of each sex when the sex is not known."""
    months = whole_months_between(earlier=child.born_on, later=on) if child.born_on else 0
    sexes = [child.sex] if child.sex else sorted({row.sex for row in table.rows})
    found = []
    for sex in sexes:
        rows = sorted((row for row in table.rows if row.sex is sex), key=lambda row: row.from_month)
        found += [*[row for row in rows if row.from_month <= months][-1:], *rows[:1]][:1]
    return tuple(found)


def level_of(reading: BloodPressure, child: Child, table: BpTable, limits: Sequence[Limit]) -> Level | None:
    """The highest limit a reading meets; with the sex not known, by whichever row is stricter."""
    rows = rows_at(table, child, reading.on)
    months = whole_months_between(earlier=child.born_on, later=reading.on) if child.born_on else 0
    alone = table.systolic_alone_under_months
    systolic_alone = alone is not None and months < alone
    for limit in limits:
        for row in rows:
            found = _met(reading, row, limit, alone=systolic_alone)
            if found is not None:
                return Level(code=limit.code, words=found, row=row)
    return None


def _met(reading: BloodPressure, row: BpRow, limit: Limit, *, alone: bool) -> str | None:
    """In which numbers a reading meets a limit, if it does."""
    for name, value, base in _measured(reading, row, limit.percentile, alone=alone):
        if value >= base + limit.plus:
            plus = f" + {limit.plus}" if limit.plus else ""
            level = f"{limit.percentile}th percentile{plus} ({base + limit.plus})"
            return f"{name} {value} is at or above the {level}"
    if limit.symptoms_from is None or not reading.symptomatic:
        return None
    for name, value, base in _measured(reading, row, limit.symptoms_from, alone=alone):
        if value >= base:
            level = f"{limit.symptoms_from}th percentile ({base})"
            return f"{name} {value} is at or above the {level}, with symptoms"
    return None


def _measured(
    reading: BloodPressure, row: BpRow, percentile: int, *, alone: bool
) -> list[tuple[str, int, int]]:
    sbp, dbp = getattr(row, f"sbp{percentile}"), getattr(row, f"dbp{percentile}")
    measured = [("systolic", reading.sbp, sbp)]
    if reading.dbp is not None and not alone:
        measured.append(("diastolic", reading.dbp, dbp))
    return measured
