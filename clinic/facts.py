"""From rows to the engine's facts: the one place where they meet. Corrected rows go along, for the replay."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from clinic.factwords import WORDS
from clinic.models import Condition, EnrolmentStep, Fact, Patient, Waiver
from protocols.engine import facts as engine
from protocols.engine.pathway import Sex

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from clinic.models import Clinic, Enrolment

# Facts about where the child is belong to one enrolment: the next clinic's plan does not stop because the
# last one handed the child over. A death is the child's.
DEATHS = frozenset({EnrolmentStep.Kind.DEATH_CONFIRMED, EnrolmentStep.Kind.DEATH_REVERSED})


def facts_of(enrolment: Enrolment) -> engine.Facts:
    """Return everything known about the child of one enrolment."""
    return facts_of_many([enrolment])[enrolment.pk]


def facts_of_many(enrolments: Sequence[Enrolment]) -> dict[int, engine.Facts]:
    """Return everything known about the children of some enrolments, in a fixed number of queries."""
    owners = child_of_each_row(enrolments)
    found: dict[int, list[engine.Fact]] = defaultdict(list)
    for model, joins in WORDS:
        rows: dict[int, list[Fact]] = defaultdict(list)
        table = model._default_manager.filter(patient_id__in=owners).order_by("pk")
        for row in table.select_related(*joins) if joins else table:
            rows[owners[row.patient_id]].append(row)
        for enrolment in enrolments:
            found[enrolment.pk] += translated(rows[enrolment.patient_id], enrolment=enrolment)
    conditions = Condition.objects.filter(patient__in=[e.patient_id for e in enrolments]).in_bulk(
        field_name="patient_id"
    )
    return {
        each.pk: engine.Facts(
            child=child(each.patient, conditions.get(each.patient_id)), facts=tuple(found[each.pk])
        )
        for each in enrolments
    }


def facts_told(
    enrolment: Enrolment, *, rows: Iterable[Fact], condition: Condition | None = None
) -> engine.Facts:
    """Return what rows at hand say of one child, in the order they were written; they may be unsaved."""
    tables: dict[type[Fact], list[Fact]] = defaultdict(list)
    for row in rows:
        tables[type(row)].append(row)
    found: list[engine.Fact] = []
    for model, _ in WORDS:
        found += translated(tables[model], enrolment=enrolment)
    return engine.Facts(child=child(enrolment.patient, condition), facts=tuple(found))


def child_of_each_row(enrolments: Iterable[Enrolment]) -> dict[int, int]:
    """Return, for each row that is one of the children (merged ones too), the child it is."""
    owners = {enrolment.patient_id: enrolment.patient_id for enrolment in enrolments}
    merged = Patient.objects.filter(replaced_by__in=list(owners)).values_list("pk", "replaced_by")
    return owners | {row: survivor for row, survivor in merged if survivor is not None}


def child(patient: Patient, condition: Condition | None) -> engine.Child:
    """Return what does not change with a visit."""
    weeks = patient.gestation_weeks
    return engine.Child(
        id=str(patient.uid),
        sex=Sex(patient.sex) if patient.sex in set(Sex) else None,
        born_on=patient.birth_date,
        gestation_days=None if weeks is None else weeks * 7 + patient.gestation_days,
        etiology="" if condition is None else condition.etiology_text or condition.etiology,
        baseline_hypsarrhythmia=None if condition is None else condition.hypsarrhythmia_at_baseline,
    )


def id_of(row: Fact) -> str:
    """Return the id under which the engine, the chain and the interface know a fact."""
    return f"{row._meta.model_name}/{row.uid}"


def translated(rows: Iterable[Fact], *, enrolment: Enrolment) -> list[engine.Fact]:
    """Return the engine's facts for rows of one table and one child, in the order they were written."""
    said: dict[int, Before] = {}
    found: list[engine.Fact] = []
    for row in rows:
        if not of_this_enrolment(row, enrolment):
            continue
        facts = one(row, clinic=enrolment.clinic, said=said)
        spoken = [fact for fact in facts if not isinstance(fact, engine.Voided)]
        first = next((type(fact) for fact in spoken), None)
        name = id_of(row)
        said[row.pk] = Before(name, first, tuple(fact.id.removeprefix(name) for fact in spoken[1:]))
        found += facts
    return found


def of_this_enrolment(row: Fact, enrolment: Enrolment) -> bool:
    """Say whether a row speaks to this enrolment's plan."""
    if isinstance(row, EnrolmentStep):
        return row.enrolment_id == enrolment.pk or row.kind in DEATHS
    if isinstance(row, Waiver):
        return row.enrolment_id == enrolment.pk
    return True


class Before(NamedTuple):
    """What a row said that a later one corrects: its id, its first fact's type, the endings of the others."""

    name: str = ""
    spoken: type[engine.Fact] | None = None
    others: tuple[str, ...] = ()


def one(row: Fact, *, clinic: Clinic, said: dict[int, Before]) -> list[engine.Fact]:
    """Return the engine's facts for one row; what it corrects is taken back where it says another thing."""
    base: dict[str, Any] = {
        "id": id_of(row),
        "on": row.happened_on,
        "known_on": clinic.local_date(row.known_at),
        "at": row.happened_at,
    }
    before = said.get(row.serializable_value("corrects") or 0, Before())
    words = None if row.entered_in_error else WORDS[type(row)](row, base)
    if not before.name:
        return list(words or ())
    if words is None or not isinstance(words[0], before.spoken or engine.Voided):
        return [*taken_back(base, before, ("", *before.others)), *(words or ())]
    endings = [fact.id.removeprefix(base["id"]) for fact in words]
    gone = tuple(ending for ending in before.others if ending not in endings)
    followed = [
        type(fact)(**{**fields(fact), "corrects": f"{before.name}{ending}"})
        if ending in {"", *before.others}
        else fact
        for fact, ending in zip(words, endings, strict=True)
    ]
    return [*followed, *taken_back(base, before, gone)]


def taken_back(base: dict[str, Any], before: Before, endings: Iterable[str]) -> list[engine.Fact]:
    """Return what takes back the facts of an earlier row, by the endings of their ids."""
    return [
        engine.Voided(**{**base, "id": f"{base['id']}{ending}#void", "corrects": f"{before.name}{ending}"})
        for ending in endings
    ]


def fields(fact: engine.Fact) -> dict[str, Any]:
    """Return a frozen fact's fields by name."""
    return {name: getattr(fact, name) for name in type(fact).__dataclass_fields__}
