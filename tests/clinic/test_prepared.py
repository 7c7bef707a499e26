"""Queries that every request asks: prepared in PostgreSQL, and asked again where the line to it broke."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.test import Client

from clinic.prepared import ask
from ispath.smart.models import ApiClient
from tests.api.conftest import Ward, ehr, ward
from tests.factories.smart import bearer
from tests.fhir.conftest import NORTH

__all__ = ["ehr", "ward"]

QUERY = "SELECT 17 + %s"


def end_this_backend() -> None:
    """As a restart of PostgreSQL does, and without a word to us."""
    other = connection.copy()
    other.settings_dict["OPTIONS"].pop("options")  # the owner's own role
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])
    other.close()


@pytest.mark.django_db
def test_postgresql_plans_such_a_query_once_for_a_connection() -> None:
    ask(QUERY, [1])

    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        assert any(statement.startswith("SELECT 17 +") for (statement,) in cursor)


@pytest.mark.django_db(transaction=True)
def test_whether_the_line_stands_is_asked_neither_before_nor_after(monkeypatch: pytest.MonkeyPatch) -> None:
    ask(QUERY, [1])
    connection.close_if_unusable_or_obsolete()  # a request begins
    monkeypatch.setattr(connections["default"], "is_usable", lambda: pytest.fail("it was asked"))

    ask(QUERY, [1])

    with connection.cursor() as cursor:
        cursor.execute("SELECT 18")


@pytest.mark.django_db(transaction=True)
def test_a_query_is_asked_again_where_the_line_broke_since_the_last_request() -> None:
    ask(QUERY, [1])

    end_this_backend()

    assert ask(QUERY, [1]) == [(18,)]


@transaction.atomic
def lose_the_line_in_a_transaction() -> None:
    ask(QUERY, [1])
    end_this_backend()
    ask(QUERY, [1])


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_lost_its_line_is_not_gone_on_with() -> None:
    with pytest.raises(OperationalError):
        lose_the_line_in_a_transaction()


@pytest.mark.django_db(transaction=True)
def test_a_query_that_failed_on_a_good_line_is_not_asked_again() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 1")
    backend = connection.connection.info.backend_pid

    with pytest.raises(OperationalError, match="statement timeout"):
        ask("SELECT pg_sleep(%s)", [1])

    assert connection.connection.info.backend_pid == backend
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_an_ehr_does_not_notice_that_the_database_was_started_again(
    client: Client, ward: Ward, ehr: ApiClient
) -> None:
    token = bearer(ehr)
    addresses = (f"/api/v1/status?mrn_system={NORTH}&mrn=900001", "/fhir/Task")

    answers = []
    for address in (*addresses, *addresses):
        end_this_backend()
        answers.append(client.get(address, **token).status_code)

    assert answers == [200, 200, 200, 200]
