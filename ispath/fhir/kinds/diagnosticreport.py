"""DiagnosticReport: EEGs and eye examinations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet

from clinic.models import Actor, Eeg, VisionExam
from ispath.fhir.answers import Resource, instant
from ispath.fhir.compartment import CHILD, INCLUDE_PATIENT, OF_CHILD, of_visible_children
from ispath.fhir.elements import (
    HPO,
    LOINC,
    OURS,
    TERMINOLOGY,
    coding,
    concept,
    day_or_moment,
    our_code,
    reference,
    resource,
    subject_of,
)
from ispath.fhir.facts import (
    WHEN_IT_HAPPENED,
    by_fact_status,
    by_source,
    by_when_it_happened,
    came_from,
    fact_status,
)
from ispath.fhir.filters import Filter, moment, token
from ispath.fhir.kinds.careplan import by_category
from ispath.fhir.past import fact_past
from ispath.fhir.registry import Kind, Source
from ispath.fhir.versions import STRATA_OF_FACTS, facts

_SERVICE = f"{TERMINOLOGY}/v2-0074"
_OUR_CODES = f"{OURS}/CodeSystem/report"
_EEG_STUDY = "11523-8"
_HYPSARRHYTHMIA = "HP:0002521"
_ANSWERS = {True: "yes", False: "no", None: "not said"}


def _visible(model: Any) -> Callable[[Actor], QuerySet[Any]]:
    def rows(actor: Actor) -> QuerySet[Any]:
        return facts(of_visible_children(model.objects.all(), actor))

    return rows


def _load(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("patient__replaced_by", "clinic")


def _report(row: Any, *, is_pending: bool, **elements: Any) -> Resource:
    return resource(
        "DiagnosticReport",
        row,
        identifier=came_from(row),
        status=fact_status(row, when_right="registered" if is_pending else "final"),
        subject=subject_of(row),
        effectiveDateTime=day_or_moment(row),
        issued=instant(row.recorded_at),
        performer=[reference("Organization", row.clinic.uid)],
        **elements,
    )


def from_eeg(row: Any) -> Resource:
    """An EEG with what the rules read in it."""
    is_pending = row.report == Eeg.Report.PENDING
    return _report(
        row,
        is_pending=is_pending,
        category=[concept("Electroneurography", coding(_SERVICE, "EN"))],
        code=concept("EEG", coding(LOINC, _EEG_STUDY)),
        conclusion=None if is_pending else _eeg_in_words(row),
        conclusionCode=[concept("Hypsarrhythmia", coding(HPO, _HYPSARRHYTHMIA))]
        if row.hypsarrhythmia
        else None,
    )


def _eeg_in_words(row: Any) -> str:
    words = [
        f"Hypsarrhythmia: {_ANSWERS[row.hypsarrhythmia]}",
        f"spasms recorded: {_ANSWERS[row.spasms_recorded]}",
        f"sleep: {_ANSWERS[row.sleep]}",
        f"minutes: {row.minutes}" if row.minutes is not None else "",
        f"BASED score: {row.based}" if row.based is not None else "",
    ]
    return "; ".join(word for word in words if word)


def from_vision_exam(row: Any) -> Resource:
    """An eye examination."""
    is_pending = row.result == VisionExam.Result.PENDING
    return _report(
        row,
        is_pending=is_pending,
        category=[concept("Eye examination", our_code("report-category", "vision"))],
        code=concept("Eye examination", our_code("report", "vision-exam")),
        conclusion=None if is_pending else row.get_result_display(),
    )


def _source(
    model: Any, to_resource: Callable[[Any], Resource], *, code: Filter, category: Filter, pending: Q
) -> Source:
    return Source(
        rows=_visible(model),
        load=_load,
        to_resource=to_resource,
        filters={
            **OF_CHILD,
            "category": category,
            "code": code,
            "date": by_when_it_happened,
            "status": by_fact_status({"registered": pending, "final": ~pending}),
            "identifier": by_source(),
        },
        sorts={"date": WHEN_IT_HAPPENED},
        versions=fact_past,
        strata=STRATA_OF_FACTS,
    )


DIAGNOSTICREPORT = Kind(
    name="DiagnosticReport",
    parameters=(
        *CHILD,
        token("category", "EN for EEGs, vision for eye examinations"),
        token("code", "LOINC 11523-8 for EEGs, vision-exam for eye examinations"),
        moment("date", "When the examination was done"),
        token("status", "registered, final, corrected, entered-in-error"),
        token("identifier", "The identifier it came in with", holds="number"),
    ),
    sources=(
        _source(
            Eeg,
            from_eeg,
            code=by_category({_EEG_STUDY: LOINC}),
            category=by_category({"EN": _SERVICE}),
            pending=Q(report=Eeg.Report.PENDING),
        ),
        _source(
            VisionExam,
            from_vision_exam,
            code=by_category({"vision-exam": _OUR_CODES}),
            category=by_category({"vision": f"{OURS}/CodeSystem/report-category"}),
            pending=Q(result=VisionExam.Result.PENDING),
        ),
    ),
    includes=INCLUDE_PATIENT,
)
