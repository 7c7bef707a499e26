"""The difference between what the engine says and what stands, written as rows and told to the timeline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from clinic.chains import chain_of, plain
from clinic.models import Check, ResponseAssessment
from clinic.pathways import lateness, observed, weight
from clinic.planescalating import write_escalations, write_referral
from clinic.timeline import Kind, entry_for
from protocols.engine.pathway import Urgency
from protocols.engine.plan import CheckState
from protocols.reading import pathway_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from clinic.models import Actor, Enrolment, Row
    from clinic.pen import Pen
    from clinic.standing import Standing
    from protocols.engine import plan as engine

TELLS = {
    Check.State.UPCOMING: Kind.CHECK_UPCOMING,
    Check.State.DUE: Kind.CHECK_DUE,
    Check.State.OVERDUE: Kind.CHECK_OVERDUE,
    Check.State.DONE: Kind.CHECK_DONE,
    Check.State.WAIVED: Kind.CHECK_WAIVED,
    Check.State.CANCELLED: Kind.CHECK_CANCELLED,
}
GONE = "It no longer follows from what is known."


@dataclass(slots=True, kw_only=True)
class Writing:
    """One plan on its way into the rows: what stands, who writes, when, and with which pen."""

    enrolment: Enrolment
    plan: engine.Plan
    by: Actor
    now: datetime
    urgencies: Mapping[str, Urgency]
    observes: Mapping[str, str]
    standing: Standing
    pen: Pen
    past: bool

    @property
    def today(self) -> date:
        """The day of the plan, in the clinic's zone."""
        return self.plan.as_of

    def tell(self, kind: Kind, about: Row, **data: Any) -> None:
        """Keep one piece of news for the end of the writing."""
        self.pen.add(
            entry_for(kind, about=about, enrolment=self.enrolment, by=self.by, now=self.now, data=data)
        )

    def born(self) -> dict[str, Any]:
        """Return the columns of a row that is written for the first time, and says whose it is."""
        return {"enrolment": self.enrolment, "patient_id": self.enrolment.patient_id, **self.stamp()}

    def stamp(self) -> dict[str, Any]:
        """Return who writes a new row, and when."""
        return {"created_at": self.now, "created_by": self.by, "changed_at": self.now, "changed_by": self.by}

    def change(self, row: Any, values: Mapping[str, Any]) -> list[str]:
        """Set the columns that differ and keep the row to be written; return their names."""
        changed = [name for name, value in values.items() if getattr(row, name) != value]
        for name in changed:
            setattr(row, name, values[name])
        if changed:
            row.changed_at, row.changed_by = self.now, self.by
            self.pen.change(row, (*changed, "changed_at", "changed_by"))
        return changed

    def chain(self, because: engine.Because) -> dict[str, Any]:
        """Return why, as data."""
        return chain_of(because, plan=self.plan, enrolment=self.enrolment)


def write_plans(
    plans: Iterable[tuple[Enrolment, engine.Plan]],
    *,
    standing: Mapping[int, Standing],
    by: Actor,
    now: datetime,
    pen: Pen,
    past: bool = False,
) -> None:
    """Keep with the pen what some plans change: checks, verdicts, escalations, referrals, and their news.

    Of an invented `past`, checks that were settled before anybody could look are no news.
    """
    for enrolment, plan in plans:
        pathway = pathway_values(enrolment.pathway_edition)
        writing = Writing(
            enrolment=enrolment,
            plan=plan,
            by=by,
            now=now,
            urgencies=lateness(pathway),
            observes=observed(pathway),
            standing=standing[enrolment.pk],
            pen=pen,
            past=past,
        )
        write_checks(writing)
        write_verdict(writing)
        write_escalations(writing)
        write_referral(writing)


def write_checks(writing: Writing) -> None:
    """Make the check rows say what the plan's checks say; close those that no longer follow."""
    standing = dict(writing.standing.checks)
    for check in writing.plan.checks:
        values = check_values(check, writing)
        row = standing.pop(check.key, None)
        if row is None:
            row = Check(key=check.key, **values, **writing.born())
            writing.pen.add(row)
            if row.state in Check.OPEN_STATES or not writing.past:
                writing.tell(Kind.CHECK_OPENED, row, code=check.code, state=row.state)
        else:
            before, due_on = row.state, row.due_on
            if writing.change(row, values):
                tell_of_change(writing, row, before=before, due_on=due_on)
    for row in standing.values():
        if row.state in Check.OPEN_STATES or row.state == Check.State.DONE:
            cancel(writing, row)


def check_values(check: engine.Check, writing: Writing) -> dict[str, Any]:
    """Return the columns of a check row."""
    urgency = writing.urgencies.get(check.code, Urgency.ROUTINE)
    kind, _, uid = (check.satisfied_by or "").partition("/")
    return {
        "course_id": course_of(check, writing),
        "code": check.code,
        "name": check.name,
        "observes": writing.observes.get(check.code, ""),
        "opens_on": min(check.opens_on, check.due_on),
        "anchor_on": check.anchor_on,
        "due_on": check.due_on,
        "closes_on": check.closes_on,
        "state": Check.State(check.state.value),
        "state_since_on": since(check, writing.today),
        "priority": weight(urgency),
        "urgency": urgency.value,
        "who": check.who.value,
        "done_by_kind": kind,
        "done_by_uid": uuid_or_none(uid),
        "done_on": check.satisfied_on,
        "limitation": check.limitation,
        "reason": check.reason or (GONE if check.state is CheckState.CANCELLED else check.reason),
        "chain": writing.chain(check.because),
    }


def course_of(check: engine.Check, writing: Writing) -> int | None:
    """Return the course that a check's key names; checks for the child itself name none."""
    courses = writing.standing.courses
    return next((courses[part] for part in check.key.split(":") if part in courses), None)


def since(check: engine.Check, today: date) -> date:
    """Return the day a check came into its state, whenever the sweep that noticed it ran."""
    match check.state:
        case CheckState.DUE:
            day = check.opens_on
        case CheckState.OVERDUE:
            closed = (check.closes_on or check.due_on) + timedelta(days=1)
            day = closed if closed <= today else check.due_on + timedelta(days=1)
        case CheckState.DONE:
            day = check.satisfied_on or today
        case _:
            day = check.anchor_on
    return min(day, today)


def uuid_or_none(text: str) -> UUID | None:
    """Return the uid in a fact's id; a part after # names one of several things the row says."""
    return UUID(text.partition("#")[0]) if text else None


def tell_of_change(writing: Writing, row: Check, *, before: str, due_on: date) -> None:
    """Tell of another state, or of another day; other changes need no letter."""
    if row.state != before:
        writing.tell(TELLS[Check.State(row.state)], row, code=row.code, before=before)
    elif row.due_on != due_on and row.state in Check.OPEN_STATES:
        writing.tell(Kind.CHECK_MOVED, row, code=row.code)


def cancel(writing: Writing, row: Check) -> None:
    """Close a check that no longer follows from the facts; one that was done says that its basis fell."""
    values = {"state": Check.State.CANCELLED, "state_since_on": writing.today, "reason": GONE}
    if row.state == Check.State.DONE:
        values["basis_withdrawn_on"] = writing.today
    before = row.state
    writing.change(row, values)
    tell_of_change(writing, row, before=before, due_on=row.due_on)


def write_verdict(writing: Writing) -> None:
    """Let the verdict on the newest episode stand; those before it are kept as superseded."""
    verdict = writing.plan.verdict
    if not verdict.episode:
        return
    rows = dict(writing.standing.verdicts)
    last = rows.pop(verdict.episode, None)
    for row in rows.values():
        supersede(writing, row)
    said = {
        "verdict": verdict.value.value,
        "definition": verdict.definition,
        "missing": plain(verdict.missing),
        "final": verdict.final,
        "response_on": verdict.response_on,
        "relapsed_on": verdict.relapsed_on,
    }
    because = {
        "chain": writing.chain(verdict.because),
        "last_spasm_on": verdict.last_spasm_on,
        "family_last_asked_on": verdict.family_last_asked_on,
    }
    if last is not None and all(getattr(last, name) == value for name, value in said.items()):
        writing.change(last, because)
        return
    if last is not None:
        supersede(writing, last)
    row = ResponseAssessment(
        episode=verdict.episode, assessed_on=writing.today, **said, **because, **writing.born()
    )
    writing.pen.add(row)
    writing.tell(Kind.VERDICT_REACHED, row, verdict=row.verdict)


def supersede(writing: Writing, last: ResponseAssessment) -> None:
    """Put the last verdict behind the new one."""
    writing.change(last, {"superseded_on": writing.today})
