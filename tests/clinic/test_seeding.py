"""The synthetic clinic: every state, the same children for the same seed, never among real ones."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from copy import deepcopy
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import TestCase

from clinic import models
from clinic.chains import digest_of
from clinic.children import lookalikes
from clinic.management.commands.seed_clinic import moment_of
from clinic.review import plan_of, review_enrolment
from clinic.seeding.people import TWIN_NUMBER, person
from clinic.seeding.place import HARBOUR, LAKESIDE, open_place
from clinic.seeding.seed import fill, story_of, write, write_batch
from clinic.seeding.states import STATES
from clinic.seeding.waiting import GONE_ADDRESS
from devstack.surroundings import APP, postgres_url
from protocols.models import ProtocolEdition
from tests.factories import protocols as library
from tests.factories.clinic import PatientFactory

AS_OF = dt.date(2027, 1, 4)


def seed(**options: object) -> str:
    said = StringIO()
    call_command("seed_clinic", as_of=AS_OF, stdout=said, **{"children": len(STATES), **options})
    return said.getvalue()


def child(state: str) -> models.Enrolment:
    """The first child in a state: the seed invents one of each before it repeats."""
    number = str(900001 + [name for name, *_ in STATES].index(state))
    return models.Enrolment.objects.get(patient__identifiers__value=number, clinic__key="lakeside")


def open_rules(state: str) -> set[str]:
    return set(child(state).escalations.open().values_list("rule", flat=True))


# What differs between two writings of the same plan: keys, and ids given at random.
IDS = {"id", "uid", "enrolment_id", "patient_id", "referral_id", "escalation_id"}


def written(clinic: models.Clinic) -> dict[str, list[str]]:
    """Everything that plans wrote about the children of a clinic, to be compared."""
    whose: dict[Any, str] = {
        models.Check: "enrolment",
        models.ResponseAssessment: "enrolment",
        models.Escalation: "enrolment",
        models.Referral: "enrolment",
        models.ReferralReason: "referral__enrolment",
    }
    found = {}
    for table, path in whose.items():
        names = [field.attname for field in table._meta.concrete_fields if field.attname not in IDS]
        columns = ["course__uid" if name == "course_id" else name for name in names]
        rows = table.objects.filter(**{f"{path}__clinic": clinic})
        found[table.__name__] = sorted(map(str, rows.values_list(f"{path}__patient__uid", *columns)))
    news = models.TimelineEntry.objects.filter(clinic=clinic)
    settled = {"done", "waived", "cancelled"}  # the seed does not tell of checks settled in the invented past
    found["news"] = sorted(
        f"{entry.kind} {entry.data}"
        for entry in news
        if not (entry.kind == "check-opened" and entry.data["state"] in settled)
    )
    children = models.Enrolment.objects.filter(clinic=clinic)
    found["reviewed"] = sorted(
        map(str, children.values_list("patient__uid", "plan_digest", "next_review_on", "plan_reviewed_at"))
    )
    return found


class TestSeededClinic(TestCase):
    """One seed for all: inventing a clinic takes a while."""

    @classmethod
    def setUpTestData(cls) -> None:
        library.load_library()
        seed()

    def test_every_state_is_there_and_its_plan_says_so(self) -> None:
        assert open_rules("diagnosed-without-course") == {"E00"}
        assert "E01" in open_rules("eeg-overdue")
        assert "E02" in open_rules("non-responder")
        assert {"E02", "E03"} <= open_rules("next-therapy-late")
        assert "E04" in open_rules("two-mechanisms-failed")
        assert {"E02", "E05"} <= open_rules("lesion-failed")
        assert "E06" in open_rules("metabolic-review")
        assert open_rules("relapse") == {"E07"}
        assert "E09" in open_rules("pressure-gap")
        assert child("referral-sent").referrals.get().state == "sent"
        question = child("second-week-undecided").checks.get(observes="dose-decision")
        assert (question.state, question.due_on) == ("due", AS_OF)
        assert "E10" in open_rules("vision-overdue")
        assert open_rules("responder") == set()

    def test_the_day_of_the_verdict_is_a_due_eeg(self) -> None:
        eeg = child("verdict-due").checks.get(code="EEG14")

        assert (eeg.state, eeg.due_on) == ("due", AS_OF)

    def test_a_child_of_each_end_has_left_the_books(self) -> None:
        for state in ("transferred", "withdrawn", "deceased", "completed"):
            assert child(state).state == state
        assert child("contact-lost").state == "lost"

    def test_seeding_twice_invents_nobody_new(self) -> None:
        before = set(models.Patient.objects.values_list("uid", flat=True))

        said = seed()

        assert set(models.Patient.objects.values_list("uid", flat=True)) == before
        assert "0 children invented" in said

    def test_something_of_each_kind_waits_for_somebody(self) -> None:
        here = models.Clinic.objects.get(key="lakeside")
        twin = models.Patient.objects.get(identifiers__value=TWIN_NUMBER)
        draft = models.Course.objects.get(enrolment__clinic=here, status="draft")
        newer = ProtocolEdition.objects.get(state="in_force", protocol__key="vigabatrin-ukiss")
        on_the_older = models.Course.objects.running().filter(protocol_edition__protocol=newer.protocol)

        assert set(lookalikes(twin, actor=draft.created_by)) == {child("tapering").patient}
        assert draft.enrolment == child("diagnosed")
        assert here.work_items.get(kind="calendar_check").subject_uid == draft.uid
        assert models.EnrolmentStep.objects.get(other_clinic=here).enrolment.clinic.key == "harbour"
        assert on_the_older.exclude(protocol_edition=newer).exists()
        assert models.Contact.objects.get(email=GONE_ADDRESS).confirmed_at is not None

    def test_nobody_is_written_to_about_the_invented_past(self) -> None:
        clinic = models.Clinic.objects.get(key="lakeside")

        waiting = models.TimelineEntry.objects.filter(relayed_at=None, clinic=clinic)

        assert {clinic.local_date(entry.at) for entry in waiting} <= {AS_OF}

    def test_a_plan_from_rows_at_hand_is_the_plan_from_rows_read_back(self) -> None:
        for row in models.Enrolment.objects.filter(clinic__key="lakeside"):
            assert digest_of(plan_of(row, now=moment_of(AS_OF))) == row.plan_digest

    def test_plans_written_in_bulk_are_those_a_review_writes_one_by_one(self) -> None:
        columns = {**HARBOUR, "mrn_system": "urn:oid:2.999.30"}
        place = open_place("third", columns, now=moment_of(AS_OF), prefix="third-")
        stories = [story_of(number, place=place, today=AS_OF, seed_number=1) for number in range(len(STATES))]
        for story in stories:
            story.afterwards = None  # people's steps bring ids of their own
        same = deepcopy(stories)

        with transaction.atomic():
            fill(stories, place=place)
            in_bulk = written(place.clinic)
            transaction.set_rollback(True)
        write(same)
        for story in same:
            review_enrolment(enrolment=story.enrolment, by=place.nurse, now=place.now)

        assert written(place.clinic) == in_bulk
        assert all(in_bulk.values())

    def test_invented_children_are_refused_among_real_ones(self) -> None:
        real = PatientFactory(is_synthetic=False)
        models.Enrolment.objects.filter(pk=child("completed").pk).update(patient=real)

        with pytest.raises(CommandError, match="not invented"):
            seed(children=100)


IN_SMALL_BATCHES = """
import django
django.setup()
from django.core.management import call_command
from clinic.seeding import seed
seed.BATCH = 3
call_command("seed_clinic", "--children", "8", "--processes", "2", "--as-of", "2027-01-04")
"""


@pytest.mark.django_db(transaction=True)
def test_several_processes_invent_the_same_children_and_fill_a_gap() -> None:
    library.load_library()
    place = open_place("lakeside", LAKESIDE, now=moment_of(AS_OF))
    wanted = {story_of(n, place=place, today=AS_OF, seed_number=1).patient.uid for n in range(8)}
    write_batch([4, 5], place=place, today=AS_OF, seed_number=1)

    # A process of its own, as at a shell: it forks, and this one has the threads and lines of other tests.
    ours = connection.settings_dict
    there = postgres_url(Path(ours["HOST"]), APP, database=ours["NAME"])
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", IN_SMALL_BATCHES],
        env={**os.environ, "DATABASE_URL": there, "DATABASE_ROLE": "app"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert ran.returncode == 0, ran.stderr
    children = models.Enrolment.objects.filter(clinic=place.clinic)
    assert set(children.values_list("patient__uid", flat=True)) == wanted
    assert not children.filter(plan_reviewed_at=None).exists()


def test_the_same_seed_invents_the_same_children_and_another_seed_others() -> None:
    assert person(3, Random("1/3")) == person(3, Random("1/3"))
    some, others = ([person(n, Random(f"{seed}/{n}")) for n in range(20)] for seed in (1, 2))
    assert some != others
