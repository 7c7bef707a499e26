"""Which version a row is, and when it last changed, also where a resource is made of several rows.

Parts are only ever added or changed, never taken away, so the sum of their versions only grows: two different
states of a resource never bear the same version, whichever of its rows moved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    DateTimeField,
    Exists,
    F,
    Max,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Greatest

Rows = QuerySet[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Other rows that a resource shows: which, how they point to its row, and when they last changed.

    `counted` names the column that is summed; None counts the rows, for facts that never change.
    """

    rows: Rows
    points: str
    changed: str = "changed_at"
    counted: str | None = "version"
    to: str = "pk"


def recorded(rows: Rows, *parts: Part) -> Rows:
    """Rows that count their own versions."""
    return with_version(rows, F("version"), F("changed_at"), *parts)


def shown(rows: Rows, *parts: Part) -> Rows:
    """Rows that count their own versions and, by triggers, know when they or a part last changed."""
    joined: Rows = rows.annotate(fhir_version=_total(F("version"), parts), fhir_changed=F("shown_at"))
    return joined


def with_version(rows: Rows, version: Combinable, changed: Combinable, *parts: Part) -> Rows:
    """The rows with `fhir_version` and `fhir_changed`."""
    if not parts:
        plain: Rows = rows.annotate(fhir_version=version, fhir_changed=changed)
        return plain
    # Greatest of PostgreSQL leaves nulls out, so a row without parts keeps its own moment.
    latest = Greatest(changed, *(_latest_of(part) for part in parts))
    joined: Rows = rows.annotate(fhir_version=_total(version, parts), fhir_changed=latest)
    return joined


def _total(version: Combinable, parts: Iterable[Part]) -> Combinable:
    for part in parts:
        version = version + Coalesce(_sum_of(part), Value(0), output_field=BigIntegerField())
    return version


def facts(rows: Rows) -> Rows:
    """Facts: version 1, one more once a later row corrects it, and one more each time its child was merged.

    A row that only takes one back is not shown.
    """
    corrections = rows.model._default_manager.filter(corrects=OuterRef("pk"))
    # Kept states of the child, not merges: whom it was merged into may be merged again.
    states = apps.get_model("clinic", "PatientEvent")._default_manager.exclude(replaced_by=None)
    merges = Part(rows=states, points="pgh_obj", to="patient", counted=None)
    shown: Rows = rows.filter(entered_in_error=False).annotate(
        was_corrected=Exists(corrections),
        corrected_at=Subquery(corrections.values("recorded_at")[:1]),
        merged_at=_latest_of(merges),
        fhir_version=_total(Value(1) + _one_if("corrected_at"), [merges]),
        # Greatest of PostgreSQL leaves nulls out.
        fhir_changed=Greatest(F("recorded_at"), F("corrected_at"), F("merged_at")),
    )
    return shown


# Nearly all facts stand as they were recorded, and an index has them in that order. The few that were
# corrected, or whose child was merged, changed later.
STRATA_OF_FACTS: tuple[Callable[[Rows], Rows], ...] = (
    lambda rows: rows.filter(was_corrected=False, patient__replaced_by=None).annotate(
        fhir_changed=F("recorded_at")
    ),
    lambda rows: rows.filter(
        pk__in=rows.model._default_manager.filter(corrects__isnull=False).values("corrects")
    ),
    lambda rows: rows.filter(was_corrected=False, patient__replaced_by__isnull=False),
)


def _one_if(moment: str) -> Case:
    return Case(When(**{f"{moment}__isnull": False}, then=Value(1)), default=Value(0))


def _sum_of(part: Part) -> Subquery:
    number = Count("pk") if part.counted is None else Sum(part.counted)
    return Subquery(_grouped(part).annotate(n=number).values("n"), output_field=BigIntegerField())


def _latest_of(part: Part) -> Subquery:
    return Subquery(_grouped(part).annotate(n=Max(part.changed)).values("n"), output_field=DateTimeField())


def _grouped(part: Part) -> Rows:
    return part.rows.filter(**{part.points: OuterRef(part.to)}).order_by().values(part.points)
