"""What sources dispute, or a clinic may or must set."""

from __future__ import annotations

from django.db import models

from protocols.models.fields import ExactDecimalField
from protocols.models.freezing import RowsOfASignedEdition
from protocols.models.library import Drug
from protocols.models.protocol import ProtocolRow


class Choice(ProtocolRow):
    """What sources dispute, or a clinic may or must set. Without a default it is not entered yet."""

    name = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    drug = models.ForeignKey(Drug, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    default = models.CharField(max_length=60, blank=True)
    minimum = ExactDecimalField(null=True, blank=True)
    maximum = ExactDecimalField(null=True, blank=True)
    whole = models.BooleanField("whole numbers only", default=False)
    unit = models.CharField(max_length=40, blank=True)
    dispute = models.TextField(blank=True)

    class Meta(ProtocolRow.Meta):
        constraints = (
            *ProtocolRow.Meta.constraints,
            models.UniqueConstraint(
                fields=("edition", "name", "drug"),
                name="choice_bears_its_name_alone",
                nulls_distinct=False,
                violation_error_message="Two choices of one drug cannot bear the same name.",
            ),
        )

    class Privacy:
        private = ()
        plain = ("name", "title", "drug", "default", "minimum", "maximum", "whole", "unit", "dispute")

    def __str__(self) -> str:
        return self.title


class AllowedValue(models.Model):
    """One value a choice may take. Not offered: calculable, but not shown when a course is started."""

    choice = models.ForeignKey(Choice, on_delete=models.CASCADE, related_name="allowed")
    position = models.PositiveSmallIntegerField(default=0)
    value = models.CharField(max_length=60)
    words = models.CharField(max_length=200, blank=True)
    offered = models.BooleanField(default=True)
    warning = models.CharField(
        max_length=60, blank=True, help_text="Code of the warning that the value raises."
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("choice", "value"),
                name="allowedvalue_is_listed_once",
                violation_error_message="A choice lists each value once.",
            ),
        )
        triggers = (RowsOfASignedEdition(name="rows_of_a_signed_edition_stay", path=("choice", "edition")),)

    class Privacy:
        private = ()
        plain = ("id", "choice", "position", "value", "words", "offered", "warning")

    def __str__(self) -> str:
        return self.words or self.value
