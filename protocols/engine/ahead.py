"""The checks that lie ahead when each is done on its due day: the preview of a course, or of a year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.engine.anchors import anchors_of
from protocols.engine.checks import following, open_slots_at
from protocols.engine.known import in_order_known
from protocols.engine.ledger import Ledger
from protocols.engine.picture import Picture
from protocols.engine.policy import policy_of
from protocols.engine.workdays import EVERY_DAY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from protocols.engine.facts import Facts
    from protocols.engine.pathway import PathwayEdition
    from protocols.engine.slots import Slot
    from protocols.engine.workdays import WorkingCalendar


def checks_ahead(
    pathway: PathwayEdition, facts: Facts, until: date, workdays: WorkingCalendar = EVERY_DAY
) -> list[Slot]:
    """Every open check due by `until`, if nothing else happens and each one is done on its due day.

    Uses all the facts it is given; a preview gives it the course that has not begun.
    """
    policy = policy_of(pathway)
    picture = Picture(policy, facts.child, workdays, Ledger())
    picture.turn_to(until, [fact for _, fact in in_order_known(facts)])
    found: list[Slot] = []
    for rule in policy.monitoring:
        for point in anchors_of(rule, picture)[-1 if rule.newest_anchor_only else 0 :]:
            for slot in open_slots_at(rule, point, picture):
                found += _ahead(slot, picture)
    return [slot for slot in found if slot.due_on <= until]


def _ahead(slot: Slot, picture: Picture) -> Iterator[Slot]:
    """An open check, and those that would follow it, up to the end of its rule's time."""
    end = slot.anchor.end_on
    while slot.due_on <= picture.day and (end is None or slot.due_on < end):
        yield slot
        after = following(slot, picture)
        if after is None:
            return
        slot = after
