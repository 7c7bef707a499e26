"""Where nothing ran, and whether the mail server answers. What did run is in the sweep heartbeats."""

from __future__ import annotations

import uuid

from django.db import models


class Outage(models.Model):
    """A stretch in which a sweep did not run. It is shown to people; letters are gathered after it."""

    uid = models.UUIDField("id", default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=40, help_text="The sweep that was away.")
    since = models.DateTimeField()
    until = models.DateTimeField()
    catch_up_until = models.DateTimeField(help_text="Until then letters are gathered into one per reader.")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("name", "since"),
                name="outage_noted_once",
                violation_error_message="This outage is already noted.",
            ),
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("since")),
                name="outage_ends_after_it_begins",
                violation_error_message="An outage ends after it begins.",
            ),
        )
        indexes = (models.Index(fields=("until",), name="outage_by_end"),)

    class Privacy:
        private = ()
        plain = ("id", "uid", "name", "since", "until", "catch_up_until")

    def __str__(self) -> str:
        return f"{self.name} {self.since:%Y-%m-%d %H:%M} to {self.until:%Y-%m-%d %H:%M}"


class MailServer(models.Model):
    """Whether the mail server takes letters. While it does not, nobody knocks before `knock_at`."""

    name = models.CharField(max_length=40, unique=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    refusals_in_a_row = models.PositiveIntegerField(default=0)
    knock_at = models.DateTimeField(null=True, blank=True)
    code = models.PositiveSmallIntegerField(null=True, blank=True)

    class Privacy:
        private = ()
        plain = ("id", "name", "accepted_at", "refused_at", "refusals_in_a_row", "knock_at", "code")

    def __str__(self) -> str:
        return self.name
