"""The dose calendars of many courses at once, for lists that show what each child is given."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from clinic.calendars import Done, details_of, done_with, not_decided
from clinic.models import Course
from protocols import reading
from protocols.engine.undecided import undecided_calendar
from protocols.in_force import formulary_with

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from protocols.engine.course import Formulary
    from protocols.engine.dosing import Calendar
    from protocols.engine.regimen import ProtocolEdition


def calendars_of_many(courses: Sequence[Course]) -> dict[int, Calendar]:
    """Return the calendars of many courses by their keys, in as many queries as for a few.

    Each is what `calendar_of` gives: a batch is laid out with what was decided for any of its courses.
    """
    rows = Course.objects.filter(batch__in={course.batch for course in courses})
    joined = rows.exclude(status=Course.Status.DROPPED).select_related(
        "drug", "product", "patient", "protocol_edition__protocol", "enrolment__clinic"
    )
    batches: dict[UUID, list[Course]] = defaultdict(list)
    for row in joined.order_by("start_on", "pk"):
        batches[row.batch].append(row)
    done = done_by_course([course for batch in batches.values() for course in batch])
    shelf = Shelf()
    found = {batch: shelf.laid_out(mates, gathered(mates, done)) for batch, mates in batches.items()}
    return {course.pk: found[course.batch] for course in courses if course.batch in found}


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


class Shelf:
    """The drugs and products there are, read once for many calendars."""

    def __init__(self) -> None:
        self.read: dict[tuple[UUID, date | None], tuple[ProtocolEdition, Formulary]] = {}
        self.plain: Formulary | None = None

    def laid_out(self, batch: Sequence[Course], done: Done) -> Calendar:
        """Return the calendar of a batch."""
        values, formulary = self.formulary_of(batch)
        details = details_of(batch, done, formulary)
        waits = not_decided(values, done, formulary)
        return undecided_calendar(values, details=details, open_from=waits, formulary=formulary)

    def formulary_of(self, batch: Sequence[Course]) -> tuple[ProtocolEdition, Formulary]:
        """Return an edition's values with its formulary; only a combination asks for more than the drugs."""
        row = batch[0].protocol_edition
        values = reading.protocol_values(row)
        on = min(course.start_on for course in batch) if values.parts else None
        if (row.uid, on) not in self.read:
            self.read[row.uid, on] = values, self.formulary(values, on)
        return self.read[row.uid, on]

    def formulary(self, values: ProtocolEdition, on: date | None) -> Formulary:
        """Return a formulary that holds this edition."""
        if values.parts or self.plain is None:
            made = formulary_with(values, on=on)
            self.plain = self.plain or made
            return made
        return replace(self.plain, editions={values.key: values})
