"""Short ways of writing facts for tests that a timeline file cannot hold, and of asking for the plan."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from protocols.engine import facts as f
from protocols.engine.pathway import DrugClass, PathwayEdition, Sex
from protocols.engine.plan import Check, Escalation, Plan
from protocols.engine.review import review
from protocols.engine.workdays import EVERY_DAY, WorkingCalendar
from tests.protocols.review.stories import FIRST_LINE

F = TypeVar("F", bound=f.Fact)

CHILD = f.Child(id="child", sex=Sex.MALE, born_on=date(2026, 6, 20))


def day(text: str) -> date:
    return date.fromisoformat(text)


def fact(kind: type[F], on: str, known: str | None = None, id_: str | None = None, **data: Any) -> F:
    """A fact with an id made of its kind and day."""
    return kind(id=id_ or f"{kind.__name__}-{on}", on=day(on), known_on=day(known or on), **data)


def hormone(on: str = "2027-01-04", until: str | None = "2027-02-01", **data: Any) -> f.TreatmentStart:
    last = day(until) if until else None
    return fact(
        f.TreatmentStart,
        on,
        id_=data.pop("id_", "hormone"),
        **{"drug": "prednisolone", "drug_class": DrugClass.HORMONAL, "planned_last_dose": last, **data},
    )


def vigabatrin(on: str = "2027-01-04", **data: Any) -> f.TreatmentStart:
    return fact(
        f.TreatmentStart,
        on,
        known=data.pop("known", None),
        id_=data.pop("id_", "vigabatrin"),
        **{"drug": "vigabatrin", "drug_class": DrugClass.VIGABATRIN, **data},
    )


def eeg(on: str, *, bad: bool = False, **data: Any) -> f.Eeg:
    found = {
        "hypsarrhythmia": bad,
        "spasms_recorded": False,
        "sleep": True,
        "minutes": 180,
        "based": 5 if bad else 1,
    }
    return fact(f.Eeg, on, **{**found, **data})


def pressure(on: str, sbp: int = 92, dbp: int | None = 54, **data: Any) -> f.BloodPressure:
    return fact(f.BloodPressure, on, sbp=sbp, dbp=dbp, **data)


def plan(
    *facts: f.Fact,
    as_of: str,
    pathway: PathwayEdition = FIRST_LINE,
    child: f.Child = CHILD,
    workdays: WorkingCalendar = EVERY_DAY,
) -> Plan:
    return review(pathway, f.Facts(child=child, facts=facts), day(as_of), workdays)


def checks(asked: Plan, code: str) -> list[Check]:
    return [check for check in asked.checks if check.code == code]


def only(asked: Plan, code: str) -> Check:
    """The one check of a code."""
    (found,) = checks(asked, code)
    return found


def rises(asked: Plan, rule: str) -> list[Escalation]:
    return [escalation for escalation in asked.escalations if escalation.rule == rule]


def rules(asked: Plan) -> list[str]:
    return [escalation.rule for escalation in asked.escalations]
