"""Those who are not due: rows that a sweep must not look at, written by SQL a million at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.apps import apps
from django.db.models import Model

from devstack.servers import Postgres

# A child that has something of everything that is copied.
PATTERN = """
    SELECT min(e.patient_id) FROM clinic_enrolment AS e
    JOIN clinic_careteammember AS m ON m.patient_id = e.patient_id AND m.ended_on IS NULL
    JOIN clinic_measurement AS w ON w.patient_id = e.patient_id AND w.source_value = ''
    JOIN notifications_ladder AS l ON l.enrolment_id = e.id AND l.stopped_at IS NULL
    JOIN notifications_delivery AS d ON d.enrolment_id = e.id AND d.cause_kind = 'check'
    WHERE e.state = 'active' AND e.next_review_on IS NOT NULL
    AND 4 <= (SELECT count(*) FROM clinic_check AS c WHERE c.enrolment_id = e.id AND c.state = 'upcoming')
"""
OF_THE_CHILD = (
    "enrolment_id = (SELECT id FROM clinic_enrolment WHERE patient_id = {child} AND state = 'active')"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """A row for each row of `of` and of the pattern; columns not in `own` are the pattern's."""

    model: str
    like: str
    of: str
    own: Mapping[str, str] = field(default_factory=dict)


# In `of`, {table} stands for the last row of a table before any copy was written.
COPIES = (
    Copies(model="clinic.Patient", like="id = {child}", of="SELECT generate_series(1, {more})"),
    Copies(
        model="clinic.Enrolment",
        like="patient_id = {child} AND state = 'active'",
        of="SELECT id FROM clinic_patient WHERE id > {clinic_patient}",
        own={"patient_id": "of.id", "next_review_on": "date '{day}' + 30 + (of.id % 180)::int"},
    ),
    Copies(
        model="clinic.CareTeamMember",
        like="patient_id = {child} AND ended_on IS NULL LIMIT 1",
        of="SELECT id FROM clinic_patient WHERE id > {clinic_patient}",
        own={"patient_id": "of.id"},
    ),
    Copies(
        model="clinic.Measurement",
        like="patient_id = {child} AND source_value = '' LIMIT 1",
        of="SELECT id FROM clinic_patient WHERE id > {clinic_patient}",
        own={"patient_id": "of.id"},
    ),
    Copies(
        model="clinic.Check",
        like="patient_id = {child} AND state = 'upcoming' LIMIT 4",
        of="SELECT id, patient_id, next_review_on AS day FROM clinic_enrolment WHERE id > {clinic_enrolment}",
        own={
            "enrolment_id": "of.id",
            "patient_id": "of.patient_id",
            "opens_on": "of.day",
            "due_on": "of.day + 2",
            "closes_on": "of.day + 4",
        },
    ),
    Copies(
        model="clinic.TimelineEntry",
        like="patient_id = {child} AND kind = 'check-opened' LIMIT 1",
        of="SELECT uid, enrolment_id, patient_id FROM clinic_check WHERE id > {clinic_check}",
        own={
            "enrolment_id": "of.enrolment_id",
            "patient_id": "of.patient_id",
            "subject_uid": "of.uid",
            "relayed_at": "now()",
        },
    ),
    Copies(
        model="notifications.Ladder",
        like=f"{OF_THE_CHILD} AND cause_kind = 'check' AND stopped_at IS NULL LIMIT 1",
        of="SELECT uid, enrolment_id, due_on FROM clinic_check WHERE id > {clinic_check}",
        own={
            "enrolment_id": "of.enrolment_id",
            "cause_uid": "of.uid",
            "counted_on": "of.due_on",
            "next_at": "of.due_on - 2",
        },
    ),
    Copies(
        model="notifications.Delivery",
        like=f"{OF_THE_CHILD} AND cause_kind = 'check' LIMIT 1",
        of="SELECT uid, enrolment_id FROM clinic_check WHERE id > {clinic_check} AND id % 2 = 0",
        own={"enrolment_id": "of.enrolment_id", "cause_uid": "of.uid"},
    ),
    Copies(
        model="notifications.CalendarEntry",
        like="TRUE LIMIT 1",
        of="SELECT cause_uid, reader_id FROM notifications_delivery WHERE id > {notifications_delivery}",
        own={"check_uid": "of.cause_uid", "reader_id": "of.reader_id"},
    ),
)


def fill(postgres: Postgres, database: str, *, more: int, day: date) -> None:
    """Write `more` enrolments whose day comes a month after `day` or later, each with what hangs on it.

    Constraints and indexes hold; triggers are off, so that no history is written of what nobody reads.
    """
    words: dict[str, object] = {"more": more, "day": day, "child": postgres.psql(database, PATTERN)}
    for copies in COPIES:
        table = _model(copies)._meta.db_table
        words[table] = postgres.psql(database, f"SELECT max(id) FROM {table}")  # noqa: S608  our own table
        insert = _insert(copies).format(**words)
        postgres.psql(database, f"SET session_replication_role = replica; {insert}")


def _model(copies: Copies) -> type[Model]:
    return apps.get_model(copies.model)


def _insert(copies: Copies) -> str:
    meta = _model(copies)._meta
    own = {"uid": "gen_random_uuid()"} | copies.own
    columns = [one.column for one in meta.concrete_fields if not one.primary_key]
    values = ", ".join(own.get(column, f't."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    like = f"SELECT * FROM {meta.db_table} WHERE {copies.like}"  # noqa: S608  our own table
    return f"INSERT INTO {meta.db_table} ({names}) SELECT {values} FROM ({like}) AS t, ({copies.of}) AS of"  # noqa: S608
