"""Which verb writes what each record form says, and how what was typed becomes what the verb takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clinic import deciding, recording, waiving
from clinic.entries import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from clinic.models import Actor

Typed = dict[str, Any]

SOURCE = "form"
HOUSEKEEPING = (
    "once",
    "happened_at",
    "happened_on",
    "detail",
    "true_because",
    "second_username",
    "second_password",
)


def entry_of(typed: Mapping[str, Any], *, second: Actor | None) -> Entry:
    """Return how the fact came to be written down. The form's own key lets it in once."""
    return Entry(
        happened_on=typed.get("happened_on"),
        happened_at=typed.get("happened_at"),
        via="admin",
        source_system=SOURCE if typed.get("once") else "",
        source_value=typed.get("once", ""),
        true_because=typed.get("true_because", "") if second else "",
        seconded_by=second,
        detail=typed.get("detail", ""),
    )


def said(typed: Mapping[str, Any]) -> Typed:
    """Return what the form says, without the housekeeping."""
    return {name: value for name, value in typed.items() if name not in HOUSEKEEPING}


def _measured(kind: str) -> Callable[[Typed], Typed]:
    said_of = ("value", "unit", "result", "source", "method")

    def translated(typed: Typed) -> Typed:
        return {"kind": kind, **{name: typed[name] for name in said_of if typed.get(name) is not None}}

    return translated


def _signs(typed: Typed) -> Typed:
    return {**typed, "signs": tuple(typed["signs"])}


def _call(typed: Typed) -> Typed:
    asked = ("irritability", "sleep", "feeding", "face")
    answers = {name: typed[name] for name in asked if typed.get(name)}
    return {**{name: value for name, value in typed.items() if name not in asked}, "answers": answers}


def _same(typed: Typed) -> Typed:
    return typed


VERBS: dict[str, tuple[Callable[..., Any], Callable[[Typed], Typed]]] = {
    "blood-pressure": (recording.record_blood_pressure, _same),
    "weight": (recording.record_measurement, _measured("weight")),
    "length": (recording.record_measurement, _measured("length")),
    "glucose": (recording.record_measurement, _measured("glucose")),
    "urine-glucose": (recording.record_measurement, _measured("urine_glucose")),
    "electrolytes": (recording.record_measurement, _measured("potassium")),
    "sodium": (recording.record_measurement, _measured("sodium")),
    "stool": (recording.record_measurement, _measured("stool_blood")),
    "eeg": (recording.record_eeg, _same),
    "vision-exam": (recording.record_vision_exam, _same),
    "spasm-report": (recording.record_spasms, _same),
    "symptom": (recording.record_symptom, _signs),
    "exposure": (recording.record_exposure, _same),
    "vaccine": (recording.record_vaccine, _same),
    "call": (waiving.record_call, _call),
    "decision": (deciding.record_decision, _same),
    "finding": (recording.record_finding, _same),
    "investigation": (recording.record_investigation, _same),
    "therapy": (recording.record_therapy, _same),
}
