"""What a calendar must say besides its doses, as data: a stable code, a sentence, the days it is about.

Codes are a contract with those who read the JSON: add, never rename.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from protocols.engine.administration import Dose
from protocols.engine.dosing import Calendar, PartCalendar, PartDay


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseWarning:
    """A warning about the treatment days `first_day` to `last_day`, both included."""

    code: str
    text: str
    first_day: int
    last_day: int
    drug: str | None = None


# Warnings that a course cannot start with: the clinic has something to enter first.
BLOCKING = frozenset({"steps-missing", "split-missing"})


def words_of_days(first: int, last: int) -> str:
    return f"day {first}" if first == last else f"days {first} to {last}"


def stretches(
    part: PartCalendar, *, drug: str, is_about: Callable[[PartDay, tuple[Dose, ...]], bool]
) -> Iterator[tuple[int, int]]:
    """The runs of the drug's days for which the test holds; days off between them do not break a run."""
    first: int | None = None
    last = 0
    for day in part.days:
        doses = tuple(dose for dose in day.doses if dose.drug == drug)
        if not doses and drug not in day.undefined:
            continue
        if is_about(day, doses):
            first, last = (day.day if first is None else first), day.day
        elif first is not None:
            yield first, last
            first = None
    if first is not None:
        yield first, last


def drugs_in(part: PartCalendar) -> tuple[str, ...]:
    """The drugs of a part's days, in the order in which they are first due."""
    return tuple(dict.fromkeys(dose.step.drug for planned in part.layout.days for dose in planned.doses))


# What can harm a child today comes first; then what a clinic must enter; the rest by its days.
GRAVEST_FIRST = (
    "abrupt-stop",
    "contraindicated-age",
    "over-maximum-after-weight-change",
    "steps-missing",
    "split-missing",
    "over-8-mg-per-kg",
)


def in_order(warnings: Iterable[DoseWarning]) -> tuple[DoseWarning, ...]:
    """Each warning once: the gravest first, then by day."""
    return tuple(sorted(dict.fromkeys(warnings), key=_weight))


def _weight(warning: DoseWarning) -> tuple[int, int, int, str, str]:
    """What to sort by."""
    grave = warning.code in GRAVEST_FIRST
    rank = GRAVEST_FIRST.index(warning.code) if grave else len(GRAVEST_FIRST)
    return rank, warning.first_day, warning.last_day, warning.code, warning.text


def whole_course(calendar: Calendar) -> tuple[int, int]:
    return 1, calendar.days[-1].day if calendar.days else 1
