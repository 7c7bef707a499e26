from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import ProgrammingError, connection

from ispath.database.roles import grant


def current_role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


@pytest.mark.django_db
def test_tests_run_with_the_privileges_of_the_running_role() -> None:
    assert current_role() == settings.DATABASE_APP_ROLE == "ispath_app"

    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("TRUNCATE auth_group CASCADE")


@pytest.mark.usefixtures("as_owner")
def test_a_test_may_ask_to_be_the_owner() -> None:
    assert current_role() == settings.DATABASE_OWNER_ROLE == "ispath_owner"


@pytest.mark.django_db(transaction=True)
def test_after_a_transactional_test_the_tables_are_empty_again() -> None:
    Group.objects.create(name="a group that is flushed by the owner")

    assert current_role() == "ispath_app"


@pytest.mark.usefixtures("as_owner")
def test_a_table_says_what_the_running_role_may_do_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Group, "app_role_may", ("SELECT", "INSERT", "UPDATE (name)"), raising=False)

    grant(connection, settings.DATABASE_APP_ROLE)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege('ispath_app', 'auth_group', 'DELETE'),"
            " has_column_privilege('ispath_app', 'auth_group', 'name', 'UPDATE'),"
            " has_column_privilege('ispath_app', 'auth_group', 'id', 'UPDATE'),"
            " has_table_privilege('ispath_app', 'auth_user', 'DELETE')"
        )
        assert cursor.fetchone() == (False, True, False, True)
