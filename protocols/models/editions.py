"""What every edition has in common: a number, a life in five states, and who signed it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from protocols.models.freezing import SignedEditions

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

NUMBER = r"^(0|[1-9][0-9]*)(\.[1-9][0-9]*)*$"

# What may still be set on a signed edition, each once.
SET_ONCE = ("in_force_on", "put_in_force_at", "put_in_force_by", "retired_on", "retired_at", "retired_by")


def both_or_neither(moment: str, person: str) -> Q:
    """`moment` and `person` are both set or both empty."""
    return Q(**{f"{moment}__isnull": True, f"{person}__isnull": True}) | Q(
        **{f"{moment}__isnull": False, f"{person}__isnull": False}
    )


def _pair(moment: str, act: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=f"%(class)s_{act}_names_moment_and_person",
        condition=both_or_neither(f"{act}_at", f"{act}_by"),
        violation_error_message=f"{moment} needs both the moment and the person.",
    )


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
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.CheckConstraint(
                name="%(class)s_number_reads_1_or_1_dot_2",
                condition=Q(number__regex=NUMBER),
                violation_error_message="An edition number is 1, 2 or 1.1: numbers with dots between them.",
            ),
            models.CheckConstraint(
                name="%(class)s_written_here_bears_a_dot",
                condition=~Q(origin="written_here") | Q(number__contains="."),
                violation_error_message="Whole numbers belong to the library. Number this one 1.1, 1.2, …",
            ),
            models.CheckConstraint(
                name="%(class)s_has_an_author_unless_shipped",
                condition=Q(origin="shipped", created_by__isnull=True, loaded_at__isnull=False)
                | (~Q(origin="shipped") & Q(created_by__isnull=False, loaded_at__isnull=True)),
                violation_error_message="An edition that is not shipped names who drafted it.",
            ),
            _pair("Drafting an edition", "created"),
            _pair("Checking an edition", "checked"),
            _pair("The first signature", "first_signed"),
            _pair("The second signature", "second_signed"),
            _pair("Putting an edition in force", "put_in_force"),
            _pair("Retiring an edition", "retired"),
            models.CheckConstraint(
                name="%(class)s_draft_bears_no_check_or_signature",
                condition=~Q(state="draft")
                | Q(checked_at__isnull=True, first_signed_at__isnull=True, content_digest=""),
                violation_error_message="A draft bears no check and no signature.",
            ),
            models.CheckConstraint(
                name="%(class)s_was_checked_before_it_was_signed",
                condition=Q(first_signed_at__isnull=True) | ~Q(content_digest=""),
                violation_error_message="An edition is checked before it is signed.",
            ),
            models.CheckConstraint(
                name="%(class)s_signature_names_the_role",
                condition=(
                    Q(first_signed_at__isnull=True, first_signed_role="")
                    | Q(first_signed_at__isnull=False) & ~Q(first_signed_role="")
                )
                & (
                    Q(second_signed_at__isnull=True, second_signed_role="")
                    | Q(second_signed_at__isnull=False) & ~Q(second_signed_role="")
                ),
                violation_error_message="A signature names the role in which the person signed.",
            ),
            models.CheckConstraint(
                name="%(class)s_second_signature_follows_a_first",
                condition=Q(second_signed_at__isnull=True) | Q(first_signed_at__isnull=False),
                violation_error_message="The second signature follows a first one.",
            ),
            models.CheckConstraint(
                name="%(class)s_signed_by_two_different_people",
                condition=Q(second_signed_by__isnull=True) | ~Q(second_signed_by=F("first_signed_by")),
                violation_error_message="The second signature must come from another person than the first.",
            ),
            models.CheckConstraint(
                name="%(class)s_is_signed_when_two_people_signed",
                condition=Q(state__in=("draft", "checked"), second_signed_at__isnull=True)
                | Q(state__in=("signed", "in_force", "retired"), second_signed_at__isnull=False),
                violation_error_message="An edition is signed when two people have signed it.",
            ),
            models.CheckConstraint(
                name="%(class)s_in_force_names_the_day",
                condition=Q(in_force_on__isnull=True, put_in_force_at__isnull=True)
                & Q(state__in=("draft", "checked", "signed", "retired"))
                | Q(in_force_on__isnull=False, put_in_force_at__isnull=False)
                & Q(state__in=("in_force", "retired")),
                violation_error_message="An edition in force names the day from which it is.",
            ),
            models.CheckConstraint(
                name="%(class)s_retired_names_the_day",
                condition=Q(state="retired", retired_on__isnull=False, retired_at__isnull=False)
                | ~Q(state="retired") & Q(retired_on__isnull=True, retired_at__isnull=True),
                violation_error_message="A retired edition names the day from which it is.",
            ),
            models.CheckConstraint(
                name="%(class)s_does_not_retire_before_it_was_in_force",
                condition=Q(in_force_on__isnull=True)
                | Q(retired_on__isnull=True)
                | Q(retired_on__gte=F("in_force_on")),
                violation_error_message="An edition cannot retire before the day it came into force.",
            ),
        )
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
