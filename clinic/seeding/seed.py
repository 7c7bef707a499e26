"""A synthetic clinic, the same for the same seed: rows in bulk, plans written by the review itself."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from itertools import islice
from multiprocessing import get_context
from random import Random
from typing import TYPE_CHECKING, Any

from django.db import connections, transaction

from clinic import models
from clinic.chains import digest_of
from clinic.facts import facts_told
from clinic.manyrows import copy_in, rewrite
from clinic.pen import Pen
from clinic.planwriting import write_plans
from clinic.review import REVIEWED, note, settle, workdays_of
from clinic.seeding.people import person
from clinic.seeding.states import STATES
from clinic.seeding.story import Story
from clinic.standing import Standing
from clinic.timeline import Kind, entry_for, kind_of
from protocols.engine.review import review
from protocols.reading import pathway_values
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from clinic.seeding.place import Place
    from protocols.engine.plan import Plan

BATCH = 250
FIRST_RECORD_NUMBER = 900_001
SENT = ("state", "sent_on", "sent_to", "ordered_by_name", "changed_at", "changed_by")
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
    *,
    place: Place,
    children: int,
    today: dt.date,
    seed_number: int,
    tell: Callable[[int], None],
    processes: int = 1,
) -> Seeded:
    """Fill a synthetic clinic up to a number of children; `tell` hears of each batch. Twice is once.

    A child's story hangs on its number alone, so any number of `processes` invents the same children.
    Raises NotSynthetic for a clinic with real children.
    """
    refuse_a_real_clinic(place.clinic)
    already = models.Enrolment.objects.filter(clinic=place.clinic).count()
    numbers = missing(place.clinic, children)
    batches = [numbers[first : first + BATCH] for first in range(0, len(numbers), BATCH)]
    invent = partial(write_batch, place=place, today=today, seed_number=seed_number)
    if processes == 1 or len(batches) <= 1:
        for batch in batches:
            tell(invent(batch))
    else:
        connections.close_all()  # a forked process opens its own
        with get_context("fork").Pool(processes) as pool:
            for done in pool.imap_unordered(invent, batches):
                tell(done)
    return Seeded(children=len(numbers), already=already)


def missing(clinic: models.Clinic, children: int) -> list[int]:
    """Return the numbers below `children` that nobody has yet: also those in a gap a stopped seed left."""
    known = models.PatientIdentifier.objects.filter(system=clinic.mrn_system)
    taken = set(known.values_list("value", flat=True))
    return [number for number in range(children) if record_number(number) not in taken]


def record_number(number: int) -> str:
    """Return the record number of the child with a number."""
    return str(FIRST_RECORD_NUMBER + number)


def write_batch(numbers: Sequence[int], *, place: Place, today: dt.date, seed_number: int) -> int:
    """Invent some children and write them; return how many."""
    fill(
        [story_of(number, place=place, today=today, seed_number=seed_number) for number in numbers],
        place=place,
    )
    return len(numbers)


@transaction.atomic
def fill(stories: Sequence[Story], *, place: Place) -> None:
    """Write some stories with their plans, and what people did about the referrals these asked for."""
    plans = plans_of(stories, place=place)
    write(stories)
    pen = Pen()
    standing = {
        story.enrolment.pk: Standing(courses={str(row.uid): row.pk for row in story.courses.values()})
        for story in stories
    }
    write_plans(plans, standing=standing, by=place.nurse, now=place.now, pen=pen, past=True)
    pen.put_down()
    referrals = {row.enrolment_id: row for row in pen.new[models.Referral]}
    act([story for story in stories if story.afterwards is not None], referrals, place=place)


def act(stories: Sequence[Story], referrals: Mapping[int, models.Referral], *, place: Place) -> None:
    """Let people act on the referrals of some children, and write what their plans say then."""
    by, now = place.neurologist, place.now
    steps: list[Any] = []
    told_of: list[models.TimelineEntry] = []
    for story in stories:
        before, referral = len(story.rows), referrals[story.enrolment.pk]
        if story.afterwards is not None:
            story.afterwards(story, referral)
        for step in story.rows[before:]:
            kind, data = Kind.REFERRAL_STEPPED, {"step": step.kind}
            told_of.append(
                entry_for(kind, about=referral, enrolment=story.enrolment, by=by, now=now, data=data)
            )
            steps.append(step)
    copy_in(steps)
    copy_in(told_of)
    changed = [referrals[story.enrolment.pk] for story in stories]
    rewrite(changed, SENT)
    settle(planned(stories, place=place), by=by, now=now)
    rewrite([story.enrolment for story in stories], REVIEWED)


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
            patient=story.patient, system=place.clinic.mrn_system, value=record_number(number),
            assigner=place.clinic, **stamp,
        ),
        *(
            models.CareTeamMember(patient=story.patient, clinic=place.clinic, contact=who, role=role, **stamp)
            for who, role in team
        ),
    ]  # fmt: skip


def write(stories: Sequence[Story]) -> None:
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
    """Return the plan of each new child, and note it on the enrolment that is not yet written."""
    plans = planned(stories, place=place)
    for enrolment, plan in plans:
        note(enrolment, plan, digest=digest_of(plan), now=place.now)
    return plans


def planned(stories: Sequence[Story], *, place: Place) -> list[tuple[models.Enrolment, Plan]]:
    """Return the plan of each child, as the sweep would find it, from the rows at hand."""
    pathway, workdays = pathway_values(place.pathway), workdays_of(place.clinic)
    today = place.clinic.local_date(place.now)
    plans = []
    for story in stories:
        rows = [row for row in story.rows if isinstance(row, models.Fact)]
        known = facts_told(story.enrolment, rows=rows, condition=story.condition)
        plans.append((story.enrolment, review(pathway, known, today, workdays)))
    return plans
