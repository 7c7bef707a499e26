"""Rows of the clinic, one boring default each: a clinic in Chicago, one child, one plain course."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import factory
from django.contrib.auth.models import User

from clinic import models
from protocols import models as protocol_rows

NOW = dt.datetime(2027, 1, 4, 15, 0, tzinfo=dt.UTC)
TODAY = dt.date(2027, 1, 4)


class ClinicFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Clinic
        django_get_or_create = ("key",)

    key = "north"
    name = "North clinic"
    zone = "America/Chicago"
    mrn_system = "urn:oid:2.999.1"


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        django_get_or_create = ("username",)

    username = "nurse@demo.example"
    is_staff = True


class ActorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Actor
        django_get_or_create = ("user",)

    kind = "user"
    user = factory.SubFactory(UserFactory)
    name = factory.LazyAttribute(lambda actor: actor.user.username)


class RecordFactory(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True

    created_at = NOW
    created_by = factory.SubFactory(ActorFactory)
    changed_at = NOW
    changed_by = factory.SelfAttribute("created_by")


class MembershipFactory(RecordFactory):
    class Meta:
        model = models.Membership

    actor = factory.SubFactory(ActorFactory)
    clinic = factory.SubFactory(ClinicFactory)
    role = "nurse"


class PathwayEditionFactory(factory.django.DjangoModelFactory):
    """A draft without rules; tests that review a child load the library instead."""

    class Meta:
        model = protocol_rows.PathwayEdition
        django_get_or_create = ("pathway", "number")

    pathway = factory.LazyFunction(
        lambda: protocol_rows.Pathway.objects.get_or_create(key="plain", defaults={"title": "Plain"})[0]
    )
    number = "1"
    title = "Plain"
    origin = "shipped"
    loaded_at = NOW


class ProtocolEditionFactory(factory.django.DjangoModelFactory):
    """A draft without phases; tests that need a calendar load the library instead."""

    class Meta:
        model = protocol_rows.ProtocolEdition
        django_get_or_create = ("protocol", "number")

    protocol = factory.LazyFunction(
        lambda: protocol_rows.Protocol.objects.get_or_create(key="plain", defaults={"name": "Plain"})[0]
    )
    number = "1"
    name = "Plain"
    origin = "shipped"
    loaded_at = NOW


class DrugFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = protocol_rows.Drug
        django_get_or_create = ("key",)

    key = "prednisolone"
    name = "prednisolone"
    drug_class = "hormonal"
    unit = "mg"
    route = "oral"


class PatientFactory(RecordFactory):
    class Meta:
        model = models.Patient

    family_name = factory.Sequence(lambda n: f"Testinfant-{n}")
    given_names = "Aurora"
    birth_date = dt.date(2026, 6, 20)
    sex = "f"
    is_synthetic = True


class PatientIdentifierFactory(RecordFactory):
    class Meta:
        model = models.PatientIdentifier

    patient = factory.SubFactory(PatientFactory)
    system = "urn:oid:2.999.1"
    value = factory.Sequence(lambda n: str(900001 + n))


class ConditionFactory(RecordFactory):
    class Meta:
        model = models.Condition

    patient = factory.SubFactory(PatientFactory)


class ContactFactory(RecordFactory):
    class Meta:
        model = models.Contact

    clinic = factory.SubFactory(ClinicFactory)
    name = "Dr Practice"
    email = factory.Sequence(lambda n: f"practice-{n}@demo.example")
    confirmed_at = NOW
    confirmed_by = factory.SelfAttribute("created_by")


class CareTeamMemberFactory(RecordFactory):
    class Meta:
        model = models.CareTeamMember

    clinic = factory.SubFactory(ClinicFactory)
    patient = factory.SubFactory(PatientFactory)
    contact = factory.SubFactory(ContactFactory)
    role = "pediatrician"


class EnrolmentFactory(RecordFactory):
    class Meta:
        model = models.Enrolment

    patient = factory.SubFactory(PatientFactory)
    clinic = factory.SubFactory(ClinicFactory)
    pathway_edition = factory.SubFactory(PathwayEditionFactory)
    enrolled_on = TODAY


class CourseFactory(RecordFactory):
    class Meta:
        model = models.Course

    enrolment = factory.SubFactory(EnrolmentFactory)
    patient = factory.SelfAttribute("enrolment.patient")
    protocol_edition = factory.SubFactory(ProtocolEditionFactory)
    drug = factory.SubFactory(DrugFactory)
    start_on = TODAY
    weight_kg = Decimal("7.2")
    status = "active"
    calendar_checked_at = NOW
    calendar_checked_by = factory.SubFactory(ActorFactory, user__username="neurologist@demo.example")


class FactFactory(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True

    patient = factory.SubFactory(PatientFactory)
    clinic = factory.SubFactory(ClinicFactory)
    happened_on = TODAY
    known_at = NOW
    recorded_at = NOW
    recorded_by = factory.SubFactory(ActorFactory)


class BloodPressureFactory(FactFactory):
    class Meta:
        model = models.BloodPressure

    systolic = 92
    diastolic = 54


class EegFactory(FactFactory):
    class Meta:
        model = models.Eeg

    hypsarrhythmia = False
    spasms_recorded = False
    sleep = True
    minutes = 180


class CheckFactory(RecordFactory):
    class Meta:
        model = models.Check

    enrolment = factory.SubFactory(EnrolmentFactory)
    patient = factory.SelfAttribute("enrolment.patient")
    key = factory.Sequence(lambda n: f"BP@{n}")
    code = "BP"
    name = "Blood pressure"
    observes = "blood-pressure"
    opens_on = TODAY
    due_on = TODAY
    state = "due"
    state_since_on = TODAY
    who = "pediatrician"


class EscalationFactory(RecordFactory):
    class Meta:
        model = models.Escalation

    enrolment = factory.SubFactory(EnrolmentFactory)
    patient = factory.SelfAttribute("enrolment.patient")
    rule = "E02"
    cause = factory.Sequence(lambda n: f"episode@{n}")
    name = "First-line failure"
    urgency = "urgent"
    raised_on = TODAY
    raised_at = NOW


class ReferralFactory(RecordFactory):
    class Meta:
        model = models.Referral

    enrolment = factory.SubFactory(EnrolmentFactory)
    patient = factory.SelfAttribute("enrolment.patient")
    asked_on = TODAY
    asked_at = NOW


class WorkItemFactory(RecordFactory):
    class Meta:
        model = models.WorkItem

    clinic = factory.SubFactory(ClinicFactory)
    kind = "bounce"
    cause = factory.Sequence(lambda n: f"contact@{n}")
    due_on = TODAY


class TimelineEntryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.TimelineEntry

    patient = factory.SubFactory(PatientFactory)
    clinic = factory.SubFactory(ClinicFactory)
    kind = "eeg-recorded"
    at = NOW
    by = factory.SubFactory(ActorFactory)
    subject_kind = "eeg"
    subject_uid = factory.LazyFunction(uuid.uuid4)
