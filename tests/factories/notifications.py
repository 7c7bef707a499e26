"""Rows of the outbox, one boring default each: a routine letter about a check, to one practice."""

from __future__ import annotations

import datetime as dt
import uuid

import factory

from notifications import models
from tests.factories.clinic import (
    NOW,
    ActorFactory,
    ClinicFactory,
    ContactFactory,
    EnrolmentFactory,
)


class ReaderFactory(factory.django.DjangoModelFactory):
    """A practice that can be written to."""

    class Meta:
        model = "clinic.Actor"

    kind = "contact"
    contact = factory.SubFactory(ContactFactory)
    name = factory.SelfAttribute("contact.name")


class DeliveryFactory(factory.django.DjangoModelFactory):
    """Packed and due: a letter that speaks of nothing a test would have to set up."""

    class Meta:
        model = models.Delivery

    clinic = factory.SubFactory(ClinicFactory)
    enrolment = factory.SubFactory(EnrolmentFactory, clinic=factory.SelfAttribute("..clinic"))
    reader = factory.SubFactory(ReaderFactory)
    role = "pediatrician"
    letter = "referral_made"
    cause_kind = "news"
    cause_uid = factory.LazyFunction(uuid.uuid4)
    rung = "told"
    pace = "urgent"
    caused_by = factory.SubFactory(ActorFactory)
    created_at = NOW
    send_at = NOW
    state = "ready"


class LadderFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Ladder

    enrolment = factory.SubFactory(EnrolmentFactory)
    cause_kind = "check"
    cause_uid = factory.LazyFunction(uuid.uuid4)
    counted_on = dt.date(2027, 1, 4)
    next_at = NOW
