"""Checks: the due windows that a monitoring rule opens, and how they stand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from protocols.engine import facts as f
from protocols.engine.anchors import AnchorPoint, anchors_of
from protocols.engine.observations import closing, observed
from protocols.engine.pathway import Anchor, LateAfter, Observes, Until, WorkingDays
from protocols.engine.plan import CalendarStep, CheckState
from protocols.engine.response import counts
from protocols.engine.spans import shift, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from protocols.engine.pathway import MonitoringRule, Span, Window
    from protocols.engine.picture import Picture


class Slot(NamedTuple):
    """One due window before it is dressed for the plan: dates, and what closed it."""

    rule: MonitoringRule
    anchor: AnchorPoint
    key: str
    counted_from: date
    opens_on: date
    due_on: date
    closes_on: date | None
    steps: tuple[CalendarStep, ...]
    fact: f.Fact | None
    cause: str
    done_on: date | None = None


def slots_of(rule: MonitoringRule, picture: Picture) -> list[Slot]:
    """Every due window of a rule so far, and the next one, oldest anchor first."""
    points = anchors_of(rule, picture)
    if rule.newest_anchor_only:
        points = points[-1:]
    found: list[Slot] = []
    for point in points:
        if rule.longest_gap is not None:
            found += _repeated(rule, point, rule.longest_gap, picture)
        else:
            found += _fixed(rule, point, picture)
    return found


# --- repeated checks --------------------------------------------------------------------------------------


def _repeated(rule: MonitoringRule, point: AnchorPoint, gap: Span, picture: Picture) -> Iterator[Slot]:
    """One slot for each counted observation, and the open one after the last."""
    first = rule.windows[0] if rule.windows else None
    prefix = _prefix(rule, point)
    opening = Start(
        f"{prefix}:first", point.on, shift(point.on, first.opens) if first else point.on, point.fact
    )
    slot = _slot(rule, point, opening, first.due if first else gap, picture)
    for fact in _counted(rule, point, first, picture):
        yield slot._replace(fact=fact, done_on=fact.on)
        after = Start(f"{prefix}:after:{picture.known.root_of(fact)}", fact.on, fact.on, fact.id)
        slot = _slot(rule, point, after, gap, picture)
    last_due = shift(point.on, rule.last_due) if rule.last_due is not None else date.max
    while slot.due_on <= last_due:
        yield slot
        if not _waived_for_good(slot, picture):
            return
        after = Start(f"{prefix}:after:waived-{slot.due_on}", slot.due_on, slot.due_on, "")
        slot = _slot(rule, point, after, gap, picture)


def _waived_for_good(slot: Slot, picture: Picture) -> bool:
    """A repeated check that was waived without an end is asked again after its next gap."""
    if superseded(slot, picture) or not picture.reached(slot.due_on):
        return False
    waiver = waiver_of(slot, picture)
    return waiver is not None and waiver.expires_on is None


class Start(NamedTuple):
    """From where one slot is counted: its key, the day, when it opens at the earliest, and the fact
    behind it.
    """

    key: str
    on: date
    opens: date
    fact: str


def _slot(rule: MonitoringRule, point: AnchorPoint, start: Start, due: Span, picture: Picture) -> Slot:
    due_on, steps = _due(rule, point, start, due, picture)
    opens = start.opens
    if rule.opens_before is not None:
        opens = max(opens, shift(due_on, rule.opens_before))
    return Slot(
        rule=rule,
        anchor=point,
        key=start.key,
        counted_from=start.on,
        opens_on=min(opens, due_on),
        due_on=due_on,
        closes_on=None,
        steps=steps,
        fact=None,
        cause=start.fact,
    )


def _due(
    rule: MonitoringRule, point: AnchorPoint, start: Start, due: Span, picture: Picture
) -> tuple[date, tuple[CalendarStep, ...]]:
    """The due day, and each step that led to it: the span, days on hold, a closed clinic."""
    due_on = shift(start.on, due)
    label = point.words if start.on == point.on else "last counted observation"
    steps = [CalendarStep(label=label, from_on=start.on, step=words(due), to_on=due_on)]
    held = _held_days(point, start.on, due_on, picture.day) if rule.held_days_extend else 0
    if held:
        steps.append(_held_step(due_on, held))
        due_on = steps[-1].to_on
    moved = _on_working_day(rule, due_on, picture)
    if moved != due_on:
        word = rule.working_days.value
        steps.append(CalendarStep(label="the clinic is closed", from_on=due_on, step=word, to_on=moved))
    return moved, tuple(steps)


def _held_step(due_on: date, held: int) -> CalendarStep:
    return CalendarStep(
        label="days on hold", from_on=due_on, step=f"{held} days", to_on=due_on + timedelta(days=held)
    )


def _held_days(point: AnchorPoint, since: date, until: date, today: date) -> int:
    """Days without the drug after `since` and before the due day, up to today while a hold runs."""
    held = 0
    for course in point.courses:
        for hold in course.holds:
            first = max(hold.on, since + timedelta(days=1))
            last = min(hold.until or today, until + timedelta(days=held))
            held += max(0, (last - first).days + 1)
    return held


def _on_working_day(rule: MonitoringRule, due_on: date, picture: Picture) -> date:
    if rule.working_days is WorkingDays.EARLIER:
        return picture.workdays.at_or_before(due_on)
    if rule.working_days is WorkingDays.LATER:
        return picture.workdays.at_or_after(due_on)
    return due_on


def _prefix(rule: MonitoringRule, point: AnchorPoint) -> str:
    return f"{rule.code}:{rule.part}:{point.key}" if rule.part else f"{rule.code}:{point.key}"


def _counted(
    rule: MonitoringRule, point: AnchorPoint, first: Window | None, picture: Picture
) -> Iterator[f.Fact]:
    """The observations a repeated check counts, one a day, within the rule's time."""
    accepts = shift(point.on, first.accepts_from) if first and first.accepts_from else point.on
    end = point.end_on if rule.until is not Until.NEVER else None
    before = None
    for fact in observed(picture.known, rule, point.course):
        if end is not None and fact.on > end:
            break
        if fact.on >= accepts and fact.on != before:
            before = fact.on
            yield fact


# --- checks at fixed distances from an anchor -------------------------------------------------------------


def _fixed(rule: MonitoringRule, point: AnchorPoint, picture: Picture) -> Iterator[Slot]:
    """One slot for each window; the first observation from the day it accepts one counts, however late."""
    facts = _facts_for(rule, point, picture)
    for n, window in enumerate(rule.windows):
        key = _prefix(rule, point) if len(rule.windows) == 1 else f"{_prefix(rule, point)}:{n + 1}"
        opens = _opens(rule, point, window)
        accepts = shift(point.on, window.accepts_from) if window.accepts_from else opens
        fact = next((x for x in facts if _inside(x, rule, point, accepts)), None)
        fact = fact or point.satisfied_by or _closed_by_person(rule, point, picture)
        slot = _slot(rule, point, Start(key, point.on, opens, point.fact), window.due, picture)
        closes = shift(point.on, window.closes) if window.closes else None
        if closes is not None and slot.due_on > closes:
            slot = slot._replace(due_on=picture.workdays.at_or_before(shift(point.on, window.due)))
        done = fact.on if fact else _passed(rule, slot.due_on, picture)
        yield slot._replace(closes_on=closes, fact=fact, done_on=done)


def _closed_by_person(rule: MonitoringRule, point: AnchorPoint, picture: Picture) -> f.Fact | None:
    """A named clinician's closing of a safety item that outlives the treatment."""
    if not rule.survives_withdrawal:
        return None
    closings = picture.known.of(f.SafetyClosed)
    return next((x for x in closings if x.on >= point.on and closing(x, rule, point.course)), None)


def _opens(rule: MonitoringRule, point: AnchorPoint, window: Window) -> date:
    """The window's first day: as it says, or so long before its due day."""
    opens = shift(point.on, window.opens)
    if rule.opens_before is None:
        return opens
    return min(opens, shift(shift(point.on, window.due), rule.opens_before))


def _passed(rule: MonitoringRule, due_on: date, picture: Picture) -> date | None:
    """A hold that only time ends is over the day after its last day."""
    if rule.observes is Observes.TIME and picture.reached(due_on):
        return due_on
    return None


def _inside(fact: f.Fact, rule: MonitoringRule, point: AnchorPoint, accepts: date) -> bool:
    if fact.on < accepts:
        return False
    return rule.anchor is not Anchor.HIGH_BP or fact.on > point.on or _later_same_day(fact, point)


def _later_same_day(fact: f.Fact, point: AnchorPoint) -> bool:
    """Whether a reading of the same day was taken after the high one: only when both moments are known."""
    return fact.id != point.fact and point.at is not None and fact.at is not None and fact.at > point.at


def _facts_for(rule: MonitoringRule, point: AnchorPoint, picture: Picture) -> Sequence[f.Fact]:
    if rule.observes is Observes.EEG and rule.anchor is Anchor.EPISODE_START:
        episode = next(e for e in picture.episodes if e.id == point.key)
        policy = picture.policy.pathway.eeg
        return [eeg for eeg in picture.accepted_eegs(episode) if counts(eeg, policy)]
    if rule.observes is Observes.SPASM_VERDICT:
        return ()
    return observed(picture.known, rule, point.course)


# --- how they stand ---------------------------------------------------------------------------------------


def superseded(slot: Slot, picture: Picture) -> bool:
    """Whether the anchor's time is over, so that an open slot no longer asks for anything."""
    end = slot.anchor.end_on
    return end is not None and picture.reached(end)


def state_of(slot: Slot, picture: Picture, waiver: f.Waiver | None = None) -> CheckState:
    """Where a slot stands this evening."""
    if slot.done_on is not None:
        return CheckState.DONE
    if superseded(slot, picture):
        return CheckState.CANCELLED
    if waiver is not None:
        return CheckState.WAIVED
    late = slot.closes_on if slot.rule.late_after is LateAfter.CLOSE and slot.closes_on else slot.due_on
    if picture.reached(late + timedelta(days=1)):
        return CheckState.OVERDUE
    return CheckState.DUE if picture.reached(slot.opens_on) else CheckState.UPCOMING


def waiver_of(slot: Slot, picture: Picture) -> f.Waiver | None:
    """The waiver that sets a slot aside this evening, if one does."""
    for waiver in reversed(picture.known.of(f.Waiver)):
        if waiver.check == slot.key:
            lasts = waiver.expires_on is None or not picture.reached(waiver.expires_on + timedelta(days=1))
            return waiver if lasts else None
    return None
