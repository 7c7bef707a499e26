"""What a value would mean for this child, asked of the clinic itself before it is saved.

The verb is really called, inside a transaction that is rolled back: what is shown is what saving would do, by
the same review and the same rules, and nothing of it remains.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db import transaction

from clinic.models import Check, Escalation
from ispath.dashboard.reading.chain import reason_of
from ispath.dashboard.reading.names import AT_ONCE, RECORDS, URGENCY_WORDS, check_words
from ispath.dashboard.words import day

if TYPE_CHECKING:
    from collections.abc import Callable

    from clinic.models import Enrolment


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A check that saving would open or move, and where its day comes from."""

    text: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What saving would change."""

    level: str
    level_source: str
    tone: str
    raised: tuple[str, ...]
    settled: tuple[str, ...]
    asked: tuple[Asked, ...]
    done: tuple[str, ...]
    verdict: str
    emergency: bool
    waits_for: str = ""

    @property
    def is_quiet(self) -> bool:
        """Whether saving changes nothing a person would act on."""
        return not (self.raised or self.settled or self.asked or self.done or self.verdict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    escalations: dict[str, Escalation]
    checks: dict[str, Check]
    verdict: str


def _plan(enrolment: Enrolment) -> _Plan:
    rows = Escalation.objects.filter(enrolment=enrolment)
    verdict = enrolment.assessments.filter(superseded_on=None).order_by("-assessed_on", "-pk").first()
    return _Plan(
        escalations={f"{row.rule} {row.cause}": row for row in rows},
        checks={row.key: row for row in Check.objects.filter(enrolment=enrolment)},
        verdict=verdict.get_verdict_display() if verdict else "",
    )


def meaning_of(
    enrolment: Enrolment,
    verb: Callable[[], Any],
    *,
    level: str = "",
    tone: str = "info",
    level_source: str = "",
    kind: str = "",
) -> Meaning:
    """Call the verb, look at what changed, and take it all back. A refusal passes through.

    `kind` is the form that is filled in: where it answers nothing yet, the check that is to come is named.
    """
    before = _plan(enrolment)
    with transaction.atomic():
        verb()
        after = _plan(enrolment)
        transaction.set_rollback(True)
    found = _difference(before, after, level=level, tone=tone)
    waits_for = "" if found.done else _waits_for(before, kind)
    return replace(found, level_source=level_source, waits_for=waits_for)


def _difference(before: _Plan, after: _Plan, *, level: str, tone: str) -> Meaning:
    is_open = Escalation.OPEN_STATES
    new = [
        row
        for key, row in after.escalations.items()
        if key not in before.escalations and row.state in is_open
    ]
    gone = [
        row
        for key, row in after.escalations.items()
        if row.state not in is_open and key in before.escalations and before.escalations[key].state in is_open
    ]
    emergency = any(row.urgency in AT_ONCE for row in new)
    return Meaning(
        level=level,
        level_source="",
        tone="stop" if emergency else "warn" if new else tone,
        raised=tuple(_raised(row) for row in sorted(new, key=lambda row: row.priority)),
        settled=tuple(row.name or row.rule for row in gone),
        asked=tuple(_asked(row) for row in _newly_asked(before, after)),
        done=tuple(_name(row) for row in _newly_done(before, after)),
        verdict=after.verdict if after.verdict != before.verdict else "",
        emergency=emergency,
    )


def _waits_for(before: _Plan, kind: str) -> str:
    """Name the first check a form will answer once its window opens."""
    rows = (row for row in before.checks.values() if RECORDS.get(row.observes) == kind)
    coming = [row for row in rows if row.state == Check.State.UPCOMING]
    first = min(coming, key=lambda row: row.opens_on, default=None)
    return f"{_name(first)} counts from {day(first.opens_on)} on." if first else ""


def _newly_asked(before: _Plan, after: _Plan) -> list[Check]:
    found = [
        row
        for key, row in after.checks.items()
        if row.state in Check.OPEN_STATES
        and (key not in before.checks or before.checks[key].due_on != row.due_on)
    ]
    return sorted(found, key=lambda row: row.due_on)


def _newly_done(before: _Plan, after: _Plan) -> list[Check]:
    return [
        row
        for key, row in after.checks.items()
        if row.state == Check.State.DONE
        and (key not in before.checks or before.checks[key].state != Check.State.DONE)
    ]


def _name(row: Check) -> str:
    return check_words(row.observes, row.name, row.code)


def _asked(row: Check) -> Asked:
    return Asked(text=f"{_name(row)}, due {day(row.due_on)}", source=reason_of(row.chain).source)


def _raised(row: Escalation) -> str:
    who = ", ".join(_role(recipient) for recipient in row.recipients)
    by = f", act by {day(row.act_by_on)}" if row.act_by_on else ""
    asked = row.asks_for.rstrip(".")  # one sentence goes on behind it
    asks = f": {asked}" if asked and asked != row.name else ""
    urgency = URGENCY_WORDS.get(row.urgency, row.urgency)
    return f"{urgency}: {row.name or row.rule}{asks}{by}{f' (told: {who})' if who else ''}"


def _role(recipient: Any) -> str:
    return str(recipient.get("role", "")) if isinstance(recipient, dict) else str(recipient)
