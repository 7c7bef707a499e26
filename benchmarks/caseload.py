"""Rows to measure with: one clinic, as many practices as letters, everything invented."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from clinic.actors import sweep_actor
from clinic.models import Actor, Clinic, Contact, Enrolment, Patient
from notifications.models import Attempt, Delivery, MailServer
from protocols.models import Pathway, PathwayEdition


def clinic() -> Clinic:
    """One clinic, where it is about noon: at night its letters would wait."""
    hours = datetime.now(tz=UTC).hour - 12
    zone = f"Etc/GMT{hours:+d}" if hours else "UTC"
    found, _ = Clinic.objects.get_or_create(key="fire", defaults={"name": "Fire clinic", "zone": zone})
    return found


def enrolment() -> Enrolment:
    """One child on an edition without rules."""
    by, now = sweep_actor(), datetime.now(tz=UTC)
    stamp = {"created_at": now, "created_by": by, "changed_at": now, "changed_by": by}
    standing = Enrolment.objects.filter(clinic=clinic()).first()
    if standing is not None:
        return standing
    pathway, _ = Pathway.objects.get_or_create(key="plain", defaults={"title": "Plain"})
    edition, _ = PathwayEdition.objects.get_or_create(
        pathway=pathway, number="1", defaults={"title": "Plain", "origin": "shipped", "loaded_at": now}
    )
    patient = Patient.objects.create(
        family_name="Fire", given_names="Invented", birth_date=date(2026, 6, 1), sex="u", **stamp
    )
    return Enrolment.objects.create(
        patient=patient, clinic=clinic(), pathway_edition=edition, enrolled_on=date(2026, 11, 1), **stamp
    )


def letters(count: int, *, gone: int = 0) -> None:
    """Urgent letters that are due now, each to a practice of its own; the last `gone` to nobody's address."""
    Attempt.objects.all().delete()
    Delivery.objects.all().delete()
    MailServer.objects.all().delete()
    child, by = enrolment(), sweep_actor()
    now = datetime.now(tz=UTC)
    stamp = {"created_at": now, "created_by": by, "changed_at": now, "changed_by": by}
    Delivery.objects.bulk_create(
        [
            Delivery(
                clinic=child.clinic,
                enrolment=child,
                reader=reader,
                role="pediatrician",
                letter="referral_made",
                cause_kind="news",
                cause_uid=uuid4(),
                rung="told",
                pace="urgent",
                caused_by=by,
                created_at=now,
                send_at=now - timedelta(seconds=1),
            )
            for reader in readers(count, gone=gone, stamp=stamp)
        ],
        batch_size=2000,
    )


def readers(count: int, *, gone: int, stamp: dict[str, Any]) -> list[Actor]:
    """Practices that can be written to."""
    contacts = Contact.objects.bulk_create(
        [
            Contact(
                clinic=clinic(),
                name=f"Practice {number}",
                email=f"{'gone-' if number >= count - gone else ''}{uuid4().hex[:12]}@fire.example",
                confirmed_at=stamp["created_at"],
                confirmed_by=stamp["created_by"],
                **stamp,
            )
            for number in range(count)
        ],
        batch_size=2000,
    )
    return Actor.objects.bulk_create(
        [Actor(kind="contact", contact=contact, name=contact.name) for contact in contacts], batch_size=2000
    )
