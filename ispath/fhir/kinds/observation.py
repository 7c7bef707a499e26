"""Observation: blood pressures, measurements and what families told about spasms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet

from clinic.models import Actor, BloodPressure, Measurement, SpasmReport
from ispath.fhir.answers import Resource, instant
from ispath.fhir.compartment import CHILD, INCLUDE_PATIENT, OF_CHILD, of_visible_children
from ispath.fhir.elements import (
    LOINC,
    OURS,
    TERMINOLOGY,
    UCUM,
    coding,
    concept,
    day_or_moment,
    our_code,
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
from ispath.fhir.filters import EVERYTHING, Filter, by_codes, by_token, moment, token
from ispath.fhir.kinds.careplan import by_category
from ispath.fhir.past import fact_past
from ispath.fhir.registry import Kind, Source
from ispath.fhir.values import Token
from ispath.fhir.versions import STRATA_OF_FACTS, facts

_CATEGORY = f"{TERMINOLOGY}/observation-category"
_OURS = "observation"
_OUR_CODES = f"{OURS}/CodeSystem/observation"
_PRESSURE = ("85354-9", "8480-6", "8462-4")
# Only codes that were verified; everything else is said in words and by our own code.
_LOINC_OF = {
    Measurement.Kind.WEIGHT: "29463-7",
    Measurement.Kind.LENGTH: "8306-3",
    Measurement.Kind.HEAD: "9843-4",
    Measurement.Kind.POTASSIUM: "2823-3",
    Measurement.Kind.SODIUM: "2951-2",
    Measurement.Kind.CREATININE: "2160-0",
}
_VITAL = (Measurement.Kind.WEIGHT, Measurement.Kind.LENGTH, Measurement.Kind.HEAD)
_UCUM_OF = {
    "kg": "kg",
    "g": "g",
    "cm": "cm",
    "mg/dL": "mg/dL",
    "mmol/L": "mmol/L",
    "umol/L": "umol/L",
    "nmol/L": "nmol/L",
}


def _visible(model: Any) -> Any:
    def rows(actor: Actor) -> QuerySet[Any]:
        return facts(of_visible_children(model.objects.all(), actor))

    return rows


def _load(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("patient__replaced_by", "clinic")


def _observation(row: Any, *, category: str, code: Resource, **elements: Any) -> Resource:
    return resource(
        "Observation",
        row,
        identifier=came_from(row),
        status=fact_status(row),
        category=[concept("", coding(_CATEGORY, category))],
        code=code,
        subject=subject_of(row),
        effectiveDateTime=day_or_moment(row),
        issued=instant(row.recorded_at),
        **elements,
    )


def from_blood_pressure(row: Any) -> Resource:
    """A blood pressure, systolic and diastolic as components."""
    readings = ((_PRESSURE[1], "Systolic", row.systolic), (_PRESSURE[2], "Diastolic", row.diastolic))
    return _observation(
        row,
        category="vital-signs",
        code=concept("Blood pressure", coding(LOINC, _PRESSURE[0])),
        component=[
            {"code": concept(f"{name} blood pressure", coding(LOINC, code)), "valueQuantity": _mmhg(value)}
            for code, name, value in readings
            if value is not None
        ],
    )


def _mmhg(value: int) -> Resource:
    return {"value": value, "unit": "mmHg", "system": UCUM, "code": "mm[Hg]"}


def from_measurement(row: Any) -> Resource:
    """A measured value, or the word that is the answer."""
    loinc = _LOINC_OF.get(row.kind)
    codes = [coding(LOINC, loinc)] if loinc else []
    return _observation(
        row,
        category="vital-signs" if row.kind in _VITAL else "laboratory",
        code=concept(row.get_kind_display(), *codes, our_code(_OURS, row.kind)),
        valueQuantity=_quantity(row) if row.value is not None else None,
        valueString=row.result if row.value is None else None,
        method=concept(row.method) if row.method else None,
    )


def _quantity(row: Any) -> Resource:
    content = {"value": row.value.normalize(), "unit": row.unit}
    ucum = _UCUM_OF.get(row.unit)
    return (
        {**content, "system": UCUM, "code": ucum} if ucum else {k: v for k, v in content.items() if v != ""}
    )


def from_spasm_report(row: Any) -> Resource:
    """What was told about spasms; confirmed and merely reported are different words."""
    return _observation(
        row,
        category="survey",
        code=concept("Spasm report", our_code(_OURS, "spasm-report")),
        valueCodeableConcept=concept(row.get_status_display(), our_code("spasm-report", row.status)),
    )


def _by_kind(one: Token) -> Q:
    kinds = [kind for kind, loinc in _LOINC_OF.items() if loinc == one.code and one.system in (None, LOINC)]
    if one.system in (None, _OUR_CODES) and one.code in Measurement.Kind.values:
        kinds.append(Measurement.Kind(one.code))
    return Q(kind__in=kinds)


_PARAMETERS = (
    *CHILD,
    token("category", "vital-signs, laboratory, survey"),
    token("code", "LOINC where one is served, else our observation codes"),
    moment("date", "When it was observed"),
    token("status", "final, corrected, entered-in-error"),
    token("identifier", "The identifier it came in with", holds="number"),
)


def _source(model: Any, to_resource: Callable[[Any], Resource], *, code: Filter, category: Filter) -> Source:
    return Source(
        rows=_visible(model),
        load=_load,
        to_resource=to_resource,
        filters={
            **OF_CHILD,
            "category": category,
            "code": code,
            "date": by_when_it_happened,
            "status": by_fact_status({"final": EVERYTHING}),
            "identifier": by_source(),
        },
        sorts={"date": WHEN_IT_HAPPENED},
        versions=fact_past,
        strata=STRATA_OF_FACTS,
    )


OBSERVATION = Kind(
    name="Observation",
    parameters=_PARAMETERS,
    sources=(
        _source(
            BloodPressure,
            from_blood_pressure,
            code=by_category({_PRESSURE[0]: LOINC}),
            category=by_category({"vital-signs": _CATEGORY}),
        ),
        _source(
            Measurement,
            from_measurement,
            code=by_token(_by_kind),
            category=by_codes(
                {"vital-signs": Q(kind__in=_VITAL), "laboratory": ~Q(kind__in=_VITAL)}, system=_CATEGORY
            ),
        ),
        _source(
            SpasmReport,
            from_spasm_report,
            code=by_category({"spasm-report": _OUR_CODES}),
            category=by_category({"survey": _CATEGORY}),
        ),
    ),
    includes=INCLUDE_PATIENT,
)
