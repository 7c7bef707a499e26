"""What every test stands on: the running role's database connection, and no network beyond this machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.core.servers.basehttp import WSGIRequestHandler
from django.db import connection
from django.test import TransactionTestCase
from pytest_django.fixtures import Settings
from pytest_django.plugin import DjangoDbBlocker

from devstack import ports, processes, template, testing
from ispath.mailcatcher import folder as caught

# Head and body of an answer are two packets: with Nagle's rule the second waits 40 ms for the client's ACK.
WSGIRequestHandler.disable_nagle_algorithm = True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each test an id of its own: of several with one id, side by side, only the first would run.

    Schemathesis names its operations apart and gives all of them the id of their function.
    """
    for item in items:
        operation = getattr(item, "operation_label", None)
        if operation is not None:
            setattr(item, "_id", item.id.with_params(operation))  # noqa: B010 - private, as pytest has no other way
    several = [name for name, times in Counter(item.nodeid for item in items).items() if times > 1]
    if several:
        raise pytest.UsageError(f"Several tests have one id, and only one of them would run: {several}")


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
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Test databases are copies of one that is migrated once."""
    template.make(testing.database_server())


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The owner has made the test database and migrated it; the tests run as the other role."""
    flush = vars(TransactionTestCase)["_fixture_teardown"]

    def flush_as_owner(case: TransactionTestCase) -> None:
        with owner_role():
            flush(case)

    with django_db_blocker.unblock():
        run_as_app_role()
        setattr(TransactionTestCase, "_fixture_teardown", flush_as_owner)  # noqa: B010  not in its stubs
        yield
        setattr(TransactionTestCase, "_fixture_teardown", flush)  # noqa: B010
        connection.close()
        connection.settings_dict["OPTIONS"].pop("options")
        end_other_sessions()


def end_other_sessions() -> None:
    """A browser's last request may still hold a session; the database could not be dropped beneath it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"  # an autovacuum worker is not ours to end, and gives way
        )
    connection.close()


@pytest.fixture
def as_owner(db: None) -> Iterator[None]:
    """The test runs as the role that owns the tables: to prove that a trigger, not a privilege, refuses."""
    with owner_role():
        yield


@dataclass(frozen=True, slots=True, kw_only=True)
class MailCatcher:
    """A real SMTP server in a process of its own, and the letters it was given."""

    address: str
    folder: Path

    def letters(self) -> list[caught.Letter]:
        """The letters in the order in which they came."""
        return list(caught.newest(self.folder, 10_000))[::-1]


@pytest.fixture
def mail_catcher(tmp_path: Path, settings: Settings) -> Iterator[MailCatcher]:
    """Letters sent by Django in this test go through SMTP to a process that keeps them."""
    port = ports.free_from(20_000)
    address, folder = f"127.0.0.1:{port}", tmp_path / "mails"
    command = [sys.executable, "-m", "ispath.mailcatcher.server", address]
    server = processes.start(
        command, env={**os.environ, "MAIL_CATCHER_FOLDER": str(folder)}, output=subprocess.DEVNULL
    )
    while ports.is_free(port):
        assert server.poll() is None, "the mail catcher did not start"
        time.sleep(0.02)
    import_module("ispath.urls")  # read before the folder is set, so that its addresses are production's
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.MAIL_CATCHER_FOLDER = str(folder)
    yield MailCatcher(address=address, folder=folder)
    processes.stop(server, signal.SIGTERM)
