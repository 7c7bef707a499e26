"""What is left of a child whose record was lawfully erased: that it was, by whom and why, and a digest."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from clinic.models.base import Row, append_only


class Erasure(Row):
    """The tombstone of one child. It names nobody: ids that were known outside, counts, and a digest."""

    app_role_may = ("SELECT",)

    child_uid = models.UUIDField(unique=True)
    erased_at = models.DateTimeField()
    erased_by = models.ForeignKey("clinic.Actor", on_delete=models.PROTECT, related_name="+")
    because = models.CharField(max_length=300, help_text="The request or the law. Never a name.")
    counts = models.JSONField(help_text="How many rows of each table were erased.")
    uids = ArrayField(models.UUIDField(), help_text="The ids under which the rows were known outside.")
    digest = models.CharField(
        max_length=64, help_text="SHA-256 of the rows as they stood, to hold a back-up against."
    )

    class Meta:
        triggers = (append_only(),)
        indexes = (GinIndex(fields=("uids",), name="erasure_by_what_was_erased"),)

    class Privacy:
        private = ()
        plain = ("child_uid", "erased_at", "erased_by", "because", "counts", "uids", "digest")

    def __str__(self) -> str:
        return f"{self.child_uid}, erased {self.erased_at:%Y-%m-%d}"
