"""What the database itself keeps: facts that never change, single things single, a name behind each write."""

from __future__ import annotations

import pytest
from django.db import Error, IntegrityError, connection, transaction

from clinic import models
from tests.factories import clinic as make

pytestmark = pytest.mark.django_db

FACTS = sorted(
    (model for model in models.Fact.__subclasses__() if not model._meta.abstract), key=lambda m: m.__name__
)
ALL_FACTS = [*FACTS, *models.CourseFact.__subclasses__()]


def refused(sql: str, *params: int) -> str:
    with pytest.raises(Error) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
    return str(error.value)


@pytest.mark.parametrize("model", ALL_FACTS, ids=lambda model: model.__name__)
def test_the_running_role_may_only_read_and_add_facts(model: type[models.Fact]) -> None:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p, has_table_privilege('ispath_app', %s, p)"
            " FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) p",
            [table],
        )
        found = dict(cursor.fetchall())

    assert found == {"SELECT": True, "INSERT": True, "UPDATE": False, "DELETE": False, "TRUNCATE": False}


@pytest.mark.parametrize("model", ALL_FACTS, ids=lambda model: model.__name__)
def test_every_fact_table_carries_the_trigger(model: type[models.Fact]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger"
            " WHERE tgrelid = %s::regclass AND tgname LIKE 'pgtrigger_append_only%%'",
            [model._meta.db_table],
        )
        assert cursor.fetchone() == (1,)


def test_a_fact_is_not_changed_by_the_running_role() -> None:
    reading = make.BloodPressureFactory()

    assert "permission denied" in refused(
        "UPDATE clinic_bloodpressure SET systolic = 80 WHERE id = %s", reading.pk
    )
    assert "permission denied" in refused("DELETE FROM clinic_bloodpressure WHERE id = %s", reading.pk)


@pytest.mark.usefixtures("as_owner")
def test_a_fact_is_not_changed_by_the_owner_either() -> None:
    reading = make.BloodPressureFactory()

    assert "append-only" in refused("UPDATE clinic_bloodpressure SET systolic = 80 WHERE id = %s", reading.pk)
    assert "append-only" in refused("DELETE FROM clinic_bloodpressure WHERE id = %s", reading.pk)


@pytest.mark.usefixtures("as_owner")
def test_only_the_owner_who_says_erasing_may_remove_a_fact() -> None:
    reading = make.BloodPressureFactory()

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ispath.erasing = 'yes'")
        cursor.execute("DELETE FROM clinic_bloodpressure WHERE id = %s", [reading.pk])
        cursor.execute("SET LOCAL ispath.erasing = 'no'")

    assert not models.BloodPressure.objects.exists()


def test_a_timeline_entry_is_relayed_once_and_otherwise_never_changed() -> None:
    entry = make.TimelineEntryFactory()
    entry.relayed_at = make.NOW
    entry.save(update_fields=["relayed_at"])

    assert "append-only" in refused(
        "UPDATE clinic_timelineentry SET relayed_at = NULL WHERE id = %s", entry.pk
    )
    assert "permission denied" in refused(
        "UPDATE clinic_timelineentry SET kind = 'x' WHERE id = %s", entry.pk
    )


def test_a_timeline_entry_knows_the_transaction_that_wrote_it() -> None:
    entry = make.TimelineEntryFactory()

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        assert cursor.fetchone() == (models.TimelineEntry.objects.get(pk=entry.pk).txid,)


def test_a_fact_is_corrected_once() -> None:
    reading = make.BloodPressureFactory()
    make.BloodPressureFactory(patient=reading.patient, corrects=reading)

    with pytest.raises(IntegrityError, match="corrects"), transaction.atomic():
        make.BloodPressureFactory(patient=reading.patient, corrects=reading)


def test_a_write_without_an_actor_is_refused_by_the_database() -> None:
    with pytest.raises(IntegrityError, match="recorded_by"), transaction.atomic():
        make.BloodPressureFactory(recorded_by=None)
    with pytest.raises(IntegrityError, match="created_by"), transaction.atomic():
        make.PatientFactory(created_by=None, changed_by=make.ActorFactory())


def test_an_actor_is_exactly_what_its_kind_says() -> None:
    with pytest.raises(IntegrityError, match="actor_is_exactly_what_its_kind_says"), transaction.atomic():
        models.Actor.objects.create(kind="user", name="nobody")


def test_a_record_number_belongs_to_one_child_per_authority() -> None:
    make.PatientIdentifierFactory(system="urn:a", value="1")
    make.PatientIdentifierFactory(system="urn:b", value="1")

    with pytest.raises(IntegrityError, match="one_child_per_authority"), transaction.atomic():
        make.PatientIdentifierFactory(system="urn:a", value="1")


def test_a_child_has_one_open_referral_and_one_open_enrolment() -> None:
    referral = make.ReferralFactory()

    with pytest.raises(IntegrityError, match="child_has_one_open_referral"), transaction.atomic():
        make.ReferralFactory(enrolment=referral.enrolment)
    with pytest.raises(IntegrityError, match="child_has_one_open_enrolment"), transaction.atomic():
        make.EnrolmentFactory(patient=referral.patient)


def test_a_child_has_one_running_course_per_drug() -> None:
    course = make.CourseFactory()

    with pytest.raises(IntegrityError, match="one_running_course_per_drug"), transaction.atomic():
        make.CourseFactory(enrolment=course.enrolment, status="held")


def test_each_change_of_a_record_counts_its_version() -> None:
    patient = make.PatientFactory()
    patient.given_names = "Berta"
    patient.save()
    patient.save()

    patient.refresh_from_db()
    assert patient.version == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(version ORDER BY pgh_id) FROM clinic_patientevent")
        assert cursor.fetchone() == ([1, 2],)
