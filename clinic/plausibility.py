"""Is what was typed likely? A slip is refused; what is unlikely but possible passes with a second person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

from clinic.models import BloodPressure, Eeg, Measurement, SpasmReport, Symptom, Vaccine
from protocols.engine.days import whole_months_between
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from clinic.entries import Entry
    from clinic.models import Fact, Patient


class UnlikelyValue(Refusal):
    """A value that may be true but is more often a slip."""

    code = "unlikely-value"


class ImpossibleValue(Refusal):
    """A value that cannot be true."""

    code = "impossible-value"


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """From the lowest to the highest value, both included."""

    low: Decimal
    high: Decimal

    def holds(self, value: Decimal) -> bool:
        """Say whether a value lies in the range."""
        return self.low <= value <= self.high


@lru_cache(maxsize=1)
def table() -> Mapping[str, Any]:
    """Return the ranges of plausible_values.yaml."""
    loaded: Mapping[str, Any] = yaml.safe_load(files("clinic").joinpath("plausible_values.yaml").read_text())
    return loaded


def ranges(quantity: str, *, months: int) -> tuple[Range, Range] | None:
    """Return the likely and the possible range of a quantity at an age, or None where none is set."""
    found = table().get(quantity)
    if isinstance(found, list):
        found = [row for row in found if row["from_month"] <= months][-1]
    if found is None:
        return None
    likely, possible = (
        Range(low=Decimal(found[k][0]), high=Decimal(found[k][1])) for k in ("likely", "possible")
    )
    return likely, possible


def judge(*, quantity: str, value: Decimal, unit: str, patient: Patient, on: date, entry: Entry) -> None:
    """Refuse what cannot be, and what is unlikely unless a reason and a second person are given."""
    found = ranges(quantity, months=whole_months_between(earlier=patient.birth_date, later=on))
    if found is None:
        return
    likely, possible = found
    words = quantity.partition("_")[0]
    if not possible.holds(value):
        raise ImpossibleValue(
            f"{value} {unit} cannot be the {words} of a child of this age. "
            f"Possible are {possible.low} to {possible.high} {unit}. Check the decimal point and the unit.",
            field=quantity,
        )
    if not likely.holds(value) and not entry.true_because:
        raise UnlikelyValue(
            f"{value} {unit} is unlikely as the {words} of a child of this age (usual are {likely.low} to "
            f"{likely.high} {unit}). Check the decimal point and the unit. If it is right, write why it is "
            "true and let a second person look.",
            field=quantity,
        )


def judge_length(*, cm: Decimal, patient: Patient, on: date, entry: Entry) -> None:
    """Judge a length against the age."""
    judge(quantity="length_cm", value=cm, unit="cm", patient=patient, on=on, entry=entry)


def judge_weight(*, kg: Decimal, patient: Patient, on: date, entry: Entry) -> None:
    """Judge a weight against the age, and against the last weight."""
    judge(quantity="weight_kg", value=kg, unit="kg", patient=patient, on=on, entry=entry)
    last = last_weight_before(patient, on=on)
    if last is None or last.value is None or entry.true_because:
        return
    share = abs(kg - last.value) / last.value
    if share > Decimal(table()["weight_change"]["share"]):
        raise UnlikelyValue(
            f"{kg} kg differs by {share:.0%} from {last.value.normalize():f} kg on {last.happened_on}. "
            "Weigh again, or check the decimal point. If it is right, write why it is true and let a second "
            "person look.",
            field="weight_kg",
        )


def last_weight_before(patient: Patient, *, on: date) -> Measurement | None:
    """Return the last weight that stands, taken within the days that make two weights comparable."""
    since = on - timedelta(days=table()["weight_change"]["within_days"])
    standing = Measurement.objects.filter(corrected_by_row=None, entered_in_error=False)
    return (
        standing.filter(patient=patient, kind=Measurement.Kind.WEIGHT, happened_on__range=(since, on))
        .order_by("-happened_on", "-pk")
        .first()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What is said of a child on a day, and how it came to be written down."""

    said: Mapping[str, Any]
    patient: Patient
    on: date
    entry: Entry

    def judge(self, name: str, *, quantity: str = "", unit: str) -> None:
        """Judge one value where it is given."""
        if (value := self.said.get(name)) is not None:
            judge(
                quantity=quantity or name,
                value=Decimal(value),
                unit=unit,
                patient=self.patient,
                on=self.on,
                entry=self.entry,
            )


def judge_said(
    model: type[Fact], said: Mapping[str, Any], *, patient: Patient, on: date, entry: Entry
) -> None:
    """Judge what a fact says, recorded for the first time or corrected."""
    if model in JUDGES:
        JUDGES[model](Telling(said=said, patient=patient, on=on, entry=entry))


def judge_pressure(told: Telling) -> None:
    """Judge both values, and one against the other."""
    told.judge("systolic", unit="mmHg")
    told.judge("diastolic", unit="mmHg")
    systolic, diastolic = told.said["systolic"], told.said.get("diastolic")
    if diastolic is not None and diastolic >= systolic:
        raise ImpossibleValue(
            f"{systolic}/{diastolic} cannot be: the lower value must be below the upper one. "
            "Check whether the two were exchanged.",
            field="diastolic",
        )


def judge_measurement(told: Telling) -> None:
    """Judge a value by its kind."""
    kind, value = told.said["kind"], told.said.get("value")
    who: dict[str, Any] = {"patient": told.patient, "on": told.on, "entry": told.entry}
    if kind == Measurement.Kind.WEIGHT and value is not None:
        judge_weight(kg=value, **who)
    elif kind == Measurement.Kind.LENGTH and value is not None:
        judge_length(cm=value, **who)
    else:
        told.judge("value", quantity=kind, unit=told.said.get("unit", ""))


def judge_spasms(told: Telling) -> None:
    """Refuse a report that contradicts itself."""
    counted = any(told.said.get(name) for name in ("clusters", "spasms_per_cluster"))
    if told.said["status"] == SpasmReport.Status.NONE_SEEN and counted:
        raise ImpossibleValue(
            "“Asked, none seen” and a number of spasms contradict each other. Leave the numbers out, or say "
            "how sure the family is.",
            field="clusters",
        )
    since = told.said.get("none_since_on")
    if since is not None and since > told.on:
        raise ImpossibleValue(
            f"On {told.on} nobody can tell that there were no spasms since {since}. Correct one of the days.",
            field="none_since_on",
        )


def judge_vaccine(told: Telling) -> None:
    """Refuse a vaccine that was given on a day that has not come."""
    if told.said.get("status") == Vaccine.Status.GIVEN and told.said["on"] > told.on:
        raise ImpossibleValue(
            f"A vaccine given on {told.said['on']} cannot be told on {told.on}. Correct the day, or say that "
            "it is scheduled.",
            field="on",
        )


JUDGES: Mapping[type[Fact], Callable[[Telling], None]] = {
    BloodPressure: judge_pressure,
    Measurement: judge_measurement,
    Eeg: lambda told: told.judge("minutes", quantity="eeg_minutes", unit="minutes"),
    Symptom: lambda told: told.judge("temperature_c", unit="°C"),
    SpasmReport: judge_spasms,
    Vaccine: judge_vaccine,
}
