"""With the family on the line: the child found from three letters or a number, and what to say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from clinic.access import children_visible_to
from clinic.models import BloodPressure, Check, Course, CoverShift, Eeg, PatientIdentifier
from ispath.dashboard.reading.courses import today_lines
from ispath.dashboard.reading.facts import bp_words, eeg_words
from ispath.dashboard.reading.same_child import owners_of
from ispath.dashboard.words import age, day, language

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from django.db.models import QuerySet

    from clinic.models import Clinic, Patient
    from ispath.dashboard.desk import Desk
    from ispath.dashboard.reading.courses import DoseLine

FEWEST_LETTERS = 3
MOST_ANSWERS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One child found, with what is asked on the phone."""

    patient: Patient
    numbers: tuple[str, ...]
    age: str
    doses: tuple[DoseLine, ...]
    pressure: str
    eeg: str
    language: str


def phones(clinic: Clinic, now: datetime) -> dict[str, Any]:
    """Whom to phone now: who is on cover, and the clinic's emergency number."""
    shifts = CoverShift.objects.filter(clinic=clinic, starts_at__lte=now, ends_at__gt=now)
    return {"cover": list(shifts.order_by("starts_at")), "clinic": clinic}


def is_enough(query: str) -> bool:
    """Whether a query is long enough to search: three letters, or a record number."""
    return len(query) >= FEWEST_LETTERS or query.isdigit()


def named(desk: Desk, query: str) -> list[Patient]:
    """Find children by the beginning of a name or by a record number."""
    words = Q(replaced_by=None)
    for word in query.replace(",", " ").split():
        words &= Q(family_name__istartswith=word) | Q(given_names__istartswith=word)
    numbered = PatientIdentifier.objects.filter(value__istartswith=query).values("patient")
    visible = children_visible_to(desk.actor)
    rows = visible.filter(words | Q(pk__in=numbered)).prefetch_related("identifiers")
    return list(rows.order_by("family_name", "given_names")[:MOST_ANSWERS])


def found(desk: Desk, query: str) -> tuple[Answer, ...]:
    """Return what is said on the phone about the children found; a fixed number of queries."""
    patients = named(desk, query)
    keys = [patient.pk for patient in patients]
    courses = Course.objects.running().filter(patient__in=keys)
    doses = today_lines(courses, desk.today)
    owners = owners_of(keys)
    pressures = _last(BloodPressure.objects.filter(patient__in=owners), owners)
    recorded = _last(Eeg.objects.filter(patient__in=owners), owners)
    asked = _next_eegs(keys)
    return tuple(
        Answer(
            patient=patient,
            numbers=tuple(row.value for row in patient.identifiers.all()),
            age=age(patient.birth_date, desk.today),
            doses=doses.get(patient.pk, ()),
            pressure=_pressure(pressures.get(patient.pk)),
            eeg=_eeg(recorded.get(patient.pk), asked.get(patient.pk)),
            language=_language(patient),
        )
        for patient in patients
    )


def _last(rows: QuerySet[Any], owners: Mapping[int, int]) -> dict[int, object]:
    standing = rows.filter(corrected_by_row=None, entered_in_error=False)
    newest = standing.order_by("patient_id", "-happened_on", "-pk").distinct("patient_id")
    return {owners[row.patient_id]: row for row in sorted(newest, key=lambda row: (row.happened_on, row.pk))}


def _next_eegs(keys: Iterable[int]) -> Mapping[int, date]:
    rows = (
        Check.objects.unsatisfied().filter(patient__in=keys, observes="eeg").order_by("patient_id", "due_on")
    )
    return dict(rows.distinct("patient_id").values_list("patient_id", "due_on"))


def _language(patient: Patient) -> str:
    return f"{language(patient.language)}{', needs an interpreter' if patient.needs_interpreter else ''}"


def _pressure(row: object) -> str:
    return f"{bp_words(row)}, {day(row.happened_on)}" if isinstance(row, BloodPressure) else "none recorded"


def _eeg(row: object, due_on: date | None) -> str:
    said = f"last {day(row.happened_on)}: {eeg_words(row)}" if isinstance(row, Eeg) else "none recorded"
    return f"{said}; next due {day(due_on)}" if due_on else said
