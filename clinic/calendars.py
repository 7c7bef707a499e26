"""The dose calendars of courses: what was checked at the start, and what was decided and done since."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from clinic.chains import plain
from clinic.correcting import standing
from clinic.coursedetails import Done, Kinds, details_of
from clinic.models import Course, CourseFact, DoseChange, DoseDecision, Hold, HoldEnd
from protocols import models as protocol_rows
from protocols import reading
from protocols.engine.course import Formulary, conditions_of
from protocols.engine.dosing import Calendar
from protocols.engine.moving import moved
from protocols.engine.undecided import undecided_calendar
from protocols.in_force import formulary_with

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from protocols.engine.regimen import ProtocolEdition


class LaidOut(NamedTuple):
    """A calendar together with the drugs and products it speaks of."""

    calendar: Calendar
    formulary: Formulary


def formulary_for(edition: protocol_rows.ProtocolEdition, *, on: date | None = None) -> Formulary:
    """Return the drugs and products in use, and the editions a combination is made of on a day."""
    return formulary_with(reading.protocol_values(edition), on=on)


def batch_of(course: Course) -> list[Course]:
    """Return the courses that one decision started together, in the order of their drugs."""
    rows = Course.objects.filter(batch=course.batch).exclude(status=Course.Status.DROPPED)
    joined = rows.select_related(
        "drug", "product", "patient", "protocol_edition__protocol", "enrolment__clinic"
    )
    return list(joined.order_by("start_on", "pk"))


def calendar_of(course: Course) -> Calendar:
    """Return the dose calendar of a course as it stands, with "not decided" where nobody has decided."""
    return laid_out(course)[0]


def laid_out(course: Course) -> LaidOut:
    """Return the calendar of a course together with the drugs and products it speaks of."""
    return laid_out_many([course])[course.pk]


def laid_out_many(courses: Sequence[Course]) -> dict[int, LaidOut]:
    """Return the calendars of many courses by their keys, in as many queries as for one.

    A batch is laid out with what was decided for any of its courses. A dropped course has no calendar.
    """
    mates = mates_of(courses)
    done = done_by_course([course for batch in mates.values() for course in batch])
    shelf = Shelf()
    found = {key: lay_out(batch, gathered(batch, done), shelf=shelf) for key, batch in mates.items()}
    return {course.pk: found[course.batch] for course in courses if course.batch in found}


def mates_of(courses: Iterable[Course]) -> dict[UUID, list[Course]]:
    """Return the courses that one decision started together, by their batch."""
    rows = Course.objects.filter(batch__in={course.batch for course in courses})
    joined = rows.exclude(status=Course.Status.DROPPED).select_related(
        "drug", "product", "patient", "protocol_edition__protocol", "enrolment__clinic"
    )
    batches: dict[UUID, list[Course]] = defaultdict(list)
    for row in joined.order_by("start_on", "pk"):
        batches[row.batch].append(row)
    return batches


def lay_out(batch: Sequence[Course], done: Done, *, shelf: Shelf) -> LaidOut:
    """Return the calendar of a batch, each stretch of days as the edition says that it was on then."""
    moves = moves_among(done)
    first = edition_at_start(batch, moves, shelf=shelf)
    calendar, formulary = laid_out_by(first, batch, done, shelf=shelf)
    for move in moves:
        later, formulary = laid_out_by(shelf.edition(move.values["to"]), batch, done, shelf=shelf)
        calendar = moved(calendar, later, from_on=move.from_on)
    return LaidOut(calendar, formulary)


def laid_out_by(
    edition: protocol_rows.ProtocolEdition,
    batch: Sequence[Course],
    done: Done,
    *,
    shelf: Shelf | None = None,
) -> LaidOut:
    """Return the whole calendar of a batch as an edition lays it out."""
    values = reading.protocol_values(edition)
    formulary = (shelf or Shelf()).formulary(values, on=min(each.start_on for each in batch))
    details = details_of(batch, done, formulary)
    waits = not_decided(values, done, formulary)
    calendar = undecided_calendar(values, details=details, open_from=waits, formulary=formulary)
    return LaidOut(calendar, formulary)


class Shelf:
    """Editions, drugs and products, read once for many calendars."""

    def __init__(self) -> None:
        self.editions: dict[str, protocol_rows.ProtocolEdition] = {}
        self.combined: dict[tuple[str, str, date], Formulary] = {}
        self.plain: Formulary | None = None

    def edition(self, uid: str) -> protocol_rows.ProtocolEdition:
        """Return the protocol edition that a fact names."""
        if uid not in self.editions:
            rows = protocol_rows.ProtocolEdition.objects.select_related("protocol")
            self.editions[uid] = rows.get(uid=uid)
        return self.editions[uid]

    def formulary(self, values: ProtocolEdition, *, on: date) -> Formulary:
        """Return a formulary that holds an edition; only a combination asks for more than the drugs."""
        if values.parts:
            key = (values.key, values.edition, on)
            if key not in self.combined:
                self.combined[key] = formulary_with(values, on=on)
            return self.combined[key]
        self.plain = self.plain or formulary_with(values, on=on)
        return replace(self.plain, editions={values.key: values})


def edition_at_start(
    batch: Sequence[Course], moves: Sequence[DoseChange], *, shelf: Shelf
) -> protocol_rows.ProtocolEdition:
    """Return the edition a batch started on, whatever it moved to since."""
    return shelf.edition(moves[0].values["from"]) if moves else batch[0].protocol_edition


def edition_on(batch: Sequence[Course], done: Done, *, on: date) -> protocol_rows.ProtocolEdition:
    """Return the edition a batch follows on a day."""
    shelf, moves = Shelf(), moves_among(done)
    before = [move for move in moves if move.from_on <= on]
    return shelf.edition(before[-1].values["to"]) if before else edition_at_start(batch, moves, shelf=shelf)


def moves_among(done: Done) -> list[DoseChange]:
    """Return the moves to another edition, in the order of the days from which they count."""
    return sorted(
        (change for change in done.changes if change.kind == Kinds.EDITION),
        key=lambda change: (change.from_on, change.pk),
    )


def done_with(batch: Iterable[Course]) -> Done:
    """Return what was decided and done with some courses, in four queries."""
    keys = [course.pk for course in batch]

    def rows(model: type[CourseFact]) -> list[Any]:
        return standing(model._default_manager.filter(course__in=keys).order_by("pk"))

    return Done(changes=rows(DoseChange), decisions=rows(DoseDecision), holds=rows(Hold), ends=rows(HoldEnd))


def done_by_course(courses: Sequence[Course]) -> Mapping[str, Mapping[int, list[Any]]]:
    """Return what was decided and done, by the field of `Done` and the key of the course."""
    whole = done_with(courses)
    kinds: dict[str, dict[int, list[Any]]] = {}
    for name in ("changes", "decisions", "holds", "ends"):
        kinds[name] = defaultdict(list)
        for fact in getattr(whole, name):
            kinds[name][fact.course_id].append(fact)
    return kinds


def gathered(batch: Iterable[Course], done: Mapping[str, Mapping[int, list[Any]]]) -> Done:
    """Return what was decided and done with one batch, in the order in which it was written down."""
    keys = [course.pk for course in batch]
    found = {
        name: sorted((fact for key in keys for fact in facts.get(key, ())), key=lambda fact: fact.pk)
        for name, facts in done.items()
    }
    return Done(**found)


def not_decided(edition: ProtocolEdition, done: Done, formulary: Formulary) -> dict[str, int]:
    """Return the conditions that wait for a prescriber, with the first day each could change."""
    decided = {decision.step_key for decision in done.decisions}
    conditions = conditions_of(edition, formulary=formulary)
    return {each.key: each.from_day for each in conditions if each.key not in decided}


def digest_of(calendar: Calendar) -> str:
    """Return a digest of every day of a calendar: what the second person looked at."""
    return sha256(repr(plain(calendar.days)).encode()).hexdigest()
