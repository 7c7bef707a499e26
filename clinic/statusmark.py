"""A mark of all that a child's status is made of: as long as it is the same, so is the status.

Rows are only ever added or changed, and count their changes; so the sums of their counts only grow, and two
different states of a child never bear the same mark.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps

from clinic.models import (
    Check,
    Clinic,
    Course,
    DoseChange,
    DoseDecision,
    Enrolment,
    Escalation,
    Hold,
    HoldEnd,
    Patient,
    PatientIdentifier,
    Referral,
    ReferralReason,
    ResponseAssessment,
)
from clinic.prepared import Compiled, Prepared
from protocols import models as library

if TYPE_CHECKING:
    from django.db.models import Model

# Rows of a child that count their own changes, and facts, which never change.
COUNTING: tuple[type[Model], ...] = (
    PatientIdentifier,
    Enrolment,
    Course,
    Check,
    ResponseAssessment,
    Escalation,
    Referral,
)
FACTS: tuple[type[Model], ...] = (DoseChange, DoseDecision, Hold, HoldEnd)
# What children share; each change of theirs is kept as a row of its own.
SHARED: tuple[type[Model], ...] = (
    Clinic,
    library.Drug,
    library.Product,
    library.ProtocolEdition,
    library.PathwayEdition,
)


class Marked(Prepared):
    """A query that finds one child, by its key and the key of the record it was merged into: with its mark.

    Both are read at one moment; the facts of records that were merged into the child count too.
    """

    def _compiled(self) -> Compiled | None:
        compiled = super()._compiled()
        return compiled and (_marked(compiled[0]), compiled[1])


def _marked(found: str) -> str:
    # Only names of our own tables are put together here.
    who = "patient_id = ANY((SELECT ids FROM who)::bigint[])"
    parts = ["(SELECT versions FROM who)"]
    parts += [f"(SELECT sum(version) + count(*) FROM {_table(each)} WHERE {who})" for each in COUNTING]  # noqa: S608
    # Being reviewed again changes nothing of a plan and is not counted, but the status says when it was.
    reviewed = "concat_ws(' ', id, plan_reviewed_at, next_review_on)"
    parts.append(f"(SELECT string_agg({reviewed}, ',' ORDER BY id) FROM {_table(Enrolment)} WHERE {who})")  # noqa: S608
    parts += [f"(SELECT count(*) FROM {_table(each)} WHERE {who})" for each in FACTS]  # noqa: S608
    parts.append(
        f"(SELECT sum(reason.version) + count(*) FROM {_table(ReferralReason)} reason "  # noqa: S608
        f"JOIN {_table(Referral)} referral ON referral.id = reason.referral_id WHERE {who})"
    )
    parts += [f"(SELECT max(pgh_id) FROM {_table(_kept_states(each))})" for each in SHARED]  # noqa: S608
    survivor = "(SELECT coalesce(survivor, child) FROM found)"
    owners = (
        f"WITH found (child, survivor) AS ({found}), "  # noqa: S608
        "who AS (SELECT array_agg(id) AS ids, sum(version) + count(*) AS versions "
        f"FROM {_table(Patient)} WHERE id = {survivor} OR replaced_by_id = {survivor}) "
    )
    return f"{owners} SELECT child, {', '.join(parts)} FROM found"  # noqa: S608


def _table(model: type[Model]) -> str:
    return model._meta.db_table


def _kept_states(model: type[Model]) -> type[Model]:
    return apps.get_model(model._meta.app_label, f"{model.__name__}Event")
