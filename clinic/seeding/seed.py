"""A synthetic clinic, the same for the same seed: rows in bulk, plans written by the review itself."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import TYPE_CHECKING, Any

from django.db import transaction

from clinic import models
from clinic.chains import digest_of
from clinic.facts import facts_told
from clinic.pen import Pen
from clinic.planwriting import write_plans
from clinic.review import note, workdays_of
from clinic.seeding.copying import copy_in
from clinic.seeding.people import person
from clinic.seeding.states import STATES
from clinic.seeding.story import Story
from clinic.standing import Standing
from clinic.timeline import Kind, entry_for, kind_of
from protocols.engine.review import review
from protocols.reading import pathway_values
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from clinic.seeding.place import Place
    from protocols.engine.plan import Plan

BATCH = 250
# Parents before what points to them; whatever is not named comes last.
ORDER: tuple[type[Any], ...] = (models.Patient, models.PatientIdentifier, models.Enrolment, models.Course)


class NotSynthetic(Refusal):
    """Invented children are never mixed with real ones."""

    code = "clinic-is-real"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeded:
    """What the seed wrote."""

    children: int
    already: int


def seed(
    *, place: Place, children: int, today: dt.date, seed_number: int, tell: Callable[[int], None]
) -> Seeded:
    """Fill a synthetic clinic up to a number of children; `tell` hears of each batch. Twice is once.

    Raises NotSynthetic for a clinic with real children.
    """
    refuse_a_real_clinic(place.clinic)
    already = models.Enrolment.objects.filter(clinic=place.clinic).count()
    numbers = iter(range(already, children))
    while batch := list(islice(numbers, BATCH)):
        stories = [story_of(number, place=place, today=today, seed_number=seed_number) for number in batch]
        fill(stories, place=place)
        tell(len(batch))
    return Seeded(children=max(children - already, 0), already=already)


@transaction.atomic
def fill(stories: list[Story], *, place: Place) -> None:
    """Write some stories with their plans, and what people did about these."""
    plans = plans_of(stories, place=place)
    write(stories)
    pen = Pen(copy_plan)
    standing = {enrolment.pk: Standing() for enrolment, _ in plans}
    write_plans(plans, standing=standing, by=place.nurse, now=place.now, pen=pen)
    pen.put_down()
    for story in stories:
        for act in story.afterwards:
            act(story)


def refuse_a_real_clinic(clinic: models.Clinic) -> None:
    """Refuse to write invented children among real ones."""
    if models.Patient.objects.filter(enrolments__clinic=clinic, is_synthetic=False).exists():
        raise NotSynthetic(
            f"{clinic.name} has children who were not invented. Nothing was written. "
            "Seed a database of its own: set DATABASE_URL to an empty one."
        )


def states() -> Iterator[int]:
    """Which state each child is in: every state once, then by how common it is."""
    yield from range(len(STATES))
    spread = [index for index, (_, _, share, _) in enumerate(STATES) for _ in range(share)]
    while True:
        yield from spread


def story_of(number: int, *, place: Place, today: dt.date, seed_number: int) -> Story:
    """Return the story of a child by its number; the same number and seed tell the same story."""
    chance = Random(f"{seed_number}/{place.clinic.key}/{number}")  # noqa: S311  invented, not secret
    _, now_t, _, happen = STATES[nth_state(number)]
    start = today - dt.timedelta(days=now_t)
    story = enrolled(number, place=place, chance=chance, today=today, start=start)
    happen(story)
    return story


def nth_state(number: int) -> int:
    """The state of the child with a number."""
    if number < len(STATES):
        return number
    total = sum(share for _, _, share, _ in STATES)
    return next(islice(states(), len(STATES) + (number - len(STATES)) % total, None))


def enrolled(number: int, *, place: Place, chance: Random, today: dt.date, start: dt.date) -> Story:
    """Return a story that so far says who the child is and who cares for it."""
    who = person(number, chance)
    born = start - dt.timedelta(days=chance.randint(110, 300))
    enrolled_on = start - dt.timedelta(days=1)
    patient = models.Patient(
        uid=uuid.UUID(int=chance.getrandbits(128), version=4),
        family_name=who.family_name, given_names=who.given_names, birth_date=born, sex=who.sex,
        gestation_weeks=chance.choice((None, 36, 39, 40)), language=who.language,
        needs_interpreter=who.needs_interpreter, is_synthetic=True,
    )  # fmt: skip
    enrolment = models.Enrolment(
        uid=uuid.UUID(int=chance.getrandbits(128), version=4),
        patient=patient, clinic=place.clinic, pathway_edition=place.pathway, enrolled_on=enrolled_on,
    )  # fmt: skip
    story = Story(place=place, patient=patient, enrolment=enrolment, chance=chance, today=today, start=start)
    for row in (patient, enrolment):
        for name, value in story.stamp(enrolled_on).items():
            setattr(row, name, value)
    story.rows += [patient, enrolment, *around(story, number, on=enrolled_on)]
    story.fact_on(models.EnrolmentStep, enrolled_on, enrolment=enrolment, kind="enrolled")
    return story


def around(story: Story, number: int, *, on: dt.date) -> list[Any]:
    """Return the record number and the care team of a child."""
    place, stamp = story.place, story.stamp(on)
    team = (
        (place.pediatricians[number % len(place.pediatricians)], "pediatrician"),
        (place.neurology, "neurologist"),
        (place.eyes, "ophthalmology"),
    )
    return [
        models.PatientIdentifier(
            patient=story.patient, system=place.clinic.mrn_system, value=str(900001 + number),
            assigner=place.clinic, **stamp,
        ),
        *(
            models.CareTeamMember(patient=story.patient, clinic=place.clinic, contact=who, role=role, **stamp)
            for who, role in team
        ),
    ]  # fmt: skip


def write(stories: list[Story]) -> None:
    """Write the rows of some stories, each table at once, and what the timeline tells of them."""
    tables: dict[type[Any], list[Any]] = defaultdict(list)
    entries = []
    for story in stories:
        for row in story.rows:
            tables[type(row)].append(row)
        entries += told(story)
    for table in (*ORDER, *(table for table in tables if table not in ORDER)):
        copy_in(tables[table], wants_keys=table in ORDER)
    copy_in(entries)


def told(story: Story) -> list[models.TimelineEntry]:
    """Return the timeline entries of a story's facts, already relayed: no letters about the past."""
    entries = []
    for row in story.rows:
        if not isinstance(row, models.Fact):
            continue
        kind = KINDS.get(kind_of(row), Kind.FACT_RECORDED)
        entry = entry_for(
            kind, about=row, enrolment=story.enrolment, by=story.place.nurse, now=row.recorded_at
        )
        entry.patient = story.patient
        entry.relayed_at = row.recorded_at
        entries.append(entry)
    return entries


KINDS = {
    "coursestart": Kind.COURSE_STARTED,
    "coursestop": Kind.COURSE_STOPPED,
    "dosedecision": Kind.DOSE_DECIDED,
    "contactattempt": Kind.CALLED,
    "referralstep": Kind.REFERRAL_STEPPED,
}


def plans_of(stories: Sequence[Story], *, place: Place) -> list[tuple[models.Enrolment, Plan]]:
    """Return the plan of each child, as the sweep would find it, from rows that are not yet written."""
    pathway, workdays = pathway_values(place.pathway), workdays_of(place.clinic)
    today = place.clinic.local_date(place.now)
    plans = []
    for story in stories:
        rows = [row for row in story.rows if isinstance(row, models.Fact)]
        known = facts_told(story.enrolment, rows=rows, condition=story.condition)
        plan = review(pathway, known, today, workdays)
        note(story.enrolment, plan, digest=digest_of(plan), now=place.now)
        plans.append((story.enrolment, plan))
    return plans


def copy_plan(rows: Sequence[Any]) -> None:
    """Write rows of plans. News of checks that were settled before the clinic was invented is nobody's."""
    worth = [row for row in rows if not isinstance(row, models.TimelineEntry) or is_news(row)]
    copy_in(worth, wants_keys=type(rows[0]) in {models.Escalation, models.Referral})


def is_news(entry: models.TimelineEntry) -> bool:
    """Whether an entry tells of something that is still open, or of more than a check."""
    return entry.kind != Kind.CHECK_OPENED or entry.data["state"] in models.Check.OPEN_STATES
