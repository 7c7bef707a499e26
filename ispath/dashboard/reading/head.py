"""Who a child is, for the head of every page about it: age, weight, what to mind, who looks alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.http import Http404

from clinic.access import children_visible_to
from clinic.models import Enrolment, Measurement, Patient
from ispath.dashboard.reading.same_child import same_child
from ispath.dashboard.words import age, amount, count, language

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from ispath.dashboard.desk import Desk

TERM_WEEKS = 40
PRETERM_BEFORE_WEEKS = 37
CORRECTED_UNTIL_DAYS = 730


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Who the child is, for the head of every page about it."""

    patient: Patient
    enrolment: Enrolment | None
    age: str
    corrected_age: str
    born: str
    numbers: tuple[str, ...]
    weight: str
    weight_on: date | None
    flags: tuple[tuple[str, str], ...]
    alike: tuple[Patient, ...]


def child_or_404(desk: Desk, uid: UUID) -> Patient:
    """Return a child this person may see; another clinic's child does not exist."""
    patient = (
        children_visible_to(desk.actor).select_related("condition", "replaced_by").filter(uid=uid).first()
    )
    if patient is None:
        message = "There is no such child at your clinic."
        raise Http404(message)
    return patient


def enrolment_of(desk: Desk, patient: Patient) -> Enrolment | None:
    """Return the enrolment this page is about: the open one, else the last."""
    rows = Enrolment.objects.filter(patient=patient, clinic__in=desk.clinics).select_related(
        "clinic", "pathway_edition__pathway"
    )
    return next(iter(sorted(rows, key=lambda row: (row.state not in Enrolment.OPEN_STATES, -row.pk))), None)


def _corrected(patient: Patient, today: date) -> str:
    weeks = patient.gestation_weeks
    if weeks is None or weeks >= PRETERM_BEFORE_WEEKS:
        return ""
    early = timedelta(days=TERM_WEEKS * 7 - weeks * 7 - patient.gestation_days)
    term = patient.birth_date + early
    if today < term or (today - patient.birth_date).days > CORRECTED_UNTIL_DAYS:
        return ""
    return age(term, today)


def _flags(patient: Patient) -> tuple[tuple[str, str], ...]:
    condition = getattr(patient, "condition", None)
    flags: list[tuple[str, str]] = []
    if condition:
        flags.append((f"Cause: {condition.etiology_text or condition.get_etiology_display()}", "info"))
        tone = "warn" if condition.lesion in {"present", "not-imaged", "pending"} else ""
        flags.append((f"Lesion: {condition.get_lesion_display()}", tone))
        if condition.metabolic_or_degenerative in {"suspected", "confirmed"}:
            words = f"Metabolic or degenerative: {condition.get_metabolic_or_degenerative_display()}"
            flags.append((words, "warn"))
    if patient.needs_interpreter:
        flags.append((f"Interpreter: {language(patient.language)}", "warn"))
    return tuple(flags)


def _gestation(patient: Patient) -> str:
    if patient.gestation_weeks is None:
        return "gestation not known"
    days = f" and {count(patient.gestation_days, 'day')}" if patient.gestation_days else ""
    return f"born at {patient.gestation_weeks} weeks{days}"


def alike(desk: Desk, patient: Patient) -> tuple[Patient, ...]:
    """Return other children one could take this one for: same surname, birth date or household."""
    same = Q(family_name__iexact=patient.family_name) | Q(birth_date=patient.birth_date)
    if patient.household:
        same |= Q(household=patient.household)
    others = children_visible_to(desk.actor).filter(same, replaced_by=None).exclude(pk=patient.pk)
    return tuple(others.order_by("family_name", "given_names")[:6])


def head_of(desk: Desk, patient: Patient) -> Head:
    """Read the head of a child's page."""
    weights = Measurement.objects.filter(
        patient__in=same_child(patient),
        kind=Measurement.Kind.WEIGHT,
        corrected_by_row=None,
        entered_in_error=False,
    )
    last = weights.order_by("-happened_on", "-pk").first()
    return Head(
        patient=patient,
        enrolment=enrolment_of(desk, patient),
        age=age(patient.birth_date, desk.today),
        corrected_age=_corrected(patient, desk.today),
        born=_gestation(patient),
        numbers=tuple(f"{row.value}" for row in patient.identifiers.all()),
        weight=f"{amount(last.value)} {last.unit}" if last else "not weighed yet",
        weight_on=last.happened_on if last else None,
        flags=_flags(patient),
        alike=alike(desk, patient),
    )
