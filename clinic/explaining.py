"""Why is this due, why was this raised: the chain behind a row, as data to replay and in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from clinic import calendars, coursedetails, facts
from clinic.factwords import WORDS
from clinic.models import Check, CourseStart, Enrolment, Escalation, Fact, ResponseAssessment
from clinic.review import workdays_of
from protocols import reading
from protocols.engine.as_data import to_data
from protocols.engine.explain import Subject, explain
from protocols.engine.explain_dose import dose_chain_as_data, dose_in_words, explain_dose
from protocols.engine.review import review
from protocols.engine.telling import in_words
from protocols.in_force import formulary_with
from protocols.reading import pathway_values

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from clinic.models import Course
    from protocols.engine.explain import Chain
    from protocols.engine.explain_dose import DoseChain
    from protocols.engine.plan import Plan

Explained = Check | Escalation | ResponseAssessment


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The chain as data, from which the same answer follows again, and as a paragraph."""

    chain: dict[str, Any]
    paragraph: str


def explain_row(row: Explained, *, as_of: date) -> Explanation:
    """Explain a check, a verdict or an escalation as it follows from what was known on a day.

    Raises NothingToExplain where the plan of that day does not hold it.
    """
    chain = chain_behind(row, as_of=as_of)
    data: dict[str, Any] = to_data(chain)
    return Explanation(chain=data, paragraph=in_words(chain))


def chain_behind(row: Explained, *, as_of: date) -> Chain:
    """Return the chain behind a row."""
    enrolment = (
        Enrolment.objects.filter(pk=row.enrolment_id)
        .select_related("patient", "clinic", "pathway_edition__pathway")
        .get()
    )
    subject, key = named(row)
    return explain(
        pathway_values(enrolment.pathway_edition),
        facts.facts_of(enrolment),
        as_of,
        subject,
        key,
        workdays=workdays_of(enrolment.clinic),
        zone=enrolment.clinic.zone,
    )


def named(row: Explained) -> tuple[Subject, str]:
    """Return under which name the engine knows a row."""
    match row:
        case Check():
            return Subject.CHECK, row.key
        case Escalation():
            return Subject.ESCALATION, f"{row.rule} {row.cause}"
        case ResponseAssessment():
            return Subject.VERDICT, ""


def explain_dose_of(course: Course, *, on: date) -> Explanation:
    """Explain what is given on a day of a course, with all courses that one decision started.

    Raises NothingToExplain for a day outside the course.
    """
    chain = dose_chain_of(course, on=on)
    return Explanation(chain=dose_chain_as_data(chain), paragraph=dose_in_words(chain))


def dose_chain_of(course: Course, *, on: date) -> DoseChain:
    """Return the chain behind the dose of a day."""
    batch = calendars.batch_of(course)
    done = calendars.done_with(batch)
    values = reading.protocol_values(calendars.edition_on(batch, done, on=on))
    formulary = formulary_with(values, on=min(each.start_on for each in batch))
    starts = CourseStart.objects.filter(course__in=batch, entered_in_error=False, corrected_by_row=None)
    said = (*starts.order_by("pk"), *done.changes, *done.decisions, *done.holds, *done.ends)
    return explain_dose(
        on,
        edition=values,
        details=coursedetails.details_of(batch, done, formulary),
        formulary=formulary,
        open_from=calendars.not_decided(values, done, formulary),
        facts=tuple(facts.id_of(row) for row in said),
        sources=reading.sources(),
        zone=course.enrolment.clinic.zone,
    )


def plan_on(enrolment: Enrolment, *, day: date) -> Plan:
    """Return the plan of a past day from what was known by its end; nothing is written."""
    return review(
        pathway_values(enrolment.pathway_edition),
        facts.facts_of(enrolment),
        day,
        workdays_of(enrolment.clinic),
    )


def rows_behind(ids: Iterable[str]) -> dict[str, Fact]:
    """Return the rows behind fact ids such as "eeg/6f9e…", in one query for each kind."""
    wanted: dict[str, set[str]] = {}
    for each in ids:
        kind, _, rest = each.partition("/")
        wanted.setdefault(kind, set()).add(rest.partition("#")[0])
    models = {model._meta.model_name: model for model, _ in WORDS}
    found: dict[str, Fact] = {}
    for kind, uids in wanted.items():
        if kind in models:
            for row in models[kind]._default_manager.filter(uid__in=uids):
                found[facts.id_of(row)] = row
    return found
