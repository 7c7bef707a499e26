"""What every edition has in common: a number, a life in five states, and who signed it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from protocols.models.freezing import RowsOfASignedEdition, SignedEditions
from protocols.models.promises import PROMISES

if TYPE_CHECKING:
    from datetime import date
    from typing import Self

# (from, to): the whole life of an edition. The trigger, the verbs and the printed diagram read this table.
STEPS: tuple[tuple[str, str], ...] = (
    ("draft", "checked"),
    ("checked", "draft"),
    ("checked", "signed"),
    ("signed", "in_force"),
    ("signed", "retired"),
    ("in_force", "retired"),
)

# What may still be set on a signed edition, each once.
SET_ONCE = ("in_force_on", "put_in_force_at", "put_in_force_by", "retired_on", "retired_at", "retired_by")


def person(verbose_name: str) -> models.ForeignKey[Any, Any]:
    """Who did one act of an edition's life; a person who acted is never deleted."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=verbose_name,
    )


def moment(verbose_name: str) -> models.DateTimeField[Any, Any]:
    return models.DateTimeField(verbose_name, null=True, blank=True, editable=False)


class EditionQuerySet(models.QuerySet[Any]):
    """Questions about editions, in the words of the clinic."""

    def in_force(self, on: date) -> Self:
        """Editions in force on that day, the newest first."""
        return (
            self.filter(state__in=(Edition.State.IN_FORCE, Edition.State.RETIRED), in_force_on__lte=on)
            .filter(Q(retired_on__isnull=True) | Q(retired_on__gt=on))
            .order_by("-in_force_on", "-pk")
        )

    def drafts(self) -> Self:
        """Editions whose rows may still be edited."""
        return self.filter(state=Edition.State.DRAFT).order_by("pk")

    def signed(self) -> Self:
        """Editions that two people signed, whatever became of them since."""
        return self.filter(second_signed_at__isnull=False).order_by("pk")

    def awaiting_signature(self) -> Self:
        """Checked editions that still lack a signature."""
        return self.filter(state=Edition.State.CHECKED).order_by("pk")


class Edition(models.Model):
    """One edition: draft, checked, signed by two people, in force from a date, retired."""

    class State(models.TextChoices):
        DRAFT = "draft", "draft"
        CHECKED = "checked", "checked"
        SIGNED = "signed", "signed by two people"
        IN_FORCE = "in_force", "in force"
        RETIRED = "retired", "retired"

    class Origin(models.TextChoices):
        SHIPPED = "shipped", "shipped with the library"
        WRITTEN_HERE = "written_here", "written here"
        IMPORTED = "imported", "imported from a file"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(
        max_length=20,
        help_text="Whole numbers ship with the library (1, 2); editions written here bear a dot (1.1, 1.2).",
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    origin = models.CharField(
        max_length=12, choices=Origin.choices, default=Origin.WRITTEN_HERE, editable=False
    )
    reason = models.TextField(
        blank=True, help_text="Why this edition was written, in words a colleague can weigh before signing."
    )
    cloned_from = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="clones",
    )
    content_digest = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="SHA-256 of everything the edition says: what was checked, and what both people signed.",
    )
    created_at = moment("drafted at")
    created_by = person("drafted by")
    loaded_at = models.DateTimeField("loaded from the library at", null=True, blank=True, editable=False)
    checked_at = moment("checked at")
    checked_by = person("checked by")
    first_signed_at = moment("first signature at")
    first_signed_by = person("first signature by")
    first_signed_role = models.CharField(max_length=40, blank=True, editable=False)
    second_signed_at = moment("second signature at")
    second_signed_by = person("second signature by")
    second_signed_role = models.CharField(max_length=40, blank=True, editable=False)
    in_force_on = models.DateField("in force from", null=True, blank=True, editable=False)
    put_in_force_at = moment("put in force at")
    put_in_force_by = person("put in force by")
    retired_on = models.DateField("retired from", null=True, blank=True, editable=False)
    retired_at = moment("retired at")
    retired_by = person("retired by")

    class Meta:
        abstract = True
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = PROMISES
        triggers = (
            SignedEditions(
                name="signed_editions_stay_as_signed",
                steps=STEPS,
                set_once=SET_ONCE,
            ),
        )

    class Privacy:
        private = ()
        plain = (
            "id",
            "uid",
            "number",
            "state",
            "origin",
            "reason",
            "cloned_from",
            "content_digest",
            "created_at",
            "created_by",
            "loaded_at",
            "checked_at",
            "checked_by",
            "first_signed_at",
            "first_signed_by",
            "first_signed_role",
            "second_signed_at",
            "second_signed_by",
            "second_signed_role",
            "in_force_on",
            "put_in_force_at",
            "put_in_force_by",
            "retired_on",
            "retired_at",
            "retired_by",
        )


class EditionRow(models.Model):
    """A row of an edition, in its place among its kind; the subclass names the edition."""

    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.UniqueConstraint(
                fields=("edition", "position"),
                name="%(class)s_has_a_place_of_its_own",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message="Two rows of one edition cannot stand in the same place.",
            ),
        )
        triggers = (RowsOfASignedEdition(name="rows_of_a_signed_edition_stay", path=("edition",)),)

    class Privacy:
        private = ()
        plain = ("id", "position")
