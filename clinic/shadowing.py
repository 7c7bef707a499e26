"""What would change if the children followed another pathway: computed beside the plan, never written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from clinic import facts
from clinic.chains import plain
from clinic.models import Clinic, Enrolment
from clinic.review import plan_with, workdays_of_many

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID

    from protocols.engine.pathway import PathwayEdition
    from protocols.engine.plan import Plan

BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that would be said of a child that is not said now, or the other way round."""

    what: str
    says: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildChange:
    """One child whose plan would differ."""

    patient_uid: UUID
    changes: tuple[Change, ...]


@dataclass(slots=True, kw_only=True)
class Shadow:
    """What a comparison found."""

    pathway: str
    edition: str
    children: int = 0
    differing: list[ChildChange] = field(default_factory=list)

    def as_data(self) -> dict[str, Any]:
        """Return the answer as JSON's own types."""
        return {
            "pathway": self.pathway,
            "edition": self.edition,
            "children": self.children,
            "differing": [plain(each) | {"patient_uid": str(each.patient_uid)} for each in self.differing],
        }

    def as_lines(self) -> Iterator[str]:
        """Yield the answer for people: ids only."""
        yield f"{self.pathway} {self.edition}: {len(self.differing)} of {self.children} children would differ"
        for child in self.differing:
            yield str(child.patient_uid)
            for change in child.changes:
                yield f"  {change.what}: {change.says} - {change.because}"


def shadow(pathway: PathwayEdition, *, now: datetime) -> Shadow:
    """Compare a pathway with what each open enrolment follows; nothing is locked or written."""
    found = Shadow(pathway=pathway.key, edition=pathway.edition)
    for batch, clinic in batches():
        known = facts.facts_of_many(batch)
        workdays = workdays_of_many([clinic])[clinic.pk]
        for enrolment in batch:
            of_child: dict[str, Any] = {"known": known[enrolment.pk], "workdays": workdays, "now": now}
            stands = plan_with(enrolment, **of_child)
            would = plan_with(enrolment, **of_child, pathway=pathway)
            found.children += 1
            changes = tuple(differences(stands, would))
            if changes:
                found.differing.append(ChildChange(patient_uid=enrolment.patient.uid, changes=changes))
    return found


def batches() -> Iterator[tuple[list[Enrolment], Clinic]]:
    """Yield open enrolments, clinic by clinic, some at a time."""
    for clinic in Clinic.objects.order_by("pk"):
        last = 0
        while batch := list(
            Enrolment.objects.open()
            .filter(clinic=clinic, pk__gt=last)
            .select_related("patient", "clinic", "pathway_edition__pathway")
            .order_by("pk")[:BATCH]
        ):
            yield batch, clinic
            last = batch[-1].pk


def differences(stands: Plan, would: Plan) -> Iterator[Change]:
    """Yield what would be added, taken away or said otherwise: verdict, escalations, open checks."""
    if stands.verdict.value is not would.verdict.value:
        says = f"{stands.verdict.value.value} becomes {would.verdict.value.value}"
        yield Change(what="verdict", says=says, because=would.verdict.because.sentence)
    now_raised, then_raised = ({each.rule: each for each in plan.escalations} for plan in (stands, would))
    for rule in sorted(then_raised.keys() - now_raised.keys()):
        yield Change(what=rule, says="would be raised", because=then_raised[rule].because.sentence)
    for rule in sorted(now_raised.keys() - then_raised.keys()):
        yield Change(what=rule, says="would not be raised", because=now_raised[rule].because.sentence)
    yield from check_differences(stands, would)


def check_differences(stands: Plan, would: Plan) -> Iterator[Change]:
    """Yield checks that would be due on another day, would come, or would go."""
    unsettled = {"upcoming", "due", "overdue"}
    now_due, then_due = (
        {each.code: each for each in plan.checks if each.state.value in unsettled} for plan in (stands, would)
    )
    for code in sorted(now_due.keys() | then_due.keys()):
        now, then = now_due.get(code), then_due.get(code)
        if now is None and then is not None:
            yield Change(what=code, says=f"would be due on {then.due_on}", because=then.because.sentence)
        elif now is not None and then is None:
            yield Change(what=code, says="would no longer be due", because=now.because.sentence)
        elif now is not None and then is not None and now.due_on != then.due_on:
            says = f"due on {then.due_on} instead of {now.due_on}"
            yield Change(what=code, says=says, because=then.because.sentence)
