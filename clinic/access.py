"""The one place that says whose children an actor may see. Edges fetch a child only through here.

A child of another clinic does not exist for the actor: "not found", never "forbidden".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q

from clinic.models import Actor, Clinic, Contact, Enrolment, EnrolmentStep, Membership, Patient

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet


MACHINE = frozenset({Actor.Kind.SWEEP, Actor.Kind.SEED, Actor.Kind.OPERATOR})


def clinics_of(actor: Actor) -> QuerySet[Clinic]:
    """Return the clinics an actor belongs to; all of them for the machine itself, none for a contact."""
    if actor.kind in MACHINE:
        return Clinic.objects.all()
    current = Membership.objects.filter(actor=actor, ended_at=None)
    return Clinic.objects.filter(pk__in=current.values("clinic"))


def clinic_keys_of(actor: Actor) -> ArraySubquery:
    """Return the keys of an actor's clinics as a column, to be read at one moment with rows."""
    return ArraySubquery(clinics_of(actor).order_by("pk").values("pk"))


def children_visible_to(actor: Actor) -> QuerySet[Patient]:
    """Return the children an actor may see: enrolled now or before at one of the actor's clinics.

    A contact sees the children whose care team it is on, while their clinic follows them.
    """
    if actor.kind == actor.Kind.CONTACT:
        on_team = Q(care_team__contact=actor.contact_id, care_team__ended_on=None)
        return Patient.objects.filter(on_team, enrolments__state=Enrolment.State.ACTIVE).distinct()
    # Asked of each child, not as a list of all: one page of many children costs a page.
    itself = Q(patient=OuterRef("pk")) | Q(patient=OuterRef("replaced_by"))
    return Patient.objects.filter(Exists(Enrolment.objects.filter(itself, clinic__in=clinics_of(actor))))


def enrolments_visible_to(actor: Actor) -> QuerySet[Enrolment]:
    """Return the enrolments of an actor's clinics; a contact's through the children it is on the team of."""
    if actor.kind == actor.Kind.CONTACT:
        return Enrolment.objects.filter(patient__in=children_visible_to(actor), state=Enrolment.State.ACTIVE)
    return Enrolment.objects.filter(clinic__in=clinics_of(actor))


def transfers_offered_to(actor: Actor) -> QuerySet[EnrolmentStep]:
    """Return the standing offers to hand a child over to one of the actor's clinics."""
    return _offers().filter(other_clinic__in=clinics_of(actor))


def transfers_offered_by(actor: Actor) -> QuerySet[EnrolmentStep]:
    """Return the standing offers of an actor's own clinics, wherever they go."""
    return _offers().filter(clinic__in=clinics_of(actor))


def _offers() -> QuerySet[EnrolmentStep]:
    # an enrolment that was accepted elsewhere is open no more
    rows = EnrolmentStep.objects.filter(
        kind=EnrolmentStep.Kind.TRANSFER_OUT,
        entered_in_error=False,
        corrected_by_row=None,
        enrolment__state__in=Enrolment.OPEN_STATES,
    )
    joined = ("enrolment__clinic", "enrolment__patient", "other_clinic", "recorded_by")
    return rows.select_related(*joined).order_by("happened_on", "pk")


def contacts_visible_to(actor: Actor) -> QuerySet[Contact]:
    """Return the contacts in the address books of an actor's clinics."""
    return Contact.objects.filter(clinic__in=clinics_of(actor))


def child_for(actor: Actor, uid: UUID) -> Patient:
    """Return one child an actor may see; raise Patient.DoesNotExist, whatever the reason."""
    return children_visible_to(actor).get(uid=uid)
