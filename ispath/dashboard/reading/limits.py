"""Blood pressure limits for a child on a day, with their source, from the pathway edition it follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispath.dashboard.reading.sources import basis_words
from protocols import reading

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from clinic.models import Enrolment, Patient
    from protocols.engine.pathway import BpRow

    Limits = Callable[[date], BpRow | None]


def _months(born_on: date, on: date) -> int:
    return (on.year - born_on.year) * 12 + on.month - born_on.month - (on.day < born_on.day)


def limits_on(patient: Patient, enrolment: Enrolment | None) -> Limits:
    """Return a function from a day to the limits of that day."""
    if enrolment is None:
        return lambda _on: None
    table = reading.pathway_values(enrolment.pathway_edition).bp_table
    rows = [row for row in table.rows if str(row.sex) == patient.sex]
    rows.sort(key=lambda row: -row.from_month)

    def limit(on: date) -> BpRow | None:
        months = _months(patient.birth_date, on)
        return next((row for row in rows if row.from_month <= months), None)

    return limit


def source_of(enrolment: Enrolment | None, row: BpRow | None) -> str:
    """Write where the limits come from."""
    if enrolment is None or row is None:
        return ""
    values = reading.pathway_values(enrolment.pathway_edition)
    table = values.bp_table.basis
    own = (row.basis,) if (row.basis.mark, row.basis.source) != (table.mark, table.source) else ()
    return " ".join(basis_words(values, basis) for basis in (*own, table))
