"""Ask the engine about one child: what is due, did it work, who must be told, and why."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from protocols.engine.facts import Facts
    from protocols.engine.pathway import PathwayEdition
    from protocols.engine.plan import Plan
    from protocols.engine.workdays import WorkingCalendar


def review(
    pathway: PathwayEdition, facts: Facts, as_of: date, workdays: WorkingCalendar | None = None
) -> Plan:
    """The plan for one child on the evening of `as_of`, from what was known by then.

    Replays every day on which something became known or a deadline passed, so an earlier day, a missed week
    or a second run give the same history. `workdays` moves due days off closed days where a rule allows it.
    """
    raise NotImplementedError
