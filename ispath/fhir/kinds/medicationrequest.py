"""MedicationRequest: the drug of a course, its phases as sequenced instructions. A plan, never an order."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q, QuerySet

from clinic.calendars import laid_out_many
from clinic.models import Actor, Course
from ispath.fhir.answers import Resource, instant
from ispath.fhir.compartment import CHILD, INCLUDE_PATIENT, OF_CHILD, of_visible_children
from ispath.fhir.dosage import Dose, DoseDay, dosage_instructions
from ispath.fhir.elements import (
    OURS,
    RXNORM,
    coding,
    concept,
    identifier,
    our_code,
    reference,
    resource,
    subject_of,
)
from ispath.fhir.filters import NOTHING, by_codes, by_moment, by_token, moment, token
from ispath.fhir.kinds.careplan import PARTS, by_category, by_our_identifier
from ispath.fhir.registry import Kind, Source, references_at
from ispath.fhir.values import Token
from ispath.fhir.versions import shown
from protocols.engine.formulary import Route

_STATUS = {
    Course.Status.DRAFT: "draft",
    Course.Status.ACTIVE: "active",
    Course.Status.HELD: "on-hold",
    Course.Status.COMPLETED: "completed",
    Course.Status.STOPPED: "stopped",
    Course.Status.DROPPED: "cancelled",
}
# Verified ingredient codes; a drug that is not here is said in words.
_RXNORM_OF = {"vigabatrin": "14851", "prednisolone": "8638", "acth-gel": "376", "tetracosactide": "2890"}
_OUR_CODES = f"{OURS}/CodeSystem/drug"


def _rows(actor: Actor) -> QuerySet[Any]:
    return shown(of_visible_children(Course.objects.all(), actor), *PARTS)


def _load(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related(
        "patient__replaced_by", "patient__condition", "drug", "product", "enrolment__clinic"
    )


def _dress(rows: list[Any]) -> None:
    """Give each course its days, all in the same few queries."""
    found = laid_out_many(rows)
    for row in rows:
        row.calendar = found[row.pk].calendar if row.pk in found else None


def _days(row: Any) -> list[DoseDay]:
    """The days of this drug in the calendar of the course, which may hold several drugs."""
    if row.calendar is None:
        return []
    return [
        DoseDay(
            on=day.on,
            phase=day.phase,
            doses=tuple(
                Dose(amount=dose.amount, unit=dose.unit, times=dose.times, slot=dose.slot)
                for dose in day.doses
                if dose.drug == row.drug.key
            ),
        )
        for day in row.calendar.days
    ]


def to_medicationrequest(row: Any) -> Resource:
    """The drug of a course as a MedicationRequest with intent `plan`, so that no list shows it twice."""
    rxnorm = _RXNORM_OF.get(row.drug.key)
    codes = [coding(RXNORM, rxnorm)] if rxnorm else []
    condition = getattr(row.patient, "condition", None)
    return resource(
        "MedicationRequest",
        row,
        identifier=[identifier("regimen", row.uid)],
        status=_STATUS[row.status],
        intent="plan",
        medicationCodeableConcept=concept(
            row.product.name if row.product else row.drug.name, *codes, our_code("drug", row.drug.key)
        ),
        subject=subject_of(row),
        authoredOn=instant(row.created_at),
        requester=reference("Organization", row.enrolment.clinic.uid),
        reasonReference=[reference("Condition", condition.uid)] if condition is not None else None,
        basedOn=[reference("CarePlan", row.uid)],
        dosageInstruction=dosage_instructions(_days(row), route=Route(row.drug.route).words),
    )


def _by_drug(one: Token) -> Q:
    keys = [key for key, code in _RXNORM_OF.items() if code == one.code and one.system in (None, RXNORM)]
    if one.system in (None, _OUR_CODES):
        keys.append(one.code)
    return Q(drug__key__in=keys) if keys else NOTHING


MEDICATIONREQUEST = Kind(
    name="MedicationRequest",
    parameters=(
        *CHILD,
        token("status", "draft, active, on-hold, completed, stopped, cancelled"),
        token("intent", "plan"),
        moment("authoredon", "When the course was planned"),
        token("code", "The drug, by RxNorm ingredient or our drug key"),
        token("identifier", "Our identifier of the regimen", holds="ids"),
    ),
    sources=(
        Source(
            rows=_rows,
            load=_load,
            to_resource=to_medicationrequest,
            filters={
                **OF_CHILD,
                "status": by_codes(
                    {code: Q(status=status) for status, code in _STATUS.items()},
                    system="http://hl7.org/fhir/CodeSystem/medicationrequest-status",
                ),
                "intent": by_category({"plan": "http://hl7.org/fhir/CodeSystem/medicationrequest-intent"}),
                "authoredon": by_moment("created_at"),
                "code": by_token(_by_drug),
                "identifier": by_our_identifier("regimen"),
            },
            sorts={"authoredon": F("created_at")},
            dress=_dress,
        ),
    ),
    includes={**INCLUDE_PATIENT, "based-on": references_at("basedOn")},
)
