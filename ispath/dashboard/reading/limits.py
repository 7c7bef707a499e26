"""Blood pressure limits for a child on a day, from the pathway edition the child follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from protocols.models import BloodPressureLimit

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from clinic.models import Enrolment, Patient


def _months(born_on: date, on: date) -> int:
    return (on.year - born_on.year) * 12 + on.month - born_on.month - (on.day < born_on.day)


def limits_on(patient: Patient, enrolment: Enrolment | None) -> Callable[[date], Any]:
    """Return a function from a day to the limits of that day; one query for all days."""
    if enrolment is None:
        return lambda _on: None
    rows = list(
        BloodPressureLimit.objects.filter(
            table__edition=enrolment.pathway_edition_id, sex=patient.sex
        ).order_by("-from_month")
    )

    def limit(on: date) -> Any:
        months = _months(patient.birth_date, on)
        return next((row for row in rows if row.from_month <= months), None)

    return limit
