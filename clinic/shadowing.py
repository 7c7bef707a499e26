"""What would change if the children followed another pathway: computed beside the plan, never written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from clinic import facts
from clinic.chains import plain
from clinic.models import Clinic, Enrolment
from clinic.review import plan_with, workdays_of_many
from protocols.engine.bundling import OPEN
from protocols.engine.telling import spoken

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime
    from uuid import UUID

    from protocols.engine.pathway import PathwayEdition
    from protocols.engine.plan import Plan

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
    yield from dated_differences("raised", rises_of(stands), rises_of(would))
    yield from dated_differences("due", open_checks_of(stands), open_checks_of(would))


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """Something that a plan says of a day."""

    what: str
    on: date
    because: str
    since_then: str = ""


def rises_of(plan: Plan) -> dict[Any, Dated]:
    """Return each rise of a plan, past ones included, that was not withdrawn."""
    return {
        (each.rule, each.cause_key): Dated(
            what=each.rule,
            on=each.raised_on,
            because=each.because.sentence,
            since_then=f" (resolved on {each.resolved_on})" if each.resolved_on is not None else "",
        )
        for each in plan.escalations
        if each.withdrawn_on is None
    }


def open_checks_of(plan: Plan) -> dict[Any, Dated]:
    """Return each check of a plan that waits for its result."""
    return {
        each.key: Dated(what=each.code, on=each.due_on, because=each.because.sentence)
        for each in plan.checks
        if each.state in OPEN
    }


def dated_differences(verb: str, stands: Mapping[Any, Dated], would: Mapping[Any, Dated]) -> Iterator[Change]:
    """Yield what would come, go, or come on another day."""
    for key in sorted(stands.keys() | would.keys()):
        before, after = stands.get(key), would.get(key)
        told = after or before
        assert told is not None  # noqa: S101 - the key is in one of them
        does, day, moved = f"would be {verb}", f"on {told.on}", ""
        if after is None:
            does = f"would not be {verb}"
        elif before is not None:
            if after.on == before.on:
                continue
            day = f"on {after.on} instead of {before.on}"
            moved = " earlier" if after.on < before.on else " later"
        says = f"{does} {day}{told.since_then}"
        yield Change(what=told.what, kind=f"{does}{moved}", says=says, because=told.because)
