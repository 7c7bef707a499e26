"""A calendar as JSON: field names and null rules are a contract with those who read it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from protocols.calendars.answer import Answer
from protocols.engine.administration import Dose
from protocols.engine.dosing import CalendarDay
from protocols.engine.judging import JudgedOn
from protocols.engine.quantities import exact_text
from protocols.engine.totals import DrugTotal
from protocols.engine.warning import DoseWarning


def as_json(answer: Answer) -> str:
    return json.dumps(as_tree(answer), indent=1, ensure_ascii=False)


def as_tree(answer: Answer) -> Mapping[str, Any]:
    calendar = answer.calendar
    last = calendar.last_dose_on
    return {
        "protocol": calendar.edition.key,
        "edition": calendar.edition.edition,
        "start_on": calendar.details.start_on.isoformat(),
        "bsa_m2": _exact(calendar.bsa_m2),
        "days": [_day(day) for day in calendar.days],
        "totals": [_total(total) for total in answer.totals],
        "last_dose_on": None if last is None else last.isoformat(),
        "warnings": [_warning(warning) for warning in answer.warnings],
        "choices": dict(answer.choices),
        "judged": [_judged(judged) for judged in answer.judged],
    }


def _exact(value: Decimal | None) -> str | None:
    return None if value is None else exact_text(value)


def _as_is(value: Decimal | None) -> str | None:
    """A value that stands in the product's steps: its decimals say how finely it is measured."""
    return None if value is None else format(value, "f")


def _day(day: CalendarDay) -> Mapping[str, Any]:
    return {
        "day": day.day,
        "on": day.on.isoformat(),
        "phase": day.phase,
        "state": day.state,
        "doses": [_dose(dose) for dose in day.doses],
    }


def _dose(dose: Dose) -> Mapping[str, Any]:
    return {
        "drug": dose.drug,
        "product": None if dose.product is None else dose.product.key,
        "amount": exact_text(dose.amount),
        "unit": dose.unit,
        "times": dose.times,
        "slot": dose.slot,
        "volume_ml": _exact(dose.volume_ml),
        "volume_ml_rounded": _as_is(dose.volume_ml_rounded),
        "tablets": _as_is(dose.tablets),
        "rounding": dose.rounding,
        "rounding_error_pct": _as_is(dose.rounding_error_pct),
    }


def _total(total: DrugTotal) -> Mapping[str, Any]:
    return {
        "drug": total.drug,
        "unit": total.unit,
        "amount": _exact(total.amount),
        "administrations": total.administrations,
        "volume_ml_rounded": _as_is(total.volume_ml_rounded),
        "tablets": _as_is(total.tablets),
        "containers": total.containers,
    }


def _warning(warning: DoseWarning) -> Mapping[str, Any]:
    return {
        "code": warning.code,
        "text": warning.text,
        "days": [warning.first_day, warning.last_day],
        "drug": warning.drug,
    }


def _judged(judged: JudgedOn) -> Mapping[str, Any]:
    return {
        "definition": judged.definition,
        "text": judged.text,
        "from": judged.first_on.isoformat(),
        "to": judged.last_on.isoformat(),
        "eeg": judged.eeg,
    }
