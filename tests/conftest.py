"""What every test stands on: the running role's database connection, and no network beyond this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from pytest_django.plugin import DjangoDbBlocker


def run_as_app_role() -> None:
    """From now on each connection has only the running role's privileges, as in production."""
    connection.close()
    connection.settings_dict["OPTIONS"]["options"] = f"-c role={settings.DATABASE_APP_ROLE}"


@contextmanager
def owner_role() -> Iterator[None]:
    """Inside, statements run as the role that owns the tables."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
    try:
        yield
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("RESET ROLE")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The owner has made the test database and migrated it; the tests run as the other role."""
    flush = TransactionTestCase._fixture_teardown

    def flush_as_owner(case: TransactionTestCase) -> None:
        with owner_role():
            flush(case)

    with django_db_blocker.unblock():
        run_as_app_role()
        TransactionTestCase._fixture_teardown = flush_as_owner  # type: ignore[method-assign]
        yield
        TransactionTestCase._fixture_teardown = flush  # type: ignore[method-assign]
        connection.close()
        connection.settings_dict["OPTIONS"].pop("options")


@pytest.fixture
def as_owner(db: None) -> Iterator[None]:
    """The test runs as the role that owns the tables: to prove that a trigger, not a privilege, refuses."""
    with owner_role():
        yield
