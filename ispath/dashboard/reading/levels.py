"""What a value is, next to this child's own limits and last values: said before it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clinic.models import Measurement
from ispath.dashboard.reading.limits import limits_on, source_of
from ispath.dashboard.reading.same_child import same_child
from ispath.dashboard.words import age, amount, day

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

    from clinic.models import Enrolment

CALM_FIRST = "The child was crying: measure again when calm before the level counts."


def pressure_level(enrolment: Enrolment, typed: Mapping[str, Any], on: date) -> tuple[str, str, str]:
    """Say where a reading lies for the child's age and sex, its tone, and where the limits come from."""
    limit = limits_on(enrolment.patient, enrolment)(on)
    if limit is None:
        return "No limits are set for this child's age and sex in the pathway edition.", "info", ""
    systolic = typed["systolic"]
    child = f"{enrolment.patient.get_sex_display()}, {age(enrolment.patient.birth_date, on)}"
    lines = f"({child}: 90th percentile {limit.sbp90}, 95th {limit.sbp95} mmHg systolic)"
    if systolic >= limit.sbp95:
        words, tone = f"Systolic {systolic} is {systolic - limit.sbp95} above the 95th percentile", "warn"
        words = f"Systolic {systolic} is at the 95th percentile" if systolic == limit.sbp95 else words
    elif systolic >= limit.sbp90:
        words, tone = f"Systolic {systolic} is at or above the 90th percentile", "warn"
    else:
        words, tone = f"Systolic {systolic} is below the 90th percentile", "good"
    crying = f" {CALM_FIRST}" if typed.get("state") == "crying" and tone == "warn" else ""
    return f"{words} {lines}.{crying}", tone, source_of(enrolment, limit)


def weight_level(enrolment: Enrolment, kg: Decimal) -> tuple[str, str]:
    """Compare a weight with the last one; say that it changes no dose by itself."""
    last = (
        Measurement.objects.filter(
            patient__in=same_child(enrolment.patient),
            kind="weight",
            corrected_by_row=None,
            entered_in_error=False,
        )
        .order_by("-happened_on", "-pk")
        .first()
    )
    if last is None or not last.value:
        return f"{amount(kg)} kg is the first weight of this child here.", "info"
    change = (kg - last.value) / last.value * 100
    more = "more" if change >= 0 else "less"
    before = f"{amount(last.value)} kg on {day(last.happened_on)}"
    said = f"{amount(kg)} kg is {amount(abs(change), 1)} % {more} than {before}."
    return f"{said} It changes no dose until a prescriber accepts it.", "info"
