"""What every protocol rests on: sources, drugs and products."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q

from protocols.engine.citing import Mark
from protocols.engine.formulary import DrugClass, Form, Rounding, Route
from protocols.models.fields import ExactDecimalField, WordField
from protocols.models.freezing import RowsBelowAFrozenRow, RowsThatASignedEditionCites


class Frozen(models.Model):
    """A row that freezes once a signed edition rests on it."""

    key = models.SlugField(max_length=80, unique=True)
    frozen_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="Set when an edition that rests on this row is signed.",
    )

    class Meta:
        abstract = True
        triggers = (RowsThatASignedEditionCites(name="frozen_once_a_signed_edition_rests_on_it"),)

    class Privacy:
        private = ()
        plain = ("id", "key", "frozen_at")

    def __str__(self) -> str:
        return str(self.key)


@pghistory.track(append_only=True)
class Source(Frozen):
    """Something that was read: a label, a paper, a guideline, or a clinic's own policy."""

    citation = models.TextField()
    url = models.TextField(blank=True)
    note = models.TextField(blank=True)

    class Meta(Frozen.Meta):
        pass

    class Privacy:
        private = ()
        plain = ("citation", "url", "note")


@pghistory.track(append_only=True)
class Drug(Frozen):
    """A drug, the one unit its doses are written in, and the mechanism that its failure counts towards."""

    name = models.CharField(max_length=120)
    drug_class = WordField("class", words=DrugClass)
    unit = models.CharField(max_length=20, help_text="Units of different drugs are never converted.")
    route = WordField(words=Route)
    note = models.TextField(blank=True)

    class Meta(Frozen.Meta):
        pass

    class Privacy:
        private = ()
        plain = ("name", "drug_class", "unit", "route", "note")


@pghistory.track(append_only=True)
class Product(Frozen):
    """What is dispensed: a strength, and how finely it can be measured."""

    drug = models.ForeignKey(Drug, on_delete=models.PROTECT, related_name="products")
    name = models.CharField(max_length=160)
    form = WordField(words=Form)
    route = WordField(words=Route)
    strength = ExactDecimalField(help_text="In the drug's unit per mL, or per tablet.")
    step = ExactDecimalField(
        "measurable step", help_text="In mL or tablets; applied once, to one administration."
    )
    rounding = WordField(words=Rounding, default=Rounding.HALF_UP)
    large_error_pct = ExactDecimalField("rounding error to warn of (%)", null=True, blank=True)
    uneven_halves = models.BooleanField(
        default=False,
        help_text="A day's dose that cannot be halved is given with the smaller part in the morning.",
    )
    container = models.CharField(max_length=60, blank=True, help_text="vial, sachet, bottle, …")
    container_holds = ExactDecimalField(null=True, blank=True, help_text="In the drug's unit.")
    single_use = models.BooleanField(
        default=False, help_text="A container is opened anew for each administration."
    )
    storage = models.TextField(blank=True)
    note = models.TextField(blank=True)

    class Meta(Frozen.Meta):
        constraints = (
            models.CheckConstraint(
                name="product_strength_and_step_are_above_zero",
                condition=Q(strength__gt=0, step__gt=0),
                violation_error_message="A product has a strength and a measurable step above zero.",
            ),
            models.CheckConstraint(
                name="product_container_holds_something",
                condition=Q(container_holds__isnull=True) | Q(container_holds__gt=0),
                violation_error_message="A container holds something, or nothing is said about it.",
            ),
        )

    class Privacy:
        private = ()
        plain = (
            "drug",
            "name",
            "form",
            "route",
            "strength",
            "step",
            "rounding",
            "large_error_pct",
            "uneven_halves",
            "container",
            "container_holds",
            "single_use",
            "storage",
            "note",
        )


class Citation(models.Model):
    """Why we say so: how sure we are, and where it was read (no source for G, D and P)."""

    position = models.PositiveSmallIntegerField(default=0)
    mark = WordField(words=Mark)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    about = models.CharField(max_length=200, blank=True, help_text="Which part of the row this is about.")

    class Meta:
        abstract = True

    class Privacy:
        private = ()
        plain = ("id", "position", "mark", "source", "about")

    def __str__(self) -> str:
        return " ".join(part for part in (self.mark, self.about) if part)


class DrugCitation(Citation):
    drug = models.ForeignKey(Drug, on_delete=models.CASCADE, related_name="citations")

    class Meta:
        triggers = (RowsBelowAFrozenRow(name="frozen_with_its_drug", above="drug"),)

    class Privacy:
        private = ()
        plain = ("drug",)


class ProductCitation(Citation):
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="citations")

    class Meta:
        triggers = (RowsBelowAFrozenRow(name="frozen_with_its_product", above="product"),)

    class Privacy:
        private = ()
        plain = ("product",)
