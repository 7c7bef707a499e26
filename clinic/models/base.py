"""What every row has: an outward id, who wrote it and when, and a version that counts its changes."""

from __future__ import annotations

import uuid

import pgtrigger
from django.db import models

# A row that was seen is never changed. Only the owner of the tables may, inside the lawful erasure function,
# which says so by a setting; the application's role owns nothing, so that the setting alone does not help it.
APPEND_ONLY = """
    IF current_setting('ispath.erasing', true) = 'yes' AND pg_has_role(
        current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER'
    ) THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION '%% is append-only: correct it with a new row', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
""".replace("%%", "%")


# What the application's role may do to rows that are only added to; granted after each migration.
ADD_ONLY = ("SELECT", "INSERT")


def append_only() -> pgtrigger.Trigger:
    """Refuse UPDATE and DELETE of a row, whoever asks."""
    return pgtrigger.Trigger(
        name="append_only",
        operation=pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        func=APPEND_ONLY,
    )


def count_versions(*quiet: str) -> pgtrigger.Trigger:
    """Count each change of a row, so that two states can be told apart; `quiet` columns do not count."""
    then, now = (f"to_jsonb({row})" + "".join(f" - '{name}'" for name in quiet) for row in ("OLD", "NEW"))
    return pgtrigger.Trigger(
        name="count_versions",
        operation=pgtrigger.Update,
        when=pgtrigger.Before,
        # a stale version in the writer's hands neither counts as a change nor sets the count back
        func=f"""
            NEW.version = OLD.version;
            IF {now} IS DISTINCT FROM {then} THEN
                NEW.version = OLD.version + 1;
            END IF;
            RETURN NEW;
        """,
    )


def keep_shown_at() -> pgtrigger.Trigger:
    """Move `shown_at` along with a row's own change; it never goes back, whatever a writer holds in hands."""
    return pgtrigger.Trigger(
        name="keep_shown_at",
        operation=pgtrigger.Insert | pgtrigger.Update,
        when=pgtrigger.Before,
        func="""
            IF TG_OP = 'INSERT' THEN
                NEW.shown_at = NEW.changed_at;
            ELSE
                NEW.shown_at = greatest(NEW.shown_at, NEW.changed_at, OLD.shown_at);
            END IF;
            RETURN NEW;
        """,
    )


def show_with(
    table: str, *, which: str, at: str, operation: pgtrigger.Operation = pgtrigger.Insert
) -> pgtrigger.Trigger:
    """Move `shown_at` of the rows that show this one; `which` finds them by NEW."""
    return pgtrigger.Trigger(
        name=f"show_with_{table.removeprefix('clinic_')}",
        operation=operation,
        when=pgtrigger.After,
        func=f"""
            UPDATE {table} AS shown SET shown_at = NEW.{at}
            WHERE {which} AND shown.shown_at < NEW.{at};
            RETURN NULL;
        """,  # noqa: S608  our own names
    )


def show_with_child(at: str = "changed_at", *, each: pgtrigger.Operation) -> pgtrigger.Trigger:
    """Move `shown_at` of the child that a row is about."""
    return show_with("clinic_patient", which="shown.id = NEW.patient_id", at=at, operation=each)


def show_with_course(at: str) -> pgtrigger.Trigger:
    """Move `shown_at` of the course that a new row belongs to."""
    return show_with("clinic_course", which="shown.id = NEW.course_id", at=at)


class Row(models.Model):
    """A row with an id that may leave the house; the primary key never does."""

    uid = models.UUIDField("id", default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True

    class Privacy:
        private = ()
        plain = ("id", "uid")


class Record(Row):
    """A row that changes: it says who wrote it first and last, and how often it changed."""

    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("clinic.Actor", on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(db_index=True)
    changed_by = models.ForeignKey("clinic.Actor", on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True
        triggers = (count_versions(),)

    class Privacy:
        private = ()
        plain = ("version", "created_at", "created_by", "changed_at", "changed_by")
