"""A protocol, its editions, and the rows that every edition is made of."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q

from protocols.models.editions import Edition, EditionQuerySet, EditionRow
from protocols.models.freezing import keys_stay


class Protocol(models.Model):
    """One regimen, whatever its edition."""

    key = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=160)

    class Meta:
        triggers = (keys_stay(),)

    class Privacy:
        private = ()
        plain = ("id", "key", "name")

    def __str__(self) -> str:
        return self.name


@pghistory.track(append_only=True)
class ProtocolEdition(Edition):
    """One edition of a protocol. A course is pinned to the edition it started on."""

    protocol = models.ForeignKey(Protocol, on_delete=models.PROTECT, related_name="editions")
    name = models.CharField(max_length=160)
    summary = models.TextField(blank=True)

    objects = EditionQuerySet.as_manager()

    class Meta(Edition.Meta):
        constraints = (
            *Edition.Meta.constraints,
            models.UniqueConstraint(
                fields=("protocol", "number"),
                name="protocol_edition_bears_its_number_alone",
                violation_error_message="This protocol already has an edition of that number.",
            ),
        )

    class Privacy:
        private = ()
        plain = ("protocol", "name", "summary")

    def __str__(self) -> str:
        return f"{self.name}, edition {self.number}"


class ProtocolRow(EditionRow):
    """A row of a protocol edition."""

    edition = models.ForeignKey(ProtocolEdition, on_delete=models.CASCADE, related_name="%(class)s_rows")

    class Meta(EditionRow.Meta):
        abstract = True

    class Privacy:
        private = ()
        plain = ("edition",)


class ConditionalRow(ProtocolRow):
    """A row that counts only where a choice has a value."""

    given_choice = models.CharField("only where choice", max_length=60, blank=True)
    given_equals = models.CharField("is", max_length=60, blank=True)

    class Meta(ProtocolRow.Meta):
        abstract = True
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            *ProtocolRow.Meta.constraints,
            models.CheckConstraint(
                name="%(class)s_given_names_choice_and_value",
                condition=Q(given_choice="", given_equals="") | ~Q(given_choice="") & ~Q(given_equals=""),
                violation_error_message="“Only where” names both the choice and its value.",
            ),
        )

    class Privacy:
        private = ()
        plain = ("given_choice", "given_equals")


class CombinationPart(ConditionalRow):
    """Another protocol, given from the same day as part of a combination."""

    protocol = models.ForeignKey(Protocol, on_delete=models.PROTECT, related_name="+")

    class Meta(ConditionalRow.Meta):
        pass

    class Privacy:
        private = ()
        plain = ("protocol",)

    def __str__(self) -> str:
        return f"part {self.position + 1}"
