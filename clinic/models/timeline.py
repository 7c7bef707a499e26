"""What happened, in the order in which it was committed; and whether the sweeps still beat."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models.expressions import Func

from clinic.models.base import ADD_ONLY, APPEND_ONLY, Row
from clinic.models.children import Patient
from clinic.models.enrolments import Enrolment
from clinic.models.places import Clinic


class CurrentTransaction(Func):
    """The id of the transaction that writes the row; a reader of the feed can wait for slower ones."""

    function = "pg_current_xact_id"
    template = "(%(function)s()::text::bigint)"
    output_field = models.BigIntegerField()


class TimelineEntry(Row):
    """One thing that happened: written in the transaction of the fact itself, with ids and codes only."""

    app_role_may = (*ADD_ONLY, "UPDATE (relayed_at)")

    patient = models.ForeignKey(
        Patient,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="timeline",
    )
    enrolment = models.ForeignKey(
        Enrolment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="timeline",
    )
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="timeline")
    kind = models.CharField(max_length=60)
    at = models.DateTimeField()
    by = models.ForeignKey("clinic.Actor", on_delete=models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=40)
    subject_uid = models.UUIDField()
    data = models.JSONField(default=dict, blank=True)
    relayed_at = models.DateTimeField(null=True, blank=True)
    txid = models.BigIntegerField(db_default=CurrentTransaction(), editable=False)

    class Meta:
        verbose_name = "timeline entry"
        verbose_name_plural = "timeline entries"
        indexes = (
            models.Index(fields=("patient", "at"), name="timeline_by_child"),
            models.Index(fields=("txid", "id"), name="timeline_in_commit_order"),
            models.Index(
                fields=("id",),
                condition=models.Q(relayed_at=None),
                name="timeline_not_relayed",
            ),
            models.Index(fields=("subject_uid",), name="timeline_by_subject"),
        )
        triggers = (
            pgtrigger.Trigger(
                name="only_relayed_once",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                func=f"""
                IF OLD.relayed_at IS NULL AND NEW.relayed_at IS NOT NULL
                    AND to_jsonb(NEW) - 'relayed_at' = to_jsonb(OLD) - 'relayed_at' THEN
                    RETURN NEW;
                END IF;
                {APPEND_ONLY}
                """,
            ),
            pgtrigger.Trigger(
                name="never_deleted",
                operation=pgtrigger.Delete,
                when=pgtrigger.Before,
                func=APPEND_ONLY,
            ),
        )

    class Privacy:
        private = ()
        plain = (
            "patient",
            "enrolment",
            "clinic",
            "kind",
            "at",
            "by",
            "subject_kind",
            "subject_uid",
            "data",
            "relayed_at",
            "txid",
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_uid}"


class SweepHeartbeat(models.Model):
    """When a sweep last beat. The dashboard, the health page and the metric go red when it is old."""

    name = models.CharField(max_length=40, primary_key=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    looked_at = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)

    class Privacy:
        private = ()
        plain = ("name", "started_at", "finished_at", "looked_at", "changed", "failed")

    def __str__(self) -> str:
        return self.name
