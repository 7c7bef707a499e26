"""Lawful erasure: every row about one child goes, in one transaction, and a tombstone stays.

Only the owner of the tables can do it; the role that runs ispath cannot delete a fact whatever it says.
What hangs on the child is found through the foreign keys of all installed tables, so that a new table is
never forgotten. A row may be tied otherwise; its model then says so:

    erased_with = "check_uid"       names a row by its outward id alone, and goes when that row goes
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from pghistory.models import Context, Event

from clinic.access import clinics_of
from clinic.models import Actor, CareTeamMember, Contact, Enrolment, Erasure, Patient, Row, TimelineEntry
from clinic.timeline import Kind, kind_of
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from uuid import UUID

    from django.db.models import Field, Model

    Found = defaultdict[type[Model], set[Any]]

NOBODY = "erased"


class StillTreated(Refusal):
    """A child on the books of a clinic cannot vanish."""

    code = "child-still-enrolled"


class ErasedThroughTheOther(Refusal):
    """A record that was merged goes together with the one that stayed."""

    code = "record-was-merged"


class NoReason(Refusal):
    """An erasure nobody can account for."""

    code = "reason-missing"


@transaction.atomic
def erase_child(*, patient: Patient, because: str, by: Actor, now: datetime) -> Erasure:
    """Erase every row about a child and leave a tombstone. The connection is the owner's.

    Raises NoReason, ErasedThroughTheOther, StillTreated.
    """
    locked = Patient.objects.select_for_update().get(pk=patient.pk)
    refuse_to_erase(locked, because)
    found = rows_about(locked)
    family = family_of(found)
    history = apps.get_model("clinic", "ContactEvent")
    found[history] |= keys_of(history, pgh_obj__in=family)
    clinics = sorted(set(Enrolment.objects.filter(pk__in=found[Enrolment]).values_list("clinic", flat=True)))
    erasure = Erasure(
        child_uid=locked.uid,
        erased_at=now,
        erased_by=by,
        because=because.strip(),
        counts={model._meta.db_table: len(keys) for model, keys in in_order(found)},
        uids=sorted(outward(found)),
        digest=digest_of(found),
    )
    delete(found)
    forget(family, by=by, now=now)
    erasure.save(force_insert=True)
    for clinic in clinics:
        TimelineEntry.objects.create(
            kind=Kind.CHILD_ERASED, clinic_id=clinic, at=now, by=by, relayed_at=now,
            subject_kind=kind_of(locked), subject_uid=erasure.child_uid, data={"erasure": str(erasure.uid)},
        )  # fmt: skip
    return erasure


def refuse_to_erase(patient: Patient, because: str) -> None:
    """Refuse an erasure that nobody accounts for, or that would let a treated child vanish."""
    if not because.strip():
        raise NoReason("Say which request or law this erasure follows.", field="because")
    if patient.replaced_by is not None:
        raise ErasedThroughTheOther(
            f"This record was merged into {patient.replaced_by.uid}. Erase that one: both go together."
        )
    standing = Enrolment.objects.open().filter(patient=patient).select_related("clinic")
    if standing:
        names = ", ".join(sorted(enrolment.clinic.name for enrolment in standing))
        raise StillTreated(
            f"The child is still on the books of {names}. End the enrolment first: complete it, "
            "transfer the child, or record that consent was withdrawn."
        )


def rows_about(patient: Patient) -> Found:
    """Return the keys of every row that points at the child, directly or through another such row."""
    found: Found = defaultdict(set, {Patient: {patient.pk}})
    pointing = foreign_keys()
    fresh: dict[type[Model], set[Any]] = {Patient: {patient.pk}}
    while fresh:
        reached: Found = defaultdict(set)
        for above, keys in fresh.items():
            for model, column in pointing[above]:
                reached[model] |= keys_of(model, **{f"{column}__in": keys}) - found[model]
        fresh = {model: keys for model, keys in reached.items() if keys}
        for model, keys in fresh.items():
            found[model] |= keys
    for model, column in named_by_uid():
        found[model] |= keys_of(model, **{f"{column}__in": outward(found)})
    return found


def keys_of(model: type[Model], **which: Any) -> set[Any]:
    """Return the primary keys of some rows."""
    return set(model._base_manager.filter(**which).values_list("pk", flat=True))


def foreign_keys() -> Mapping[type[Model], list[tuple[type[Model], str]]]:
    """Return, for each table, the columns of other tables that point at it; its row history included."""
    pointing: dict[type[Model], list[tuple[type[Model], str]]] = defaultdict(list)
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if field.is_relation and field.related_model is not None:
                pointing[field.related_model].append((model, field.attname))
    return pointing


def named_by_uid() -> Iterator[tuple[type[Model], str]]:
    """Return the tables whose rows go with a row they name by its outward id alone."""
    for model in apps.get_models():
        column = getattr(model, "erased_with", None)
        if column is not None:
            yield model, column


def in_order(found: Found) -> list[tuple[type[Model], set[Any]]]:
    """Return what was found in the order of the tables' names, so that counts and digest repeat."""
    some = ((model, keys) for model, keys in found.items() if keys)
    return sorted(some, key=lambda each: each[0]._meta.db_table)


def outward(found: Found) -> set[UUID]:
    """Return the ids under which the rows are known outside."""
    return {
        uid
        for model, keys in found.items()
        if issubclass(model, Row)
        for uid in model._default_manager.filter(pk__in=keys).values_list("uid", flat=True)
    }


def digest_of(found: Found) -> str:
    """Return a digest of all columns of all rows, table by table and key by key."""
    digest = hashlib.sha256()
    for model, keys in in_order(found):
        for row in model._base_manager.filter(pk__in=keys).order_by("pk").values():
            line = json.dumps([model._meta.db_table, row], cls=DjangoJSONEncoder, sort_keys=True)
            digest.update(line.encode() + b"\n")
    return digest.hexdigest()


def family_of(found: Found) -> set[int]:
    """Return the contacts who are here as family, for this child alone."""
    mine = CareTeamMember.objects.filter(pk__in=found[CareTeamMember])
    family = set(mine.filter(role=CareTeamMember.Role.FAMILY).values_list("contact", flat=True))
    others = CareTeamMember.objects.filter(contact__in=family).exclude(pk__in=found[CareTeamMember])
    return family - set(others.values_list("contact", flat=True))


def forget(family: set[int], *, by: Actor, now: datetime) -> None:
    """Blank what was kept of people; their rows stay where other rows say who wrote them."""
    Contact.objects.filter(pk__in=family).update(
        name=NOBODY, practice="", email="", phone="", confirmed_at=None, confirmed_by=None,
        changed_at=now, changed_by=by,
    )  # fmt: skip
    Actor.objects.filter(contact__in=family).update(name=NOBODY)


def delete(found: Found) -> None:
    """Delete the rows. Foreign keys are looked at when the transaction ends, so that the order is free."""
    histories: list[Any] = [model for model, _ in in_order(found) if issubclass(model, Event)]
    contexts = {
        key
        for model in histories
        for key in model._base_manager.filter(pk__in=found[model]).values_list("pgh_context", flat=True)
    }
    with connection.cursor() as cursor:
        for model in histories:
            # nothing can pass over its trigger but the owner, who thereby holds off all who write to it
            cursor.execute(f'ALTER TABLE "{model._meta.db_table}" DISABLE TRIGGER USER')
            delete_from(model, found[model])
            cursor.execute(f'ALTER TABLE "{model._meta.db_table}" ENABLE TRIGGER USER')
        cursor.execute("SELECT set_config('ispath.erasing', 'yes', true)")
        for model, keys in in_order(found):
            delete_from(model, keys)
        cursor.execute("SELECT set_config('ispath.erasing', 'no', true)")
    # an address that was asked for may hold the child's id
    for context in Context.objects.filter(pk__in=contexts):
        context.metadata = {name: said for name, said in context.metadata.items() if name != "url"}
        context.save()


def delete_from(model: type[Model], keys: set[Any]) -> None:
    """Delete some rows of one table, and what the admin's log said of them."""
    field: Field[Any, Any] = model._meta.pk
    with connection.cursor() as cursor:
        cursor.execute(
            f'DELETE FROM "{model._meta.db_table}" WHERE "{field.column}" = ANY(%s)',  # noqa: S608  our own
            [list(keys)],
        )
    kind = ContentType.objects.get_for_model(model)
    LogEntry.objects.filter(content_type=kind, object_id__in=[str(key) for key in keys]).delete()


def was_erased(uid: UUID, *, actor: Actor) -> bool:
    """Say whether an id once named a row of a child who was erased from a clinic of the actor's."""
    children = Erasure.objects.filter(uids__contains=[uid]).values("child_uid")
    return TimelineEntry.objects.filter(
        kind=Kind.CHILD_ERASED, clinic__in=clinics_of(actor), subject_uid__in=children
    ).exists()
