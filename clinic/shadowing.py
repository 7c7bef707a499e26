"""What would change if the children followed another pathway: computed beside the plan, never written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from clinic import facts
from clinic.chains import plain
from clinic.models import Clinic, Enrolment
from clinic.review import plan_with, workdays_of_many
from protocols.engine.telling import spoken

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID

    from protocols.engine.pathway import PathwayEdition
    from protocols.engine.plan import Escalation, Plan

BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that would be said of a child that is not said now, or the other way round.

    `kind` says what sort of change it is, without its days, so that children can be counted by it.
    """

    what: str
    kind: str
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
            "summary": [
                {"what": what, "kind": kind, "children": count}
                for (what, kind), count in self.tally().items()
            ],
            "differing": [plain(each) | {"patient_uid": str(each.patient_uid)} for each in self.differing],
        }

    def as_lines(self) -> Iterator[str]:
        """Yield the answer for people: what changes for how many, then child by child; ids only."""
        yield f"{self.pathway} {self.edition}: {len(self.differing)} of {self.children} children would differ"
        for (what, kind), children in self.tally().items():
            yield f"  {children:>4}  {what}: {kind}"
        for child in self.differing:
            yield ""
            yield f"/admin/children/{child.patient_uid}/"
            for change in child.changes:
                yield spoken(f"  {change.what}: {change.says} - {change.because}")

    def tally(self) -> dict[tuple[str, str], int]:
        """Count the children by what would change and how, the most frequent first."""
        told = Counter(
            each for child in self.differing for each in {(one.what, one.kind) for one in child.changes}
        )
        return dict(sorted(told.items(), key=lambda item: (-item[1], item[0])))


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
        yield Change(what="verdict", kind=says, says=says, because=would.verdict.because.sentence)
    yield from escalation_differences(stands, would)
    yield from check_differences(stands, would)


def escalation_differences(stands: Plan, would: Plan) -> Iterator[Change]:
    """Yield each rise, past ones included, that would come, go, or come on another day."""
    now, then = (
        {(each.rule, each.cause_key): each for each in plan.escalations if each.withdrawn_on is None}
        for plan in (stands, would)
    )
    for key in sorted(now.keys() | then.keys()):
        before, after = now.get(key), then.get(key)
        told = after or before
        assert told is not None  # noqa: S101 - the key is in one of them
        if before is None:
            kind, says = "would be raised", f"would be raised on {told.raised_on}{_over(told)}"
        elif after is None:
            kind, says = "would not be raised", f"would not be raised on {told.raised_on}{_over(told)}"
        elif after.raised_on != before.raised_on:
            kind = f"would be raised {'earlier' if after.raised_on < before.raised_on else 'later'}"
            says = f"would be raised on {after.raised_on} instead of {before.raised_on}{_over(after)}"
        else:
            continue
        yield Change(what=key[0], kind=kind, says=says, because=told.because.sentence)


def _over(escalation: Escalation) -> str:
    return f" (resolved on {escalation.resolved_on})" if escalation.resolved_on is not None else ""


def check_differences(stands: Plan, would: Plan) -> Iterator[Change]:
    """Yield checks that would be due on another day, would come, or would go."""
    unsettled = {"upcoming", "due", "overdue"}
    now_due, then_due = (
        {each.key: each for each in plan.checks if each.state.value in unsettled} for plan in (stands, would)
    )
    for key in sorted(now_due.keys() | then_due.keys()):
        now, then = now_due.get(key), then_due.get(key)
        told = then or now
        assert told is not None  # noqa: S101 - the key is in one of them
        if now is None:
            kind, says = "would be asked for", f"would be due on {told.due_on}"
        elif then is None:
            kind, says = "would no longer be asked for", f"would no longer be due on {told.due_on}"
        elif now.due_on != then.due_on:
            kind = f"would be due {'earlier' if then.due_on < now.due_on else 'later'}"
            says = f"due on {then.due_on} instead of {now.due_on}"
        else:
            continue
        yield Change(what=told.code, kind=kind, says=says, because=told.because.sentence)
