"""The change feed: in commit order, nothing skipped, whatever is written at the same time."""

from __future__ import annotations

import time
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client

from clinic import changefeed, models
from clinic.access import clinics_of
from clinic.changefeed import Place, changes_after, latest_place
from tests.api.conftest import Get, Ward
from tests.factories import clinic as rows
from tests.factories.smart import an_api_client, bearer

PATIENCE = 120.0


@pytest.fixture(autouse=True)
def undisturbed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Making a database locks no table of another one, so it counts as ours: let other test processes end."""
    horizon = changefeed.oldest_open_transaction

    def horizon_of_this_database() -> int:
        wait_for_databases_in_the_making()
        return horizon()

    monkeypatch.setattr(changefeed, "oldest_open_transaction", horizon_of_this_database)


def wait_for_databases_in_the_making() -> None:
    """Return when no database is being made or dropped since before now."""
    with another_connection() as watch:
        watch.autocommit = True
        now = watch.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint").fetchone()
        older = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname <> current_database()"
            " AND backend_xid IS NOT NULL AND backend_xid::text::bigint < %s AND query ILIKE '%% DATABASE %%'"
        )
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            waiting = watch.execute(older, now).fetchone()
            if waiting == (0,):
                return
            time.sleep(0.05)
    pytest.fail("another test process holds a transaction open for too long")


def follow(get: Get, cursor: str | None = None, limit: int = 2) -> tuple[list[dict[str, Any]], str]:
    """Everything from a cursor to the end, as a client that loops over `has_more` sees it."""
    items: list[dict[str, Any]] = []
    while True:
        page = get(f"/changes?limit={limit}" + (f"&cursor={cursor}" if cursor else "")).json()
        items += page["items"]
        cursor = page["next_cursor"]
        if not page["has_more"]:
            return items, cursor


@pytest.mark.django_db(transaction=True)
def test_a_change_that_commits_late_is_not_skipped(get: Get, ward: Ward) -> None:
    reader = rows.MembershipFactory.create().actor
    slow = another_connection()
    early = entry_by(slow, ward)
    fast = rows.TimelineEntryFactory.create(clinic=ward.clinic, patient=ward.patient)

    before = changes_after(place=Place(), actor=reader, limit=100)
    slow.commit()
    after = changes_after(place=before.place, actor=reader, limit=100)
    slow.close()

    assert fast.uid not in {entry.uid for entry in before.entries}
    assert [str(entry.uid) for entry in after.entries] == [early, str(fast.uid)]


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_rolled_back_never_shows_and_holds_nobody_up(get: Get, ward: Ward) -> None:
    reader = rows.MembershipFactory.create().actor
    slow = another_connection()
    entry_by(slow, ward)
    fast = rows.TimelineEntryFactory.create(clinic=ward.clinic, patient=ward.patient)
    before = changes_after(place=Place(), actor=reader, limit=100)

    slow.rollback()
    after = changes_after(place=before.place, actor=reader, limit=100)
    slow.close()

    assert [entry.uid for entry in after.entries] == [fast.uid]


@pytest.mark.django_db(transaction=True)
def test_a_transaction_of_another_database_holds_nobody_up(ward: Ward) -> None:
    reader = rows.MembershipFactory.create().actor
    fast = rows.TimelineEntryFactory.create(clinic=ward.clinic, patient=ward.patient)
    with another_connection(dbname="postgres") as elsewhere, another_connection() as here:
        elsewhere.execute("CREATE TEMPORARY TABLE something (id int)")
        early = entry_by(here, ward)
        late = rows.TimelineEntryFactory.create(clinic=ward.clinic, patient=ward.patient)

        before = changes_after(place=Place(), actor=reader, limit=100)
        here.commit()
        after = changes_after(place=before.place, actor=reader, limit=100)
        elsewhere.rollback()

    assert [entry.uid for entry in before.entries] == [fast.uid]
    assert [str(entry.uid) for entry in after.entries] == [early, str(late.uid)]


@pytest.mark.django_db(transaction=True)
def test_a_reader_that_polls_sees_each_change_once_in_order(get: Get, ward: Ward) -> None:
    made = [rows.TimelineEntryFactory.create(clinic=ward.clinic, patient=ward.patient) for _ in range(5)]

    first, cursor = follow(get)
    nothing, same = follow(get, cursor)
    late = rows.TimelineEntryFactory.create(clinic=ward.clinic, patient=ward.patient)
    then, _ = follow(get, same)

    assert [item["id"] for item in first] == [str(entry.subject_uid) for entry in made]
    assert nothing == []
    assert [item["id"] for item in then] == [str(late.subject_uid)]


@pytest.mark.django_db(transaction=True)
def test_a_reader_may_start_now(get: Get, ward: Ward) -> None:
    rows.TimelineEntryFactory.create(clinic=ward.clinic, patient=ward.patient)

    page = get("/changes?start=now").json()

    assert (page["items"], page["has_more"]) == ([], False)


@pytest.mark.django_db(transaction=True)
def test_an_item_names_its_row_version_and_child(get: Get, ward: Ward) -> None:
    old = rows.PatientFactory.create(replaced_by=ward.patient)
    write = rows.TimelineEntryFactory.create
    write(clinic=ward.clinic, patient=ward.patient, subject_kind="check", subject_uid=ward.check.uid)
    write(
        clinic=ward.clinic,
        patient=ward.patient,  # told about the record that went, under the one that stays
        subject_kind="patient",
        subject_uid=old.uid,
        kind="children-merged",
    )
    write(clinic=ward.clinic, patient=ward.patient, subject_kind="eeg", kind="fact-taken-back")

    items, _ = follow(get)

    assert items[0]["type"] == "check"
    assert (items[0]["id"], items[0]["version"], items[0]["deleted"]) == (str(ward.check.uid), 1, False)
    assert (items[1]["type"], items[1]["replaced_by"]) == ("child", str(ward.patient.uid))
    assert (items[2]["type"], items[2]["deleted"]) == ("observation", True)


@pytest.mark.django_db(transaction=True)
def test_another_clinics_changes_do_not_show_and_do_not_stop_the_reader(client: Client, ward: Ward) -> None:
    south = rows.ClinicFactory.create(key="south", name="South")
    headers = bearer(an_api_client(clinics=(south,)))
    rows.TimelineEntryFactory.create(clinic=ward.clinic, patient=ward.patient)
    first = client.get("/api/v1/changes", **headers).json()
    own = rows.TimelineEntryFactory.create(clinic=south, patient=None)

    then = client.get(f"/api/v1/changes?cursor={first['next_cursor']}", **headers).json()

    assert first["items"] == []
    assert [item["id"] for item in then["items"]] == [str(own.subject_uid)]


@pytest.mark.django_db(transaction=True)
def test_a_poll_at_the_end_reads_by_the_index(get: Get, ward: Ward) -> None:
    rows.TimelineEntryFactory.create_batch(50, clinic=ward.clinic, patient=ward.patient)
    place, actor = latest_place(), rows.MembershipFactory.create().actor

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT 1 FROM clinic_timelineentry WHERE txid >= %s AND txid < %s ORDER BY txid, id",
            [place.txid, place.txid + 1],
        )
        plan = " ".join(row[0] for row in cursor.fetchall())

    assert "timeline_in_commit_order" in plan
    assert changes_after(place=place, actor=actor, limit=10).entries == ()
    assert clinics_of(actor).exists()


def another_connection(dbname: str | None = None) -> psycopg.Connection[Any]:
    given = connection.settings_dict
    return psycopg.connect(
        dbname=dbname or given["NAME"],
        user=given["USER"],
        password=given["PASSWORD"],
        host=given["HOST"],
        port=given["PORT"] or None,
    )


def entry_by(slow: psycopg.Connection[Any], ward: Ward) -> str:
    """Write an entry in a transaction that stays open; return its uid."""
    actor = models.Actor.objects.first()
    assert actor is not None
    uid = slow.execute(
        "INSERT INTO clinic_timelineentry"
        " (uid, patient_id, clinic_id, kind, at, by_id, subject_kind, subject_uid, data)"
        " VALUES (gen_random_uuid(), %s, %s, 'eeg', now(), %s, 'eeg', gen_random_uuid(), '{}') RETURNING uid",
        [ward.patient.pk, ward.clinic.pk, actor.pk],
    ).fetchone()
    assert uid is not None
    return str(uid[0])
