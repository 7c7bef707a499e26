"""Checks: the due windows that a monitoring rule opens, and how they stand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from protocols.engine import facts as f
from protocols.engine.anchors import AnchorPoint, anchors_of
from protocols.engine.observations import closing, observed
from protocols.engine.pathway import Anchor, LateAfter, Observes, Until
from protocols.engine.plan import CheckState
from protocols.engine.response import counts
from protocols.engine.slots import Slot, Start, slot
from protocols.engine.spans import shift

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from protocols.engine.pathway import MonitoringRule, Span, Window
    from protocols.engine.picture import Picture


def slots_of(rule: MonitoringRule, picture: Picture) -> list[Slot]:
    """Every due window of a rule so far, and the next one, oldest anchor first."""
    points = anchors_of(rule, picture)
    if rule.newest_anchor_only:
        points = points[-1:]
    return [window for point in points for window in slots_at(rule, point, picture)]


def slots_at(rule: MonitoringRule, point: AnchorPoint, picture: Picture) -> Iterator[Slot]:
    """The due windows that one anchor opens."""
    if rule.longest_gap is not None:
        return _repeated(rule, point, rule.longest_gap, picture)
    return _fixed(rule, point, picture)


# --- repeated checks ----------------------------------------------------------------------------------------


def _repeated(rule: MonitoringRule, point: AnchorPoint, gap: Span, picture: Picture) -> Iterator[Slot]:
    """One slot for each counted observation, and the open ones after the last."""
    facts = _counted(rule, point, picture)
    window: Slot | None = _first(rule, point, gap, picture)
    for fact in facts:
        if window is not None:
            yield window._replace(fact=fact, done_on=fact.on)
        window = _after(rule, point, gap, fact, picture)
    yield from _waived_on(window, picture)


def open_slots_at(rule: MonitoringRule, point: AnchorPoint, picture: Picture) -> Iterator[Slot]:
    """The due windows of an anchor that nothing has closed; of repeated ones only the last is looked at."""
    gap = rule.longest_gap
    if gap is None:
        return (window for window in _fixed(rule, point, picture) if window.done_on is None)
    facts = _counted(rule, point, picture)
    last = facts[-1] if facts else None
    window = _first(rule, point, gap, picture) if last is None else _after(rule, point, gap, last, picture)
    return _waived_on(window, picture)


def _first(rule: MonitoringRule, point: AnchorPoint, gap: Span, picture: Picture) -> Slot:
    start = Start(f"{_prefix(rule, point)}:first", point.on, point.on, point.fact)
    if not rule.windows:
        return slot(rule, point, start, gap, picture)
    first = rule.windows[0]
    return slot(rule, point, start, first.due, picture)._replace(opens_on=shift(point.on, first.opens))


def _after(
    rule: MonitoringRule, point: AnchorPoint, gap: Span, fact: f.Fact, picture: Picture
) -> Slot | None:
    key = f"{_prefix(rule, point)}:after:{picture.known.root_of(fact)}"
    return _within(slot(rule, point, Start(key, fact.on, fact.on, fact.id), gap, picture))


def _waived_on(window: Slot | None, picture: Picture) -> Iterator[Slot]:
    """The open slot, and one more after each that was waived for good."""
    while window is not None:
        yield window
        window = following(window, picture) if _waived_for_good(window, picture) else None


def following(window: Slot, picture: Picture) -> Slot | None:
    """The repeated check after this one, if this one is closed on its due day; None where nothing follows."""
    rule, point, on = window.rule, window.anchor, window.due_on
    if rule.longest_gap is None:
        return None
    after = Start(f"{_prefix(rule, point)}:after:day-{on}", on, on, "")
    return _within(slot(rule, point, after, rule.longest_gap, picture))


def _within(window: Slot) -> Slot | None:
    """The window, unless it would be due later than its rule asks for."""
    last = window.rule.last_due
    return window if last is None or window.due_on <= shift(window.anchor.on, last) else None


def _waived_for_good(window: Slot, picture: Picture) -> bool:
    """A repeated check that was waived without an end is asked again after its next gap."""
    waiver = waiver_of(window, picture)
    if waiver is None or superseded(window, picture) or not picture.reached(window.due_on):
        return False
    return waiver.expires_on is None


def _prefix(rule: MonitoringRule, point: AnchorPoint) -> str:
    return f"{rule.code}:{rule.part}:{point.key}" if rule.part else f"{rule.code}:{point.key}"


def _counted(rule: MonitoringRule, point: AnchorPoint, picture: Picture) -> list[f.Fact]:
    """The observations a repeated check counts, the first of each day, within the rule's time."""
    first = rule.windows[0] if rule.windows else None
    accepts = shift(point.on, first.accepts_from) if first and first.accepts_from else point.on
    end = point.end_on if rule.until is not Until.NEVER else None
    counted: dict[date, f.Fact] = {}
    for fact in observed(picture.known, rule, point.course):
        if fact.on >= accepts and (end is None or fact.on <= end):
            counted.setdefault(fact.on, fact)
    return list(counted.values())


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
        made = slot(rule, point, Start(key, point.on, opens, point.fact), window.due, picture)
        closes = shift(point.on, window.closes) if window.closes else None
        if closes is not None and made.due_on > closes:
            made = made._replace(due_on=picture.workdays.at_or_before(made.counted_on))
        done = fact.on if fact else _passed(rule, made.due_on, picture)
        yield made._replace(closes_on=closes, fact=fact, done_on=done)


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


def superseded(window: Slot, picture: Picture) -> bool:
    """Whether the anchor's time is over, so that an open window no longer asks for anything."""
    end = window.anchor.end_on
    return end is not None and picture.reached(end)


def state_of(window: Slot, picture: Picture, waiver: f.Waiver | None = None) -> CheckState:
    """Where a window stands this evening."""
    if window.done_on is not None:
        return CheckState.DONE
    if superseded(window, picture):
        return CheckState.CANCELLED
    if waiver is not None:
        return CheckState.WAIVED
    late = (
        window.closes_on if window.rule.late_after is LateAfter.CLOSE and window.closes_on else window.due_on
    )
    if picture.reached(late + timedelta(days=1)):
        return CheckState.OVERDUE
    return CheckState.DUE if picture.reached(window.opens_on) else CheckState.UPCOMING


def waiver_of(window: Slot, picture: Picture) -> f.Waiver | None:
    """The waiver that sets a window aside this evening, if one does."""
    for waiver in reversed(picture.known.of(f.Waiver)):
        if waiver.check == window.key:
            lasts = waiver.expires_on is None or not picture.reached(waiver.expires_on + timedelta(days=1))
            return waiver if lasts else None
    return None
