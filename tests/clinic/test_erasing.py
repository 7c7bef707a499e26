"""Lawful erasure: nothing about the child is left in any table, nothing of another child is touched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import Error, connection, transaction
from django.test import TestCase

from clinic import models
from clinic.actors import operator_actor
from clinic.erasing import (
    ErasedThroughTheOther,
    NoReason,
    StillTreated,
    digest_of,
    erase_child,
    rows_about,
    was_erased,
)
from clinic.seeding.states import STATES
from notifications.models import Delivery
from notifications.relay import relay
from tests.conftest import owner_role
from tests.factories import clinic as make
from tests.factories import protocols as library

AS_OF = dt.date(2027, 1, 4)
NOW = dt.datetime(2027, 1, 4, 16, tzinfo=dt.UTC)
WHY = "Request of 3 January 2027, on paper"


def erase(patient: models.Patient, because: str = WHY) -> models.Erasure:
    with owner_role():
        return erase_child(patient=patient, because=because, by=operator_actor(), now=NOW)


def tables() -> Iterator[str]:
    with connection.cursor() as cursor:
        yield from sorted(connection.introspection.table_names(cursor))


def tables_that_hold(*words: str) -> set[str]:
    """Every table with one of the words in any column of any row."""
    found = set()
    with owner_role(), connection.cursor() as cursor:
        for table in tables():
            cursor.execute(
                f'SELECT EXISTS (SELECT FROM "{table}" t WHERE t::text ~ %s)',  # noqa: S608  our own tables
                ["|".join(words)],
            )
            if cursor.fetchone() == (True,):
                found.add(table)
    return found


class TestErasure(TestCase):
    """One seed for all: inventing a clinic takes a while."""

    enrolment: models.Enrolment

    @classmethod
    def setUpTestData(cls) -> None:
        library.load_library()
        call_command("seed_clinic", children=len(STATES), as_of=AS_OF, stdout=StringIO())
        relay(now=NOW)
        # the child with the most behind it; its enrolment has ended
        number = str(900001 + [name for name, *_ in STATES].index("two-mechanisms-failed"))
        cls.enrolment = models.Enrolment.objects.get(
            patient__identifiers__value=number, clinic__key="lakeside"
        )
        cls.enrolment.state, cls.enrolment.ended_at = models.Enrolment.State.WITHDRAWN, NOW
        cls.enrolment.ended_by = operator_actor()
        cls.enrolment.save()

    def test_no_table_holds_the_child_any_more_and_a_tombstone_stays(self) -> None:
        patient = self.enrolment.patient
        mother = make.ContactFactory.create(name="Mother Canary", email="canary@demo.example")
        make.CareTeamMemberFactory.create(patient=patient, contact=mother, role="family")
        name, uid = patient.family_name, str(patient.uid)
        assert Delivery.objects.filter(enrolment=self.enrolment).exists()
        assert {"clinic_patient", "clinic_patientevent", "clinic_contact"} <= tables_that_hold(name, "Canary")

        erasure = erase(patient)

        assert tables_that_hold(name, "Canary", "canary@", str(self.enrolment.uid)) <= {"clinic_erasure"}
        assert tables_that_hold(uid) == {"clinic_erasure", "clinic_timelineentry"}
        assert erasure.counts["clinic_patient"] == 1
        assert erasure.counts["notifications_delivery"] > 0
        assert patient.uid in erasure.uids
        assert erasure.because == WHY

    def test_nothing_of_another_child_is_touched(self) -> None:
        others = models.Patient.objects.exclude(pk=self.enrolment.patient_id).order_by("pk")
        before = {other.uid: digest_of(rows_about(other)) for other in others}

        erase(self.enrolment.patient)

        assert {other.uid: digest_of(rows_about(other)) for other in others} == before

    def test_the_digest_is_of_the_rows_as_they_stood(self) -> None:
        before = digest_of(rows_about(self.enrolment.patient))

        assert erase(self.enrolment.patient).digest == before

    def test_what_is_erased_is_told_once_to_each_clinic_and_to_no_other(self) -> None:
        mine = models.Membership.objects.filter(clinic=self.enrolment.clinic)[0].actor
        stranger = make.ActorFactory.create(user=make.UserFactory.create(username="stranger@demo.example"))
        uid = self.enrolment.uid

        erasure = erase(self.enrolment.patient)

        (entry,) = models.TimelineEntry.objects.filter(kind="child-erased")
        assert (entry.clinic, entry.patient, entry.subject_uid) == (
            self.enrolment.clinic,
            None,
            erasure.child_uid,
        )
        assert was_erased(uid, actor=mine)
        assert not was_erased(uid, actor=stranger)

    def test_a_child_on_the_books_is_not_erased(self) -> None:
        enrolment = models.Enrolment.objects.open().first()
        assert enrolment is not None

        with pytest.raises(StillTreated, match="End the enrolment first"):
            erase(enrolment.patient)

    def test_a_merged_record_goes_with_the_one_that_stayed(self) -> None:
        merged = make.PatientFactory.create(replaced_by=self.enrolment.patient, family_name="Canary")

        with pytest.raises(ErasedThroughTheOther, match=str(self.enrolment.patient.uid)):
            erase(merged)
        erase(self.enrolment.patient)

        assert not models.Patient.objects.filter(uid=merged.uid).exists()
        assert "Canary" not in tables_that_hold("Canary")

    def test_an_erasure_without_a_reason_is_refused(self) -> None:
        with pytest.raises(NoReason):
            erase(self.enrolment.patient, because=" ")

    def test_the_running_role_cannot_erase_and_nothing_is_half_gone(self) -> None:
        before = digest_of(rows_about(self.enrolment.patient))

        with pytest.raises(Error, match="must be owner"), transaction.atomic():
            erase_child(patient=self.enrolment.patient, because=WHY, by=operator_actor(), now=NOW)

        assert digest_of(rows_about(self.enrolment.patient)) == before

    def test_the_command_first_only_says_what_would_go(self) -> None:
        uid, said = str(self.enrolment.patient.uid), StringIO()
        call_command("erase_child", uid, because=WHY, stdout=said)

        assert "Nothing was erased" in said.getvalue()
        assert models.Patient.objects.filter(uid=uid).exists()
        with pytest.raises(CommandError, match="DATABASE_OWNER_URL"), transaction.atomic():
            call_command("erase_child", uid, because=WHY, yes=True)
        with owner_role():
            call_command("erase_child", uid, because=WHY, yes=True, stdout=said)
        assert "Tombstone" in said.getvalue()
        with pytest.raises(CommandError, match="no child with the id"):
            call_command("erase_child", uid, because=WHY)
