"""Ask the engine about one child: what is due, did it work, who must be told, and why."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from protocols.engine import facts as f
from protocols.engine.checks import slots_of, state_of, waiver_of
from protocols.engine.observations import limitation
from protocols.engine.plan import Because, Check, CheckState, Escalation, Plan
from protocols.engine.referral import referral_need
from protocols.engine.replay import Replay
from protocols.engine.slots import steps_of
from protocols.engine.spans import shift
from protocols.engine.verdict import verdict_of
from protocols.engine.workdays import EVERY_DAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocols.engine.facts import Facts
    from protocols.engine.ledger import Rise
    from protocols.engine.pathway import MonitoringRule, PathwayEdition
    from protocols.engine.picture import Picture
    from protocols.engine.slots import Slot
    from protocols.engine.workdays import WorkingCalendar

LONGEST_SILENCE = "review_at_least_every_days"


def review(
    pathway: PathwayEdition, facts: Facts, as_of: date, workdays: WorkingCalendar | None = None
) -> Plan:
    """The plan for one child on the evening of `as_of`, from what was known by then.

    Replays every day on which something became known or a deadline passed, so an earlier day, a missed week
    or a second run give the same history. `workdays` moves due days off closed days where a rule allows it.
    """
    replay = Replay(pathway, facts, workdays or EVERY_DAY)
    return plan_of(replay, replay.advance(as_of))


def plan_of(replay: Replay, picture: Picture) -> Plan:
    """The plan that follows from a replay's picture."""
    picture.woken_on = None
    running = picture.ended() is None
    checks = tuple(checks_of(picture))
    checks += tuple(_checks_of_coming_courses(replay, checks)) if running else ()
    verdict = verdict_of(picture)
    return Plan(
        as_of=picture.day,
        pathway=picture.policy.pathway.key,
        edition=picture.policy.pathway.edition,
        running=running,
        checks=checks,
        verdict=verdict,
        escalations=tuple(escalations_of(picture)),
        referral=referral_need(picture),
        next_change_on=_next_change(replay, picture, running=running, checks=checks),
    )


def _next_change(
    replay: Replay, picture: Picture, *, running: bool, checks: tuple[Check, ...]
) -> date | None:
    """The next day on which the plan can change without news; a running plan is looked at now and then
    anyway.
    """
    still_open = any(check.state not in _CLOSED for check in checks)
    if not running and not still_open:
        return None
    days = [day for day in (replay.wakes_on(), picture.woken_on) if day is not None]
    days += [day for day, _ in replay.waits_for()]
    silence = picture.policy.targets.get(LONGEST_SILENCE)
    if silence is not None:
        days.append(picture.day + timedelta(days=int(str(silence))))
    return min(days, default=None)


_CLOSED = frozenset({CheckState.DONE, CheckState.WAIVED, CheckState.CANCELLED})


# --- checks -----------------------------------------------------------------------------------------------


def checks_of(picture: Picture) -> Iterator[Check]:
    """Every check of a child, the closed ones included, rule by rule."""
    ended = picture.ended()
    for rule in picture.policy.monitoring:
        stopped = ended if ended is not None and not _survives(rule, ended) else None
        for slot in slots_of(rule, picture):
            yield _check(slot, picture, stopped)


def _checks_of_coming_courses(replay: Replay, checks: tuple[Check, ...]) -> Iterator[Check]:
    """The checks of courses that are planned and have not begun: they can be booked already.

    Such a course raises nothing, ends no wait and opens no episode before its first dose.
    """
    starts = [fact for _, fact in replay.waits_for() if isinstance(fact, f.TreatmentStart)]
    if starts:
        known = {check.key for check in checks}
        ahead = replay.picture_with(list(starts))
        yield from (check for check in checks_of(ahead) if check.key not in known)


def _survives(rule: MonitoringRule, ended: f.Fact) -> bool:
    return rule.survives_withdrawal and isinstance(ended, f.ConsentWithdrawn)


def open_checks(picture: Picture) -> Iterator[Check]:
    """The checks that nothing has closed, opened or not."""
    return (check for check in checks_of(picture) if check.state not in _CLOSED)


def _check(slot: Slot, picture: Picture, stopped: f.Fact | None) -> Check:
    waiver = waiver_of(slot, picture) if slot.done_on is None else None
    state = state_of(slot, picture, waiver)
    reason = waiver.reason if state is CheckState.WAIVED and waiver is not None else ""
    if state is CheckState.CANCELLED:
        reason = slot.anchor.ended
    elif stopped is not None and state is not CheckState.DONE:
        state, reason = CheckState.CANCELLED, _END_WORDS[type(stopped)]
    return Check(
        code=slot.rule.code,
        key=slot.key,
        name=slot.rule.name,
        opens_on=slot.opens_on,
        due_on=slot.due_on,
        closes_on=slot.closes_on,
        state=state,
        who=slot.rule.who,
        anchor_on=slot.anchor.on,
        satisfied_by=slot.fact.id if slot.fact is not None else None,
        satisfied_on=slot.done_on,
        limitation=limitation(slot.fact) if slot.fact is not None else _pending(slot, picture),
        reason=reason,
        bundles=slot.rule.bundles,
        because=_because(slot),
    )


_END_WORDS: dict[type[f.Fact], str] = {
    f.Death: "the child has died",
    f.ConsentWithdrawn: "the family withdrew",
    f.TransferAccepted: "another clinic has taken over",
}


def _pending(slot: Slot, picture: Picture) -> str:
    """An EEG that is recorded but not reported is not missing."""
    if slot.rule.observes.value != "eeg":
        return ""
    first = slot.opens_on
    waiting = any(eeg.on >= first and eeg.report_pending for eeg in picture.known.of(f.Eeg))
    return "recorded, report pending" if waiting else ""


def _because(slot: Slot) -> Because:
    steps = steps_of(slot)
    step = steps[0]
    same_day = step.from_on == step.to_on
    after = f"the same day ({step.label})" if same_day else f"{step.step} after {step.label} ({step.from_on})"
    sentence = f"{slot.rule.name}: due {slot.due_on}, {after}"
    return Because(
        sentence=sentence,
        facts=tuple(fact for fact in (slot.cause, slot.fact.id if slot.fact else "") if fact),
        rule=slot.rule.code,
        steps=steps,
        basis=slot.rule.basis,
    )


# --- escalations ------------------------------------------------------------------------------------------


def escalations_of(picture: Picture) -> list[Escalation]:
    """Everything that ever rose, by date, then in the order of the pathway's rules."""
    order = {rule.code: n for n, rule in enumerate(picture.policy.rules)}
    rises = sorted(picture.ledger.everything(), key=lambda rise: (rise.raised_on, order[rise.rule], rise.key))
    return [_escalation(rise, picture) for rise in rises]


def _escalation(rise: Rise, picture: Picture) -> Escalation:
    row = picture.policy.by_code[rise.rule].row
    return Escalation(
        rule=row.code,
        cause_key=rise.key,
        name=row.name,
        urgency=row.urgency,
        recipients=row.recipients,
        raised_on=rise.raised_on,
        act_by=shift(rise.raised_on, row.act_by) if row.act_by is not None else None,
        asks_for=row.asks_for,
        withdrawn_on=rise.withdrawn_on,
        resolved_on=rise.resolved_on,
        resolved_by=rise.resolved_by,
        because=Because(
            sentence=rise.finding.sentence,
            facts=rise.finding.facts,
            rule=row.code,
            steps=rise.finding.steps,
            basis=row.basis,
        ),
    )
